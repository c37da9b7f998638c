/**
 * The bundles of what the functions' sources say now, kept from one start to the next: making them takes more of the
 * processor than all that is started from them.
 *
 * @module
 */
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { kept } from "../kept.ts";
import { readApp, type SupabaseApp } from "../app.ts";
import { type Bundle, bundleFunctions, bundlesIn } from "./bundle.ts";

/** The functions of `app`, this checkout's without one, as they would be deployed now. @throws {StackError} when one does not build. */
export async function currentBundles(app?: SupabaseApp): Promise<Bundle[]> {
  const served = app ?? await readApp();
  const folder = await kept("functions", await parts(served), (folder) => bundleFunctions(served, folder));
  return await bundlesIn(served, folder);
}

/** Everything that a bundle is made of. */
async function parts({ root, functions }: SupabaseApp): Promise<unknown[]> {
  const pattern = "{deno.json,deno.lock,supabase/functions/**/*.{ts,tsx,js,mjs,json,jsonc}}";
  const sources = await Array.fromAsync(glob(pattern, { cwd: root }));
  const files = sources.sort().map(async (path) => [path, await Deno.readTextFile(join(root, path))]);
  return [Deno.version.deno, functions, ...await Promise.all(files)];
}
