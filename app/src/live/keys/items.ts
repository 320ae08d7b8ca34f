// Moving through the items of a page's lists.

import type { Refresher } from "../update/refresh";

/** What of an item takes the focus. */
const handle = (item: Element): HTMLElement | null => item.querySelector<HTMLElement>("a[href], summary, button");

const shown = (): Element[] => [...document.querySelectorAll("[data-list] [data-item]")].filter((item) => item.checkVisibility());

export const hasItems = (): boolean => shown().length > 0;

/**
 * Moves the focus by so many items. Where the page shows one item beside the list, it shows the one
 * that has the focus: keys that decide must never mean another one.
 */
export async function move(by: number, refresher: Refresher): Promise<void> {
  const items = shown();
  const active = document.activeElement;
  const here = items.findIndex((item) => item.contains(active));
  const from = here >= 0 ? here : items.findIndex((item) => item.hasAttribute("data-current"));
  const target = items[from < 0 ? 0 : Math.min(Math.max(from + by, 0), items.length - 1)];
  if (target === undefined) return;
  const focused = handle(target);
  focused?.focus();
  const beside = document.querySelector("[data-list] [data-current]") !== null;
  if (!beside || !(focused instanceof HTMLAnchorElement) || target.hasAttribute("data-current")) return;
  if ((await refresher.load(focused.href)) === "shown") history.replaceState(null, "", focused.href.replace(/#.*$/, ""));
}
