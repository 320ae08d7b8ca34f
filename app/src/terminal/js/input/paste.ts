// Pasting several lines runs them one by one, so it is asked first.

import { ask } from "../ask";

/** Lines that are shown of a paste. */
const SHOWN = 5;

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

/** Asks before lines are run that the person may not have looked at; nothing is remembered. */
export async function isMeant(text: string): Promise<boolean> {
  if (!/[\r\n]/.test(text)) return true;
  const all = lines(text);
  const count = all.length === 1 ? "1 line" : `${all.length} lines`;
  const more = all.length - SHOWN;
  return ask({
    title: `Paste ${count}?`,
    text: "Each may be run as soon as it arrives.",
    shown: all.slice(0, SHOWN),
    more: more > 0 ? `and ${more} more` : "",
    yes: `Paste ${count}`,
  });
}
