// Pasting several lines runs them one by one, where the shell does not bracket pastes.

/** The lines that would be run at once. */
export function linesRun(text: string): number {
  return text.split(/\r\n|\r|\n/).length - 1;
}

/** Asks before lines are run that the person may not have looked at. */
export function pasteIsMeant(text: string, bracketed: boolean): boolean {
  const lines = linesRun(text);
  if (lines === 0 || bracketed) return true;
  return confirm(lines === 1 ? "Paste and run 1 line?" : `Paste and run ${lines} lines?`);
}
