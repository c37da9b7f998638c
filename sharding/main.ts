/**
 * `deno task shards set-up|move|copy`: what an operator does with a router and its shards.
 *
 * The databases are those of the running local stack, or `--router URL --shards URL,URL`, as superusers reach them.
 *
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exitWith, StackError } from "../local/errors.ts";
import { LOCAL } from "../local/data_folder.ts";
import { readState } from "../local/stack/lock.ts";
import { moveUser } from "./move.ts";
import { connect, type Databases, setUp } from "./set_up.ts";

const USAGE = `usage: deno task shards COMMAND [--router URL --shards URL,URL]

  set-up             make a router of an empty project, and shards of migrated ones; again after each migration
  move USER SHARD    move a user to a shard; again after an interruption, or to where they are, to take it back
  copy               bring prices, packs, plans, limits and settings of all shards to those of the first`;

try {
  const { positionals: [command, ...rest], values } = readArguments();
  const databases = values.router && values.shards
    ? { router: values.router, shards: values.shards.split(",") }
    : (await readState(join(LOCAL, "shards")))?.databases;
  if (!databases) {
    throw new StackError(`no shards run here: deno task start --shards 4, or name them\n\n${USAGE}`);
  }
  if (command === "set-up" && rest.length === 0) {
    await setUp(databases);
    console.log(`${databases.shards.length} shards behind the router`);
  } else if (command === "copy" && rest.length === 0) {
    console.log(`${await copyReference(databases)} rows changed`);
  } else if (command === "move" && rest.length === 2) {
    console.log(await moveUser(databases, rest[0], Number(rest[1]), (done) => console.log(done)));
  } else {
    throw new StackError(USAGE);
  }
} catch (error) {
  exitWith(error instanceof RangeError ? new StackError(error.message) : error);
}

function readArguments() {
  try {
    const args = Deno.args.filter((argument) => argument !== "--");
    const options = { router: { type: "string" }, shards: { type: "string" } } as const;
    return parseArgs({ args, options, allowPositionals: true });
  } catch {
    throw new StackError(USAGE);
  }
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
