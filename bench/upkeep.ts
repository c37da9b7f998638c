/** What a database that has grown takes: room, sweeps, vacuum, and an archive. */
import { newJob } from "./credits.ts";
import { anyUser, type GrownDatabase } from "./grown.ts";
import { CONNECTIONS } from "./measure.ts";

const TABLES = ["credit_ledger", "credit_usage_logs"];
const OTHERS = ["credit_accounts", "user_credits", "credit_ledger_archive"];
/** What a call of the archive moves at most, and for how long it is called. */
const STEP = 100_000;
const ARCHIVE_MILLISECONDS = 120_000;

/** A Markdown table. */
export function rowsOf(title: string, head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [`### ${title}`, "", line(head), line(head.map((_, n) => n ? "---:" : "---")), ...rows.map(line), ""]
    .join("\n");
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/** Bytes a row of each table and of each of its indexes, partitions taken together. */
export async function sizes(title: string, { sql }: GrownDatabase): Promise<string> {
  const found = await sql<{ name: string; rows: number; bytes: number }[]>`
    with whole as (
      select oid, relname as name from pg_class where oid = any (${[...TABLES, ...OTHERS]}::regclass[])
      union all
      select x.indexrelid, x.indexrelid::regclass::text from pg_index x where x.indrelid = any (${TABLES}::regclass[])
    )
    select w.name, sum(greatest(c.reltuples, 0))::float8 as rows, sum(pg_relation_size(c.oid))::float8 as bytes
    from whole w
    join pg_class c on c.oid = w.oid or c.oid in (select inhrelid from pg_inherits where inhparent = w.oid)
    where c.relkind in ('r', 'i')
    group by w.name
    order by 3 desc`;
  return rowsOf(
    `${title}: room`,
    ["", "rows", "bytes a row", "MB"],
    found.map(({ name, rows, bytes }) => [
      name,
      rows.toLocaleString("en"),
      rows ? Math.round(bytes / rows) : "",
      (bytes / 2 ** 20).toFixed(0),
    ]),
  );
}

/** Calls something so often, as many at once as there are connections. */
export async function repeat(count: number, once: () => Promise<unknown>): Promise<void> {
  let left = count;
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    while (left-- > 0) await once();
  }));
}

/** Both sweeps with a full step to do. */
export async function sweeps(title: string, database: GrownDatabase): Promise<string> {
  const { sql } = database;
  await repeat(
    1_000,
    () =>
      sql`select public.reserve_credits(${
        anyUser(database)
      }, ${newJob()}, 1, 'story', p_ttl => '1 microsecond')`,
  );
  await repeat(
    1_000,
    () =>
      sql`select public.grant_credits(${
        anyUser(database)
      }, 1, 'promotion', ${newJob()}, now() + interval '1 day')`,
  );
  await sql`update public.user_credits set expires_at = now() where is_open and expires_at is not null`;
  const rows: [string, string, string][] = [];
  for (const sweep of ["release_stale_reservations", "expire_credits"]) {
    let count = 0;
    const took = await seconds(async () => [{ count }] = await sql`select public.${sql(sweep)}() as count`);
    rows.push([sweep, count.toLocaleString("en"), took.toFixed(2)]);
  }
  return rowsOf(`${title}: a sweep`, ["", "rows", "seconds"], rows);
}

/** Vacuum after the load, and an index made anew beside the old one. */
export async function tidying(title: string, { sql }: GrownDatabase): Promise<string> {
  const rows: [string, string][] = [];
  for (const name of TABLES) {
    rows.push([`vacuum ${name}`, (await seconds(() => sql`vacuum public.${sql(name)}`)).toFixed(1)]);
  }
  for (const name of [...TABLES.map((name) => `${name}_pkey`), "credit_usage_logs_by_time"]) {
    const rebuild = () => sql`reindex index concurrently public.${sql(name)}`;
    rows.push([`reindex concurrently ${name}`, (await seconds(rebuild)).toFixed(1)]);
  }
  return rowsOf(`${title}: upkeep`, ["", "seconds"], rows);
}

/** Archives what is older than two years, and proves what is left. */
export async function archiving(title: string, database: GrownDatabase): Promise<string> {
  const { sql, heavy } = database;
  const passes: number[] = [];
  let [moved, last] = [0, 0];
  const start = performance.now();
  do {
    const took = await seconds(async () =>
      [{ last }] = await sql`select public.archive_ledger(now() - interval '2 years', ${STEP}) as last`
    );
    passes.push(took);
    moved += last;
  } while ((last > 0 || passes.length < 3) && performance.now() - start < ARCHIVE_MILLISECONDS);
  const total = passes.reduce((sum, took) => sum + took, 0);
  const proofs = [heavy, ...Array.from({ length: 40 }, () => anyUser(database))];
  const problems = await Promise.all(proofs.map((user) => sql`select * from public.verify_credits(${user})`));
  const vacuum = await seconds(() => sql`vacuum analyze public.credit_ledger`);
  await sql`vacuum analyze public.credit_usage_logs, public.credit_ledger_archive`;
  return rowsOf(`${title}: archive_ledger(two years ago, ${STEP.toLocaleString("en")})`, ["", ""], [
    ["rows moved", moved.toLocaleString("en")],
    ["rows a second", Math.round(moved / total).toLocaleString("en")],
    ["seconds of the longest pass", Math.max(...passes).toFixed(1)],
    ["disagreements of 41 users after it", problems.flat().length],
    ["seconds of vacuum analyze credit_ledger after it", vacuum.toFixed(1)],
  ]) + await sizes(`${title}, archived`, database);
}
