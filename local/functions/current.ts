/**
 * The bundles of what the functions' sources say now, kept from one start to the next: making them takes more of the
 * processor than all that is started from them.
 *
 * @module
 */
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { kept } from "../kept.ts";
import { type Bundle, bundleFunctions, bundlesIn } from "./bundle.ts";

/** The functions as they would be deployed now. @throws {StackError} when one does not build. */
export async function currentBundles(): Promise<Bundle[]> {
  return await bundlesIn(await kept("functions", await parts(), bundleFunctions));
}

/** Everything that a bundle is made of. */
async function parts(): Promise<unknown[]> {
  const sources = await Array.fromAsync(glob("supabase/functions/**/*.{ts,json}", { cwd: CHECKOUT }));
  const files = ["deno.json", "deno.lock", ...sources.sort()].map(async (path) => [
    path,
    await Deno.readTextFile(join(CHECKOUT, path)),
  ]);
  return [Deno.version.deno, ...await Promise.all(files)];
}
