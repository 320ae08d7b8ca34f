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
 * What of a text may be pasted: no escapes. One that ends a bracketed paste would have the rest
 * run as if it were typed (https://cirw.in/blog/bracketed-paste).
 */
export function harmless(text: string): string {
  return text.replace(/[\x1b\x9b]/g, "");
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
