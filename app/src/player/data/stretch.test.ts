import assert from "node:assert/strict";
import { test } from "node:test";

import { bounded, decode, OUTPUT, SIZE, sizeOf } from "./stretch";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The bytes that the server's own test expects. */
const SENT = [
  ...[0, 0, 0, 0, 0, 0, 0, 10],
  ...[255, 255, 255, 255, 255, 255, 255, 255],
  ...[0, 80, 0, 24],
  ...[0, 0, 0, 3, 0x1b, 0x5b, 0x48],
  ...[0, 0, 0, 0, 0, 0, 0, 11, 1, 0, 0, 0, 2, 0xff, 0],
  ...[0, 0, 0, 0, 0, 0, 0, 12, 3, 0, 0, 0, 5, 0x39, 0x30, 0x78, 0x33, 0x30],
];

test("a stretch is read as the server writes it", () => {
  const stretch = decode(new Uint8Array(SENT).buffer);
  assert.deepEqual([stretch.from, stretch.next, stretch.size], [10, Infinity, { columns: 80, rows: 24 }]);
  assert.equal(text(stretch.drawing), "\x1b[H");
  const [output, size] = stretch.events;
  assert.deepEqual([output?.at, output?.kind, [...(output?.payload ?? [])]], [11, OUTPUT, [0xff, 0]]);
  assert.deepEqual([size?.at, size?.kind], [12, SIZE]);
  assert.deepEqual(sizeOf(size?.payload ?? new Uint8Array()), { columns: 90, rows: 30 });
});

test("what is cut off is no stretch", () => {
  for (const length of [0, 10, 23, 25, 30, SENT.length - 1]) {
    assert.throws(() => decode(new Uint8Array(SENT.slice(0, length)).buffer), RangeError, `${length} bytes`);
  }
});

test("t-04 a size is a size, and bounded", () => {
  const size = (said: string) => sizeOf(new TextEncoder().encode(said));
  assert.deepEqual(size("9999x9999"), { columns: 500, rows: 200 });
  for (const said of ["", "80", "80x", "-1x5", "80x24x", "1e3x24", "99999x1"]) assert.equal(size(said), undefined, said);
  assert.deepEqual(bounded({ columns: 0, rows: 0 }), { columns: 2, rows: 1 });
});
