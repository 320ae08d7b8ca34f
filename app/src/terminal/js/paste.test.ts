import assert from "node:assert/strict";
import { test } from "node:test";

import { linesRun } from "./paste";

test("lines that a paste would run are counted however they end", () => {
  assert.equal(linesRun("ls -l"), 0);
  assert.equal(linesRun("ls\n"), 1);
  assert.equal(linesRun("a\r\nb\rc\n"), 3);
});
