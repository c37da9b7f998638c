import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import postgres from "postgres";
import { Children } from "../processes/children.ts";
import { type Database, type DatabaseOptions, migrateDatabase, startDatabase } from "./database.ts";
import { type Filling, keptCluster, shortLivedFolder } from "./kept_cluster.ts";
import { freePort } from "../processes/ports.ts";
import { removeFolder } from "../processes/remove.ts";
import { applyFiles, migrationFiles } from "./sql_files.ts";

/** A database on its own, for tests: no API, no functions, nothing that must survive. */
export interface DatabaseStack {
  /** Address of the migrated database as `postgres`, who is no superuser; a session in it keeps it from being cloned. */
  dbUrl: string;
  /** Address of the server as the superuser, in a database without the migrations. */
  adminUrl: string;
  /** Ends the server and deletes its data. */
  stop(): Promise<void>;
}

/** What may differ from a database with all migrations of this checkout on new hosted default privileges. */
export interface DatabaseStackOptions
  extends Pick<DatabaseOptions, "defaultPrivileges" | "home" | "settings"> {
  /** Whether the Supabase CLI applies the migrations, which takes seconds and leaves its history of them. */
  throughCli?: boolean;
}

/** Settings of a server that does not outlive a test run: nothing waits for the disk, nobody tidies up. */
export const FAST = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", autovacuum: "off" };

/** What PL/pgSQL would let pass stops here: a shadowed name, a surplus row, an assignment that does not fit. */
const STRICT = { "plpgsql.extra_errors": "all" };

/**
 * Starts a database of its own in a temporary folder, with the migrations and pgTAP in place, ready to be cloned by
 * {@link createDatabase}.
 */
export async function startDatabaseStack(options: DatabaseStackOptions = {}): Promise<DatabaseStack> {
  const dir = await shortLivedFolder();
  const children = new Children();
  const stop = async () => {
    await children.stop();
    await removeFolder(dir);
  };
  try {
    const settings = { ...FAST, ...STRICT, ...options.settings };
    const cluster = await keptCluster(options, options.throughCli ? undefined : await templates());
    const where = { children, dir, port: freePort(), settings };
    const database = await startDatabase({ ...options, ...cluster, ...where });
    if (options.throughCli) await makeTemplate(database, (dbUrl) => migrateDatabase({ dbUrl }));
    const { adminUrl } = database;
    const dbUrl = withDatabase(database.dbUrl, "migrated");
    return { dbUrl, adminUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A cluster that has the migrated database already. */
async function templates(): Promise<Filling> {
  const files = await migrationFiles();
  const fill = (database: Database) => makeTemplate(database, (dbUrl) => applyFiles(dbUrl, files));
  return {
    name: "templates",
    madeOf: [...files.map(({ text }) => text), PGTAP_FILES],
    settings: STRICT,
    fill,
  };
}

async function makeTemplate(
  { adminUrl, dbUrl, home }: Database,
  migrate: (dbUrl: string) => Promise<void>,
): Promise<void> {
  await createDatabase(adminUrl, "migrated", "platform");
  await Promise.all([migrate(withDatabase(dbUrl, "migrated")), installPgtap(home)]);
  await applyFiles(withDatabase(adminUrl, "migrated"), [PGTAP]);
}

/** The address `url` with another database in place of its own. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** The superuser's address `url` as that of `postgres`, who has the same password. */
export function asPostgres(url: string): string {
  const changed = new URL(url);
  changed.username = "postgres";
  return changed.href;
}

/** A connection as the superuser that clones and deletes: not in a database that somebody may want to clone meanwhile. */
export function administrator(adminUrl: string): postgres.Sql {
  return postgres(withDatabase(adminUrl, "template1"), { max: 1, fetch_types: false, onnotice: () => {} });
}

/**
 * Clones a database as `name`, which takes some 50 ms: that of a hosted project before its first migration (`platform`), the one
 * with all migrations and pgTAP, or any by its name. `server` is the superuser's address, or an {@link administrator}.
 */
export async function createDatabase(
  server: string | postgres.Sql,
  name: string,
  template = "migrated",
): Promise<void> {
  const source = template === "platform" ? "postgres" : template;
  // Copying the files is quicker than logging every page, as nothing waits for the disk.
  await administer(
    server,
    (sql) => sql`create database ${sql(name)} template ${sql(source)} strategy file_copy owner postgres`,
  );
}

/** Deletes a clone, ending the sessions that are still in it. */
export async function dropDatabase(server: string | postgres.Sql, name: string): Promise<void> {
  await administer(server, (sql) => sql`drop database if exists ${sql(name)} with (force)`);
}

async function administer(
  server: string | postgres.Sql,
  run: (sql: postgres.Sql) => Promise<unknown>,
): Promise<void> {
  if (typeof server !== "string") return void await run(server);
  const sql = administrator(server);
  try {
    await run(sql);
  } finally {
    await sql.end();
  }
}

const PGTAP = { path: "pgTAP", text: "create extension if not exists pgtap with schema extensions" };

/** Where they are says their version, too. */
const PGTAP_FILES = dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite-pgtap"));

/** Puts pgTAP, which is plain SQL, among the extensions of the Postgres installation. */
async function installPgtap(home: string): Promise<void> {
  const control = join(home, "share", "postgresql", "extension", "pgtap.control");
  if (await Deno.stat(control).then(() => true, () => false)) return;
  const { success, stderr } = await new Deno.Command("tar", {
    args: ["--no-same-owner", "-xzf", join(PGTAP_FILES, "pgtap.tar.gz"), "-C", home],
  }).output();
  if (!success) throw new Error(`pgTAP could not be unpacked: ${new TextDecoder().decode(stderr)}`);
}
