// docs/errors.md against the codes that the functions declare: a section for each file that declares some.
import assert from "node:assert/strict";
import { PROBLEMS } from "../support/error_codes.ts";

const page = await Deno.readTextFile(new URL("../../docs/errors.md", import.meta.url));
/** The codes with their statuses, by the file that a section names at its beginning. */
const sections = page.split(/^(?=##)/m).flatMap((section) => {
  const file = section.match(/`(supabase\/functions\/\S+\/errors\.ts)`/)?.[1];
  const listed = [...section.matchAll(/^\| `(\w+)` +\| (\d{3}) +\|/gm)].map(([, code, status]) =>
    `${code} ${status}`
  );
  return file ? [{ file, listed }] : [];
});

for (const [file, problems] of Object.entries(PROBLEMS)) {
  Deno.test(`docs/errors.md lists every code of ${file} with its status, and no other`, () => {
    const listed = sections.find((section) => section.file === file)?.listed ?? [];
    const declared = Object.values(problems).map(({ code, status }) => `${code} ${status}`);
    assert.ok(declared.length > 0);
    assert.deepEqual(listed.sort(), declared.sort());
  });
}
