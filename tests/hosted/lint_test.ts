// OPS: `supabase db lint` finds nothing in a migrated database. It needs the extension plpgsql_check, which embedded
// Postgres does not have, so the test runs on a Postgres of Debian or Ubuntu, whose own major version will do.
import assert from "node:assert/strict";
import type { Database } from "../../local/database/database.ts";
import { supabase } from "../../local/database/supabase_cli.ts";
import { execute, findPostgres, PACKAGES, startMigrated } from "../../local/database/debian_postgres.ts";

interface Finding {
  function: string;
  issues: { level: string; message: string; detail?: string; statement?: { lineNumber: string } }[];
}

const home = await findPostgres("plpgsql_check");
if (home === undefined) {
  console.log(
    `skipped: supabase db lint, because no Postgres under ${PACKAGES} has plpgsql_check ` +
      "(a package of the distribution, such as postgresql-15-plpgsql-check)",
  );
}

/** What the linter says, one line per finding. Without `--schema` it looks at every schema there is. */
async function lint({ dbUrl }: Database): Promise<string[]> {
  const args = ["db", "lint", "--level", "warning", "--fail-on", "warning", "--output-format", "json"];
  const { success, stdout, stderr } = await supabase([...args, "--db-url", `${dbUrl}?sslmode=disable`]);
  const said = stdout + stderr;
  assert.match(stderr, /schema: credits_private/, `the linter did not look at our schemas: ${said}`);
  const answer = JSON.parse(stdout) as { results?: Finding[] };
  assert.ok(answer.results, `the linter gave up: ${said}`);
  assert.equal(success, answer.results.length === 0, said);
  return answer.results.flatMap((finding) => finding.issues.map((issue) => lineOf(finding, issue)));
}

function lineOf({ function: name }: Finding, { message, detail, statement }: Finding["issues"][0]): string {
  const place = statement ? `${name}, line ${statement.lineNumber} of its body` : name;
  return `${place}: ${message}${detail ? ` (${detail})` : ""}`;
}

const CARELESS =
  `create function credits_private.careless() returns bigint language plpgsql set search_path = '' as
  $$ begin return (select sum(balance) from public.credit_accounts); end $$`;

Deno.test({
  name: "supabase db lint finds nothing, and a careless function in a migrated database",
  ignore: home === undefined,
}, async () => {
  await using cleanUp = new AsyncDisposableStack();
  const database = await startMigrated(home as string, cleanUp);
  // A hosted project lets `postgres` add this extension, elsewhere only a superuser may.
  await execute(database.adminUrl, "create extension plpgsql_check with schema extensions");
  assert.deepEqual(await lint(database), [], "the migrations must be corrected where the linter says");
  await execute(database.dbUrl, CARELESS);
  assert.deepEqual(await lint(database), [
    'credits_private.careless, line 1 of its body: column "balance" does not exist',
  ]);
});
