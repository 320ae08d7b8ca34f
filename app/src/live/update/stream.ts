// Follows what happens, through one stream for all tabs of this browser: over HTTP/1.1 six streams
// would use up every connection to the server.

import { type Connection, showConnection } from "./announce";
import { listen } from "./listen";
import type { Refresher } from "./refresh";

/** What tabs tell each other; numbers are those of events. */
type Message =
  | { kind: "joined" }
  | { kind: "change"; number: number; topics: string[] }
  | { kind: "state"; number: number; state: Connection };

/** The lock of the tab that holds the stream, and the channel on which it tells the others. */
const NAME = "shorepass-events";

/** Follows the stream that the page names, for as long as the page is shown. */
export function follow(refresher: Refresher): void {
  const address = document.body.dataset["events"];
  if (address === undefined) return;
  const follower = new Follower(address, Number(document.body.dataset["newest"] ?? 0), refresher);
  follower.begin();
  // A page with an open stream could not be kept for the way back.
  addEventListener("pagehide", () => follower.end());
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    follower.begin();
    refresher.soon();
  });
}

class Follower {
  readonly #address: string;
  readonly #refresher: Refresher;
  /** The newest event that this page knows of. */
  #newest: number;
  #state: Connection = "reconnecting";
  #holds = false;
  #tabs: BroadcastChannel | undefined;
  #ending = new AbortController();

  constructor(address: string, newest: number, refresher: Refresher) {
    this.#address = address;
    this.#newest = newest;
    this.#refresher = refresher;
  }

  begin(): void {
    const { signal } = (this.#ending = new AbortController());
    this.#tabs = new BroadcastChannel(NAME);
    this.#tabs.addEventListener("message", ({ data }: MessageEvent<Message>) => this.#heard(data));
    this.#tabs.postMessage({ kind: "joined" } satisfies Message);
    // Locks need a secure context; where there is none each page has a stream of its own.
    if ("locks" in navigator) navigator.locks.request(NAME, { signal }, () => this.#hold(signal)).catch(() => undefined);
    else void this.#hold(signal);
  }

  end(): void {
    this.#ending.abort();
    this.#tabs?.close();
    this.#holds = false;
  }

  /** Holds the stream until this page ends; then another tab does. */
  #hold(signal: AbortSignal): Promise<void> {
    this.#holds = true;
    addEventListener("offline", () => this.#say("offline"), { signal });
    listen({
      address: this.#address,
      after: () => this.#newest,
      say: (state) => this.#say(state),
      changed: (number, topics) => this.#tell({ kind: "change", number, topics }),
      ask: () => this.#refresher.load(location.href),
      signal,
    });
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
  }

  #say(state: Connection): void {
    this.#state = state;
    this.#tell({ kind: "state", number: this.#newest, state });
  }

  #tell(message: Message): void {
    if (!this.#holds) return;
    this.#tabs?.postMessage(message);
    this.#heard(message);
  }

  #heard(message: Message): void {
    if (message.kind === "joined") {
      if (this.#holds) this.#say(this.#state);
      return;
    }
    if (message.kind === "change") {
      this.#refresher.changed(message.topics);
    } else {
      showConnection(message.state);
      if (message.state === "signed-out" && !this.#holds) void this.#refresher.load(location.href);
      // What happened while this page was on its way here.
      if (message.number > this.#newest) this.#refresher.soon();
    }
    this.#newest = Math.max(this.#newest, message.number);
  }
}
