// The transcript beside the player: it follows, leads to other places, and can be searched.

import { made } from "../../dom/made";
import type { Lines, Source } from "../data/source";
import { element } from "./element";
import { clock, secondShown } from "./words";

/** Lines that are kept on the page; further away ones are fetched again. */
const MOST = 900;

export class Transcript {
  readonly #source: Source;
  readonly #seek: (at: number) => void;
  readonly #box = element("transcript-lines", HTMLElement);
  readonly #list: HTMLOListElement;
  readonly #follow = element("transcript-follow", HTMLInputElement);
  readonly #field = element("transcript-q", HTMLInputElement);
  readonly #found = element("transcript-found", HTMLElement);
  /** The number of the first line on the page, and how many there are in all. */
  #first: number;
  #total: number;
  /** When each line on the page was shown. */
  #times: number[];
  #current: Element | undefined;
  /** The line that a person chose last: when it was shown, and its text. */
  #chosen: { at: number; text: string } | undefined;
  #sought: string;
  #at = 0;
  #fetching = false;

  constructor(source: Source, seek: (at: number) => void) {
    this.#source = source;
    this.#seek = seek;
    const list = this.#box.querySelector("ol");
    if (list === null) throw new Error("the page has no lines");
    this.#list = list;
    this.#first = Number(this.#box.dataset["first"]);
    this.#total = Number(this.#box.dataset["total"]);
    this.#times = [...list.children].map(timeOf);
    this.#sought = this.#field.value.trim();
    for (const lines of [this.#list, this.#found]) lines.addEventListener("click", (event) => this.#jump(event));
    this.#box.addEventListener("click", (event) => this.#turn(event));
    this.#field.form?.addEventListener("submit", (event) => void this.#search(event));
    // Whoever scrolls by hand reads at another place.
    for (const kind of ["wheel", "touchmove"]) this.#box.addEventListener(kind, () => this.#stay(), { passive: true });
    this.#follow.addEventListener("change", () => this.#showCurrent());
    this.#follow.closest("[hidden]")?.removeAttribute("hidden");
  }

  /** The player is at another place. */
  show(at: number): void {
    this.#at = at;
    const number = currentLine(this.#times, at, (line) => this.#isChosen(line));
    const outside = (number === undefined && this.#first > 0) || (number === this.#times.length - 1 && this.#first + this.#times.length < this.#total);
    if (outside && this.#follow.checked) void this.#fetch({ at: Math.floor(at) });
    const line = number === undefined ? undefined : this.#list.children[number];
    if (line === this.#current) return;
    this.#current?.removeAttribute("aria-current");
    line?.setAttribute("aria-current", "true");
    this.#current = line;
    this.#showCurrent();
  }

  #isChosen(number: number): boolean {
    const line = this.#list.children[number];
    return line !== undefined && this.#times[number] === this.#chosen?.at && textOf(line) === this.#chosen?.text;
  }

  #showCurrent(): void {
    if (!this.#follow.checked || !(this.#current instanceof HTMLElement)) return;
    // Not scrollIntoView: the page itself must not move.
    const { offsetTop, offsetHeight } = this.#current;
    this.#box.scrollTop = offsetTop - (this.#box.clientHeight - offsetHeight) / 2;
  }

  #stay(): void {
    this.#follow.checked = false;
  }

  #jump(event: Event): void {
    const line = event.target instanceof Element ? event.target.closest("li") : null;
    if (line === null || (event instanceof MouseEvent && (event.ctrlKey || event.metaKey))) return;
    if (getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    this.#follow.checked = true;
    this.#choose(timeOf(line), textOf(line));
  }

  #choose(at: number, text: string): void {
    this.#chosen = { at, text };
    this.#seek(at);
  }

  #turn(event: Event): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-turn]") : null;
    if (link === null) return;
    event.preventDefault();
    this.#stay();
    const later = link.dataset["turn"] === "later";
    const line = later ? this.#first + this.#times.length : Math.max(this.#first - MOST / 3, 0);
    void this.#fetch({ line });
  }

  async #fetch(place: { at: number } | { line: number }): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      this.#take(await this.#source.transcript(place, "ahead"));
    } catch {
      // The player says what is wrong; the lines that are there stay.
    } finally {
      this.#fetching = false;
    }
  }

