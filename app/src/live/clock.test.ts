import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, left } from "./clock";

test("times are said in one unit, as the server says them", () => {
  const said = [5, 45, 179, 4 * 3600 + 1800, 3 * 86400, -23 * 3600].map(ago);
  assert.deepEqual(said, ["just now", "45 s ago", "2 min ago", "4 h ago", "3 d ago", "in 23 h"]);
});

test("what is left is said in minutes until the last", () => {
  const said = [702, 42.9, 3600, 5400, 90000, 0, Number.NaN].map(left);
  assert.deepEqual(said, [
    "12 min left", "42 s left", "1 h left", "1 h 30 min left", "1 d 1 h left", "time is up", "time is up",
  ]);
});
