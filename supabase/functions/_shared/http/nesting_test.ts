import assert from "node:assert/strict";
import { isExcessive } from "./nesting.ts";

Deno.test("JSON holds too much by its levels, objects and lists, and not by what its texts hold", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  assert.equal(isExcessive(nested(64)), false);
  assert.equal(isExcessive(nested(65)), true);
  assert.equal(isExcessive('{"a":'.repeat(65)), true);
  assert.equal(isExcessive(`[${"{},".repeat(10_000)}{}]`), true);
  assert.equal(isExcessive(`[${"[],".repeat(1000)}{}]`), false);
  assert.equal(isExcessive(JSON.stringify({ text: `\\"${"[".repeat(1000)}"`, more: '\\\\"{' })), false);
  assert.equal(isExcessive(`"a\\\\"${"[".repeat(100)}`), true);
});
