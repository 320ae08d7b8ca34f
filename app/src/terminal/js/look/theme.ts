// The terminal's own colours. Dark unless somebody wants it otherwise, because programs choose
// theirs for dark; what they choose is brought to a readable contrast in both.

import type { ITheme } from "@xterm/xterm";

const dark: ITheme = {
  background: "#0b1116",
  foreground: "#d5dee6",
  cursor: "#6ec6ee",
  cursorAccent: "#0b1116",
  selectionBackground: "#2b4a5e",
  black: "#1b2630",
  red: "#ff8d84",
  green: "#7dd3a8",
  yellow: "#e3b152",
  blue: "#6ea8ee",
  magenta: "#c9a0f0",
  cyan: "#6ec6ee",
  white: "#d5dee6",
  brightBlack: "#7b8b99",
  brightRed: "#ffb1aa",
  brightGreen: "#a3e6c5",
  brightYellow: "#f3d08c",
  brightBlue: "#9cc6f7",
  brightMagenta: "#dfc3fa",
  brightCyan: "#a3def7",
  brightWhite: "#ffffff",
};

const light: ITheme = {
  background: "#ffffff",
  foreground: "#1b2833",
  cursor: "#0a678f",
  cursorAccent: "#ffffff",
  selectionBackground: "#b9dcee",
  black: "#1b2833",
  red: "#ad2a22",
  green: "#156c45",
  yellow: "#835500",
  blue: "#1f5fb0",
  magenta: "#7d3fb0",
  cyan: "#0a678f",
  white: "#5b6b79",
  brightBlack: "#526270",
  brightRed: "#c2382f",
  brightGreen: "#1b7d52",
  brightYellow: "#946300",
  brightBlue: "#2a6fc7",
  brightMagenta: "#8f4fc4",
  brightCyan: "#0d76a3",
  brightWhite: "#1b2833",
};

export const themes = { dark, light };

/** Where a search found something; the one it stands at is stronger. */
export const found = {
  dark: { matchBackground: "#4d3d12", activeMatchBackground: "#8a6410", activeMatchBorder: "#e3b152" },
  light: { matchBackground: "#fbe7b5", activeMatchBackground: "#f2c04b", activeMatchBorder: "#835500" },
};

export const font =
  'ui-monospace, "JetBrains Mono", "SFMono-Regular", "Cascadia Mono", "DejaVu Sans Mono", monospace';
