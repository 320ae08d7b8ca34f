import assert from "node:assert/strict";
import { test } from "node:test";

import { harmless, lines } from "./paste";

test("the lines of a paste are counted however they end", () => {
  assert.deepEqual(lines("ls -l"), ["ls -l"]);
  assert.deepEqual(lines("ls\n"), ["ls"]);
  assert.deepEqual(lines("a\r\nb\rc\n\n"), ["a", "b", "c", ""]);
});

test("a paste cannot end its own brackets", () => {
  assert.equal(harmless("a\x1b[201~b\n\x9b201~\tc"), "a[201~b\n201~\tc");
});
