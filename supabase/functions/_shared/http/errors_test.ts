import assert from "node:assert/strict";
import { ERRORS } from "./errors.ts";

Deno.test("docs/errors.md lists every code with its status, and no other", async () => {
  const page = await Deno.readTextFile(new URL("../../../../docs/errors.md", import.meta.url));
  const listed = [...page.matchAll(/^\| `(\w+)` +\| (\d{3}) +\|/gm)].map(([, code, status]) =>
    `${code} ${status}`
  );
  const expected = Object.entries(ERRORS).map(([code, { status }]) => `${code} ${status}`);
  assert.deepEqual(listed.sort(), expected.sort());
});
