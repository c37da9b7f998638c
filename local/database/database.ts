import { basename, join } from "node:path";
import postgres from "postgres";
import { bootstrap, type DefaultPrivileges } from "./bootstrap.ts";
import type { Children } from "../processes/children.ts";
import { installation } from "./installation.ts";
import { migrationFiles } from "./sql_files.ts";
import { migrate } from "./supabase_cli.ts";
import { Server } from "./postgres.ts";

/** What a database of the stack is started with. */
export interface DatabaseOptions {
  children: Children;
  /** Data folder of the stack; the database is a folder in it. */
  dir: string;
  port: number;
  password: string;
  defaultPrivileges?: DefaultPrivileges;
  /** Folder of the Postgres installation, which gives another major version; embedded Postgres when absent. */
  home?: string;
  settings?: Record<string, string>;
  /** A cluster to copy, with the same password, instead of making one. */
  copyOf?: string;
}

/** A running database that is what a hosted project is. */
export interface Database {
  server: Server;
  /** Address as `postgres`, who applies migrations and is no superuser, as on a hosted project. */
  dbUrl: string;
  /** Address as the superuser. */
  adminUrl: string;
  /** Address as `authenticator`, for the Data API, Auth and Storage. */
  apiUrl: string;
  /** Password of every role that has one. */
  password: string;
  /** Folder of the Postgres installation. */
  home: string;
}

/** The address of the database for one of its roles. */
export function databaseUrl(role: string, password: string, port: number): string {
  return `postgresql://${role}:${password}@127.0.0.1:${port}/postgres`;
}

/** Starts Postgres and makes it what a hosted project is before its first migration. */
export async function startDatabase(options: DatabaseOptions): Promise<Database> {
  const { children, dir, port, password, settings, copyOf, defaultPrivileges = "restrictive" } = options;
  const home = options.home ?? installation();
  const data = { dir: join(dir, "postgres"), copyOf };
  const server = await Server.start({ children, ...data, port, password, home, settings });
  await bootstrap({ adminUrl: server.url(), password, defaultPrivileges });
  const url = (role: string) => databaseUrl(role, password, port);
  const urls = { dbUrl: url("postgres"), adminUrl: server.url(), apiUrl: url("authenticator") };
  return { server, home, password, ...urls };
}

/** Whether the database has every migration of `workdir`, this checkout without one, by the history that the CLI keeps of them. */
export async function isMigrated({ dbUrl }: Pick<Database, "dbUrl">, workdir?: string): Promise<boolean> {
  const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
  try {
    const [{ history }] = await sql`select to_regclass('supabase_migrations.schema_migrations') as history`;
    if (history === null) return false;
    const applied = await sql<
      { version: string }[]
    >`select version from supabase_migrations.schema_migrations`;
    const versions = applied.map(({ version }) => version);
    const wanted = (await migrationFiles(workdir)).map(({ path }) => basename(path).split("_")[0]);
    return wanted.every((version) => versions.includes(version));
  } finally {
    await sql.end();
  }
}

/** Applies the migrations that are missing, in the way a hosted project gets them, and the project's seeds if wanted. */
export async function migrateDatabase(
  { dbUrl }: Pick<Database, "dbUrl">,
  workdir?: string,
  seeds = false,
): Promise<void> {
  await migrate(`${dbUrl}?sslmode=disable`, workdir, seeds);
}
