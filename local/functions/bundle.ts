/**
 * The functions as they are deployed: each is one minified module that imports nothing but Node's builtins, with the
 * packages that `deno.lock` names inlined.
 *
 * @module
 */
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { StackError } from "../errors.ts";
import type { SupabaseApp } from "../app.ts";

/** One function as it is deployed. */
export interface Bundle {
  /** The function's name, that of its folder in `supabase/functions`. */
  readonly name: string;
  /** Path of its only module, `NAME/index.js` in the folder of the bundles. */
  readonly path: string;
  /** Size of that module. */
  readonly bytes: number;
  /** Whether it may reach any address: what a function of another project needs is not known. */
  readonly anywhere?: boolean;
}

/**
 * Writes `folder/NAME/index.js` for every function of `app` and gives them back in its order.
 *
 * @throws {StackError} with the bundler's words when a function does not build.
 */
export async function bundleFunctions(
  { own, root, functions }: SupabaseApp,
  folder: string,
): Promise<Bundle[]> {
  if (own) {
    // Several entries end up in folders of their own names, below what their paths have in common.
    await runBundler(functions.map(({ entrypoint }) => entrypoint), `--outdir=${folder}`);
  } else {
    // Each has an import map of its own, and they are members of no workspace.
    for (const { name, entrypoint, importMap = "" } of functions) {
      const config = /\.jsonc?$/.test(importMap) && !importMap.endsWith("import_map.json")
        ? [`--config=${importMap}`]
        : importMap
        ? [`--import-map=${importMap}`]
        : [];
      await runBundler([...config, entrypoint], `--output=${join(folder, name, "index.js")}`, root);
    }
  }
  return await bundlesIn({ own, functions }, folder);
}

/** The bundles that {@linkcode bundleFunctions} wrote to `folder`. */
export async function bundlesIn(
  { own, functions }: Pick<SupabaseApp, "own" | "functions">,
  folder: string,
): Promise<Bundle[]> {
  return await Promise.all(functions.map(async ({ name }) => {
    const path = join(folder, name, "index.js");
    return { name, path, bytes: (await Deno.stat(path)).size, anywhere: !own };
  }));
}

/** Makes one minified module of each of `entries`; `where` says where to. @throws {StackError} */
export async function runBundler(
  entries: string[],
  where: `--outdir=${string}` | `--output=${string}`,
  cwd = CHECKOUT,
): Promise<void> {
  const args = ["bundle", "--quiet", "--minify", "--platform=deno", where, ...entries];
  const options = { args, cwd, env: { NO_COLOR: "1" }, stdin: "null" } as const;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  if (success) return;
  throw new StackError(`the functions do not build: ${new TextDecoder().decode(stderr).trim()}`);
}
