// The screen: xterm, and how this page wants it. Rust calls it (emulator.rs).

import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";

import { leaves } from "./keys";
import { openLink } from "./open";
import { pasteIsMeant } from "./paste";
import { watchInput } from "./source";
import { styled } from "./styled";
import { font, theme } from "./theme";

interface Events {
  input(bytes: Uint8Array, answered: boolean): void;
  parsed(end: number): void;
  resized(columns: number, rows: number): void;
}

/** Lines that can be scrolled back to. */
const SCROLLBACK = 5000;

export class Emulator {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  /** Pieces not parsed yet whose queries stay unanswered. */
  #quiet = 0;
  /** A screen is being drawn, at its own size. */
  #drawing = false;
  /** The size to keep to, whatever room there is. */
  #held: { columns: number; rows: number } | undefined;

  constructor(host: HTMLElement, events: Events) {
    const terminal = new Terminal({
      allowProposedApi: false,
      cursorBlink: true,
      // Refused until the server says that this page may type.
      disableStdin: true,
      fontFamily: font,
      fontSize: 13.5,
      lineHeight: 1.25,
      linkHandler: { activate: (_, address) => openLink(address), allowNonHttpProtocols: false },
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK,
      theme,
    });
    this.#terminal = terminal;
    terminal.loadAddon(this.#fit);
    styled(() => terminal.open(host));
    terminal.textarea?.setAttribute("aria-label", "Terminal input");
    terminal.attachCustomKeyEventHandler((event) => !leaves(event));
    host.addEventListener("paste", (event) => this.#paste(event), { capture: true });
    watchInput(terminal, (text, answered) => {
      if (answered && this.#quiet > 0) return;
      events.input(encode(text), answered);
    });
    terminal.onResize(({ cols, rows }) => {
      if (!this.#drawing && this.#held === undefined) events.resized(cols, rows);
    });
    this.#parsed = events.parsed;
    new ResizeObserver(() => this.#refit()).observe(host);
    this.#refit();
  }

  readonly #parsed: (end: number) => void;

  write(bytes: Uint8Array, quiet: number, end: number): void {
    if (quiet > 0 && quiet < bytes.length) {
      this.#write(bytes.subarray(0, quiet), true);
      this.#write(bytes.subarray(quiet), false, end);
    } else {
      this.#write(bytes, quiet > 0, end);
    }
  }

  #write(bytes: Uint8Array, quiet: boolean, end?: number): void {
    // Pieces are parsed in order, and each is done before the next begins: what is answered in
    // between belongs to the oldest that is not done.
    if (quiet) this.#quiet += 1;
    this.#terminal.write(bytes, () => {
      if (quiet) this.#quiet -= 1;
      if (end !== undefined) this.#parsed(end);
    });
  }

  draw(drawing: Uint8Array, columns: number, rows: number): void {
    this.clear(() => {
      this.#drawing = true;
      this.#quiet += 1;
      this.#terminal.resize(columns, rows);
    });
    this.#terminal.write(drawing, () => {
      this.#quiet -= 1;
      this.#drawing = false;
      this.#refit();
    });
  }

  hold(columns: number, rows: number): void {
    this.#held = { columns, rows };
    this.#refit();
  }

  #refit(): void {
    if (this.#drawing) return;
    if (this.#held === undefined) this.#fit.fit();
    else this.#terminal.resize(this.#held.columns, this.#held.rows);
  }

  clear(cleared?: () => void): void {
    // As output, so that it comes after what waits to be parsed: reset, and forget the scrollback.
    this.#terminal.write("\x1bc\x1b[3J", cleared);
  }

  setWritable(writable: boolean): void {
    this.#terminal.options.disableStdin = !writable;
    this.#terminal.options.cursorBlink = writable;
  }

  setSpoken(spoken: boolean): void {
    this.#terminal.options.screenReaderMode = spoken;
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  offerFocus(): void {
    if (document.activeElement === document.body || document.activeElement === null) this.#terminal.focus();
  }

  #paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (pasteIsMeant(text, this.#terminal.modes.bracketedPasteMode)) return;
    event.preventDefault();
    event.stopPropagation();
  }
}

const encoder = new TextEncoder();

function encode(text: string): Uint8Array {
  return encoder.encode(text);
}
