/**
 * The product of `examples/images/`, in a folder of its own, as its README has it put together.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { glob } from "node:fs/promises";
import { CHECKOUT } from "../../local/checkout.ts";
import { removeFolder } from "../../local/processes/remove.ts";

/** What a picture costs there, in credits; the larger one costs {@linkcode LARGE_PRICE}. */
export const PRICE = 2;
export const LARGE_PRICE = 5;

const EXAMPLE = join(CHECKOUT, "examples", "images");

/** A copy of the product as it was before it had credits; it is deleted when it is disposed of. */
export async function copyOfProduct(): Promise<{ root: string } & AsyncDisposable> {
  const root = await Deno.makeTempDir({ prefix: "credits-example-" });
  await Deno.chmod(root, 0o755);
  await copy(join(EXAMPLE, "product"), root);
  return { root, [Symbol.asyncDispose]: () => removeFolder(root) };
}

/** Adds what the product's owner writes once the credits are there. */
export async function addPaidPart(root: string): Promise<void> {
  await copy(join(EXAMPLE, "paid"), root);
  const migrations = join(root, "supabase", "migrations");
  const names = await Array.fromAsync(Deno.readDir(migrations), ({ name }) => name);
  const newest = names.sort().at(-1)?.slice(0, 14) ?? "";
  await Deno.rename(join(root, "images.sql"), join(migrations, `${BigInt(newest) + 1n}_images.sql`));
}

async function copy(from: string, to: string): Promise<void> {
  for await (const path of glob("**/*.*", { cwd: from })) {
    if (basename(path).startsWith(".")) continue;
    await Deno.mkdir(dirname(join(to, path)), { recursive: true });
    await Deno.copyFile(join(from, path), join(to, path));
  }
}
