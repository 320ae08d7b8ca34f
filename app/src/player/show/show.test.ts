import assert from "node:assert/strict";
import { test } from "node:test";

import { OUTPUT, SIZE, type Stretch } from "../data/stretch";
import { Show, type Canvas } from "./show";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const SIZED = { columns: 80, rows: 24 };

/** Three stretches of a recording: each shows two letters, and the second one changes the size. */
const RECORDING: Stretch[] = [
  { from: 0, next: 10, size: SIZED, drawing: bytes("[0]"), events: [shown(1, "a"), shown(9, "b")] },
  { from: 10, next: 20, size: SIZED, drawing: bytes("[1]"), events: [shown(10, "c"), { at: 11, kind: SIZE, payload: bytes("90x30") }, shown(12, "d")] },
  { from: 20, next: Infinity, size: SIZED, drawing: bytes("[2]"), events: [shown(21, "e"), shown(30, "f")] },
];

function shown(at: number, text: string) {
  return { at, kind: OUTPUT, payload: bytes(text) };
}

/** Writes down what it is told. */
class Paper implements Canvas {
  text = "";
  draw(_: unknown, drawing: Uint8Array): void {
    this.text = new TextDecoder().decode(drawing);
  }
  write(piece: Uint8Array): void {
    this.text += new TextDecoder().decode(piece);
  }
  resize({ columns, rows }: { columns: number; rows: number }): void {
    this.text += `<${columns}x${rows}>`;
  }
  async settled(): Promise<void> {}
}

function show() {
  const [paper, asked] = [new Paper(), [] as number[]];
  const stretch = async (at: number): Promise<Stretch> => {
    asked.push(at);
    return RECORDING.findLast(({ from }) => from <= at) as Stretch;
  };
  return { paper, asked, show: new Show({ stretch }, paper, 30) };
}

test("a place is reached from the mark before it, whatever was shown", async () => {
  const { paper, show: it } = show();
  for (const [at, text] of [[12, "[1]c<90x30>d"], [9, "[0]ab"], [30, "[2]ef"], [0, "[0]"]] as const) {
    await it.seek(at);
    assert.deepEqual([paper.text, it.place.at], [text, at]);
  }
});

test("a place a little later is reached without beginning anew", async () => {
  const { paper, show: it } = show();
  await it.seek(1);
  paper.text = "";
  await it.seek(9);
  assert.equal(paper.text, "b");
});

test("playing runs through every stretch, once, and in order", async () => {
  const { paper, show: it } = show();
  await it.seek(0);
  for (const to of [5, 10, 11, 25, 30]) await it.advance(to);
  assert.equal(paper.text, "[0]abc<90x30>def");
  assert.deepEqual(it.place, { at: 30, last: 30, next: Infinity, length: 30 });
});

test("what comes next is known beyond the end of a stretch", async () => {
  const { show: it } = show();
  await it.seek(9);
  assert.deepEqual(it.place, { at: 9, last: 9, next: 10, length: 30 });
});

test("of two places that were asked for, the later one is shown", async () => {
  const { paper, show: it } = show();
  const both = await Promise.all([it.seek(12), it.seek(21)]);
  assert.deepEqual(both, [false, true]);
  assert.deepEqual([paper.text, it.place.at, it.busy], ["[2]e", 21, false]);
});

test("a stretch that does not come leaves what is shown, and can be asked for again", async () => {
  const paper = new Paper();
  let away = false;
  const stretch = async (at: number): Promise<Stretch> => {
    if (away) throw new Error("away");
    return RECORDING.findLast(({ from }) => from <= at) as Stretch;
  };
  const it = new Show({ stretch }, paper, 30);
  await it.seek(9);
  away = true;
  await assert.rejects(it.seek(21), /away/);
  assert.deepEqual([paper.text, it.place.at, it.busy], ["[0]ab", 9, false]);
  away = false;
  assert.equal(await it.seek(21), true);
});
