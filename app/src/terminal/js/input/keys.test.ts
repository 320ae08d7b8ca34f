import assert from "node:assert/strict";
import { test } from "node:test";

import { Answer, type Press, purpose } from "./keys";

const press = (words: string): Press => {
  const keys = words.split("+");
  const [ctrlKey, shiftKey, altKey, metaKey] = ["ctrl", "shift", "alt", "meta"].map((name) => keys.includes(name));
  return { key: keys.at(-1) ?? "", ctrlKey: !!ctrlKey, shiftKey: !!shiftKey, altKey: !!altKey, metaKey: !!metaKey };
};

test("the page has few keys, and the shell has all others", () => {
  const meant = {
    "ctrl+shift+Escape": "leave",
    "ctrl+shift+F6": "leave",
    "ctrl+shift+F": "find",
    "meta+shift+f": "find",
    "ctrl+shift+PageUp": "before",
    "ctrl+shift+PageDown": "next",
    "ctrl+shift+C": "copy",
  };
  for (const [keys, wanted] of Object.entries(meant)) assert.equal(purpose(press(keys)), wanted, keys);
  for (const keys of ["ctrl+c", "Escape", "F6", "ctrl+f", "alt+1", "alt+shift+f", "PageUp", "shift+PageUp", "ctrl+meta+shift+f"]) {
    assert.equal(purpose(press(keys)), undefined, keys);
  }
});

test("only Enter after a pause answers the end of a session", () => {
  const answer = new Answer(0);
  assert.equal(answer.isGiven(press("Enter"), 300), false, "it was on its way to the shell");
  assert.equal(answer.isGiven(press("l"), 1_400), false);
  assert.equal(answer.isGiven(press("Enter"), 1_600), false, "it ends a line");
  assert.equal(answer.isGiven(press("ctrl+Enter"), 3_000), false);
  assert.equal(answer.isGiven(press("Enter"), 4_100), true);
});
