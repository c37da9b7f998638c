/** Clusters that were made once: making one takes longer than all else that a test of the database waits for. */
import { getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";
import { join } from "node:path";
import { kept } from "../kept.ts";
import { Children } from "../processes/children.ts";
import { freePort } from "../processes/ports.ts";
import { removeFolder } from "../processes/remove.ts";
import { type Database, type DatabaseOptions, startDatabase } from "./database.ts";
import { installation } from "./installation.ts";
import { copyFolder } from "./postgres.ts";
import { applyFiles, migrationFiles } from "./sql_files.ts";

/** A cluster that is ready to be copied. */
export interface KeptCluster {
  copyOf: string;
  password: string;
}

/** What a cluster holds beyond a hosted project before its first migration. */
export interface Filling {
  /** Tells its clusters from those of other fillings. */
  name: string;
  /** All that it is made of: a cluster that was made of something else is made anew. */
  madeOf: string[];
  /** Settings of the server while it is filled. */
  settings?: Record<string, string>;
  fill: (database: Database) => Promise<void>;
}

/** A new folder for a database that lives for one start; `DATABASE_TMPDIR` says where, if not where all such folders are. */
export async function shortLivedFolder(): Promise<string> {
  const dir = await Deno.makeTempDir({ dir: Deno.env.get("DATABASE_TMPDIR"), prefix: "credits-database-" });
  await Deno.chmod(dir, 0o755);
  return dir;
}

/** The migrations in the database that a stack is about. */
export async function withMigrations(): Promise<Filling> {
  const files = await migrationFiles();
  const fill = ({ dbUrl }: Database) => applyFiles(dbUrl, files);
  return { name: "migrated", madeOf: files.map(({ text }) => text), fill };
}

type Kind = Pick<DatabaseOptions, "home" | "defaultPrivileges">;

/** The cluster that is kept in `.local/clusters`, made if there is none, or none that is made the same way. */
export async function keptCluster(kind: Kind, filling?: Filling): Promise<KeptCluster> {
  const dir = await kept("clusters", await partsOf(kind, filling), (dir) => makeCluster(kind, filling, dir));
  return { copyOf: join(dir, "postgres"), password: await Deno.readTextFile(join(dir, "password")) };
}

async function makeCluster(kind: Kind, filling: Filling | undefined, dir: string): Promise<void> {
  const base = filling && await keptCluster(kind);
  const made = await shortLivedFolder();
  const children = new Children();
  try {
    const database = await startDatabase({
      ...kind,
      children,
      dir: made,
      port: freePort(),
      password: crypto.getRandomValues(new Uint8Array(16)).toHex(),
      ...base,
      settings: { fsync: "off", ...filling?.settings },
    });
    await filling?.fill(database);
    await database.server.stop();
    await Deno.mkdir(join(dir, "postgres"), { mode: 0o700 });
    await copyFolder(join(made, "postgres"), join(dir, "postgres"));
    await Deno.writeTextFile(join(dir, "password"), database.password, { mode: 0o600 });
  } finally {
    await children.stop();
    await removeFolder(made);
  }
}

/** Everything that a cluster is made of. */
async function partsOf(
  { home = installation(), defaultPrivileges = "restrictive" }: Kind,
  filling?: Filling,
): Promise<unknown[]> {
  const files = ["bootstrap.ts", "hosted.sql", "postgres.ts"].map((name) =>
    Deno.readTextFile(new URL(name, import.meta.url))
  );
  const { name, madeOf, settings } = filling ?? {};
  const platform = [getAuthSchemaSql(), getStorageSchemaSql(), home, defaultPrivileges];
  return [...await Promise.all(files), ...platform, { name, madeOf, settings }];
}
