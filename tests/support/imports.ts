/**
 * Which module imports which.
 *
 * @module
 */
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What each module of the project imports of it, types too; all are paths in the project. */
export type Imports = Map<string, string[]>;

/** What `deno info` knows of a module that another imports: where its code is, and where its types are. */
interface Dependency {
  code?: { specifier?: string };
  type?: { specifier?: string };
}

const CODE = "{bench,demo,docs,local,supabase/functions,tests,tools,web}/**/*.{ts,js}";

/** Reads the imports of the project in the folder `root`, as Deno itself resolves them. */
export async function readImports(root: string): Promise<Imports> {
  const paths = await Array.fromAsync(glob(CODE, { cwd: root }));
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const everything = paths.map((path) => `import "${pathToFileURL(join(root, path))}";`);
    await Deno.writeTextFile(entry, everything.join("\n"));
    const args = ["info", "--json", "--config", join(root, "deno.json"), entry];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
    const { modules }: { modules: { specifier: string; dependencies?: Dependency[] }[] } = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    const pathsOf = (urls: (string | undefined)[]) =>
      urls.filter((url) => url?.startsWith("file:")).map((url) => relative(root, fileURLToPath(url ?? "")));
    const imports: Imports = new Map();
    for (const { specifier, dependencies = [] } of modules) {
      const targets = dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier]);
      for (const path of pathsOf([specifier])) imports.set(path, pathsOf(targets));
    }
    imports.delete(relative(root, entry));
    assert.deepEqual(paths.filter((path) => !imports.has(path)), [], "deno info did not read these");
    return imports;
  } finally {
    await Deno.remove(entry);
  }
}
