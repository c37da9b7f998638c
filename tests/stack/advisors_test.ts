// OPS: Supabase's own advisors find nothing on a migrated database, whatever a project grants by default; applying the
// migrations again changes nothing; and PL/pgSQL's own extra checks pass. What those do not see, `supabase db lint` does:
// see lint_test.ts.
import assert from "node:assert/strict";
import postgres from "postgres";
import { type DatabaseStack, startDatabaseStack } from "../../local/database/database_stack.ts";
import { supabase } from "../../local/database/supabase_cli.ts";

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

for (const defaultPrivileges of ["permissive", "restrictive"] as const) {
  Deno.test(`with ${defaultPrivileges} default privileges the advisors find nothing, and migrating again does nothing`, async () => {
    const stack = await startDatabaseStack({ defaultPrivileges, throughCli: true });
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

      await run(
        stack.dbUrl,
        "create table public.careless (id int); grant select on public.careless to anon",
      );
      const careless = findings(await advice(stack)).map((finding) => finding.split(":")[0]);
      assert.ok(careless.includes("rls_disabled_in_public"), careless.join());
    } finally {
      await stack.stop();
    }
  });
}
