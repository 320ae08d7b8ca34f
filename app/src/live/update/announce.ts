// The page's one polite live region, and the state of the connection.

import { notify } from "./notify";

/** How long a line stays to be seen, in milliseconds. */
const STAYS = 6000;

/** Has a line read out, and shows it unless it is to be seen elsewhere already; outside the page, too. */
export function announce(text: string, show: "shown" | "unseen" = "shown"): void {
  const line = document.createElement("p");
  if (show === "unseen") line.className = show;
  line.textContent = text;
  document.getElementById("status")?.append(line);
  notify(text);
  setTimeout(() => line.remove(), STAYS);
}

/** Has something read out that came with the page: only what changes is. */
export function readOut(id: string): void {
  const words = document.querySelector(`#${id} span`);
  const text = words?.textContent ?? "";
  if (words === null || text === "") return;
  words.textContent = "";
  setTimeout(() => (words.textContent = text), 100);
}

/** How the page is joined to what happens. */
export type Connection = "live" | "reconnecting" | "offline" | "signed-out";

const WORDS: Record<Connection, string> = {
  live: "Live",
  reconnecting: "Reconnecting…",
  offline: "Offline: what you see may be old",
  "signed-out": "Signed out",
};

/** Says whether the page follows what happens. */
export function showConnection(state: Connection): void {
  const element = document.getElementById("connection");
  if (element === null || element.dataset["state"] === state) return;
  element.dataset["state"] = state;
  element.textContent = WORDS[state];
}
