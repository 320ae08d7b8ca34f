// Fetches the page again and changes it into what came.

import { announce, showConnection } from "./announce";
import { countUnseen } from "./badge";
import { sayTimes, setClock } from "../time/clock";
import { Held } from "./held";
import { morph } from "./morph";
import { offerToNotify } from "./notify";

/** Changes come in bursts: the page is fetched once after each, in milliseconds. */
const SETTLES = 150;
/** And not more often than this, in milliseconds. */
const APART = 1000;

/** What stands around every page counts requests and sessions, and says when a policy is refused. */
const EVERYWHERE = ["requests", "sessions", "policy"];

/** What came of fetching a page. */
export type Loaded = "shown" | "signed-out" | "failed";

export class Refresher {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fetching: AbortController | undefined;
  #last = -APART;
  readonly #held = new Held(() => void this.load(location.href));

  /** Something changed that pages with one of these topics show. */
  changed(topics: string[]): void {
    const wanted = document.getElementById("page")?.dataset["live"]?.split(" ") ?? [];
    if (!topics.some((topic) => wanted.includes(topic) || EVERYWHERE.includes(topic))) return;
    this.soon();
  }

  /** Refreshes once it is quiet. */
  soon(): void {
    clearTimeout(this.#timer);
    const pause = Math.max(SETTLES, this.#last + APART - performance.now());
    this.#timer = setTimeout(() => void this.load(location.href), pause);
  }

  /** Fetches an address and shows it in this page. */
  async load(address: string): Promise<Loaded> {
    this.#fetching?.abort();
    const fetching = (this.#fetching = new AbortController());
    this.#last = performance.now();
    try {
      // The header says that no person asked for it: it must not keep a sign-in alive.
      const headers = { accept: "text/html", "shorepass-refresh": "1" };
      const response = await fetch(address, { headers, cache: "no-store", signal: fetching.signal });
      const lead = new URL(response.url).pathname;
      if (response.status === 401 || lead === "/sign-in") {
        signedOut(response.redirected ? response.url : location.href);
        return "signed-out";
      }
      // A page that cannot be had now is no reason to take away the one that is here.
      if (response.status >= 500 || response.status === 429) return "failed";
      const text = await response.text();
      if (fetching.signal.aborted) return "failed";
      this.#show(new DOMParser().parseFromString(text, "text/html"));
      return "shown";
    } catch {
      return "failed";
    }
  }

  #show(fresh: Document): void {
    // A page that follows nothing any more is in its last form, with scripts of its own: those that
    // come in an update do not run (HTML, 4.12.1.1), and it must not be fetched again.
    if (fresh.body.dataset["events"] === undefined) return location.reload();
    setClock(fresh);
    const said = announcements();
    replace("side", fresh, () => false);
    // An answer to what was just sent stays until it was read.
    if (document.querySelector("#rejected, #page [aria-invalid='true']") === null) {
      const page = fresh.getElementById("page");
      if (page !== null) replace("page", fresh, this.#held.rule(page));
      if (fresh.title !== "") document.title = fresh.title;
    }
    sayTimes();
    countUnseen();
    offerToNotify();
    for (const [key, text] of announcements()) if (said.get(key) !== text) announce(text);
  }
}

/** Leads to the sign-in, unless the page holds what would be lost with it: a terminal's screen. */
function signedOut(address: string): void {
  if (document.querySelector("#page [data-keep]") === null) location.assign(address);
  else showConnection("signed-out");
}

function replace(id: string, fresh: Document, hold: (node: Node) => boolean): void {
  const [old, newer] = [document.getElementById(id), fresh.getElementById(id)];
  if (old !== null && newer !== null) morph(old, newer, hold);
}

/** What is read out when it changes; not what only ticks in it. */
function announcements(): Map<string, string> {
  const found = new Map<string, string>();
  document.querySelectorAll("#page [data-announce]").forEach((element, index) => {
    const copy = element.cloneNode(true) as Element;
    copy.querySelectorAll("[data-countdown], time").forEach((time) => time.remove());
    found.set(element.id || `${index}`, copy.textContent.replace(/\s+/g, " ").replace(/(\s*\.)+/g, ".").trim());
  });
  return found;
}
