/** docs/security.md names every rule, and what it names exists. */
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";

const IDS =
  "C1 C2 H1 H3 H4 M1 M2 M3 M4 M5 M6 M7 L1,I3 L3 L5 I1 I2 OPS 1 2 3 4 5 6 7 8 9 10 V1 V2 V3 V4 V5 V6 V8 V9 V10 F3 V7 V11"
    .split(
      " ",
    );

const page = await Deno.readTextFile("docs/security.md");
const [rules] = page.split("\n## Limits\n");
const rows = rules.split("\n").filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
  .filter(([id]) => !/^(id|point|-+)$/.test(id));

Deno.test("each rule has its row", () => {
  assert.deepEqual(rows.map(([id]) => id.replaceAll(" ", "")), IDS);
});

Deno.test("what is named exists, and a named pgTAP file proves the rule it is named for", async () => {
  const silent: string[] = [];
  for (const [id, , , where, tests] of rows) {
    for (const name of namesIn(where)) {
      const path = name.endsWith(".sql") ? `supabase/schemas/${name}` : name;
      assert.notEqual((await Array.fromAsync(glob(path))).length, 0, `${id} names ${name}`);
    }
    for (const name of namesIn(tests)) {
      const path = name.endsWith(".sql") ? `supabase/tests/${name}` : name;
      const text = await Deno.readTextFile(path);
      if (path.endsWith(".sql") && !proves(text, id)) silent.push(`${path} says nothing of ${id}`);
    }
  }
  assert.deepEqual(silent, []);
});

/** The names in backticks in a cell. */
function namesIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name);
}

function proves(text: string, id: string): boolean {
  const ids = /^\d+$/.test(id) ? [`Point ${id}`] : id.split(", ");
  return ids.some((one) => new RegExp(`\\b${one}\\b`, "i").test(text));
}
