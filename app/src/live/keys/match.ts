// Finding things by a few letters of their names.

/** The things whose names hold every word that was typed; those that begin with the first come first. */
export function matching<Thing extends { name: string }>(things: Thing[], typed: string): Thing[] {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const found = things.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const [first = ""] = words;
  const rank = ({ name }: Thing): number => (name.toLowerCase().startsWith(first) ? 0 : 1);
  return found.sort((one, other) => rank(one) - rank(other));
}
