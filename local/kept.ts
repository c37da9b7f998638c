/**
 * Folders below `.local` that take long to make, kept for whoever needs the same again.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { LOCAL, makePrivate } from "./data_folder.ts";
import { removeFolder } from "./processes/remove.ts";

/** How long one that nobody needs is kept, in milliseconds: what was started from it may be started again. */
const UNUSED = 24 * 60 * 60 * 1000;

/** Those that this process needed: whoever needs the same one waits for it. */
const needed = new Map<string, Promise<void>>();

/**
 * The folder in `.local/KIND` that `make` has filled, made now unless there is one of the same parts.
 *
 * @param madeOf All that it is made of.
 */
export async function kept(
  kind: string,
  madeOf: readonly unknown[],
  make: (folder: string) => Promise<unknown>,
): Promise<string> {
  const parent = join(LOCAL, kind);
  const folder = join(
    parent,
    createHash("sha256").update(JSON.stringify(madeOf)).digest("hex").slice(0, 16),
  );
  if (!needed.has(folder)) needed.set(folder, keep(parent, folder, make));
  await needed.get(folder);
  await Deno.utime(folder, new Date(), new Date());
  return folder;
}

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

/** Two processes that start at once each make one, and one of both stays: none is ever seen half made. */
async function keep(
  parent: string,
  folder: string,
  make: (folder: string) => Promise<unknown>,
): Promise<void> {
  if (await exists(folder)) return;
  await makePrivate();
  await Deno.mkdir(parent, { recursive: true });
  await removeUnused(parent);
  const made = await Deno.makeTempDir({ dir: parent });
  try {
    await make(made);
    await Deno.rename(made, folder);
  } catch (error) {
    await removeFolder(made);
    if (!await exists(folder)) throw error;
  }
}

async function removeUnused(parent: string): Promise<void> {
  for await (const { name } of Deno.readDir(parent)) {
    const path = join(parent, name);
    const { mtime } = await Deno.stat(path);
    if (mtime && Date.now() - mtime.getTime() > UNUSED) await removeFolder(path);
  }
}
