import assert from "node:assert/strict";
import { test } from "node:test";

import { clock, spoken } from "./words";

test("places are said like those of a film", () => {
  assert.deepEqual([0, 83_900_000, 28_799_000_000].map(clock), ["0:00", "1:23", "7:59:59"]);
  assert.deepEqual([0, 83_900_000, 3_601_000_000].map(spoken), ["the beginning", "1 minute 23 seconds", "1 hour 1 second"]);
});
