/**
 * Four shards and their router for one test file, with calls that are tried until they are acknowledged.
 *
 * @module
 */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { findPostgres } from "../../local/database/debian_postgres.ts";
import { type ShardedDatabase, startSharded } from "../../local/database/sharded.ts";
import { freePort } from "../../local/processes/ports.ts";
import { Children } from "../../local/processes/children.ts";
import { removeFolder } from "../../local/processes/remove.ts";
import type { Databases } from "../../sharding/set_up.ts";
import { connect } from "./clone.ts";
import { disagreements } from "./credit_calls.ts";
import type { Intent } from "./credit_load.ts";

/** Says so where the packages are missing; the tests are then left out. */
export const canShard = await findPostgres("plproxy") !== undefined;
if (!canShard) console.log("no Postgres with PL/Proxy here: apt-get install postgresql-15-plproxy");

/** Running shards. */
export interface Shards extends AsyncDisposable {
  servers: ShardedDatabase;
  /** Their addresses, as the superuser. */
  databases: Databases;
  /** What callers have: connections to the router as `postgres`. */
  router: postgres.Sql;
  /** A connection to each shard, as the superuser. */
  shards: postgres.Sql[];
  /**
   * Connections to the router for whoever kills it: the driver asks for types of its own accord at the begin of each, where
   * nobody can catch that the server is gone.
   */
  mortal: postgres.Sql;
  /** Ends a server as a crash would, and starts it again. */
  crash(server: "router" | number): Promise<void>;
}

/** Starts `count` shards, in a folder of their own unless `folder` names one. */
export async function startShards(count: number, connections: number, folder?: string): Promise<Shards> {
  await using undo = new AsyncDisposableStack();
  const dir = folder ??
    undo.adopt(await Deno.makeTempDir({ prefix: "credits-shards-" }), removeFolder);
  await Deno.chmod(dir, 0o755);
  const children = undo.adopt(new Children(), (children) => children.stop());
  // A process that is killed loses nothing that it wrote; only a machine that stops needs the disk.
  const settings = { fsync: "off", max_connections: "300" };
  const servers = await startSharded(
    { children, dir, port: freePort(), password: "shards", settings },
    count,
  );
  const open = (url: string, size: number, prepare = true) =>
    undo.adopt(connect(url, size, {}, prepare), (sql) => sql.end({ timeout: 1 }));
  const router = open(servers.router.dbUrl, connections);
  const mortal = open(servers.router.dbUrl, connections, false);
  const shards = servers.shards.map(({ adminUrl }) => open(adminUrl, 2));
  const everything = undo.move();
  return {
    servers,
    databases: { router: servers.router.adminUrl, shards: servers.shards.map(({ adminUrl }) => adminUrl) },
    router,
    mortal,
    shards,
    crash: async (which) => {
      const { server } = which === "router" ? servers.router : servers.shards[which];
      await server.kill();
      await server.restart();
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

const PATIENCE = 60_000;

/** Tries until it is acknowledged, always with the same keys. */
export async function insist<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + PATIENCE;
  while (true) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof assert.AssertionError || Date.now() > deadline) throw error;
      // Whoever tries again at once leaves no processor to what is being waited for.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Has intents acknowledged by `workers` at once for as long as `until` runs, which it waits for. */
export async function workWhile(
  sql: postgres.Sql,
  workers: number,
  next: (done: number) => Intent,
  until: () => Promise<void>,
): Promise<void> {
  let [begun, over] = [0, false];
  const worker = async () => {
    while (!over) {
      const intent = next(begun++);
      await insist(() => intent(sql));
    }
  };
  const meanwhile = until().finally(() => over = true);
  await Promise.all([meanwhile, ...Array.from({ length: workers }, worker)]);
}

/** The books of every shard prove, each by itself. */
export async function provesOnEach({ shards }: Pick<Shards, "shards">): Promise<void> {
  for (const [shard, sql] of shards.entries()) {
    assert.deepEqual(await disagreements(sql), [], `verify_credits() of shard ${shard}`);
  }
}

/** Everything a shard has of a user, table by table. */
export async function rowsOf(sql: postgres.Sql, userId: string): Promise<Record<string, string[]>> {
  const tables = await sql<{ relation: string; of_user: string }[]>`
    select relation, of_user from sharding.tables where follows = 'user' order by position`;
  const found: Record<string, string[]> = {};
  for (const { relation, of_user } of tables) {
    const rows = await sql.unsafe(`select t::text as row from ${relation} t where ${of_user} order by 1`, [
      userId,
    ]);
    if (rows.length) found[relation] = rows.map(({ row }) => row);
  }
  return found;
}
