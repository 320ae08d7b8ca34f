// The screen: xterm, and how this page wants it. Rust calls it (emulator.rs).

import { FitAddon } from "@xterm/addon-fit";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";

import { Finder, type Found } from "./find";
import { actOnKeys, Answer, purpose } from "./input/keys";
import { harmless, isMeant } from "./input/paste";
import { watchInput } from "./input/source";
import { sent, withControl } from "./input/touch";
import { changeColours, changeFontSize, type Colours, colours, fontSize } from "./look/preferences";
import { colourLetters } from "./look/letters";
import { styled } from "./look/styled";
import { font, themes } from "./look/theme";
import { Held } from "./output/held";
import { openLink } from "./output/links";
import { Transcript } from "./output/transcript";

interface Events {
  input(bytes: Uint8Array, answered: boolean): void;
  parsed(end: number): void;
  resized(columns: number, rows: number): void;
}

/** A terminal of less is none: the page is between two layouts, and has no room for a moment. */
const LEAST = { cols: 8, rows: 2 };

/** Lines that can be scrolled back to. */
const SCROLLBACK = 5000;

const darkIsWanted = matchMedia("(prefers-color-scheme: dark)");

export class Emulator {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #output = new Held(document);
  readonly #transcript: Transcript;
  readonly #finder: Finder;
  readonly #parsed: (end: number) => void;
  #found: Found = () => undefined;
  /** Pieces not parsed yet whose queries stay unanswered. */
  #quiet = 0;
  /** A screen is being drawn, at its own size. */
  #drawing = false;
  /** The size to keep to, whatever room there is. */
  #held: { columns: number; rows: number } | undefined;
  /** The next letter is meant with Ctrl. */
  #control = false;
  /** What a key means once the session is over. */
  #answer: Answer | undefined;

  constructor(host: HTMLElement, events: Events) {
    const terminal = new Terminal({
      // For the widths of characters and the marks of a search.
      allowProposedApi: true,
      cursorBlink: true,
      // Refused until the server says that this page may type.
      disableStdin: true,
      fontFamily: font,
      fontSize: fontSize(localStorage),
      lineHeight: 1.25,
      linkHandler: { activate: (_, address) => void openLink(address), allowNonHttpProtocols: false },
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK,
    });
    this.#terminal = terminal;
    this.#parsed = events.parsed;
    terminal.loadAddon(this.#fit);
    terminal.loadAddon(new UnicodeGraphemesAddon());
    terminal.loadAddon(new WebLinksAddon((_, address) => void openLink(address)));
    this.#finder = new Finder(terminal, (shown, many) => this.#found(shown, many));
    this.#paint();
    darkIsWanted.addEventListener("change", () => this.#paint());
    colourLetters();
    styled(() => terminal.open(host));
    terminal.textarea?.setAttribute("aria-label", "Terminal input");
    terminal.attachCustomKeyEventHandler((event) => this.#isShells(event));
    actOnKeys();
    host.addEventListener("paste", (event) => this.#paste(event), { capture: true });
    watchInput(terminal, (text, answered) => {
      if (answered && this.#quiet > 0) return;
      events.input(encode(answered ? text : this.#controlled(text)), answered);
    });
    terminal.onResize(({ cols, rows }) => {
      if (!this.#drawing && this.#held === undefined) events.resized(cols, rows);
    });
    this.#transcript = new Transcript(terminal);
    new ResizeObserver(() => this.#refit()).observe(host);
    this.#refit();
  }

  write(bytes: Uint8Array, quiet: number, end: number): void {
    this.#output.do(() => {
      if (quiet > 0 && quiet < bytes.length) {
        this.#write(bytes.subarray(0, quiet), true);
        this.#write(bytes.subarray(quiet), false, end);
      } else {
        this.#write(bytes, quiet > 0, end);
      }
    });
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
    this.#output.do(() => {
      this.#clear(() => {
        this.#drawing = true;
        this.#quiet += 1;
        this.#terminal.resize(columns, rows);
      });
      this.#terminal.write(drawing, () => {
        this.#quiet -= 1;
        this.#drawing = false;
        this.#refit();
      });
    });
  }

  hold(columns: number, rows: number): void {
    this.#held = { columns, rows };
    this.#refit();
  }

  #refit(): void {
    if (this.#drawing) return;
    if (this.#held !== undefined) return this.#terminal.resize(this.#held.columns, this.#held.rows);
    const room = this.#fit.proposeDimensions();
    if (room && room.cols >= LEAST.cols && room.rows >= LEAST.rows) this.#fit.fit();
  }

  clear(): void {
    this.#output.do(() => this.#clear());
  }

  #clear(cleared?: () => void): void {
    // As output, so that it comes after what waits to be parsed: reset, and forget the scrollback.
    this.#terminal.write("\x1bc\x1b[3J", cleared);
  }

  setWritable(writable: boolean): void {
    this.#terminal.options.disableStdin = !writable;
    this.#terminal.options.cursorBlink = writable;
    this.#terminal.options.cursorInactiveStyle = writable ? "outline" : "none";
  }

  /** The session is over: from now on keys are for what comes next. */
  end(): void {
    this.#answer ??= new Answer(performance.now());
  }

  /** Writes what is shown into a field too, and has it read out. */
  transcribe(area: HTMLTextAreaElement | undefined): void {
    this.#transcript.into(area);
    this.#terminal.options.screenReaderMode = area !== undefined;
  }

  onFound(tell: Found): void {
    this.#found = tell;
  }

  find(text: string, where: "latest" | "next" | "before"): void {
    this.#finder.show(text, where);
  }

  endFind(): void {
    this.#finder.end();
    this.#terminal.focus();
  }

  changeFontSize(by: number): void {
    this.#terminal.options.fontSize = changeFontSize(localStorage, by);
    this.#refit();
  }

  changeColours(): Colours {
    const chosen = changeColours(localStorage);
    this.#paint();
    return chosen;
  }

  /** Presses a key that a phone has not got; Ctrl is for the letter that is typed next. */
  press(key: string): void {
    if (key === "Ctrl") this.#control = !this.#control;
    else this.#terminal.input(sent(key, this.#terminal.modes.applicationCursorKeysMode));
    this.#terminal.focus();
  }

  #controlled(text: string): string {
    const typed = this.#control ? withControl(text) : text;
    this.#control = false;
    return typed;
  }

  get colours(): Colours {
    return colours(localStorage);
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

  #paint(): void {
    const page = document.documentElement.dataset["theme"] ?? (darkIsWanted.matches ? "dark" : "light");
    const wanted = this.colours === "page" ? page : this.colours;
    const name = wanted === "light" ? "light" : "dark";
    this.#terminal.options.theme = themes[name];
    this.#finder.colours = name;
  }

  #isShells(event: KeyboardEvent): boolean {
    if (purpose(event) !== undefined) return false;
    if (this.#answer === undefined) return true;
    if (event.type === "keydown" && this.#answer.isGiven(event, performance.now())) {
      document.querySelector<HTMLElement>("[data-terminal-again]")?.click();
    }
    // Nothing takes them any more: Tab leads on, and what is selected can be copied as anywhere.
    return event.key !== "Tab" && !event.ctrlKey && !event.metaKey;
  }

  #paste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    if (this.#terminal.options.disableStdin === true) return;
    const text = harmless(event.clipboardData?.getData("text/plain") ?? "");
    void isMeant(text).then((meant) => {
      if (meant) this.#terminal.paste(text);
    });
  }
}

const encoder = new TextEncoder();

function encode(text: string): Uint8Array {
  return encoder.encode(text);
}
