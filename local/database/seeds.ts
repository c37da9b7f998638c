/**
 * Seeds: the rows that a database has from its first day, such as settings, prices and registries. Which tables have any is
 * seen in the database that the schema files build.
 */
import postgres from "postgres";

/** What would bring the rows of one database to those of another, as statements. */
export interface SeedDifferences {
  /** Adds rows that are missing. */
  missing: string[];
  /** Changes rows that differ, unless somebody has tuned them since. */
  changed: string[];
  /** Deletes rows that only the first database has. */
  surplus: string[];
}

interface Table {
  /** Name with its schema, as SQL writes it. */
  name: string;
  columns: string[];
  /** Columns by which a row of one database is found in another. */
  key: string[];
}

/** A row's values as SQL literals, in the order of the table's columns. */
type Row = string[];

/**
 * Tables in the order in which they were made, so that what a row refers to comes first. A value that differs from one build
 * to the next, such as a time or a random id, is no part of a seed.
 */
const TABLES = `
with seeded as (
  select a.attrelid as relation, a.attnum as number, quote_ident(a.attname) as name
  from pg_attribute a
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
    and coalesce(pg_get_expr(d.adbin, d.adrelid), '') !~ '\\w\\(\\)|nextval\\(|CURRENT_'
), keys as (
  select distinct on (i.indrelid) i.indrelid as relation, array_agg(s.name order by s.number) as names
  from pg_index i
  join seeded s on s.relation = i.indrelid and s.number = any (i.indkey)
  where i.indisunique and i.indpred is null and i.indexprs is null
  group by i.indexrelid, i.indrelid, i.indisprimary, i.indnatts
  having count(*) = i.indnatts
  order by i.indrelid, i.indisprimary desc, i.indexrelid
)
select c.oid::regclass::text as name, k.names as key, array_agg(s.name order by s.number) as columns
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join keys k on k.relation = c.oid
join seeded s on s.relation = c.oid
where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'supabase_migrations')
group by c.oid, k.names
order by c.oid`;

/** Compares the seeds of two databases that have the same tables; the addresses are the superuser's. */
export async function compareSeeds(from: string, to: string): Promise<SeedDifferences> {
  await using before = connect(from);
  await using after = connect(to);
  const differences: SeedDifferences = { missing: [], changed: [], surplus: [] };
  for (const table of await after.sql.unsafe<Table[]>(TABLES)) {
    const [old, seeds] = await Promise.all([rowsOf(before.sql, table), rowsOf(after.sql, table)]);
    if (seeds.size) compareRows(table, old, seeds, differences);
  }
  return differences;
}

function compareRows(
  table: Table,
  old: Map<string, Row>,
  seeds: Map<string, Row>,
  into: SeedDifferences,
): void {
  const { name, columns } = table;
  for (const [key, row] of seeds) {
    const before = old.get(key);
    if (!before) {
      into.missing.push(
        `insert into ${name} (${columns.join(", ")})\nvalues (${row.join(", ")}) on conflict do nothing;`,
      );
      continue;
    }
    const changed = columns.flatMap((column, index) =>
      row[index] === before[index] ? [] : [{ column, from: before[index], to: row[index] }]
    );
    if (!changed.length) continue;
    const values = changed.map(({ column, to }) => `${column} = ${to}`);
    const untuned = changed.map(({ column, from }) => `${column} is not distinct from ${from}`);
    into.changed.push(`update ${name} set ${values.join(", ")} where ${[key, ...untuned].join(" and ")};`);
  }
  for (const key of old.keys()) if (!seeds.has(key)) into.surplus.push(`delete from ${name} where ${key};`);
}

/** The rows of a table, by the condition that finds each. */
async function rowsOf(sql: postgres.Sql, { name, columns, key }: Table): Promise<Map<string, Row>> {
  const literals = columns.map((column) => `quote_nullable(${column}::text)`).join(", ");
  const rows = await sql.unsafe<{ row: Row }[]>(
    `select array[${literals}] as row from ${name} order by ${key.join(", ")}`,
  );
  const condition = (row: Row) =>
    key.map((column) => `${column} = ${row[columns.indexOf(column)]}`).join(" and ");
  return new Map(rows.map(({ row }) => [condition(row), row]));
}

/** Without `public` on the search path every name is written with its schema. */
function connect(url: string): { sql: postgres.Sql } & AsyncDisposable {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: { search_path: "pg_catalog" } });
  return { sql, [Symbol.asyncDispose]: () => sql.end() };
}
