// Keeps times true as time passes, in the words that the server uses.

const UNITS: [seconds: number, word: string][] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** Tells the time at once, and each second. */
export function startClock(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-absolute]")) {
    element.title = element.dataset.absolute ?? "";
  }
  setInterval(() => {
    if (!document.hidden) tellTime();
  }, 1_000);
  document.addEventListener("visibilitychange", tellTime);
}

/** Writes every time of the page anew. */
export function tellTime(): void {
  const now = Date.now();
  for (const element of document.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
    write(element, ago((now - Date.parse(element.dateTime)) / 1_000));
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-countdown]")) {
    write(element, left((Date.parse(element.dataset.countdown ?? "") - now) / 1_000));
  }
}

/** `2 min ago`, `in 23 h`, `just now`. */
export function ago(seconds: number): string {
  const distance = Math.floor(Math.abs(seconds));
  if (Number.isNaN(distance)) return "";
  if (distance < 10) return "just now";
  const [length, word] = UNITS.find(([length]) => distance >= length) ?? [1, "s"];
  const said = `${Math.floor(distance / length)} ${word}`;
  return seconds < 0 ? `in ${said}` : `${said} ago`;
}

/** `1 h 12 min left`; seconds only in the last minute. */
export function left(seconds: number): string {
  if (!(seconds > 0)) return "time is up";
  if (seconds < 60) return `${Math.floor(seconds)} s left`;
  const minutes = Math.ceil(seconds / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
  const parts = [
    [days, "d"],
    [hours, "h"],
    [rest, "min"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const said = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return `${said.map(([count, unit]) => `${count} ${unit}`).join(" ")} left`;
}

function write(element: HTMLElement, text: string): void {
  if (text && element.textContent !== text) element.textContent = text;
}
