import assert from "node:assert/strict";
import { test } from "node:test";

import { sent, withControl } from "./touch";

test("keys that a phone has not got are sent as a terminal sends them", () => {
  assert.equal(sent("Esc", true), "\x1b");
  assert.equal(sent("↑", false), "\x1b[A");
  assert.equal(sent("←", true), "\x1bOD");
  assert.equal(sent("F13", false), "");
});

test("a letter with Ctrl is its control character, and nothing else changes", () => {
  assert.deepEqual(["c", "C", "[", "1", "é", "ls", ""].map(withControl), ["\x03", "\x03", "\x1b", "1", "é", "ls", ""]);
});
