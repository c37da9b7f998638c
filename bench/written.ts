/** How much log a reservation and its end write. */
import type postgres from "postgres";
import { pair } from "./credits.ts";
import { activeUser, anyUser, type GrownDatabase } from "./grown.ts";
import { repeat, rowsOf } from "./upkeep.ts";

/** Pairs whose log is counted. */
const PAIRS = 2_000;

async function kilobytesOfLog(sql: postgres.Sql, once: () => Promise<unknown>): Promise<string> {
  const [{ before }] = await sql`select pg_current_wal_insert_lsn() as before`;
  await repeat(PAIRS, once);
  const [{ bytes }] = await sql`select (pg_current_wal_insert_lsn() - ${before}::pg_lsn)::float8 as bytes`;
  return (bytes / PAIRS / 1_024).toFixed(1);
}

/** The log of a pair: the first write to a page after a checkpoint puts the whole page into it. */
export async function logOfPairs(title: string, database: GrownDatabase): Promise<string> {
  const { sql } = database;
  const rows: [string, string][] = [];
  const [{ kinds }] = await sql<{ kinds: string[] }[]>`
    select enumvals as kinds from pg_settings where name = 'wal_compression'`;
  for (const compression of kinds.filter((kind) => kind !== "on")) {
    await sql.unsafe(`alter system set wal_compression = ${compression}`);
    await sql`select pg_reload_conf()`;
    await sql`checkpoint`;
    rows.push([
      `any user, right after a checkpoint, wal_compression ${compression}`,
      await kilobytesOfLog(sql, () => pair(sql, anyUser(database), "confirm")),
    ]);
  }
  await sql`alter system reset wal_compression`;
  await sql`select pg_reload_conf()`;
  const few = () => pair(sql, activeUser(database, 200), "confirm");
  await repeat(PAIRS, few);
  rows.push(["200 users, pages written since the checkpoint", await kilobytesOfLog(sql, few)]);
  return rowsOf(`${title}: log of reserve + confirm`, ["", "KB a pair"], rows);
}
