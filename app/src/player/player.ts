// Playing: a place that moves on, and people who move it.

import type { Wishes } from "./page/controls";
import type { Stage } from "./page/stage";
import { onwards, type Pace } from "./show/clock";
import type { Screen } from "./show/screen";
import type { Show } from "./show/show";

/** While more than this many bytes wait to be shown, time stands still. */
const MOST_PENDING = 512 * 1024;

export class Player implements Wishes {
  readonly #show: Show;
  readonly #screen: Screen;
  readonly #length: number;
  readonly #stage: Stage;
  readonly #pace: Pace = { speed: 1, skipsIdle: true };
  #tell: (at: number, playing: boolean) => void = () => undefined;
  #playing = false;
  /** When the last frame was, in milliseconds. */
  #frame = 0;
  /** Where a person wants to be, while another place is on its way. */
  #wanted: number | undefined;
  #seeking = false;

  constructor(show: Show, screen: Screen, length: number, stage: Stage) {
    this.#show = show;
    this.#screen = screen;
    this.#length = length;
    this.#stage = stage;
  }

  /** Whom to tell of each new place. */
  follow(tell: (at: number, playing: boolean) => void): void {
    this.#tell = tell;
  }

  toggle(): void {
    if (this.#playing) return this.#pause();
    this.#playing = true;
    const again = this.#show.place.at >= this.#length;
    this.#frame = performance.now();
    if (again) this.seek(0);
    this.#told();
    requestAnimationFrame((now) => this.#step(now));
  }

  seek(at: number): void {
    this.#wanted = Math.min(Math.max(at, 0), this.#length);
    if (!this.#seeking) void this.#catchUp();
  }

  move(by: number): void {
    this.seek((this.#wanted ?? this.#show.place.at) + by);
  }

  speed(speed: number): void {
    this.#pace.speed = speed;
  }

  skipIdle(skips: boolean): void {
    this.#pace.skipsIdle = skips;
  }

  /** Goes to where the person wants to be, and on if that has changed meanwhile. */
  async #catchUp(): Promise<void> {
    this.#seeking = true;
    try {
      while (this.#wanted !== undefined) {
        const wanted = this.#wanted;
        await this.#show.seek(wanted);
        if (this.#wanted === wanted) this.#wanted = undefined;
        this.#shown();
      }
    } catch (cause) {
      const missed = this.#wanted ?? this.#show.place.at;
      this.#wanted = undefined;
      this.#failed(cause, () => this.seek(missed));
    } finally {
      this.#seeking = false;
    }
  }

  /** One frame of the browser: none comes while the page is hidden. */
  #step(now: number): void {
    if (!this.#playing) return;
    const elapsed = (now - this.#frame) * 1000;
    this.#frame = now;
    if (!this.#show.busy && !this.#seeking && this.#screen.pending < MOST_PENDING) {
      const to = onwards(this.#show.place, this.#pace, Math.max(elapsed, 0));
      this.#show.advance(to).then(() => this.#shown(), (cause: unknown) => this.#failed(cause, () => this.#playing || this.toggle()));
      if (to >= this.#length) return this.#pause();
    }
    requestAnimationFrame((next) => this.#step(next));
  }

  #pause(): void {
    this.#playing = false;
    this.#told();
  }

  #shown(): void {
    this.#stage.open();
    this.#told();
  }

  #failed(cause: unknown, again: () => void): void {
    this.#playing = false;
    this.#told();
    this.#stage.close(cause, again);
  }

  #told(): void {
    this.#tell(this.#show.place.at, this.#playing);
  }
}
