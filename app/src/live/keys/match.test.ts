import assert from "node:assert/strict";
import { test } from "node:test";

import { matching } from "./match";

const named = (...names: string[]) => names.map((name) => ({ name }));
const found = (typed: string) => matching(named("Request access payments", "Inbox", "payments", "Approve"), typed).map(({ name }) => name);

test("every word that was typed is in the name, and names that begin so come first", () => {
  assert.deepEqual(found("pay"), ["payments", "Request access payments"]);
  assert.deepEqual(found("  PAY request "), ["Request access payments"]);
  assert.deepEqual(found("pay inbox"), []);
  assert.equal(found("").length, 4);
});
