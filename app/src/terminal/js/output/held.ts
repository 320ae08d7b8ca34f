// A page that nobody sees costs next to nothing: what arrives waits, and is taken now and then.
//
// The server sends no more than its window (`domain::wire::LARGEST_WINDOW` at most) without an
// acknowledgement, and only what was parsed is acknowledged: so what waits here is bounded, however
// much is written.

/** How often a hidden page takes what waits, in milliseconds; queries of programs wait no longer. */
const EACH = 2000;

/** What is asked of a document. */
export type Page = Pick<Document, "hidden" | "addEventListener">;

/** Does things in their order: at once while the page is seen, now and then while it is not. */
export class Held {
  readonly #page: Page;
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page) {
    this.#page = page;
    page.addEventListener("visibilitychange", () => {
      if (!page.hidden) this.#take();
    });
  }

  do(what: () => void): void {
    if (!this.#page.hidden && this.#waiting.length === 0) return what();
    this.#waiting.push(what);
    this.#timer ??= setTimeout(() => this.#take(), EACH);
  }

  #take(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const what of waiting) what();
  }
}
