// Times and countdowns tick, on the server's clock.

import { ago, left } from "./words";

/** How far this browser's clock is ahead of the server's, in milliseconds. */
let ahead = 0;

/** Reads the server's clock from a document that was just received. */
export function setClock(from: Document): void {
  const now = Date.parse(from.body.dataset["now"] ?? "");
  if (!Number.isNaN(now)) ahead = Date.now() - now;
}

/** The instant that was said last, on the server's clock. */
let said = Number.NaN;

function show(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Says every time anew; answers whether one of them has come since it was said last. */
export function sayTimes(): boolean {
  const now = Date.now() - ahead;
  let come = false;
  const since = (at: string | null | undefined): number => {
    const instant = Date.parse(at ?? "");
    come ||= said < instant && instant <= now;
    return (now - instant) / 1000;
  };
  for (const element of document.querySelectorAll<HTMLElement>("[data-countdown]")) {
    const seconds = -since(element.dataset["countdown"]);
    if (!Number.isNaN(seconds)) show(element, left(seconds));
  }
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const seconds = since(element.getAttribute("datetime"));
    if (!Number.isNaN(seconds)) show(element, ago(seconds));
  }
  said = now;
  return come;
}

/** Says them each second from now on; `come` is told when one of them has come. */
export function tick(come: () => void): void {
  setClock(document);
  const say = (): void => {
    if (!document.hidden && sayTimes()) come();
  };
  setInterval(say, 1000);
  document.addEventListener("visibilitychange", say);
}
