import assert from "node:assert/strict";
import { test } from "node:test";

import { beginOf, type Lines, textOf } from "./transcript";

/** Lines as the screen has them; one that begins with `>` goes on from the one before. */
function screen(...lines: string[]): Lines {
  const row = (text: string) => ({
    isWrapped: text.startsWith(">"),
    translateToString: (trim?: boolean) => (trim === true ? text.replace(">", "").trimEnd() : text.replace(">", "")),
  });
  return { getLine: (at: number) => (lines[at] === undefined ? undefined : row(lines[at])) } as unknown as Lines;
}

test("lines that the screen wrapped are whole, and what it pads is left out", () => {
  const buffer = screen("$ echo  ", "a long l", ">ine ", "$ ");
  assert.equal(textOf(buffer, 0, 3), "$ echo\na long line\n$");
  assert.equal(textOf(buffer, 1, 2), "a long line");
});

test("a line of text begins where the screen did not wrap", () => {
  const buffer = screen("$ cat", "one", ">and", ">more", "$");
  assert.deepEqual([0, 1, 2, 3, 4].map((line) => beginOf(buffer, line)), [0, 1, 1, 1, 4]);
});
