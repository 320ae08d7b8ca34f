// Rows do not move under a pointer: while a list is in use, new ones wait behind a button.

import { announce } from "./announce";

const ids = (root: ParentNode): Set<string> =>
  new Set([...root.querySelectorAll("[data-list] [data-item][id]")].map((item) => item.id));

/** Whether somebody is about to use a list of this page. */
const inUse = (): boolean => document.querySelector("[data-list]:is(:hover, :focus-within)") !== null;

export class Held {
  #showAll = false;
  readonly #show: () => void;

  constructor(show: () => void) {
    this.#show = show;
  }

  /** Which elements of a newer page are not shown yet. */
  rule(fresh: Element): (node: Node) => boolean {
    const known = ids(document);
    const isNew = (node: Node): boolean => node instanceof Element && node.id !== "" && waiting.has(node.id);
    const waiting = new Set([...ids(fresh)].filter((id) => !known.has(id)));
    const holds = !this.#showAll && known.size > 0 && waiting.size > 0 && inUse();
    this.#showAll = false;
    this.#offer(holds ? waiting.size : 0);
    if (!holds && known.size > 0 && waiting.size > 0) announce(`${waiting.size} new`);
    return holds ? isNew : () => false;
  }

  #offer(count: number): void {
    const before = document.getElementById("newer");
    if (count === 0) return before?.remove();
    const text = `${count} new`;
    const button = before ?? document.createElement("button");
    if (button.textContent === text) return;
    button.textContent = text;
    announce(text, "unseen");
    if (before !== null) return;
    button.id = "newer";
    button.className = "button newer";
    button.setAttribute("data-keep", "");
    button.addEventListener("click", () => {
      this.#showAll = true;
      button.remove();
      this.#show();
    });
    const list = document.querySelector("[data-list]");
    if (list instanceof HTMLDivElement) list.prepend(button);
    else (list?.closest("table") ?? list)?.before(button);
  }
}
