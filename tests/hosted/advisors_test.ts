// OPS: Supabase's own advisors find nothing on a migrated database, whatever a project grants by default; applying the
// migrations again changes nothing; and PL/pgSQL's own extra checks pass. What those do not see, `supabase db lint` does:
// see lint_test.ts.
import assert from "node:assert/strict";
import postgres from "postgres";
import { type DatabaseStack, startDatabaseStack } from "../../local/database/database_stack.ts";
import { supabase } from "../../local/database/supabase_cli.ts";
import { runAllPgtap } from "../runner/pgtap.ts";

interface Finding {
  name: string;
  level: string;
  detail: string;
}

/** An empty database has used none of its indexes: the only advice that says nothing about the schema. */
const MEANINGLESS_WHEN_EMPTY = "unused_index";

function plain(url: string): string {
  return `${url}?sslmode=disable`;
}

async function advice({ dbUrl }: DatabaseStack): Promise<Finding[]> {
  const args = ["db", "advisors", "--type", "all", "--level", "info", "--fail-on", "none"];
  const answer = await supabase([...args, "--output-format", "json", "--db-url", plain(dbUrl)]);
  assert.ok(answer.success, answer.stderr);
  return JSON.parse(answer.stdout).results;
}

function findings(all: Finding[]): string[] {
  return all.filter(({ name }) => name !== MEANINGLESS_WHEN_EMPTY).map(({ name, detail }) =>
    `${name}: ${detail}`
  );
}

async function run(url: string, statements: string): Promise<postgres.Row[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...await sql.unsafe(statements)];
  } finally {
    await sql.end();
  }
}

const HISTORY =
  "select version, name, md5(statements::text) from supabase_migrations.schema_migrations order by 1";
const CATALOG = `select c.oid::text, c.xmin::text from pg_class c where relnamespace >= 16384
  union all select p.oid::text, p.xmin::text from pg_proc p where pronamespace >= 16384 or prosecdef order by 1`;

Deno.test("the advisors find nothing in what the CLI has migrated, and migrating again does nothing", async () => {
  const stack = await startDatabaseStack({ throughCli: true });
  try {
    const [{ strict }] = await run(stack.dbUrl, "select current_setting('plpgsql.extra_errors') as strict");
    assert.equal(strict, "all", "PL/pgSQL's own checks must be on while migrations are applied");
    const all = await advice(stack);
    assert.deepEqual(findings(all), []);
    assert.ok(all.length > 0, "not even the empty indexes: the advisors did not look at this database");

    const before = [await run(stack.dbUrl, HISTORY), await run(stack.dbUrl, CATALOG)];
    const again = await supabase(["db", "push", "--yes", "--db-url", plain(stack.dbUrl)]);
    assert.ok(again.success, again.stderr);
    assert.match(again.stdout + again.stderr, /up to date/);
    assert.deepEqual([await run(stack.dbUrl, HISTORY), await run(stack.dbUrl, CATALOG)], before);
  } finally {
    await stack.stop();
  }
});

// Hosted projects differ in what new tables and functions grant by themselves. The grant matrix must be the same on all of
// them; on a project whose defaults are restrictive it is what `deno task test:db` looks at.
Deno.test("with permissive default privileges the grant matrix holds, and the advisors find nothing but a careless table", async () => {
  const stack = await startDatabaseStack({ defaultPrivileges: "permissive" });
  try {
    const paths = ["grants", "row_security"].map((name) => `supabase/tests/${name}_test.sql`);
    const { passed, failed } = await runAllPgtap(paths, stack);
    assert.equal(failed, 0);
    assert.ok(passed > paths.length);

    await run(stack.dbUrl, "create table public.careless (id int); grant select on public.careless to anon");
    const { careless = [], ours = [] } = Object.groupBy(
      await advice(stack),
      ({ detail }) => detail.includes("careless") ? "careless" : "ours",
    );
    assert.ok(careless.some(({ name }) => name === "rls_disabled_in_public"), findings(careless).join());
    assert.deepEqual(findings(ours), []);
  } finally {
    await stack.stop();
  }
});
