// Follows what happens, through one stream for all tabs of this browser: over HTTP/1.1 six streams
// would use up every connection to the server.

import { type Connection, showConnection } from "./announce";
import type { Loaded, Refresher } from "./refresh";

/** What the tab that holds the stream tells the others. */
type Message =
  | { kind: "change"; number: number; topics: string[] }
  | { kind: "state"; state: Connection; number: number }
  | { kind: "joined" };

/** A stream that the server refused is tried again after this, in milliseconds. */
const AGAIN = 3000;
const LOCK = "shorepass-events";

/** Follows the stream that the page names, for as long as the page is shown. */
export function follow(refresher: Refresher): void {
  const address = document.body.dataset["events"];
  if (address === undefined) return;
  let newest = Number(document.body.dataset["newest"] ?? 0);
  let leave = new AbortController();

  const begin = (): void => {
    leave = new AbortController();
    const { signal } = leave;
    const others = new BroadcastChannel(LOCK);
    signal.addEventListener("abort", () => others.close());

    const heard = (message: Message): void => {
      if (message.kind === "joined") return;
      if (message.kind === "state") {
        showConnection(message.state);
        if (message.state === "signed-out") void refresher.load(location.href);
        // What happened while this page was on its way here.
        if (message.number > newest) refresher.soon();
      } else {
        refresher.changed(message.topics);
      }
      newest = Math.max(newest, message.number);
    };

    let lead: (() => void) | undefined;
    let state: Connection = "reconnecting";
    const tell = (message: Message): void => {
      if (signal.aborted) return;
      others.postMessage(message);
      heard(message);
    };
    others.addEventListener("message", ({ data }: MessageEvent<Message>) => {
      if (data.kind !== "joined") heard(data);
      else if (lead !== undefined) others.postMessage({ kind: "state", state, number: newest });
    });
    others.postMessage({ kind: "joined" } satisfies Message);

    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        lead = resolve;
        const say = (now: Connection): void => {
          state = now;
          tell({ kind: "state", state, number: newest });
        };
        listen({ address, newest: () => newest, say, tell, ask: () => refresher.load(location.href), signal });
        addEventListener("offline", () => say("offline"), { signal });
        signal.addEventListener("abort", () => resolve());
      });
    // Locks need a secure context; where there is none each page has a stream of its own.
    if ("locks" in navigator) navigator.locks.request(LOCK, { signal }, hold).catch(() => undefined);
    else void hold();
  };

  begin();
  // A page with an open stream could not be kept for the way back.
  addEventListener("pagehide", () => leave.abort());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    begin();
    refresher.soon();
  });
}

interface Stream {
  address: string;
  newest: () => number;
  say: (state: Connection) => void;
  tell: (message: Message) => void;
  /** Finds out why the stream was refused. */
  ask: () => Promise<Loaded>;
  signal: AbortSignal;
}

/** Holds the stream open; the browser resumes it with `Last-Event-ID` by itself. */
function listen(stream: Stream): void {
  const { signal, say } = stream;
  const source = new EventSource(`${stream.address}?after=${stream.newest()}`);
  signal.addEventListener("abort", () => source.close());
  source.addEventListener("open", () => say("live"));
  source.addEventListener("change", ({ data, lastEventId }: MessageEvent<string>) => {
    const topics: unknown = JSON.parse(data);
    if (Array.isArray(topics)) stream.tell({ kind: "change", number: Number(lastEventId), topics: topics.map(String) });
  });
  source.addEventListener("error", () => {
    if (signal.aborted) return;
    if (source.readyState !== EventSource.CLOSED) return say(navigator.onLine ? "reconnecting" : "offline");
    // Refused, and not by the network.
    void stream.ask().then((answer) => say(answer === "signed-out" ? answer : "reconnecting"));
    setTimeout(() => signal.aborted || listen(stream), AGAIN);
  });
}
