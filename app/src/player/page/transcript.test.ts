import assert from "node:assert/strict";
import { test } from "node:test";

import { currentLine } from "./transcript";

const none = (): boolean => false;

test("the current line is the last one that was shown by then", () => {
  const times = [0, 5, 5, 9];
  assert.deepEqual([0, 4, 5, 8, 100].map((at) => currentLine(times, at, none)), [0, 0, 2, 2, 3]);
  assert.equal(currentLine([3], 2, none), undefined);
  assert.equal(currentLine([], 2, none), undefined);
});

test("of lines that were shown at once, the one that was chosen is the current one", () => {
  const times = [0, 5, 5, 5, 9];
  const chosen = (line: number): boolean => line === 2;
  assert.deepEqual([4, 5, 8, 9].map((at) => currentLine(times, at, chosen)), [0, 2, 2, 4]);
});
