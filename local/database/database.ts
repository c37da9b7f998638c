import { join } from "node:path";
import { bootstrap, type DefaultPrivileges } from "./bootstrap.ts";
import type { Children } from "../processes/children.ts";
import { installation } from "./installation.ts";
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

/** Applies the migrations that are missing, in the way a hosted project gets them. */
export async function migrateDatabase({ dbUrl }: Pick<Database, "dbUrl">, workdir?: string): Promise<void> {
  await migrate(`${dbUrl}?sslmode=disable`, workdir);
}
