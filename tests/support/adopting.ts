/**
 * What tests of `deno task adopt` do with a project's files.
 *
 * @module
 */
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { dirname, join } from "node:path";
import { adopt as adoptAlone, type Adoption, type Wish } from "../../tools/adopt/adopt.ts";
import { readRelease } from "../../tools/adopt/release.ts";

/** `read`, which reads each version once: nobody writes to what it gives back. */
export function readOnce(read: typeof readRelease): typeof readRelease {
  const known = new Map<string, ReturnType<typeof readRelease>>();
  return (server, extras) => {
    const key = extras.join();
    const release = known.get(key) ?? read(server, extras);
    known.set(key, release);
    return release;
  };
}

/** Today's version. */
export const readToday = readOnce(readRelease);

/** Adopts with the help of the database server that all tests share. */
export async function adopt(wish: Wish): Promise<Adoption> {
  return await adoptAlone({ read: readToday, server: Deno.env.get("DATABASE_STACK_URL"), ...wish });
}

/** Every file of a folder, by path. */
export async function contents(root: string): Promise<Record<string, string>> {
  const paths = await Array.fromAsync(glob("**/*.*", { cwd: root }));
  const files = paths.sort().map(async (path) => [path, await Deno.readTextFile(join(root, path))]);
  return Object.fromEntries(await Promise.all(files));
}

/** Writes a file, and the folders that it is in. */
export async function put(root: string, path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(join(root, path)), { recursive: true });
  await Deno.writeTextFile(join(root, path), text);
}

/** Nothing is written, and the message names each of `reasons`. */
export async function refuses(wish: Wish, ...reasons: string[]): Promise<void> {
  const before = await contents(wish.folder);
  const error = await adopt(wish).then(() => assert.fail("it was done"), (error: Error) => error);
  for (const reason of reasons) assert.ok(error.message.includes(reason), `${reason}: ${error.message}`);
  assert.deepEqual(await contents(wish.folder), before);
}
