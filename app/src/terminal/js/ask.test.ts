import assert from "node:assert/strict";
import { test } from "node:test";

import { visible } from "./ask";

test("nothing in what is asked about is unseen", () => {
  assert.equal(visible("a\tb"), "a    b");
  assert.equal(visible("rm \x1b[2K\u202exyz\u200b"), "rm \\u{1b}[2K\\u{202e}xyz\\u{200b}");
  assert.equal(visible("häßlich 日本 👍"), "häßlich 日本 👍");
});
