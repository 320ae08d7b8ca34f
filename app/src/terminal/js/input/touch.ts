// Keys that the keyboard of a phone has not got.

/** What such a key is called, and what a terminal sends for it. */
const SENT: Record<string, string> = {
  Esc: "\x1b",
  Tab: "\t",
  "↑": "\x1b[A",
  "↓": "\x1b[B",
  "→": "\x1b[C",
  "←": "\x1b[D",
};

/** What is sent for a key; programs with the whole screen may want arrows in another form. */
export function sent(key: string, applicationCursor: boolean): string {
  const usual = SENT[key] ?? "";
  return applicationCursor ? usual.replace("\x1b[", "\x1bO") : usual;
}

/** The character that a letter is together with Ctrl; anything else is itself. */
export function withControl(text: string): string {
  return /^[@-_a-z]$/.test(text) ? String.fromCharCode(text.charCodeAt(0) & 0x1f) : text;
}
