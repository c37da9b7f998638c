/** Clusters that were made once: making one takes longer than all else that a test of the database waits for. */
import { getAuthSchemaSql, getStorageSchemaSql } from "@supabase/lite";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { Children } from "../processes/children.ts";
import { freePort } from "../processes/ports.ts";
import { removeFolder } from "../processes/remove.ts";
import { type DatabaseOptions, startDatabase } from "./database.ts";
import { installation } from "./installation.ts";
import { copyFolder } from "./postgres.ts";

/** A cluster that is what a hosted project is before its first migration, to be copied. */
export interface KeptCluster {
  copyOf: string;
  password: string;
}

type Kind = Pick<DatabaseOptions, "home" | "defaultPrivileges">;

/** The cluster that is kept in `.local/clusters`, made if there is none, or none that is made the same way. */
export async function keptCluster(kind: Kind): Promise<KeptCluster> {
  const dir = join(CHECKOUT, ".local", "clusters", await digestOf(kind));
  const cluster = { copyOf: join(dir, "postgres"), password: join(dir, "password") };
  const readPassword = () => Deno.readTextFile(cluster.password).catch(() => undefined);
  const password = await readPassword() ?? (await keepCluster(kind, dir), await readPassword());
  if (password === undefined) throw new Error(`no cluster could be kept in ${dir}`);
  return { ...cluster, password };
}

async function keepCluster(kind: Kind, dir: string): Promise<void> {
  const password = crypto.getRandomValues(new Uint8Array(16)).toHex();
  const made = await Deno.makeTempDir({ prefix: "credits-cluster-" });
  await Deno.chmod(made, 0o755);
  const children = new Children();
  const copy = `${dir}-${crypto.randomUUID()}`;
  try {
    const settings = { fsync: "off" };
    const database = await startDatabase({
      ...kind,
      children,
      dir: made,
      port: freePort(),
      password,
      settings,
    });
    await database.server.stop();
    await Deno.mkdir(join(copy, "postgres"), { recursive: true, mode: 0o700 });
    await copyFolder(join(made, "postgres"), join(copy, "postgres"));
    await Deno.writeTextFile(join(copy, "password"), password, { mode: 0o600 });
    // Of several who make one at the same time, the first is heard.
    await Deno.rename(copy, dir).catch(() => removeFolder(copy));
  } finally {
    await children.stop();
    await removeFolder(made);
  }
}

/** Everything that a cluster is made of. */
async function digestOf({ home = installation(), defaultPrivileges = "restrictive" }: Kind): Promise<string> {
  const files = ["bootstrap.ts", "hosted.sql", "postgres.ts"].map((name) =>
    Deno.readTextFile(new URL(name, import.meta.url))
  );
  const parts = [
    ...await Promise.all(files),
    getAuthSchemaSql(),
    getStorageSchemaSql(),
    home,
    defaultPrivileges,
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
