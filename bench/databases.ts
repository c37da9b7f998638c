/** Databases to measure in, on one server that waits for the disk. */
import postgres from "postgres";
import {
  createDatabase,
  type DatabaseStack,
  startDatabaseStack,
  withDatabase,
} from "../local/database/database_stack.ts";
import { pgbouncerPath, type Pooler, startPooler } from "../local/database/pooler.ts";
import { CONNECTIONS } from "./measure.ts";

/** A server whose commits are durable, and databases in it. */
export class Databases {
  readonly #pools: postgres.Sql[] = [];
  readonly #poolers: Pooler[] = [];

  private constructor(readonly stack: DatabaseStack) {}

  /** Starts the server, with `more` settings than all benches share. */
  static async start(more: Record<string, string> = {}): Promise<Databases> {
    const durable = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" };
    const settings = { ...durable, shared_buffers: "1GB", max_wal_size: "8GB", checkpoint_timeout: "30min" };
    return new Databases(await startDatabaseStack({ settings: { ...settings, ...more } }));
  }

  /** A clone of the migrated database, or of another template, filled by `fill`, and a pool of connections to it. */
  async create(
    name: string,
    fill: (sql: postgres.Sql) => Promise<unknown>,
    template?: string,
  ): Promise<postgres.Sql> {
    await createDatabase(this.stack.adminUrl, name, template);
    const sql = postgres(this.url(name), { max: CONNECTIONS, onnotice: () => {} });
    this.#pools.push(sql);
    await fill(sql);
    await sql`vacuum analyze`;
    return sql;
  }

  /** A pool of connections to a database through PgBouncer in transaction mode, where there is one. */
  async pooled(name: string): Promise<postgres.Sql | undefined> {
    if (!pgbouncerPath) return undefined;
    const pooler = await startPooler(this.url(name), CONNECTIONS);
    this.#poolers.push(pooler);
    const sql = postgres(pooler.url, { max: CONNECTIONS, prepare: false, onnotice: () => {} });
    this.#pools.push(sql);
    return sql;
  }

  /** The address of a database. */
  url(name: string): string {
    return withDatabase(this.stack.adminUrl, name);
  }

  /** A database with the row that the cheapest durable transaction updates, for each of 10,000 keys. */
  async cheapest(): Promise<postgres.Sql> {
    return await this.create("cheapest", (sql) =>
      sql.unsafe(`
        create table counters (id integer primary key, n integer not null) with (fillfactor = 50);
        insert into counters select n, 0 from generate_series(1, 10000) n;`).simple());
  }

  /** Writes everything to the disk, so that no variant pays for what filling the databases left behind. */
  async settle(): Promise<void> {
    await this.#pools[0]`checkpoint`;
  }

  async [Symbol.asyncDispose]() {
    await Promise.all(this.#pools.map((pool) => pool.end()));
    await Promise.all(this.#poolers.map((pooler) => pooler[Symbol.asyncDispose]()));
    await this.stack.stop();
  }
}
