// Everything that this page offers, found by a few letters of its name.

import { made } from "../../dom/made";
import { keyed, nameOf, use } from "./control";
import { matching } from "./match";

interface Offer {
  name: string;
  /** The key that does the same. */
  key?: string;
  act(): void;
}

/** More than fit on a screen help nobody to choose. */
const MOST = 12;

const seen = (element: HTMLElement): boolean => element.checkVisibility();

/** A link is called by what it says, and by what it belongs to. */
function called(link: HTMLElement): string {
  const about = (link.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "");
  return [nameOf(link), ...about].join(" ").replace(/\s+/g, " ").trim();
}

/** What has a key does what the key does; what a link leads to is there when it is chosen. */
function offered(): Offer[] {
  const offers: Offer[] = [...keyed()].map(([key, element]) => ({
    name: nameOf(element),
    key,
    act: () => {
      const control = keyed().get(key);
      if (control !== undefined) use(control);
    },
  }));
  const known = new Set([...keyed().values()].map((element) => element.getAttribute("href")));
  for (const link of document.querySelectorAll<HTMLAnchorElement>("main a[href]")) {
    if (!seen(link) || known.has(link.getAttribute("href"))) continue;
    known.add(link.getAttribute("href"));
    const { href } = link;
    offers.push({ name: called(link), act: () => location.assign(href) });
  }
  return offers.filter(({ name }) => name !== "");
}

/** Leads to the namespaces, whatever was typed: a name, an owner, or the address of an alert. */
function namespaces(typed: string): Offer {
  return { name: `Namespaces: ${typed}`, act: () => location.assign(`/?q=${encodeURIComponent(typed)}`) };
}

function option({ name, key }: Offer, index: number): HTMLLIElement {
  const keys = (key?.split(" ") ?? []).flatMap((part) => [" ", made("kbd", part)]);
  const item = made("li", made("span", name), made("span", ...keys));
  item.id = `palette-${index}`;
  item.role = "option";
  return item;
}

/** Shows the dialog; Enter does what is marked. */
export function showPalette(): void {
  const offers = offered();
  let shown: Offer[] = [];
  let marked = 0;
  const list = made("ul");
  list.id = "palette-list";
  list.role = "listbox";
  list.ariaLabel = "What there is";
  const field = made("input");
  field.type = "search";
  field.role = "combobox";
  field.ariaLabel = "Go to, or do";
  field.ariaExpanded = "true";
  field.placeholder = field.ariaLabel;
  field.autocomplete = "off";
  field.setAttribute("aria-controls", list.id);
  const line = made("div", field);
  line.className = "field";
  const dialog = made("dialog", line, list);
  dialog.className = "palette panel";
  dialog.ariaLabel = "Go to, or do";

  const mark = (index: number): void => {
    marked = Math.min(Math.max(index, 0), shown.length - 1);
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === marked)));
    field.setAttribute("aria-activedescendant", `palette-${marked}`);
    list.children[marked]?.scrollIntoView({ block: "nearest" });
  };
  const draw = (): void => {
    const typed = field.value.trim();
    shown = matching(offers, typed).slice(0, MOST);
    if (typed !== "") shown.push(namespaces(typed));
    list.replaceChildren(...shown.map(option));
    mark(0);
  };
  const act = (index: number): void => {
    dialog.close();
    shown[index]?.act();
  };
  field.addEventListener("input", draw);
  field.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowDown") mark(marked + 1);
    else if (key === "ArrowUp") mark(marked - 1);
    else if (key === "Enter") act(marked);
  });
  list.addEventListener("click", ({ target }) => {
    const item = target instanceof Element ? target.closest("li") : null;
    if (item !== null) act([...list.children].indexOf(item));
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  draw();
  dialog.showModal();
}
