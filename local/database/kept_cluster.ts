/** Clusters that were made once: making one takes longer than all else that a test of the database waits for. */
import { getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
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

const UNUSED_MS = 24 * 60 * 60 * 1000;
const FOLDER = join(CHECKOUT, ".local", "clusters");

/** Those that this process makes right now: whoever wants the same one waits for it. */
const making = new Map<string, Promise<void>>();

/** The cluster that is kept in `.local/clusters`, made if there is none, or none that is made the same way. */
export async function keptCluster(kind: Kind, filling?: Filling): Promise<KeptCluster> {
  const name = filling?.name ?? "hosted";
  const dir = join(FOLDER, `${name}-${await digestOf(kind, filling)}`);
  const cluster = { copyOf: join(dir, "postgres"), password: join(dir, "password") };
  const readPassword = () => Deno.readTextFile(cluster.password).catch(() => undefined);
  if (await readPassword() === undefined) {
    if (!making.has(dir)) making.set(dir, keepCluster(kind, filling, dir));
    await making.get(dir);
  }
  const password = await readPassword();
  if (password === undefined) throw new Error(`no cluster could be kept in ${dir}`);
  await Deno.utime(dir, new Date(), new Date());
  return { ...cluster, password };
}

async function keepCluster(kind: Kind, filling: Filling | undefined, dir: string): Promise<void> {
  const base = filling && await keptCluster(kind);
  const made = await Deno.makeTempDir({ prefix: "credits-cluster-" });
  await Deno.chmod(made, 0o755);
  const children = new Children();
  const copy = `${dir}-${crypto.randomUUID()}`;
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
    await Deno.mkdir(join(copy, "postgres"), { recursive: true, mode: 0o700 });
    await copyFolder(join(made, "postgres"), join(copy, "postgres"));
    await Deno.writeTextFile(join(copy, "password"), database.password, { mode: 0o600 });
    // Of several who make one at the same time, the first is heard.
    await Deno.rename(copy, dir).catch(() => removeFolder(copy));
    await removeUnused();
  } finally {
    await children.stop();
    await removeFolder(made);
  }
}

/** What was made for an earlier state of the checkout, and is not used any more. */
async function removeUnused(): Promise<void> {
  for await (const { name } of Deno.readDir(FOLDER)) {
    const path = join(FOLDER, name);
    const { mtime } = await Deno.stat(path);
    if (mtime && Date.now() - mtime.getTime() > UNUSED_MS) await removeFolder(path);
  }
}

/** Everything that a cluster is made of. */
async function digestOf(
  { home = installation(), defaultPrivileges = "restrictive" }: Kind,
  filling?: Filling,
): Promise<string> {
  const files = ["bootstrap.ts", "hosted.sql", "postgres.ts"].map((name) =>
    Deno.readTextFile(new URL(name, import.meta.url))
  );
  const parts = [
    ...await Promise.all(files),
    getAuthSchemaSql(),
    getStorageSchemaSql(),
    home,
    defaultPrivileges,
    ...filling?.madeOf ?? [],
    filling?.settings,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