  /** Puts lines on the page: beside those that are there, or in their place. */
  #take({ first, lines, total }: Lines): void {
    const end = this.#first + this.#times.length;
    const isNext = first <= end && first + lines.length > end && first >= this.#first;
    const fresh = isNext ? lines.slice(end - first) : lines;
    const items = fresh.map(([at, text]) => this.#line(at, text));
    if (isNext) this.#list.append(...items);
    else this.#list.replaceChildren(...items);
    while (this.#list.children.length > MOST) this.#list.firstElementChild?.remove();
    this.#times = [...this.#list.children].map(timeOf);
    this.#first = isNext ? end + fresh.length - this.#times.length : first;
    this.#total = total;
    this.#turns();
    this.show(this.#at);
  }

  /** The ways to what is not on the page. */
  #turns(): void {
    this.#box.querySelectorAll("[data-turn]").forEach((link) => link.remove());
    const turn = (name: string, words: string, line: number): HTMLAnchorElement => {
      const link = made("a", words);
      link.className = "quiet";
      link.dataset["turn"] = name;
      link.href = `?line=${line}`;
      return link;
    };
    const end = this.#first + this.#times.length;
    if (this.#first > 0) this.#list.before(turn("earlier", "Earlier lines", Math.max(this.#first - MOST / 3, 0)));
    if (end < this.#total) this.#list.after(turn("later", "Later lines", end));
  }

  async #search(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    this.#sought = this.#field.value.trim();
    const sought = this.#sought;
    if (sought === "") return this.#found.replaceChildren();
    try {
      const { lines, total } = await this.#source.find(sought);
      const words = total === 0 ? `No line shows “${sought}”.` : `${total === 1 ? "1 line shows" : `${total} lines show`} “${sought}”${total > lines.length ? `; the first ${lines.length} are:` : "."}`;
      this.#found.replaceChildren(made("p", words), made("ol", ...lines.map(([at, text]) => this.#line(at, text))));
      const [hit] = lines;
      if (hit !== undefined) this.#choose(...hit);
    } catch (cause) {
      this.#found.replaceChildren(made("p", cause instanceof Error ? cause.message : "The search did not work."));
    }
  }

  #line(at: number, text: string): HTMLLIElement {
    const link = made("a", clock(at));
    link.className = "at";
    link.href = `?t=${secondShown(at)}`;
    const line = made("li", link, " ", made("code", ...marked(text, this.#sought)));
    line.dataset["at"] = String(at);
    return line;
  }
}

const timeOf = (line: Element): number => Number(line instanceof HTMLElement ? line.dataset["at"] : 0);

const textOf = (line: Element): string => line.querySelector("code")?.textContent ?? "";

/**
 * The number of the line that was shown last at an instant. Where several came at once, as on a
 * busy machine the last line of a command and the next prompt do, it is the chosen one of them.
 */
export function currentLine(times: readonly number[], at: number, isChosen: (line: number) => boolean): number | undefined {
  const last = times.findLastIndex((time) => time <= at);
  for (let line = last; line >= 0 && times[line] === times[last]; line--) if (isChosen(line)) return line;
  return last < 0 ? undefined : last;
}

/** A text in which what was looked for stands out. */
function marked(text: string, sought: string): (Node | string)[] {
  const lower = text.toLowerCase();
  // Where lower case has another length, places in one are not places in the other.
  if (sought === "" || lower.length !== text.length) return [text];
  const wanted = sought.toLowerCase();
  const pieces: (Node | string)[] = [];
  let done = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, done)) {
    pieces.push(text.slice(done, at), made("mark", text.slice(at, at + wanted.length)));
    done = at + wanted.length;
  }
  return [...pieces, text.slice(done)];
}
