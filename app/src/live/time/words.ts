// Lengths of time in the words that the server uses too (`domain::duration`, `app::parts::time`).

const UNITS: [number, string][] = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
];

/** At most two units: `1 h 30 min`, `12 min`, `45 s`. */
export function words(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const parts = UNITS.map(([size, unit]): [number, string] => {
    const count = Math.floor(rest / size);
    rest %= size;
    return [count, unit];
  });
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** What is left: seconds matter only in the last minute. */
export function left(seconds: number): string {
  if (seconds <= 0) return "time is up";
  return `${words(seconds < 60 ? seconds : Math.ceil(seconds / 60) * 60)} left`;
}

/** `2 min ago`, `in 23 h`, `just now`; a negative distance is in the future. */
export function ago(seconds: number): string {
  const distance = Math.abs(seconds);
  if (distance < 10) return "just now";
  const [unit] = UNITS.find(([size]) => distance >= size) ?? [1];
  const said = words(Math.floor(distance / unit) * unit);
  return seconds < 0 ? `in ${said}` : `${said} ago`;
}
