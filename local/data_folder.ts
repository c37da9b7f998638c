/**
 * Folders with the stack's secrets and its users' data.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { CHECKOUT } from "./checkout.ts";
import { databaseUser } from "./database/database_user.ts";

/** Where a checkout keeps what is not in git. */
export const LOCAL = join(CHECKOUT, ".local");

/** What the stack keeps in the folder itself, whoever made it and with whatever permissions. */
const FILES = ["secrets.json", "stack.json", "stack.lock", "stripe.json", "api.log", "api.log.1"];

/**
 * Makes `dir` if it is missing, and one's own: nobody else may read it, or look for names in it. The group of the user who
 * runs the database may pass through on the way to the database's folder.
 *
 * A folder of anything else, which somebody named by mistake, is left as it is.
 */
export async function makePrivate(dir = LOCAL): Promise<void> {
  await Deno.mkdir(dirname(dir), { recursive: true });
  await Deno.mkdir(dir, { recursive: true, mode: 0o700 });
  const names = await Array.fromAsync(Deno.readDir(dir), ({ name }) => name);
  if (dir !== LOCAL && names.length && !names.includes("secrets.json")) return;
  const user = await databaseUser();
  if ("uid" in user) await Deno.chown(dir, null, user.gid);
  await Deno.chmod(dir, "uid" in user ? 0o710 : 0o700);
  const files = names.filter((name) => FILES.includes(name));
  await Promise.all(files.map((name) => Deno.chmod(join(dir, name), 0o600)));
  if (names.includes("storage")) await Deno.chmod(join(dir, "storage"), 0o700);
}
