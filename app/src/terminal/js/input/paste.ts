// Pasting several lines runs them one by one, so it is asked first.

import { ask, type Question } from "../ask";

/** The lines of a text, however they end. */
export function lines(text: string): string[] {
  const all = text.split(/\r\n|\r|\n/);
  if (all.at(-1) === "") all.pop();
  return all;
}

/**
 * What of a text may be pasted: of control characters only tabs and line ends. An escape that ends
 * a bracketed paste would have the rest run as if it were typed
 * (https://cirw.in/blog/bracketed-paste). So would ^C, which leaves the paste; and ^O runs a line.
 */
export function harmless(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, "");
}

/** What is asked before lines are run that the person may not have looked at; all of them are shown. */
export function question(text: string): Question | undefined {
  if (!/[\r\n]/.test(text)) return undefined;
  const shown = lines(text);
  const count = shown.length === 1 ? "1 line" : `${shown.length} lines`;
  return {
    title: `Paste ${count}?`,
    text: "Each may be run as soon as it arrives.",
    shown,
    yes: `Paste ${count}`,
  };
}

/** Whether a text is to be pasted; nothing is remembered. */
export async function isMeant(text: string): Promise<boolean> {
  const asked = question(text);
  return asked === undefined || ask(asked);
}
