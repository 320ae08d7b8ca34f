// Hears from the server what changed, and brings the page up to date.

import { refresh } from "./refresh";
import { showConnection } from "./status";

// Several changes in a row are one.
const SETTLE_MS = 150;

/** Follows changes while the page is shown; a hidden copy kept for the back button follows none. */
export function followChanges(): void {
  const address = document.body.dataset.events;
  if (!address) return;
  let newest = document.body.dataset.newest ?? "0";
  let source: EventSource | undefined;
  let settling: number | undefined;

  const connect = (): void => {
    source?.close();
    source = new EventSource(`${address}?after=${encodeURIComponent(newest)}`);
    source.addEventListener("open", () => showConnection("live"));
    source.addEventListener("error", () => {
      const lost = source?.readyState === EventSource.CLOSED;
      showConnection(navigator.onLine ? "reconnecting" : "offline");
      // The browser comes back by itself, unless it was refused: then the sign-in is over.
      if (lost) void refresh();
    });
    source.addEventListener("change", (event) => {
      newest = event.lastEventId || newest;
      if (!concernsPage(topicsOf(event))) return;
      clearTimeout(settling);
      settling = window.setTimeout(() => void refresh(), SETTLE_MS);
    });
  };

  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) void refresh();
    connect();
  });
  addEventListener("offline", () => showConnection("offline"));
  addEventListener("online", connect);
}

function topicsOf(event: MessageEvent<string>): string[] {
  const topics: unknown = JSON.parse(event.data);
  return Array.isArray(topics) ? topics.filter((topic) => typeof topic === "string") : [];
}

/** Requests and sessions always concern a page: it shows how many wait, and what runs. */
function concernsPage(topics: string[]): boolean {
  const wanted = document.getElementById("page")?.dataset.live?.split(" ") ?? [];
  return topics.some((topic) => topic === "requests" || topic === "sessions" || wanted.includes(topic));
}
