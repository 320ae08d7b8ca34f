// The terminal's own colours: dark in both themes, because programs choose theirs for dark.

import type { ITheme } from "@xterm/xterm";

export const theme: ITheme = {
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

export const font =
  'ui-monospace, "JetBrains Mono", "SFMono-Regular", "Cascadia Mono", "DejaVu Sans Mono", monospace';
