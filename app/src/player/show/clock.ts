// How the place in a recording moves on.

/** Silence that is shown, in microseconds; of more, only its end is when idle time is skipped. */
const SHOWN = 1_000_000;
/** A step is never longer than this, in microseconds: a page that was hidden does not leap. */
const LONGEST_STEP = 250_000;

export interface Place {
  /** Now, in microseconds. */
  at: number;
  /** The event that was shown last, and the one that is next; Infinity where none is. */
  last: number;
  next: number;
  /** The end of the recording. */
  length: number;
}

export interface Pace {
  speed: number;
  skipsIdle: boolean;
}

/** The place after so many microseconds of real time. */
export function onwards({ at, last, next, length }: Place, { speed, skipsIdle }: Pace, elapsed: number): number {
  const to = at + Math.min(elapsed, LONGEST_STEP) * speed;
  const silence = Math.min(next, length) - last;
  const skips = skipsIdle && silence > 2 * SHOWN && to - last >= SHOWN && next - to > SHOWN;
  return Math.min(skips ? Math.max(to, Math.min(next, length) - SHOWN) : to, length);
}
