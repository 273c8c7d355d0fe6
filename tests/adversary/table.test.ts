// docs/SECURITY.md shows the attacks that are tried, and no others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page, pageMade } from "./table.ts";

test("the page's table is made from the rows: node tests/adversary/table.ts", () => {
  assert.ok(page().includes("<!-- table: attacks -->"));
  assert.equal(page(), pageMade());
});
