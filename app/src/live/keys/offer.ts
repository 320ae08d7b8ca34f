// Keys for what a page offers. They are off while somebody types, and can be switched off for good
// (WCAG 2.1.4).

import { keyed, use } from "./control";
import { showKeys } from "./help";
import { hasItems, move } from "./items";
import { showPalette } from "./palette";
import type { Refresher } from "../update/refresh";
import { Sequence } from "./sequence";

const OFF = "keys-off";

export const keysAreOn = (): boolean => localStorage.getItem(OFF) === null;

export function switchKeys(on: boolean): void {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "");
}

const isTyping = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type='radio'], [type='checkbox']), textarea, select"));

/** A field of the page's own; Escape in a terminal is the terminal's. */
const isField = (target: EventTarget | null): target is HTMLElement => isTyping(target) && target.closest("[data-keep]") === null;

/** Listens for keys. */
export function offerKeys(refresher: Refresher): void {
  const sequence = new Sequence();
  /** The page is on its way to another item. */
  let moving: Promise<void> | undefined;

  const step = (by: number): void => {
    const mine: Promise<void> = (moving = move(by, refresher).finally(() => {
      if (moving === mine) moving = undefined;
    }));
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form?.getAttribute("method") === "post") {
      event.preventDefault();
      return form.requestSubmit();
    }
    // In a terminal it is the shell's.
    if (event.key === "k" && event.ctrlKey !== event.metaKey && (isField(event.target) || !isTyping(event.target))) {
      event.preventDefault();
      if (document.querySelector("dialog[open]") === null) showPalette();
      return;
    }
    if (event.key === "Escape" && isField(event.target)) event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]") !== null || !keysAreOn()) return;
    if (event.key === "j" && hasItems()) step(1);
    else if (event.key === "k" && hasItems()) step(-1);
    else if (event.key === "?") showKeys();
    else {
      const controls = keyed();
      const pressed = sequence.press(event.key, event.timeStamp, controls.keys());
      // What a key decides on is what the page shows, and that is about to change.
      if (pressed === undefined || moving !== undefined) return;
      const control = controls.get(pressed);
      if (control !== undefined) use(control);
    }
    if ("jk?/".includes(event.key)) event.preventDefault();
  });
}
