// Keys one after the other, such as `g i`.

/** How long the second key may take, in milliseconds. */
const PATIENCE = 1500;

export class Sequence {
  #first: { key: string; at: number } | undefined;

  /**
   * What was asked for with this key, out of what a page offers: `undefined` for nothing, or not
   * yet.
   */
  press(key: string, at: number, offered: Iterable<string>): string | undefined {
    const first = this.#first !== undefined && at - this.#first.at <= PATIENCE ? this.#first.key : undefined;
    this.#first = undefined;
    const all = new Set(offered);
    const both = `${first} ${key}`;
    if (first !== undefined && all.has(both)) return both;
    if (all.has(key)) return key;
    if ([...all].some((keys) => keys.startsWith(`${key} `))) this.#first = { key, at };
    return undefined;
  }
}
