import assert from "node:assert/strict";
import { test } from "node:test";

import { pulse } from "./pulse";

const heights = (path: string): number[] => [...path.matchAll(/L[\d.]+ ([\d.]+)/g)].map(([, y]) => 20 - Number(y));

test("a hill is where something was shown", () => {
  const drawn = heights(pulse([[0, 0], [500, 900]], 1000, 1000));
  assert.equal(drawn.length, 200);
  assert.ok(drawn.every((height) => height > 0 && height <= 20));
  assert.ok((drawn[0] ?? 0) > (drawn[199] ?? 0));
});

test("a recording of nothing has no hills", () => {
  assert.equal(pulse([[0, 0]], 0, 0), "");
  assert.equal(pulse([], 10, 0), "");
});
