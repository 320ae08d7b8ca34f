// How somebody likes their terminals, remembered by this browser.

/** `page` follows the page's colours. */
export type Colours = "dark" | "light" | "page";

export const ALL_COLOURS: readonly Colours[] = ["dark", "light", "page"];

/** Sizes of the font, in CSS pixels. */
const SMALLEST = 9;
const LARGEST = 28;
const USUAL = 14;

const SIZE = "terminal-size";
const COLOURS = "terminal-colours";

/** What keeps them. */
export type Store = Pick<Storage, "getItem" | "setItem">;

/** The size of the font; whatever was kept, it can be read. */
export function fontSize(store: Store): number {
  return clamped(Number.parseFloat(store.getItem(SIZE) ?? ""));
}

/** Keeps another size and returns it. */
export function changeFontSize(store: Store, by: number): number {
  const size = clamped(fontSize(store) + by);
  store.setItem(SIZE, `${size}`);
  return size;
}

function clamped(size: number): number {
  return Number.isNaN(size) ? USUAL : Math.min(Math.max(size, SMALLEST), LARGEST);
}

export function colours(store: Store): Colours {
  const kept = store.getItem(COLOURS);
  return ALL_COLOURS.find((known) => known === kept) ?? "dark";
}

/** Keeps the colours after these and returns them. */
export function changeColours(store: Store): Colours {
  const next = ALL_COLOURS[(ALL_COLOURS.indexOf(colours(store)) + 1) % ALL_COLOURS.length] ?? "dark";
  store.setItem(COLOURS, next);
  return next;
}
