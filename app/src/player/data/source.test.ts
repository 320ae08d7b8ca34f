import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";

import { NotHere, Source } from "./source";

type Portal = (address: string, signal: AbortSignal) => Promise<Response>;

/** A recording at a portal that answers as a test says. */
function source(context: TestContext, portal: Portal, patience?: number): Source {
  context.mock.method(globalThis, "fetch", (address: string, { signal }: { signal: AbortSignal }) => portal(address, signal));
  return new Source("r", patience);
}

const STRETCH = new Uint8Array([...new Array(8).fill(0), ...new Array(8).fill(255), 0, 80, 0, 24, 0, 0, 0, 0]);

const isNotHere = (words: RegExp, next: NotHere["next"]) => (cause: unknown) =>
  cause instanceof NotHere && words.test(cause.message) && cause.next === next;

test("what does not come says why, and whether trying again may help", async (context) => {
  const cases = [
    [401, /signed out/, "reload"],
    [404, /not there any more/, undefined],
    [503, /cannot be read now/, "again"],
  ] as const;
  for (const [status, words, next] of cases) {
    const it = source(context, async () => new Response(null, { status }));
    await assert.rejects(it.stretch(0), isNotHere(words, next), `${status}`);
    await assert.rejects(it.outline, isNotHere(words, next), `${status}`);
  }
  const away = source(context, async () => Promise.reject(new TypeError("fetch failed")));
  await assert.rejects(away.stretch(0), isNotHere(/cannot be reached/, "again"));
});

test("a portal that never answers is not waited for without end, before the answer and within it", async (context) => {
  // What waits for a signal alone keeps no process alive.
  const awake = setInterval(() => undefined, 1000);
  context.after(() => clearInterval(awake));
  const hangs = (signal: AbortSignal) => new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const silent = source(context, (_, signal) => hangs(signal), 1);
  await assert.rejects(silent.stretch(0), isNotHere(/too long/, "again"));
  const cut = source(context, async (_, signal) => Object.assign(new Response(), { arrayBuffer: () => hangs(signal) }), 1);
  await assert.rejects(cut.stretch(0), isNotHere(/too long/, "again"));
});

test("what did not come, or not whole, is asked for again", async (context) => {
  const answers = [STRETCH.slice(0, 20), STRETCH];
  const it = source(context, async (address) => (address.includes("stretch") ? new Response(answers.shift()) : new Response("{}")));
  await assert.rejects(it.stretch(0), isNotHere(/not whole/, "again"));
  assert.equal((await it.stretch(0)).size.columns, 80);
});

test("it is asked for again too when the outline came while it was on its way", async (context) => {
  const outline = { length: 30, bytes: 1, marks: [[0, 0], [10, 1]] };
  let [fail, times] = [(): void => undefined, 0];
  const it = source(context, async (address) => {
    if (address.includes("outline")) return Response.json(outline);
    times += 1;
    if (times > 1) return new Response(STRETCH);
    return new Promise<Response>((_, reject) => (fail = () => reject(new TypeError("fetch failed"))));
  });
  const first = it.stretch(15);
  await it.outline;
  fail();
  await assert.rejects(first, isNotHere(/cannot be reached/, "again"));
  assert.equal((await it.stretch(15)).size.columns, 80);
});
