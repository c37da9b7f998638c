/**
 * `deno task shards set-up|move|spread|copy`: what an operator does with a router and its shards.
 *
 * The databases are those of the running local stack, or what `ROUTER_URL` and `SHARD_URLS` name, as superusers reach them.
 *
 * @module
 */
import { join } from "node:path";
import { exitWith, StackError } from "../local/errors.ts";
import { LOCAL } from "../local/data_folder.ts";
import { readState } from "../local/stack/lock.ts";
import { moveUser, spread } from "./move.ts";
import { connect, type Databases, setUp } from "./set_up.ts";

const USAGE = `usage: deno task shards COMMAND

  set-up             make a router of an empty project, and shards of migrated ones; again after each migration,
                     or with new shards after the others: users stay where they are
  move USER SHARD    move a user to a shard; again after an interruption, or to where they are, to take it back
  spread             move everybody to the shard that their id says, such as after there are more shards
  copy               bring prices, packs, plans, limits and settings of all shards to those of the first

The local stack's, or ROUTER_URL and SHARD_URLS (with commas between them), as superusers reach them.`;

try {
  const [command, ...rest] = Deno.args.filter((argument) => argument !== "--");
  const [router, shards] = [Deno.env.get("ROUTER_URL"), Deno.env.get("SHARD_URLS")];
  const databases = router && shards
    ? { router, shards: shards.split(",") }
    : (await readState(join(LOCAL, "shards")))?.databases;
  if (!databases) {
    throw new StackError(`no shards run here: deno task start --shards 4, or name them\n\n${USAGE}`);
  }
  if (command === "set-up" && rest.length === 0) {
    await setUp(databases);
    console.log(`${databases.shards.length} shards behind the router`);
  } else if (command === "copy" && rest.length === 0) {
    console.log(`${await copyReference(databases)} rows changed`);
  } else if (command === "spread" && rest.length === 0) {
    let count = 0;
    await spread(databases, () => count++);
    console.log(`${count} users moved`);
  } else if (command === "move" && rest.length === 2) {
    console.log(await moveUser(databases, rest[0], Number(rest[1]), (done) => console.log(done)));
  } else {
    throw new StackError(USAGE);
  }
} catch (error) {
  exitWith(error instanceof RangeError ? new StackError(error.message) : error);
}

async function copyReference({ router }: Databases): Promise<number> {
  const sql = connect(router);
  try {
    const [{ changed }] = await sql<{ changed: number }[]>`select sharding.copy_reference() as changed`;
    return changed;
  } finally {
    await sql.end();
  }
}
