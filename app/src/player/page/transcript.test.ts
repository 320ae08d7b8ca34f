import assert from "node:assert/strict";
import { test } from "node:test";

import { lastShown } from "./transcript";

test("the current line is the last one that was shown by then", () => {
  const times = [0, 5, 5, 9];
  assert.deepEqual([0, 4, 5, 8, 100].map((at) => lastShown(times, at)), [0, 0, 2, 2, 3]);
  assert.equal(lastShown([3], 2), undefined);
  assert.equal(lastShown([], 2), undefined);
});
