import assert from "node:assert/strict";
import { test } from "node:test";

import { harmless, lines, question } from "./paste";

test("the lines of a paste are counted however they end", () => {
  assert.deepEqual(lines("ls -l"), ["ls -l"]);
  assert.deepEqual(lines("ls\n"), ["ls"]);
  assert.deepEqual(lines("a\r\nb\rc\n\n"), ["a", "b", "c", ""]);
});

test("a text of several lines is shown whole before it is pasted", () => {
  assert.equal(question("ls -l"), undefined);
  assert.deepEqual(question("ls\n")?.shown, ["ls"]);
  const text = Array.from({ length: 2_000 }, (_, number) => `echo ${number}`);
  const asked = question(`${text.join("\n")}\nrm -r hostile`);
  assert.equal(asked?.title, "Paste 2001 lines?");
  assert.deepEqual(asked?.shown, [...text, "rm -r hostile"]);
});

test("a paste cannot end its own brackets", () => {
  assert.equal(harmless("a\x1b[201~b\n\x9b201~\tc"), "a[201~b\n201~\tc");
});

test("of all control characters only tabs and line ends are pasted", () => {
  const codes = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const controls = [...codes(0x00, 0x1f), ...codes(0x7f, 0x9f)];
  for (const code of controls) {
    const character = String.fromCharCode(code);
    const kept = "\t\n\r".includes(character) ? character : "";
    assert.equal(harmless(`a${character}b${character}`), `a${kept}b${kept}`, `U+${code.toString(16)}`);
  }
  assert.equal(harmless(" ~\u00a0é漢👍"), " ~\u00a0é漢👍");
});
