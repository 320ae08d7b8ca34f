// Fetches the page again and changes only what differs, so that focus, scrolling, typing and
// opened details stay.

import { Idiomorph } from "idiomorph";

import { tellTime } from "./clock";
import { announce, showConnection } from "./status";

let running: AbortController | undefined;

/** Brings what is shown up to date. */
export async function refresh(): Promise<void> {
  running?.abort();
  const abort = (running = new AbortController());
  try {
    const answer = await fetch(location.href, {
      headers: { accept: "text/html" },
      signal: abort.signal,
      cache: "no-store",
    });
    if (new URL(answer.url).pathname === "/sign-in") {
      location.assign(answer.url);
      return;
    }
    apply(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (cause) {
    if (!abort.signal.aborted) showConnection(navigator.onLine ? "reconnecting" : "offline");
    if (!(cause instanceof DOMException || cause instanceof TypeError)) throw cause;
  }
}

function apply(fresh: Document): void {
  const before = document.querySelector("h1")?.textContent;
  document.title = fresh.title;
  for (const id of ["side", "page"]) {
    const [now, next] = [document.getElementById(id), fresh.getElementById(id)];
    // A page whose terminal runs is not fetched anew: what is around the terminal is.
    if (now && next) Idiomorph.morph(now, next, { ignoreActiveValue: true, callbacks });
  }
  const newest = fresh.body.dataset.newest;
  if (newest) document.body.dataset.newest = newest;
  tellTime();
  const heading = document.querySelector("h1")?.textContent;
  if (heading && heading !== before) announce(heading);
}

const callbacks = {
  beforeNodeMorphed(now: Node, next: Node): boolean {
    if (!(now instanceof Element && next instanceof Element)) return true;
    // Islands belong to their own script, once it runs; what says how the connection is, to us.
    if (now.localName === "leptos-island" || now.id === "connection") return false;
    if (now instanceof HTMLDetailsElement) next.toggleAttribute("open", now.open);
    return !hasTyping(now);
  },
};

/** What somebody has typed or chosen is theirs until they send it. */
function hasTyping(element: Element): boolean {
  if (element instanceof HTMLTextAreaElement) return element.value !== element.defaultValue;
  if (!(element instanceof HTMLInputElement) || element.type === "hidden") return false;
  return element.value !== element.defaultValue || element.checked !== element.defaultChecked;
}
