/** What is missing in the migrations of what the schema files say. */
import { join } from "node:path";
import postgres from "postgres";
import { StackError } from "../errors.ts";
import { removeFolder } from "../processes/remove.ts";
import { type DefaultPrivileges, PERMISSIVE } from "./bootstrap.ts";
import { asPostgres, createDatabase, withDatabase } from "./database_stack.ts";
import { migrateDatabase } from "./database.ts";
import { compareSchemas, planStep } from "./differences.ts";
import { CHECKOUT } from "../checkout.ts";
import { compareSeeds } from "./seeds.ts";
import { applyFiles, type SqlFile } from "./sql_files.ts";

/** The schema files as one migration: what the first release's deployments start with. */
export function baselineOf(schemas: SqlFile[]): string {
  return schemas.map(({ path, text }) => `-- supabase/${path}\n\n${text}`).join("\n");
}

/**
 * The migrations, one transaction each, that bring a database with `migrations` to what `schemas` build; `server` is the
 * superuser's address of a {@linkcode startDatabaseStack}.
 */
export async function stepsBetween(
  server: string,
  migrations: SqlFile[],
  schemas: SqlFile[],
): Promise<{ steps: string[]; destructive: string[] }> {
  const from = await buildDatabase(server, migrations);
  const to = await buildDatabase(server, schemas);
  const { transactions, destructive } = await planStep(from, to);
  await applyFiles(asPostgres(from), transactions.map((text) => ({ path: "the planned step", text })));
  const { missing, changed, surplus } = await compareSeeds(from, to);
  const notes = [...changed, ...surplus].map((statement) => statement.replaceAll(/^/gm, "-- "));
  const rows = [...missing, ...(notes.length ? [DECIDE, ...notes] : [])];
  if (rows.length) transactions.push(`${rows.join("\n\n")}\n`);
  return { steps: transactions, destructive };
}

const DECIDE =
  `-- Rows that differ from the schema files. Operators tune such rows, so decide: of these statements, keep what shall be
-- done. A row that somebody has changed is left alone.`;

/**
 * Applies `migrations` as `supabase db push` does, on both kinds of projects there are.
 *
 * @throws {StackError} when the outcome is another than that of `schemas`.
 */
export async function verify(server: string, migrations: SqlFile[], schemas: SqlFile[]): Promise<void> {
  for (const defaultPrivileges of ["restrictive", "permissive"] as const) {
    const expected = await buildDatabase(server, schemas, defaultPrivileges);
    const pushed = await buildDatabase(server, [], defaultPrivileges);
    await push(asPostgres(pushed), migrations);
    const differences = await compareSchemas(pushed, expected);
    const left = differences.length ? differences : (await compareSeeds(pushed, expected)).missing;
    if (!left.length) continue;
    throw new StackError(
      `after the step a database with ${defaultPrivileges} default privileges would still differ from the schema files, ` +
        `so nothing was written; write this step by hand:\n${left.join("\n")}`,
    );
  }
}

/** Databases by what they were built of, for those who want the same again. */
const built = new Map<string, Promise<string>>();

/** Makes a database from `files` alone, as `postgres` on a project with these default privileges. */
export async function buildDatabase(
  server: string,
  files: SqlFile[],
  defaultPrivileges: DefaultPrivileges = "restrictive",
): Promise<string> {
  // A copy costs a twentieth of what building it anew does; the first is nobody's, and stays as it is.
  const parts = JSON.stringify([server, defaultPrivileges, files.map(({ text }) => text)]);
  const first = built.get(parts) ?? build(server, files, defaultPrivileges);
  built.set(parts, first);
  first.catch(() => built.delete(parts));
  const name = nameOfBuilt();
  await createDatabase(server, name, await first);
  return withDatabase(server, name);
}

async function build(
  server: string,
  files: SqlFile[],
  defaultPrivileges: DefaultPrivileges,
): Promise<string> {
  const name = nameOfBuilt();
  await createDatabase(server, name, "platform");
  const url = withDatabase(server, name);
  if (defaultPrivileges === "permissive") {
    await applyFiles(url, [{ path: "older projects", text: PERMISSIVE }]);
  }
  await applyFiles(asPostgres(url), files);
  return name;
}

const nameOfBuilt = () => `built_${crypto.randomUUID().replaceAll("-", "")}`;

async function push(dbUrl: string, migrations: SqlFile[]): Promise<void> {
  const workdir = await Deno.makeTempDir({ prefix: "credits-step-" });
  try {
    await Deno.mkdir(join(workdir, "supabase", "migrations"), { recursive: true });
    await Deno.copyFile(join(CHECKOUT, "supabase", "config.toml"), join(workdir, "supabase", "config.toml"));
    for (const { path, text } of migrations) await Deno.writeTextFile(join(workdir, "supabase", path), text);
    await migrateDatabase({ dbUrl }, workdir);
    await forgetHistory(dbUrl);
  } finally {
    await removeFolder(workdir);
  }
}

/** The CLI's list of what it applied is no part of what was built. */
async function forgetHistory(dbUrl: string): Promise<void> {
  const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`drop schema supabase_migrations cascade`;
  } finally {
    await sql.end();
  }
}
