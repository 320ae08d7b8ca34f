// What was shown, as plain text in a field that can only be read: screen readers and caret keys go
// through it line by line and character by character, it can be selected and copied, and it stays
// where the reader is while more arrives.

import type { IBuffer, IMarker, Terminal } from "@xterm/xterm";

/** Characters that are kept, and to how many they are cut then: about 2,000 lines. */
const MOST = 200_000;
const CUT_TO = 150_000;
/** How long output may settle before it is written down, in milliseconds. */
const SETTLES = 200;
/** Stands where more was written at once than the screen can scroll back to. */
const MISSING = "[some lines went by too fast to be kept]\n";

/** What of a screen's buffer is read. */
export type Lines = Pick<IBuffer, "getLine">;

/** The text from one line to another, both included; lines that the screen wrapped are whole. */
export function textOf(buffer: Lines, from: number, to: number): string {
  let text = "";
  for (let at = from; at <= to; at++) {
    const line = buffer.getLine(at);
    if (line === undefined) break;
    const continues = buffer.getLine(at + 1)?.isWrapped === true;
    text += line.translateToString(!continues) + (continues || at === to ? "" : "\n");
  }
  return text;
}

/** The first of the lines on the screen that belong to the same line of text. */
export function beginOf(buffer: Lines, line: number): number {
  let at = line;
  while (at > 0 && buffer.getLine(at)?.isWrapped === true) at--;
  return at;
}

/** Keeps a field as it is. Keys move no caret in one that is `readonly`. */
function refuse(event: Event): void {
  event.preventDefault();
}

export class Transcript {
  readonly #terminal: Terminal;
  #area: HTMLTextAreaElement | undefined;
  /** Where the line begins that is still being written. */
  #open: IMarker | undefined;
  /** Characters of the field that do not change any more. */
  #settled = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    terminal.onWriteParsed(() => {
      if (this.#area !== undefined) this.#timer ??= setTimeout(() => this.#follow(), SETTLES);
    });
  }

  /** Writes into this field from now on, beginning with all that can be scrolled back to. */
  into(area: HTMLTextAreaElement | undefined): void {
    this.#area = area;
    this.#open?.dispose();
    this.#open = undefined;
    this.#settled = 0;
    area?.addEventListener("beforeinput", refuse);
    if (area !== undefined) this.#follow();
  }

  #follow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const area = this.#area;
    if (area === undefined) return;
    const follows = area.scrollHeight - area.scrollTop - area.clientHeight < 4;
    const buffer = this.#terminal.buffer.active;
    if (buffer.type === "alternate") {
      // A program has the whole screen: it is shown as it is now, below what was there before.
      this.#replace(area, textOf(buffer, 0, buffer.length - 1).trimEnd());
    } else {
      this.#append(area, buffer);
    }
    if (follows) area.scrollTop = area.scrollHeight;
  }

  #append(area: HTMLTextAreaElement, buffer: IBuffer): void {
    const cursor = buffer.baseY + buffer.cursorY;
    const open = beginOf(buffer, cursor);
    const lost = this.#open?.isDisposed === true;
    // A program that went back up writes over lines that were written down already.
    const from = this.#open === undefined || lost ? 0 : Math.min(this.#open.line, open);
    const settled = from < open ? `${textOf(buffer, from, open - 1)}\n` : "";
    this.#replace(area, (lost ? MISSING : "") + settled);
    this.#settled = area.value.length;
    this.#replace(area, textOf(buffer, open, cursor));
    if (this.#open?.line !== open) {
      this.#open?.dispose();
      this.#open = this.#terminal.registerMarker(open - cursor);
    }
    if (area.value.length > MOST) this.#cut(area);
  }

  /** Puts a text behind what is settled, and leaves the reader's place. */
  #replace(area: HTMLTextAreaElement, text: string): void {
    if (area.value.slice(this.#settled) !== text) area.setRangeText(text, this.#settled, area.value.length, "preserve");
  }

  #cut(area: HTMLTextAreaElement): void {
    const end = area.value.indexOf("\n", area.value.length - CUT_TO) + 1;
    area.setRangeText("", 0, end, "preserve");
    this.#settled -= end;
  }
}
