// OPS: `supabase db lint` finds nothing in a migrated database. It needs the extension plpgsql_check, which embedded
// Postgres does not have, so the test runs on a Postgres of Debian or Ubuntu, whose own major version will do.
import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { Children } from "../../local/processes/children.ts";
import { type Database, startDatabase } from "../../local/database/database.ts";
import { applyFiles, migrationFiles } from "../../local/database/sql_files.ts";
import { supabase } from "../../local/database/supabase_cli.ts";
import { freePort } from "../../local/processes/ports.ts";
import { removeFolder } from "../../local/processes/remove.ts";

interface Finding {
  function: string;
  issues: { level: string; message: string; detail?: string; statement?: { lineNumber: string } }[];
}

const PACKAGES = "/usr/lib/postgresql";

/** The newest installation that has plpgsql_check, or nothing on a machine that has none. */
async function findPostgres(): Promise<string | undefined> {
  const versions = await Array.fromAsync(Deno.readDir(PACKAGES), ({ name }) => name).catch(() => []);
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const needed = [
      join(PACKAGES, version, "bin", "postgres"),
      join("/usr/share/postgresql", version, "extension", "plpgsql_check.control"),
    ];
    const there = await Promise.all(needed.map((path) => Deno.stat(path).then(() => true, () => false)));
    if (there.every(Boolean)) return join(PACKAGES, version);
  }
}

const home = await findPostgres();
if (home === undefined) {
  console.log(
    `skipped: supabase db lint, because no Postgres under ${PACKAGES} has plpgsql_check ` +
      "(.ci/run installs it where there is apt-get)",
  );
}

/** A migrated database in a temporary folder, with plpgsql_check, both gone when `cleanUp` is disposed of. */
async function startLintable(cleanUp: AsyncDisposableStack): Promise<Database> {
  const dir = cleanUp.adopt(await Deno.makeTempDir({ prefix: "credits-lint-" }), removeFolder);
  await Deno.chmod(dir, 0o755);
  const children = cleanUp.adopt(new Children(), (children) => children.stop());
  const password = crypto.getRandomValues(new Uint8Array(16)).toHex();
  const settings = { fsync: "off" };
  const database = await startDatabase({ children, dir, port: freePort(), password, home, settings });
  await applyFiles(database.dbUrl, await migrationFiles());
  // A hosted project lets `postgres` add this extension, elsewhere only a superuser may.
  await run(database.adminUrl, "create extension plpgsql_check with schema extensions");
  return database;
}

async function run(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
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
  const database = await startLintable(cleanUp);
  assert.deepEqual(await lint(database), [], "the migrations must be corrected where the linter says");
  await run(database.dbUrl, CARELESS);
  assert.deepEqual(await lint(database), [
    'credits_private.careless, line 1 of its body: column "balance" does not exist',
  ]);
});
