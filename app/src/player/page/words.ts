// Places in a recording, in words. The page says them in the same way (parts/time.rs).

const SECOND = 1_000_000;

const two = (number: number): string => String(number).padStart(2, "0");

/** `1:23`, `1:02:03`. */
export function clock(at: number): string {
  const seconds = Math.floor(at / SECOND);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}

/** `1 minute 23 seconds`, for whoever hears it. */
export function spoken(at: number): string {
  const seconds = Math.floor(at / SECOND);
  const parts = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor(seconds / 60) % 60, "minute"],
    [seconds % 60, "second"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return said.join(" ") || "the beginning";
}

export const wholeSeconds = (at: number): number => Math.floor(at / SECOND);
/** The first whole second at which something is shown. */
export const secondShown = (at: number): number => Math.ceil(at / SECOND);
export const fromSeconds = (seconds: number): number => seconds * SECOND;
