// Tells what a person typed from what the emulator answers by itself (T-01).

import type { Terminal } from "@xterm/xterm";

/** What xterm keeps to itself, as of the pinned version. */
interface Core {
  coreService?: { onUserInput?: (listener: () => void) => unknown };
}

/**
 * Calls `tell` with input and whether the emulator made it by itself.
 *
 * xterm says both through `onData`. Inside it knows: right before input of a person, and only
 * then, it announces just that. The announcement is not public, so its absence is an error: a
 * recording must not mistake one for the other.
 */
export function watchInput(terminal: Terminal, tell: (text: string, answered: boolean) => void): void {
  const core = (terminal as unknown as { _core?: Core })._core?.coreService;
  if (typeof core?.onUserInput !== "function") throw new Error("this xterm does not tell who types");
  let typed = false;
  core.onUserInput(() => {
    typed = true;
  });
  terminal.onData((text) => {
    const answered = !typed;
    typed = false;
    tell(text, answered);
  });
  // Old mouse protocols: made by a person, and not valid text.
  terminal.onBinary((text) => tell(text, false));
}
