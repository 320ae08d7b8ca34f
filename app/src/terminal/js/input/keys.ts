// The keys that the terminal does not get. Each is for an element of the page.
//
// They work wherever the focus is. Those with a number are left to the shell: programs use them.

/** What a key is for. */
export type Purpose = "leave" | "find" | "before" | "next" | "copy";

/** What of a press matters here. */
export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "shiftKey" | "altKey" | "metaKey">;

/** Where each leads; what copies needs no element. */
const ELEMENTS: Record<Exclude<Purpose, "copy">, string> = {
  leave: "[data-terminal-exit]",
  find: "[data-terminal-find]",
  before: "[data-terminal-before]",
  next: "[data-terminal-next]",
};

/** What a key is for, if it is not the shell's. */
export function purpose(press: Press): Purpose | undefined {
  const { key, ctrlKey, shiftKey, altKey, metaKey } = press;
  if (!shiftKey || altKey) return undefined;
  if (key.toLowerCase() === "f" && ctrlKey !== metaKey) return "find";
  if (!ctrlKey || metaKey) return undefined;
  switch (key) {
    case "Escape":
    // Windows keeps ctrl+shift+Escape for itself.
    case "F6":
      return "leave";
    case "PageUp":
      return "before";
    case "PageDown":
      return "next";
    default:
      return key.toLowerCase() === "c" ? "copy" : undefined;
  }
}

/** Acts on those keys from now on. */
export function actOnKeys(): void {
  document.addEventListener("keydown", (event) => {
    const wanted = purpose(event);
    if (wanted === undefined || document.querySelector("dialog[open]") !== null) return;
    // A browser would open its tools, or move its own tab.
    event.preventDefault();
    if (wanted === "copy") return void document.execCommand("copy");
    const element = document.querySelector<HTMLElement>(ELEMENTS[wanted]);
    if (wanted === "leave") (element ?? document.getElementById("page"))?.focus();
    else element?.click();
  });
}

/** What was typed on is no answer to the end: so long nothing else may have been pressed before, in milliseconds. */
const QUIET = 1000;

/** Tells a press that answers the end of a session from one that was meant for its shell. */
export class Answer {
  #last: number;

  /** The session ended at this instant. */
  constructor(at: number) {
    this.#last = at;
  }

  /** Whether this press, at this instant, is Enter alone after a pause. */
  isGiven({ key, ctrlKey, shiftKey, altKey, metaKey }: Press, at: number): boolean {
    const quiet = at - this.#last >= QUIET;
    this.#last = at;
    return quiet && key === "Enter" && !(ctrlKey || shiftKey || altKey || metaKey);
  }
}
