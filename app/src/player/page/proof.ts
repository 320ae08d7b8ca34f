// The integrity mark of a long recording: read when it is asked for.

import { announce } from "../../live/update/announce";
import type { Source } from "../data/source";
import { element } from "./element";

/** Lets the button verify without leaving the page. */
export function offerProof(source: Source): void {
  const button = document.getElementById("verify");
  if (!(button instanceof HTMLButtonElement)) return;
  button.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    button.disabled = true;
    void prove(source).finally(() => (button.disabled = false));
  });
}

async function prove(source: Source): Promise<void> {
  const mark = element("integrity", HTMLElement);
  const words = mark.querySelector("span");
  if (words !== null) words.textContent = "Reading the whole recording…";
  try {
    const proof = await source.prove();
    mark.dataset["tone"] = proof.verified ? "good" : "bad";
    const sentence = `${proof.words.charAt(0).toUpperCase()}${proof.words.slice(1)}.`;
    if (words !== null) words.textContent = sentence;
    announce(proof.verified ? "The recording is verified." : "The recording could not be verified.");
  } catch (cause) {
    if (words !== null) words.textContent = cause instanceof Error ? cause.message : "It could not be read.";
  }
}
