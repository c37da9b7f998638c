/** No module imports itself by way of others, be it a type: every file can be understood from what it imports. */
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

type Imports = Map<string, string[]>;

/** What `deno info` knows of a module that another imports: where its code is, and where its types are. */
interface Dependency {
  code?: { specifier?: string };
  type?: { specifier?: string };
}

/** What every module of the project imports, as Deno itself resolves it. */
async function readImports(root: string): Promise<Imports> {
  const paths = await Array.fromAsync(
    glob("{bench,demo,docs,local,supabase/functions,tests,tools,web}/**/*.{ts,js}", { cwd: root }),
  );
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const everything = paths.map((path) => `import "${pathToFileURL(join(root, path))}";`);
    await Deno.writeTextFile(entry, everything.join("\n"));
    const args = ["info", "--json", "--config", join(root, "deno.json"), entry];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
    const { modules }: { modules: { specifier: string; dependencies?: Dependency[] }[] } = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    const imports = new Map(modules.map(({ specifier, dependencies = [] }) => {
      const imported = dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier]);
      return [specifier, imported.filter((one) => one !== undefined)];
    }));
    const unread = paths.filter((path) => !imports.has(pathToFileURL(join(root, path)).href));
    assert.deepEqual(unread, [], "deno info did not read these");
    return imports;
  } finally {
    await Deno.remove(entry);
  }
}

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
  const root = Deno.cwd();
  const cycle = findCycle(await readImports(root));
  assert.equal(cycle?.map((url) => url.replace(`${pathToFileURL(root)}/`, "")).join(" imports "), undefined);
});

Deno.test("a module that does is found, with the way there", () => {
  const imports = new Map([["a", ["b", "c"]], ["b", []], ["c", ["d"]], ["d", ["b", "c"]]]);
  assert.deepEqual(findCycle(imports), ["c", "d", "c"]);
});
