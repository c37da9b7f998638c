/** A database of a test file's own, cloned from the migrated one that `deno task test` keeps. */
import postgres from "postgres";
import {
  administrator,
  createDatabase,
  dropDatabase,
  withDatabase,
} from "../../local/database/database_stack.ts";

/** A connection pool or a transaction in it. */
export type Queries = postgres.Sql | postgres.TransactionSql;

/** A clone and a pool of connections to it. Numeric columns arrive as whole hundredths. */
export interface Clone {
  /** Address of the clone as the superuser. */
  url: string;
  sql: postgres.Sql;
  /** Another pool of connections to the same clone. */
  connect(connections: number): postgres.Sql;
  /** Ends the connections and deletes the clone. */
  [Symbol.asyncDispose](): Promise<void>;
}

const hundredths = {
  to: 1700,
  from: [1700],
  serialize: String,
  parse: (text: string) => Math.round(Number(text) * 100),
};

/** A pool of `connections` to `url` that reads numeric columns as whole hundredths; a pooler keeps no prepared statements. */
export function connect(
  url: string,
  connections: number,
  settings: Record<string, string> = {},
  prepare = true,
): postgres.Sql {
  const options = {
    max: connections,
    onnotice: () => {},
    types: { hundredths },
    connection: settings,
    prepare,
    // A server that was killed is there again soon; the driver would wait for up to 20 seconds.
    backoff: () => 0.1,
    // One that begins while its server goes is sometimes never answered.
    connect_timeout: prepare ? 30 : 5,
    // Asked for by the driver itself, where nobody can catch that a pooler has no server.
    fetch_types: prepare,
  };
  return postgres(url, options);
}

/** Clones the migrated database; `settings` are those of every session in it. */
export async function clone(connections: number, settings: Record<string, string> = {}): Promise<Clone> {
  const admin = Deno.env.get("DATABASE_STACK_URL");
  if (!admin) throw new Error("DATABASE_STACK_URL is not set: run this file with `deno task test`");
  const name = `clone_${crypto.randomUUID().replaceAll("-", "")}`;
  // A connection costs more than the clone: the one that makes it deletes it.
  const server = administrator(admin);
  await createDatabase(server, name);
  const pools: postgres.Sql[] = [];
  const open = (size: number) => {
    const pool = connect(withDatabase(admin, name), size, settings);
    pools.push(pool);
    return pool;
  };
  return {
    url: withDatabase(admin, name),
    sql: open(connections),
    connect: open,
    async [Symbol.asyncDispose]() {
      await Promise.all(pools.map((pool) => pool.end()));
      await dropDatabase(server, name);
      await server.end();
    },
  };
}

/** Waits until all have ended, and only then gives back their values or throws the first failure: no call is left behind. */
export async function all<T>(calls: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(calls);
  return await Promise.all(calls);
}
