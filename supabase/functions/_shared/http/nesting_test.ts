import assert from "node:assert/strict";
import { isTooDeep } from "./nesting.ts";

Deno.test("JSON is too deep by its levels, and not by what its texts hold", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  assert.equal(isTooDeep(nested(64)), false);
  assert.equal(isTooDeep(nested(65)), true);
  assert.equal(isTooDeep('{"a":'.repeat(65)), true);
  assert.equal(isTooDeep(`[${"[],".repeat(1000)}{}]`), false);
  assert.equal(isTooDeep(JSON.stringify({ text: `\\"${"[".repeat(1000)}"`, more: '\\\\"{' })), false);
  assert.equal(isTooDeep(`"a\\\\"${"[".repeat(100)}`), true);
});
