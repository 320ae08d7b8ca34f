// The screen: xterm, with no way in (T-03). What a person types goes nowhere, what the emulator
// would answer to a query is dropped, and links that a program wrote lead nowhere.

import { Terminal } from "@xterm/xterm";

import { colourLetters } from "../../terminal/js/look/letters";
import { styled } from "../../terminal/js/look/styled";
import { font, themes } from "../../terminal/js/look/theme";
import { bounded, type Size } from "../data/stretch";
import type { Canvas } from "./show";

/** Lines that can be scrolled back to. */
const SCROLLBACK = 1000;
/** Sizes of letters, in pixels. */
const SMALLEST = 5;
const LARGEST = 17;
const LINE_HEIGHT = 1.2;

export class Screen implements Canvas {
  readonly #host: HTMLElement;
  readonly #terminal: Terminal;
  #pending = 0;

  constructor(host: HTMLElement) {
    this.#host = host;
    const terminal = new Terminal({
      allowProposedApi: false,
      cursorBlink: false,
      cursorInactiveStyle: "block",
      disableStdin: true,
      fontFamily: font,
      fontSize: 13.5,
      lineHeight: LINE_HEIGHT,
      linkHandler: { activate: () => undefined, allowNonHttpProtocols: false },
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK,
      theme: themes.dark,
    });
    this.#terminal = terminal;
    colourLetters();
    styled(() => terminal.open(host));
    terminal.attachCustomKeyEventHandler(() => false);
    // Keys belong to the player: the field that a terminal types into is out of their way.
    terminal.textarea?.setAttribute("aria-label", "Screen of the recording; its text is the transcript");
    terminal.textarea?.setAttribute("tabindex", "-1");
    new ResizeObserver(() => this.#fit()).observe(host);
  }

  /** Bytes that wait to be shown. */
  get pending(): number {
    return this.#pending;
  }

  /** Begins anew with another screen. */
  draw(size: Size, drawing: Uint8Array): void {
    // As output, so that it comes after what waits to be shown: reset, and forget the scrollback.
    this.#terminal.write("\x1bc\x1b[3J");
    this.resize(size);
    this.write(drawing);
  }

  write(bytes: Uint8Array): void {
    this.#queue(bytes, () => undefined);
  }

  /** Changes the size once everything before it is shown. */
  resize(size: Size): void {
    const { columns, rows } = bounded(size);
    this.#queue(new Uint8Array(), () => {
      this.#terminal.resize(columns, rows);
      this.#fit();
    });
  }

  /** Waits until everything is shown. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.#queue(new Uint8Array(), resolve));
  }

  #queue(bytes: Uint8Array, done: () => void): void {
    this.#pending += bytes.length;
    this.#terminal.write(bytes, () => {
      this.#pending -= bytes.length;
      done();
    });
  }

  /** Makes letters as large as the room allows: the size of the screen is the recording's. */
  #fit(): void {
    const { clientWidth, clientHeight } = this.#host;
    if (clientWidth === 0) return;
    const { cols, rows } = this.#terminal;
    const tall = clientHeight / (rows * LINE_HEIGHT * 1.18);
    const wide = clientWidth / (cols * widthOfLetter());
    const size = Math.min(Math.max(Math.min(wide, tall), SMALLEST), LARGEST);
    // Half pixels: a letter's box is whole device pixels, and must not become larger than its room.
    const fontSize = Math.floor(size * 2) / 2;
    if (this.#terminal.options.fontSize !== fontSize) this.#terminal.options.fontSize = fontSize;
  }
}

let letter: number | undefined;

/** How wide a letter is, for each pixel of its size. */
function widthOfLetter(): number {
  if (letter === undefined) {
    const context = document.createElement("canvas").getContext("2d");
    if (context !== null) context.font = `100px ${font}`;
    letter = (context?.measureText("W").width ?? 60) / 100;
  }
  return letter;
}
