import assert from "node:assert/strict";
import { test } from "node:test";

import { changeColours, changeFontSize, colours, fontSize, type Store } from "./preferences";

function store(kept: Record<string, string> = {}): Store {
  return { getItem: (key) => kept[key] ?? null, setItem: (key, value) => void (kept[key] = value) };
}

test("the size of the font is remembered and stays readable", () => {
  const kept = store();
  assert.equal(fontSize(kept), 14);
  assert.equal(changeFontSize(kept, 1), 15);
  assert.equal(fontSize(kept), 15);
  assert.equal(changeFontSize(kept, -100), 9);
  assert.equal(fontSize(store({ "terminal-size": "1e9" })), 28);
  assert.equal(fontSize(store({ "terminal-size": "small" })), 14);
});

test("colours go round and are remembered", () => {
  const kept = store();
  assert.deepEqual([colours(kept), changeColours(kept), changeColours(kept), changeColours(kept)], ["dark", "light", "page", "dark"]);
  assert.equal(colours(store({ "terminal-colours": "pink" })), "dark");
});
