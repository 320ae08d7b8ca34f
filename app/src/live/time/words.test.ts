import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, left, words } from "./words";

test("lengths are said in at most two units", () => {
  assert.deepEqual([0, 45, 90, 3_600, 5_400, 90_061].map(words), ["0 s", "45 s", "1 min 30 s", "1 h", "1 h 30 min", "1 d 1 h"]);
});

test("what is left is said in minutes until the last", () => {
  assert.deepEqual([702, 60, 59.9, 42, -3].map(left), ["12 min left", "1 min left", "59 s left", "42 s left", "time is up"]);
});

test("times are said in one unit", () => {
  assert.deepEqual([5, 45, 179, 16_200, 259_200, -82_900].map(ago), ["just now", "45 s ago", "2 min ago", "4 h ago", "3 d ago", "in 23 h"]);
});
