// What a person does with the player, by pointer and by key.

import { keysAreOn } from "../../live/keys/offer";
import { announce } from "../../live/update/announce";
import { element } from "./element";
import { clock, fromSeconds, spoken, wholeSeconds } from "./words";

/** How far a key moves, in microseconds. */
const STEP = 5_000_000;

export interface Wishes {
  /** Plays, or pauses. */
  toggle(): void;
  /** Shows another place, in microseconds. */
  seek(at: number): void;
  /** Moves by so many microseconds. */
  move(by: number): void;
  speed(speed: number): void;
  skipIdle(skips: boolean): void;
}

export class Controls {
  readonly #play = element("player-play", HTMLButtonElement);
  readonly #seek = element("player-seek", HTMLInputElement);
  readonly #now = element("player-now", HTMLElement);
  readonly #shareAt = element("player-share-at", HTMLElement);
  readonly #speed = element("player-speed", HTMLSelectElement);
  readonly #wide = element("player-wide", HTMLButtonElement);
  #at = 0;

  constructor(wishes: Wishes) {
    this.#play.addEventListener("click", () => wishes.toggle());
    this.#seek.addEventListener("input", () => wishes.seek(fromSeconds(this.#seek.valueAsNumber)));
    this.#speed.addEventListener("change", () => wishes.speed(Number(this.#speed.value)));
    const skip = element("player-skip", HTMLInputElement);
    skip.addEventListener("change", () => wishes.skipIdle(skip.checked));
    this.#wide.addEventListener("click", () => {
      const wide = this.#wide.getAttribute("aria-pressed") !== "true";
      this.#wide.setAttribute("aria-pressed", String(wide));
      element("replay", HTMLElement).toggleAttribute("data-wide", wide);
    });
    element("player-share", HTMLButtonElement).addEventListener("click", () => void this.#share());
    document.addEventListener("keydown", (event) => this.#key(event, wishes));
    document.querySelectorAll("#player [hidden]").forEach((part) => part.removeAttribute("hidden"));
  }

  /** Shows where the player is. */
  show(at: number, playing: boolean): void {
    const told = playing ? "Pause" : "Play";
    if (this.#play.getAttribute("aria-label") !== told) this.#play.setAttribute("aria-label", told);
    const second = wholeSeconds(at);
    if (second === wholeSeconds(this.#at) && this.#now.textContent !== "") return void (this.#at = at);
    this.#at = at;
    this.#now.textContent = clock(at);
    this.#shareAt.textContent = clock(at);
    this.#seek.value = String(second);
    this.#seek.setAttribute("aria-valuetext", spoken(at));
  }

  async #share(): Promise<void> {
    const link = new URL(`${location.pathname}?t=${wholeSeconds(this.#at)}`, location.origin).href;
    history.replaceState(null, "", link);
    const copied = await navigator.clipboard.writeText(link).then(() => true, () => false);
    announce(copied ? `The link at ${clock(this.#at)} is copied.` : "The link stands in the address of this page.");
  }

  #key(event: KeyboardEvent, wishes: Wishes): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !keysAreOn()) return;
    if (event.target instanceof Element && hasOwnUse(event.target, event.key)) return;
    const keys: Record<string, () => void> = {
      " ": () => wishes.toggle(),
      ArrowLeft: () => wishes.move(-STEP),
      ArrowRight: () => wishes.move(STEP),
      "<": () => this.#faster(-1, wishes),
      ">": () => this.#faster(1, wishes),
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  #faster(by: number, wishes: Wishes): void {
    const last = this.#speed.options.length - 1;
    this.#speed.selectedIndex = Math.min(Math.max(this.#speed.selectedIndex + by, 0), last);
    wishes.speed(Number(this.#speed.value));
    announce(`Speed ${this.#speed.selectedOptions[0]?.textContent?.trim() ?? ""}`);
  }
}

/** Whether a key means something else where the focus is. */
function hasOwnUse(target: Element, key: string): boolean {
  if (target.closest("select, textarea, summary, dialog, input:not([type='checkbox'], [type='range'])") !== null) return true;
  if (key === " ") return target.closest("button, a, [type='checkbox'], [tabindex='0']") !== null;
  return key.startsWith("Arrow") && target.closest("[type='range'], [tabindex='0']") !== null;
}
