// A recording on a screen, at one place.

import type { Wish } from "../data/source";
import { ERROR, OUTPUT, SIZE, sizeOf, type RecordedEvent, type Size, type Stretch } from "../data/stretch";
import type { Place } from "./clock";

/** Where stretches come from. */
export interface Stretches {
  stretch(at: number, wish?: Wish): Promise<Stretch>;
}

/** What a recording is shown on. */
export interface Canvas {
  draw(size: Size, drawing: Uint8Array): void;
  write(bytes: Uint8Array): void;
  resize(size: Size): void;
  settled(): Promise<void>;
}

export class Show {
  readonly #source: Stretches;
  readonly #screen: Canvas;
  readonly #length: number;
  #stretch: Stretch | undefined;
  /** The number of the event of this stretch that is shown next. */
  #next = 0;
  #at = 0;
  #last = 0;
  /** Who asked last for another place is the one that gets it. */
  #turn = 0;
  #busy = false;

  constructor(source: Stretches, screen: Canvas, length: number) {
    this.#source = source;
    this.#screen = screen;
    this.#length = length;
  }

  /** Whether it waits for something that is on its way. */
  get busy(): boolean {
    return this.#busy;
  }

  get place(): Place {
    const next = this.#stretch?.events[this.#next]?.at ?? this.#stretch?.next ?? Infinity;
    return { at: this.#at, last: this.#last, next, length: this.#length };
  }

  /** Shows another place; false where another one was asked for in the meantime. */
  seek(at: number): Promise<boolean> {
    return this.#alone(async (mine) => {
      const stretch = await this.#source.stretch(at);
      if (!mine()) return;
      if (stretch !== this.#stretch || at < this.#at) {
        this.#enter(stretch);
        this.#last = stretch.from;
        this.#screen.draw(stretch.size, stretch.drawing);
      }
      this.#show(stretch, at);
      this.#at = at;
      await this.#screen.settled();
    });
  }

  /** Shows everything up to a later place. */
  advance(to: number): Promise<boolean> {
    return this.#alone(async (mine) => {
      let stretch = this.#stretch;
      while (stretch !== undefined) {
        this.#show(stretch, to);
        this.#at = Math.min(to, stretch.next);
        if (to < stretch.next) return;
        stretch = await this.#source.stretch(stretch.next, "ahead");
        if (!mine()) return;
        this.#enter(stretch);
      }
    });
  }

  async #alone(work: (mine: () => boolean) => Promise<void>): Promise<boolean> {
    const turn = ++this.#turn;
    const mine = (): boolean => turn === this.#turn;
    this.#busy = true;
    try {
      await work(mine);
    } finally {
      if (mine()) this.#busy = false;
    }
    return mine();
  }

  #enter(stretch: Stretch): void {
    this.#stretch = stretch;
    this.#next = 0;
    if (stretch.next !== Infinity) this.#source.stretch(stretch.next, "ahead").catch(() => undefined);
  }

  /** Writes what is due, in as few pieces as sizes allow. */
  #show(stretch: Stretch, to: number): void {
    let pieces: Uint8Array[] = [];
    const flush = (): void => {
      if (pieces.length > 0) this.#screen.write(joined(pieces));
      pieces = [];
    };
    for (let event; (event = stretch.events[this.#next]) !== undefined && event.at <= to; this.#next++) {
      this.#last = event.at;
      if (event.kind === OUTPUT || event.kind === ERROR) pieces.push(event.payload);
      if (event.kind === SIZE) {
        flush();
        this.#resize(event);
      }
    }
    flush();
  }

  #resize(event: RecordedEvent): void {
    const size = sizeOf(event.payload);
    if (size !== undefined) this.#screen.resize(size);
  }
}

function joined(pieces: Uint8Array[]): Uint8Array {
  if (pieces.length === 1 && pieces[0] !== undefined) return pieces[0];
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}
