// When much was shown, and when nothing: a small hill for each mark, over the line of places.

/** The drawing's own width and height. */
const WIDTH = 1000;
const HEIGHT = 20;
/** How many columns the drawing has. */
const COLUMNS = 200;

/**
 * The outline of a filled shape: how much was shown in each part of a recording, from the marks
 * (microseconds, and bytes of output before them) and its length and bytes.
 */
export function pulse(marks: readonly (readonly [number, number])[], length: number, bytes: number): string {
  if (length <= 0 || bytes <= 0) return "";
  const columns = new Array<number>(COLUMNS).fill(0);
  marks.forEach(([at, before], number) => {
    const [end, after] = marks[number + 1] ?? [length, bytes];
    const [first, last] = [at, end].map((place) => Math.min(Math.floor((place / length) * COLUMNS), COLUMNS - 1)) as [number, number];
    const each = Math.max(after - before, 0) / (last - first + 1);
    for (let column = first; column <= last; column++) columns[column] = (columns[column] ?? 0) + each;
  });
  // Logarithms: a flood must not make everything else look like silence.
  const highest = Math.log1p(Math.max(...columns)) || 1;
  const step = WIDTH / COLUMNS;
  const heights = columns.map((shown) => (Math.log1p(shown) / highest) * HEIGHT);
  const top = heights.map((height, column) => `L${round(column * step)} ${round(HEIGHT - height)}H${round((column + 1) * step)}`);
  return `M0 ${HEIGHT}${top.join("")}V${HEIGHT}Z`;
}

const round = (number: number): number => Math.round(number * 10) / 10;
