// Searching what was shown.

import { SearchAddon } from "@xterm/addon-search";
import type { Terminal } from "@xterm/xterm";

import { found } from "./look/theme";

/** Called with the number of the match that is shown, counted from 1, and how many there are. */
export type Found = (shown: number, many: number) => void;

export class Finder {
  readonly #terminal: Terminal;
  readonly #search = new SearchAddon({ highlightLimit: 1000 });
  #colours: keyof typeof found = "dark";

  constructor(terminal: Terminal, tell: Found) {
    this.#terminal = terminal;
    terminal.loadAddon(this.#search);
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => tell(resultIndex + 1, resultCount));
  }

  set colours(colours: keyof typeof found) {
    this.#colours = colours;
  }

  /** Shows the match after the one that is shown, or before it; while it is typed, the latest. */
  show(text: string, where: "latest" | "next" | "before"): void {
    if (text === "") return this.end();
    const colours = found[this.#colours];
    const decorations = {
      ...colours,
      matchOverviewRuler: colours.matchBackground,
      activeMatchColorOverviewRuler: colours.activeMatchBackground,
    };
    if (where === "next") {
      this.#search.findNext(text, { decorations });
    } else {
      // Without a selection it begins at the end.
      if (where === "latest") this.#terminal.clearSelection();
      this.#search.findPrevious(text, { decorations });
    }
  }

  end(): void {
    this.#search.clearDecorations();
  }
}
