import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Held } from "./held";

function page(): { hidden: boolean; addEventListener: (name: string, heard: () => void) => void; turn: (hidden: boolean) => void } {
  const heard: (() => void)[] = [];
  return {
    hidden: false,
    addEventListener: (_, listener) => void heard.push(listener),
    turn(hidden) {
      this.hidden = hidden;
      for (const listener of heard) listener();
    },
  };
}

test("what arrives while the page is hidden is done later, all of it and in its order", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const [seen, done] = [page(), [] as number[]];
  const held = new Held(seen as unknown as Document);
  const arrives = (...numbers: number[]): void => numbers.forEach((number) => held.do(() => void done.push(number)));
  arrives(1);
  assert.deepEqual(done, [1]);
  seen.turn(true);
  arrives(2, 3);
  mock.timers.tick(1_900);
  assert.deepEqual(done, [1]);
  mock.timers.tick(100);
  assert.deepEqual(done, [1, 2, 3]);
  arrives(4);
  seen.turn(false);
  arrives(5);
  assert.deepEqual(done, [1, 2, 3, 4, 5]);
  mock.timers.reset();
});
