/**
 * `deno task credits:restore DUMP`: puts the data of a dump into a project that has the migrations and nothing else.
 *
 * DUMP is what `pg_dump` writes, in its custom format or as a script of data alone, of the whole database or of some of
 * its schemas; `supabase db dump --data-only` writes one, too. The migrations bring what no dump of `public` has (the
 * triggers on `auth.users`, the bucket and its policies, the schedules) and rows of their own, which give way to those of
 * the dump. All or nothing, and nothing where somebody has credits already.
 *
 * Connects to `SUPABASE_DB_URL` with `psql`; `pg_restore` reads the custom format. Ends with 0 when the books agree
 * afterwards, 1 when they do not, 2 when it could not be done.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import postgres from "postgres";
import { mask } from "../supabase/functions/_shared/log.ts";
import { reasonOf, UsageError } from "./command.ts";

/** What a dump of everything has of ours, and of Auth what it needs to know its users again. */
const OURS = /; \d+ \d+ (TABLE DATA|SEQUENCE SET) ((public|credits_private) |auth (users|identities) )/;

/** A table whose rows begin here, as `pg_dump` writes it: `COPY public.name (`, or `INSERT INTO "public"."name"`. */
const ROWS = /^(?:COPY|INSERT INTO) "?(public|credits_private)"?\."?(\w+)"? /;

async function run(program: string, args: string[]): Promise<string> {
  const command = new Deno.Command(program, { args });
  const { success, stdout, stderr } = await command.output().catch((error) => {
    throw error instanceof Deno.errors.NotFound
      ? new UsageError(`${program} is not here: it comes with the client programs of Postgres`)
      : error;
  });
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout);
}

/** The dump as a script of data; `folder` holds what that takes. */
async function asScript(dump: string, folder: string): Promise<string> {
  using file = await Deno.open(dump);
  const head = new Uint8Array(5);
  await file.read(head);
  if (new TextDecoder().decode(head) !== "PGDMP") return dump;
  const contents = (await run("pg_restore", ["--list", dump])).split("\n").filter((line) => OURS.test(line));
  const [list, script] = [join(folder, "list"), join(folder, "data.sql")];
  await Deno.writeTextFile(list, contents.join("\n"));
  await run("pg_restore", ["--data-only", "--use-list", list, "--file", script, dump]);
  return script;
}

/** The tables that the script fills. @throws {UsageError} for a script that also makes them */
async function tablesOf(script: string): Promise<Set<string>> {
  const tables = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(script) })) {
    const [, schema, table] = ROWS.exec(line) ?? [];
    if (table !== undefined) tables.add(`${schema}.${table}`);
    if (/^CREATE (TABLE|FUNCTION) /.test(line)) {
      throw new UsageError("the dump has more than data: make it with --data-only, or with --format custom");
    }
  }
  if (!tables.has("public.credit_accounts")) throw new UsageError("the dump has no accounts");
  return tables;
}

/** @throws {UsageError} where the migrations are missing, or somebody has credits already */
async function requireEmpty(sql: postgres.Sql): Promise<void> {
  const [{ there }] = await sql`select to_regclass('public.credit_accounts') is not null as there`;
  if (!there) throw new UsageError("the project has no credits yet: `deno task deploy` first");
  const [{ used }] = await sql`select exists (select from public.credit_accounts) as used`;
  if (used) throw new UsageError("the project is in use: a dump is restored into an empty one");
}

/** Those of `tables` that are ours: a product's own rows are never deleted here, and a conflict with them restores nothing. */
async function oursOf(sql: postgres.Sql, tables: Set<string>): Promise<string[]> {
  const ours = await sql<{ name: string }[]>`
    select 'public.' || relation as name from credits_private.user_data
    union all select 'credits_private.' || tablename from pg_tables where schemaname = 'credits_private'`;
  return ours.map(({ name }) => name).filter((name) => tables.has(name));
}

async function restore(dump: string, url: string): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "credits-restore-" });
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await requireEmpty(sql);
    const script = await asScript(dump, folder);
    const tables = await tablesOf(script);
    const commands = [
      // No trigger sees these rows: whom a dump brings back is no new user, and has had their bonus.
      "set session_replication_role = replica",
      ...(await oursOf(sql, tables)).map((table) => `delete from ${table}`),
    ].flatMap((command) => ["--command", command]);
    const quiet = ["--no-psqlrc", "--quiet", "--output", "/dev/null", "--set", "ON_ERROR_STOP=1"];
    await run("psql", [...quiet, "--single-transaction", ...commands, "--file", script, url]);
    const problems = await sql`select user_id, problem from public.verify_credits()`;
    console.log(`${tables.size} tables restored; the books ${problems.length ? "disagree" : "agree"}`);
    for (const { user_id, problem } of problems) console.error(`${user_id}: ${problem}`);
    console.log("What Stripe has seen since: `deno task stripe:reconcile --all --apply`");
    return problems.length > 0 ? 1 : 0;
  } finally {
    await sql.end();
    await Deno.remove(folder, { recursive: true });
  }
}

try {
  const [dump, ...more] = Deno.args.filter((argument) => argument !== "--");
  const url = Deno.env.get("SUPABASE_DB_URL");
  if (dump === undefined || more.length > 0) throw new UsageError("usage: deno task credits:restore DUMP");
  if (!url) throw new UsageError("SUPABASE_DB_URL is not set: the project's connection string");
  Deno.exit(await restore(dump, url));
} catch (error) {
  console.error(
    error instanceof UsageError ? error.message : mask(`Could not restore: ${reasonOf(error)}`),
  );
  Deno.exit(2);
}
