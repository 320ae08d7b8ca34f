import assert from "node:assert/strict";
import { test } from "node:test";

import { Sequence } from "./sequence";

const offered = ["a", "d", "g i", "g n", "n"];

test("a key acts at once, and two keys after the second", () => {
  const sequence = new Sequence();
  assert.equal(sequence.press("a", 0, offered), "a");
  assert.equal(sequence.press("g", 10, offered), undefined);
  assert.equal(sequence.press("n", 20, offered), "g n");
  assert.equal(sequence.press("n", 30, offered), "n");
});

test("the second key must not take long, and another key acts for itself", () => {
  const sequence = new Sequence();
  sequence.press("g", 0, offered);
  assert.equal(sequence.press("i", 5_000, offered), undefined);
  sequence.press("g", 6_000, offered);
  assert.equal(sequence.press("a", 6_100, offered), "a");
});
