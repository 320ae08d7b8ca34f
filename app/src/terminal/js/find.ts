// Searching what was shown.

import { SearchAddon } from "@xterm/addon-search";
import type { Terminal } from "@xterm/xterm";

import { found } from "./look/theme";

/** Called with the number of the match that is shown, counted from 1, and how many there are. */
export type Found = (shown: number, many: number) => void;

export class Finder {
  readonly #search = new SearchAddon({ highlightLimit: 1000 });
  #colours: keyof typeof found = "dark";

  constructor(terminal: Terminal, tell: Found) {
    terminal.loadAddon(this.#search);
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => tell(resultIndex + 1, resultCount));
  }

  set colours(colours: keyof typeof found) {
    this.#colours = colours;
  }

  /** Shows the match after the one that is shown, or before it; while it is typed, the same one where it still fits. */
  show(text: string, where: "same" | "next" | "before"): void {
    if (text === "") return this.end();
    const colours = found[this.#colours];
    const decorations = {
      ...colours,
      matchOverviewRuler: colours.matchBackground,
      activeMatchColorOverviewRuler: colours.activeMatchBackground,
    };
    if (where === "before") this.#search.findPrevious(text, { decorations });
    else this.#search.findNext(text, { decorations, incremental: where === "same" });
  }

  end(): void {
    this.#search.clearDecorations();
  }
}
