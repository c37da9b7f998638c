/**
 * Everything a database holds, so that an attack can be shown to have changed none of it.
 *
 * @module
 */
import assert from "node:assert/strict";
import postgres from "postgres";
import { stack } from "../people.ts";

/** A connection to the stack's database as `postgres`, who sees every row. */
export function database(url = stack("DB_URL")): postgres.Sql {
  // A digest of all tables would have processes started that have next to nothing to do.
  const connection = { max_parallel_workers_per_gather: 0 };
  return postgres(url, { max: 1, connection, onnotice: () => {} });
}

/** A digest of the rows of every table, by `schema.table`; the tables of Auth and Storage are among them. */
export async function digests(sql: postgres.Sql): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'credits_private', 'auth', 'storage') and c.relkind in ('r', 'p')
    order by 1`;
  // As columns of one row they take a tenth of the time that they take as rows of a union.
  const each = tables.map(({ name }) =>
    `(select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from ${name} t)`
  );
  const [row] = await sql.unsafe<Record<string, string>[]>(`select ${each.join(", ")}`).values();
  return Object.fromEntries(tables.map(({ name }, index) => [name, row[index]]));
}

/** Waits until nothing that an earlier test left behind changes the database any more. */
export async function settled(sql: postgres.Sql): Promise<Record<string, string>> {
  for (let before = await digests(sql);;) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = await digests(sql);
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

/** Runs `attack` and fails if any row of any table is different afterwards. */
export async function unchanged<T>(sql: postgres.Sql, attack: () => Promise<T>): Promise<T> {
  const before = await settled(sql);
  const result = await attack();
  assert.deepEqual(await digests(sql), before);
  return result;
}
