// The place of the screen on the page: whether it is there, and what stands over it while it is not.

import { made } from "../../dom/made";
import { NotHere } from "../data/source";
import { element } from "./element";

/** What helps, as a button says it. */
const WAYS = { again: "Try again", reload: "Load the page again" };

export class Stage {
  readonly #player = element("player", HTMLElement);
  readonly #over = element("player-over", HTMLElement);

  constructor() {
    this.#say("The recording is on its way…", "plain");
  }

  /** The screen is there, and shows what it should. */
  open(): void {
    this.#player.dataset["ready"] = "";
    if (this.#over.hasChildNodes()) this.#over.replaceChildren();
  }

  /** It does not: says why, and offers to do it again where that may help. */
  close(cause: unknown, again: () => void): void {
    const known = cause instanceof NotHere;
    this.#say(known ? cause.message : "The player does not work in this browser. The transcript and the download do.", "bad");
    const next = known ? cause.next : undefined;
    if (next === undefined) return;
    const button = made("button", WAYS[next]);
    button.className = "button";
    button.type = "button";
    button.addEventListener("click", () => {
      if (next === "reload") return location.reload();
      this.#say("Trying again…", "plain");
      again();
    });
    this.#over.append(button);
  }

  #say(words: string, tone: "plain" | "bad"): void {
    this.#over.dataset["tone"] = tone;
    this.#over.replaceChildren(made("p", words));
  }
}
