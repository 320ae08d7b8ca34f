// Where a recording comes from: the portal, a stretch at a time. Nothing but GET leaves the page.

import { decode, type Stretch } from "./stretch";

/** Stretches that are kept; each holds some hundred kilobytes. */
const KEPT = 12;

/** Why something did not come, in words for the person. */
export class NotHere extends Error {}

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
  /** What the recording holds. */
  readonly outline: Promise<Outline>;
  /** Where stretches begin, in microseconds, in order; none until the outline is there. */
  #starts: readonly number[] = [];
  /** By where they begin, the one used last at the end. */
  #kept = new Map<number, Promise<Stretch>>();

  constructor(recording: string) {
    this.#base = `/recordings/${recording}`;
    this.outline = this.#open();
    // Whoever asks for it hears of it.
    this.outline.catch(() => undefined);
  }

  async #open(): Promise<Outline> {
    const outline = (await (await get(`${this.#base}/outline`, "asked")).json()) as Outline;
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
    if (kept === undefined) stretch.catch(() => this.#kept.delete(start));
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > KEPT && !oldest.done) this.#kept.delete(oldest.value);
    return stretch;
  }

  async #fetch(at: number, wish: Wish): Promise<Stretch> {
    return decode(await (await get(`${this.#base}/stretch?at=${at}`, wish)).arrayBuffer());
  }

  /** The part of the transcript around a place. */
  async transcript(place: { at: number } | { line: number }, wish: Wish): Promise<Lines> {
    const query = "at" in place ? `at=${place.at}` : `line=${place.line}`;
    return (await (await get(`${this.#base}/transcript?${query}`, wish)).json()) as Lines;
  }

  /** The lines of the whole transcript that show a text. */
  async find(text: string): Promise<Lines> {
    return (await (await get(`${this.#base}/transcript?q=${encodeURIComponent(text)}`, "asked")).json()) as Lines;
  }

  /** Reads the recording whole, on the server. */
  async prove(): Promise<{ verified: boolean; words: string }> {
    return (await (await get(`${this.#base}/proof`, "asked")).json()) as { verified: boolean; words: string };
  }
}

async function get(address: string, wish: Wish): Promise<Response> {
  // Not a page: whoever is signed out is told so instead of being led to the sign-in.
  const headers: Record<string, string> = { accept: "application/octet-stream, application/json" };
  if (wish === "ahead") headers["shorepass-refresh"] = "1";
  const answer = await fetch(address, { headers, redirect: "error" }).catch(() => {
    throw new NotHere("The portal cannot be reached. Try again in a moment.");
  });
  if (answer.status === 401) throw new NotHere("You are signed out. Load the page again to sign in.");
  if (answer.status === 404) throw new NotHere("The recording is not there any more, or not yours to see.");
  if (!answer.ok) throw new NotHere("The recording cannot be read now. Try again in a moment.");
  return answer;
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
