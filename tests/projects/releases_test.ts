/**
 * A project of each earlier version, with rows of every kind, is brought to today's by the migrations since, and loses none.
 *
 * @module
 */
import assert from "node:assert/strict";
import postgres from "postgres";
import { asPostgres, dropDatabase } from "../../local/database/database_stack.ts";
import { compareSchemas } from "../../local/database/differences.ts";
import { applyFiles, migrationFiles, schemaFiles } from "../../local/database/sql_files.ts";
import { buildDatabase } from "../../local/database/step.ts";
import { live } from "../support/life.ts";

const SERVER = Deno.env.get("DATABASE_STACK_URL") ?? "";

/** The last migration of each version that was released, by its number. */
const RELEASES = {
  "1.0.0": "migrations/20261125000000_baseline.sql",
  "1.1.0": "migrations/20261126161808_metering_and_plans_3.sql",
  "1.2.0": "migrations/20261126185308_growth_and_overload_2.sql",
  "1.3.0": "migrations/20261126215026_steady_plans.sql",
};

/** What jobs, operators and retention leave, on top of what a life leaves. */
const MORE = (ada: string, job: string) => `
  select public.refund_job('${ada}', '${job}', 'sorry', 'a blank page', 'test', 0.50);
  select public.create_story('${ada}', '{"prompt": "a fox", "age_min": 4, "age_max": 7}', 'upgrade-1');
  select public.change_setting('rate_limit_policies', 'balance', 'max_requests', '31', 'busy', 'test');
  insert into public.credit_usage_months values ('${ada}', '2020-01-01', 'story', 0, 0, 0);`;

/** One metered job that is settled, and one that is not; since 1.1.0. */
const METERED = (ada: string, open: string) => `
  select public.save_rate_card('chat', '[{"meter": "token", "price": 0.5, "per": 1000}]', null, 'cap', 'a test', 'test');
  with job as (select gen_random_uuid() as id)
  select public.reserve_metered('${ada}', id, 'chat', '${USAGE}'), public.settle_usage('${ada}', id, '${USAGE}') from job;
  select public.reserve_metered('${ada}', '${open}', 'chat', '${USAGE}');`;

const USAGE = JSON.stringify([{ meter: "token", quantity: 900, model: "small" }]);

/** Every row of every table of ours, by table, as the columns that are there say. */
async function rows(sql: postgres.Sql, columns: Columns): Promise<Record<string, string[]>> {
  const read = Object.entries(columns).map(async ([table, names]) => {
    const list = names.map((name) => `"${name}"`).join(", ");
    const all = await sql.unsafe(`select to_jsonb(t)::text as row from (select ${list} from ${table}) t`);
    return [table, all.map(({ row }) => row).sort()];
  });
  return Object.fromEntries(await Promise.all(read));
}

type Columns = Record<string, string[]>;

async function columnsOf(sql: postgres.Sql): Promise<Columns> {
  const tables = await sql`
    select format('%I.%I', table_schema, table_name) as name, array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_type = 'BASE TABLE'
      and (table_schema = 'credits_private' or table_schema = 'public')
    group by 1`;
  return Object.fromEntries(tables.map(({ name, columns }) => [name, columns]));
}

for (const [version, last] of Object.entries(RELEASES)) {
  Deno.test(`a project of ${version} has after the migrations since what it had before, and the books agree`, async () => {
    await using cleanUp = new AsyncDisposableStack();
    const all = await migrationFiles();
    const index = all.findIndex(({ path }) => path === last);
    assert.notEqual(index, -1, `there is no ${last}`);
    const url = await buildDatabase(SERVER, all.slice(0, index + 1), "restrictive");
    cleanUp.defer(() => dropDatabase(SERVER, new URL(url).pathname.slice(1)));
    const sql = cleanUp.adopt(postgres(url, { onnotice: () => {} }), (sql) => sql.end());
    const { ada, bob, job } = await live(sql);
    await sql.unsafe(MORE(ada, job));
    const open = crypto.randomUUID();
    if (version !== "1.0.0") await sql.unsafe(METERED(ada, open));
    const columns = await columnsOf(sql);
    const old = await rows(sql, columns);

    await applyFiles(asPostgres(url), all.slice(index + 1));

    const now = await rows(sql, columns);
    for (const [table, before] of Object.entries(old)) {
      const gone = before.filter((row) => !now[table].includes(row));
      assert.deepEqual(gone, [], `${table} lost or changed rows`);
    }
    assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
    await sql`select public.grant_credits(${bob}, 30, 'promotion', 'more')`;
    await sql`
      select public.release_credits(user_id, job_id, 'failed') from public.credit_usage_logs
      where user_id = ${ada} and settled_at is null and job_id <> ${open} limit 1`;
    assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
    if (version !== "1.0.0") {
      const [{ outcome }] = await sql`select outcome from public.settle_usage(${ada}, ${open}, null)`;
      assert.equal(outcome, "settled");
      assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
    }
    const expected = await buildDatabase(SERVER, await schemaFiles(), "restrictive");
    cleanUp.defer(() => dropDatabase(SERVER, new URL(expected).pathname.slice(1)));
    assert.deepEqual(await compareSchemas(url, expected), []);
  });
}
