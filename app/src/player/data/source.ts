// Where a recording comes from: the portal, a stretch at a time. Nothing but GET leaves the page.

import { decode, type Stretch } from "./stretch";

/** Stretches that are kept; each holds some hundred kilobytes. */
const KEPT = 12;

/** How long an answer may take, in milliseconds; a machine that does much else is slow. */
const PATIENCE = 30_000;
/** How long reading a recording whole may take, in milliseconds: the longest are gigabytes. */
const PATIENCE_FOR_ALL = 600_000;

/** Why something did not come, in words for the person, and what may help. */
export class NotHere extends Error {
  readonly next: "again" | "reload" | undefined;

  constructor(words: string, next?: "again" | "reload") {
    super(words);
    this.next = next;
  }
}

/** A recording without what it shows. */
export interface Outline {
  /** Microseconds from its beginning to the last that is in it. */
  length: number;
  /** Bytes of output. */
  bytes: number;
  /** Where it can be entered, in order: microseconds, and bytes of output before. */
  marks: [number, number][];
}

/** Lines of a transcript. */
export interface Lines {
  /** The number of the first, counted from 0. */
  first: number;
  /** Microseconds, and text. */
  lines: [number, string][];
  total: number;
}

/** Whether a person asked for it, or the page fetches ahead: that keeps no sign-in alive. */
export type Wish = "asked" | "ahead";

export class Source {
  readonly #base: string;
  readonly #patience: number;
  /** What the recording holds. */
  readonly outline: Promise<Outline>;
  /** Where stretches begin, in microseconds, in order; none until the outline is there. */
  #starts: readonly number[] = [];
  /** A browser lets a request wait for one to the same address that hangs, unless it is told not to. */
  #cache: "default" | "no-store" = "default";
  /** By where they begin, the one used last at the end. */
  #kept = new Map<number, Promise<Stretch>>();

  constructor(recording: string, patience = PATIENCE) {
    this.#base = `/recordings/${recording}`;
    this.#patience = patience;
    this.outline = this.#open();
    // Whoever asks for it hears of it.
    this.outline.catch(() => undefined);
  }

  async #open(): Promise<Outline> {
    const outline = await this.#json<Outline>("outline", "asked");
    this.#starts = outline.marks.map(([at]) => at);
    this.#kept = new Map([...this.#kept].map(([at, stretch]) => [this.#startOf(at), stretch]));
    return outline;
  }

  #startOf(at: number): number {
    return this.#starts[lastAtOrBefore(this.#starts, at)] ?? at;
  }

  /** The stretch in which an instant lies. */
  stretch(at: number, wish: Wish = "asked"): Promise<Stretch> {
    const start = this.#startOf(at);
    const kept = this.#kept.get(start);
    const stretch = kept ?? this.#fetch(at, wish);
    this.#kept.delete(start);
    this.#kept.set(start, stretch);
    // What did not come is asked for again the next time.
    if (kept === undefined) stretch.catch(() => this.#forget(stretch));
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > KEPT && !oldest.done) this.#kept.delete(oldest.value);
    return stretch;
  }

  /** Where it begins may have become known only after it was asked for. */
  #forget(stretch: Promise<Stretch>): void {
    for (const [start, kept] of this.#kept) if (kept === stretch) this.#kept.delete(start);
  }

  async #fetch(at: number, wish: Wish): Promise<Stretch> {
    return this.#get(`stretch?at=${at}`, wish, async (answer) => decode(await answer.arrayBuffer()));
  }

  /** The part of the transcript around a place. */
  transcript(place: { at: number } | { line: number }, wish: Wish): Promise<Lines> {
    return this.#json("at" in place ? `transcript?at=${place.at}` : `transcript?line=${place.line}`, wish);
  }

  /** The lines of the whole transcript that show a text. */
  find(text: string): Promise<Lines> {
    return this.#json(`transcript?q=${encodeURIComponent(text)}`, "asked");
  }

  /** Reads the recording whole, on the server. */
  prove(): Promise<{ verified: boolean; words: string }> {
    return this.#json("proof", "asked", PATIENCE_FOR_ALL);
  }

  #json<What>(what: string, wish: Wish, patience?: number): Promise<What> {
    return this.#get(what, wish, async (answer) => (await answer.json()) as What, patience);
  }

  /** Fetches a part of the recording, and reads it to its end. */
  async #get<What>(what: string, wish: Wish, read: (answer: Response) => Promise<What>, patience = this.#patience): Promise<What> {
    // Not a page: whoever is signed out is told so instead of being led to the sign-in.
    const headers: Record<string, string> = { accept: "application/octet-stream, application/json" };
    if (wish === "ahead") headers["shorepass-refresh"] = "1";
    try {
      const signal = AbortSignal.timeout(patience);
      const answer = await fetch(`${this.#base}/${what}`, { headers, redirect: "error", cache: this.#cache, signal });
      if (!answer.ok) throw refused(answer.status);
      return await read(answer);
    } catch (cause) {
      this.#cache = "no-store";
      throw cause instanceof NotHere ? cause : failed(cause);
    }
  }
}

function refused(status: number): NotHere {
  if (status === 401) return new NotHere("You are signed out. Load the page again to sign in.", "reload");
  if (status === 404) return new NotHere("The recording is not there any more, or not yours to see.");
  return new NotHere("The recording cannot be read now.", "again");
}

/** What `fetch` throws, and what reads the answer. */
function failed(cause: unknown): NotHere {
  if (cause instanceof DOMException && cause.name === "TimeoutError") {
    return new NotHere("The portal takes too long to answer.", "again");
  }
  const garbled = cause instanceof RangeError || cause instanceof SyntaxError;
  return new NotHere(garbled ? "What came of the recording is not whole." : "The portal cannot be reached.", "again");
}

/** The number of the last of some sorted instants that is not after another; 0 where none is. */
export function lastAtOrBefore(instants: readonly number[], at: number): number {
  let [low, high] = [0, instants.length];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? Infinity) <= at) low = middle;
    else high = middle;
  }
  return low;
}
