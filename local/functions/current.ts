/**
 * The bundles of what the functions' sources say now, kept from one start to the next: making them takes more of the
 * processor than all that is started from them.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { removeFolder } from "../processes/remove.ts";
import { type Bundle, bundleFunctions } from "./bundle.ts";

const KEPT = join(CHECKOUT, ".local", "functions");
/** How long bundles of other sources are kept, in milliseconds: a stack that runs may start a function from them again. */
const KEPT_FOR = 24 * 60 * 60 * 1000;

let bundles: Promise<Bundle[]> | undefined;

/** The functions as they would be deployed now. @throws {StackError} when one does not build. */
export function currentBundles(): Promise<Bundle[]> {
  return bundles ??= find();
}

async function find(): Promise<Bundle[]> {
  const folder = join(KEPT, await fingerprint());
  const list = join(folder, "bundles.json");
  if (!await Deno.stat(list).then(() => true, () => false)) await make(folder);
  return JSON.parse(await Deno.readTextFile(list));
}

/** Two that start at once each make them, and one of both folders stays: none is ever seen half written. */
async function make(folder: string): Promise<void> {
  await forgetOld();
  const made = await Deno.makeTempDir({ dir: KEPT });
  const bundles = await bundleFunctions(made);
  const moved = bundles.map((bundle) => ({ ...bundle, path: bundle.path.replace(made, folder) }));
  await Deno.writeTextFile(join(made, "bundles.json"), JSON.stringify(moved));
  await Deno.rename(made, folder).catch(() => removeFolder(made));
}

/** Stands for everything that a bundle is made of. */
async function fingerprint(): Promise<string> {
  const sources = await Array.fromAsync(glob("supabase/functions/**/*.{ts,json}", { cwd: CHECKOUT }));
  const hash = createHash("sha256").update(Deno.version.deno);
  for (const path of ["deno.json", "deno.lock", ...sources.sort()]) {
    hash.update(`\0${path}\0`).update(await Deno.readFile(join(CHECKOUT, path)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function forgetOld(): Promise<void> {
  await Deno.mkdir(KEPT, { recursive: true });
  for await (const { name } of Deno.readDir(KEPT)) {
    const { mtime } = await Deno.stat(join(KEPT, name));
    if (Date.now() - (mtime?.getTime() ?? 0) > KEPT_FOR) await removeFolder(join(KEPT, name));
  }
}
