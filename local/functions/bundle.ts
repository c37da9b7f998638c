/**
 * The functions as they are deployed: each is one minified module that imports nothing but Node's builtins, with the
 * packages that `deno.lock` names inlined.
 *
 * @module
 */
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { StackError } from "../errors.ts";

/** One function as it is deployed. */
export interface Bundle {
  /** The function's name, that of its folder in `supabase/functions`. */
  readonly name: string;
  /** Path of its only module, `NAME/index.js` in the folder of the bundles. */
  readonly path: string;
  /** Size of that module. */
  readonly bytes: number;
}

const FUNCTIONS = join(CHECKOUT, "supabase", "functions");

/**
 * Writes `folder/NAME/index.js` for every function and gives them back by name, in alphabetical order.
 *
 * @throws {StackError} with the bundler's words when a function does not build.
 */
export async function bundleFunctions(folder: string): Promise<Bundle[]> {
  const entries = (await functionNames()).map((name) => join(FUNCTIONS, name, "index.ts"));
  // Several entries end up in folders of their own names, below what their paths have in common.
  await runBundler(entries, `--outdir=${folder}`);
  return await bundlesIn(folder);
}

/** The bundles that {@linkcode bundleFunctions} wrote to `folder`. */
export async function bundlesIn(folder: string): Promise<Bundle[]> {
  return await Promise.all((await functionNames()).map(async (name) => {
    const path = join(folder, name, "index.js");
    return { name, path, bytes: (await Deno.stat(path)).size };
  }));
}

/** Makes one minified module of each of `entries`; `where` says where to. @throws {StackError} */
export async function runBundler(
  entries: string[],
  where: `--outdir=${string}` | `--output=${string}`,
): Promise<void> {
  const args = ["bundle", "--quiet", "--minify", "--platform=deno", where, ...entries];
  const options = { args, cwd: CHECKOUT, env: { NO_COLOR: "1" }, stdin: "null" } as const;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  if (success) return;
  throw new StackError(`the functions do not build: ${new TextDecoder().decode(stderr).trim()}`);
}

/** The names of the functions: folders of `supabase/functions` that have an `index.ts`. */
async function functionNames(): Promise<string[]> {
  const names = [];
  for await (const { name, isDirectory } of Deno.readDir(FUNCTIONS)) {
    const served = isDirectory &&
      await Deno.stat(join(FUNCTIONS, name, "index.ts")).then(() => true, () => false);
    if (served) names.push(name);
  }
  return names.sort();
}
