import assert from "node:assert/strict";
import { test } from "node:test";

import { onwards } from "./clock";

const SECOND = 1_000_000;
const place = { at: 10 * SECOND, last: 9 * SECOND, next: 11 * SECOND, length: 100 * SECOND };

test("time passes as fast as it is told to, and ends at the end", () => {
  assert.equal(onwards(place, { speed: 1, skipsIdle: false }, 16_000), 10_016_000);
  assert.equal(onwards(place, { speed: 8, skipsIdle: false }, 16_000), 10_128_000);
  assert.equal(onwards({ ...place, at: place.length - 5 }, { speed: 1, skipsIdle: false }, 16_000), place.length);
});

test("a page that was hidden goes on where it was", () => {
  assert.equal(onwards(place, { speed: 1, skipsIdle: false }, 60 * SECOND), 10_250_000);
});

test("of a long silence only its beginning and its end are shown", () => {
  const silent = { ...place, next: 70 * SECOND };
  assert.equal(onwards(silent, { speed: 1, skipsIdle: true }, 16_000), 69 * SECOND);
  assert.equal(onwards(silent, { speed: 1, skipsIdle: false }, 16_000), 10_016_000);
  assert.equal(onwards({ ...silent, at: 9.5 * SECOND }, { speed: 1, skipsIdle: true }, 16_000), 9_516_000);
  assert.equal(onwards({ ...silent, at: 69.5 * SECOND }, { speed: 1, skipsIdle: true }, 16_000), 69_516_000);
  assert.equal(onwards(place, { speed: 1, skipsIdle: true }, 16_000), 10_016_000, "two seconds are not long");
});

test("silence until the end is skipped too", () => {
  const last = { ...place, next: Infinity };
  assert.equal(onwards(last, { speed: 1, skipsIdle: true }, 16_000), 99 * SECOND);
});
