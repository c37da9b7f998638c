/**
 * A router and its shards, each a Postgres server of its own: Debian's, which has PL/Proxy.
 *
 * @module
 */
import { join } from "node:path";
import { setUp } from "../../sharding/set_up.ts";
import { type Database, type DatabaseOptions, startDatabase } from "./database.ts";
import { findPostgres } from "./debian_postgres.ts";
import { type KeptCluster, keptCluster, withMigrations } from "./kept_cluster.ts";
import { freePort } from "../processes/ports.ts";
import { StackError } from "../errors.ts";
import { applyFiles } from "./sql_files.ts";

/** The router, which callers take for the database, and what is behind it. */
export interface ShardedDatabase {
  router: Database;
  shards: Database[];
}

/** What later versions grant with `inherit true`, see bootstrap.ts: the local APIs hold the rights of Auth and Storage. */
const AUTHENTICATOR = `
alter role authenticator inherit;
grant supabase_auth_admin, supabase_storage_admin, pg_read_all_data to authenticator;`;

/** What is copied has a password of its own. */
function passwords(password: string): string {
  return ["postgres", "authenticator", "supabase_admin"]
    .map((role) => `alter role ${role} password '${password}'`).join(";\n");
}

/** Where the Postgres with PL/Proxy is. @throws {StackError} on a machine without one. */
export async function sharded(): Promise<string> {
  const home = await findPostgres("plproxy");
  if (home) return home;
  throw new StackError(
    "shards need a Postgres with PL/Proxy: apt-get install postgresql-15 postgresql-15-plproxy (Debian, Ubuntu)",
  );
}

/**
 * Starts `count` shards and a router over them; those that a folder holds already are started as they are.
 *
 * @throws {StackError} where it holds more.
 */
export async function startSharded(
  options: Omit<DatabaseOptions, "home" | "copyOf">,
  count: number,
): Promise<ShardedDatabase> {
  const home = await sharded();
  const exists = (name: string) => Deno.stat(join(options.dir, name)).then(() => true, () => false);
  if (await exists(`shard_${count}`)) throw new StackError(`${options.dir} holds more than ${count} shards`);
  const start = async (name: string, port: number, kept: KeptCluster) => {
    const dir = join(options.dir, name);
    const own = { ...options, home, port, dir };
    if (!await exists(name)) {
      await Deno.mkdir(dir, { recursive: true });
      const copy = await startDatabase({ ...own, ...kept });
      await applyFiles(copy.adminUrl, [{ path: "passwords", text: passwords(options.password) }]);
      await copy.server.stop();
    }
    return await startDatabase(own);
  };
  const [empty, migrated] = [
    await keptCluster({ home }),
    await keptCluster({ home }, await withMigrations()),
  ];
  const shards = await Promise.all(
    Array.from({ length: count }, (_, shard) => start(`shard_${shard}`, freePort(), migrated)),
  );
  const router = await start("router", options.port, empty);
  await applyFiles(router.adminUrl, [{ path: "authenticator", text: AUTHENTICATOR }]);
  // Each time: the shards have other ports now.
  await setUp({ router: router.adminUrl, shards: shards.map(({ adminUrl }) => adminUrl) });
  return { router, shards };
}
