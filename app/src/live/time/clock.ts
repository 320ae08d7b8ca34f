// Times and countdowns tick, on the server's clock.

import { ago, left } from "./words";

/** How far this browser's clock is ahead of the server's, in milliseconds. */
let ahead = 0;

/** Reads the server's clock from a document that was just received. */
export function setClock(from: Document): void {
  const now = Date.parse(from.body.dataset["now"] ?? "");
  if (!Number.isNaN(now)) ahead = Date.now() - now;
}

function show(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Says every time anew. */
export function sayTimes(): void {
  const now = Date.now() - ahead;
  const since = (at: string | null | undefined): number => (now - Date.parse(at ?? "")) / 1000;
  for (const element of document.querySelectorAll<HTMLElement>("[data-countdown]")) {
    const seconds = -since(element.dataset["countdown"]);
    if (!Number.isNaN(seconds)) show(element, left(seconds));
  }
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const seconds = since(element.getAttribute("datetime"));
    if (!Number.isNaN(seconds)) show(element, ago(seconds));
  }
}

/** Says them each second from now on. */
export function tick(): void {
  setClock(document);
  setInterval(() => document.hidden || sayTimes(), 1000);
  document.addEventListener("visibilitychange", sayTimes);
}
