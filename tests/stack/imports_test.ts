/** No module imports itself by way of others, be it a type: every file can be understood from what it imports. */
import assert from "node:assert/strict";
import { CHECKOUT } from "../../local/checkout.ts";
import { type Imports, readImports } from "../support/imports.ts";

/** The first way from a module back to itself that it comes across, if there is any. */
function findCycle(imports: Imports): string[] | undefined {
  const done = new Set<string>();
  const visit = (module: string, path: string[]): string[] | undefined => {
    if (path.includes(module)) return [...path.slice(path.indexOf(module)), module];
    if (done.has(module)) return undefined;
    for (const imported of imports.get(module) ?? []) {
      const cycle = visit(imported, [...path, module]);
      if (cycle) return cycle;
    }
    done.add(module);
  };
  for (const module of imports.keys()) {
    const cycle = visit(module, []);
    if (cycle) return cycle;
  }
}

Deno.test("nothing imports itself by way of others", async () => {
  assert.equal(findCycle(await readImports(CHECKOUT))?.join(" imports "), undefined);
});

Deno.test("a module that does is found, with the way there", () => {
  const imports = new Map([["a", ["b", "c"]], ["b", []], ["c", ["d"]], ["d", ["b", "c"]]]);
  assert.deepEqual(findCycle(imports), ["c", "d", "c"]);
});
