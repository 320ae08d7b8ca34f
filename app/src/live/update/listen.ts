// The server's stream of changes.

import type { Connection } from "./announce";
import type { Loaded } from "./refresh";

/** A stream that the server refused is tried again after this, in milliseconds. */
const AGAIN = 3000;

export interface Stream {
  address: string;
  /** The number of the last event that is known. */
  after: () => number;
  say: (state: Connection) => void;
  changed: (number: number, topics: string[]) => void;
  /** Finds out why the stream was refused. */
  ask: () => Promise<Loaded>;
  signal: AbortSignal;
}

/** Holds the stream open; the browser resumes it with `Last-Event-ID` by itself. */
export function listen(stream: Stream): void {
  const { signal, say } = stream;
  const source = new EventSource(`${stream.address}?after=${stream.after()}`);
  signal.addEventListener("abort", () => source.close());
  source.addEventListener("open", () => say("live"));
  source.addEventListener("change", ({ data, lastEventId }: MessageEvent<string>) => {
    const topics: unknown = JSON.parse(data);
    if (Array.isArray(topics)) stream.changed(Number(lastEventId), topics.map(String));
  });
  source.addEventListener("error", () => {
    if (signal.aborted) return;
    if (source.readyState !== EventSource.CLOSED) return say(navigator.onLine ? "reconnecting" : "offline");
    // Refused, and not by the network.
    void stream.ask().then((answer) => say(answer === "signed-out" ? answer : "reconnecting"));
    setTimeout(() => signal.aborted || listen(stream), AGAIN);
  });
}
