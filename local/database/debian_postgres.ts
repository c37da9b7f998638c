/** A Postgres of Debian or Ubuntu: with extensions and programs that embedded Postgres does not have. */
import { join } from "node:path";
import postgres from "postgres";
import { type Database, startDatabase } from "./database.ts";
import { applyFiles, migrationFiles } from "./sql_files.ts";
import { Children } from "../processes/children.ts";
import { freePort } from "../processes/ports.ts";
import { removeFolder } from "../processes/remove.ts";

/** Where the packages are. */
export const PACKAGES = "/usr/lib/postgresql";

/** The newest installation that has `extension` if one is named, or nothing on a machine that has none. */
export async function findPostgres(extension?: string): Promise<string | undefined> {
  const versions = await Array.fromAsync(Deno.readDir(PACKAGES), ({ name }) => name).catch(() => []);
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const needed = [
      join(PACKAGES, version, "bin", "postgres"),
      ...extension ? [join("/usr/share/postgresql", version, "extension", `${extension}.control`)] : [],
    ];
    const there = await Promise.all(needed.map((path) => Deno.stat(path).then(() => true, () => false)));
    if (there.every(Boolean)) return join(PACKAGES, version);
  }
}

/** A migrated database in a temporary folder, gone when `cleanUp` is disposed of. */
export async function startMigrated(home: string, cleanUp: AsyncDisposableStack): Promise<Database> {
  const dir = cleanUp.adopt(await Deno.makeTempDir({ prefix: "credits-debian-" }), removeFolder);
  await Deno.chmod(dir, 0o755);
  const children = cleanUp.adopt(new Children(), (children) => children.stop());
  const password = crypto.getRandomValues(new Uint8Array(16)).toHex();
  const settings = { fsync: "off" };
  const database = await startDatabase({ children, dir, port: freePort(), password, home, settings });
  await applyFiles(database.dbUrl, await migrationFiles());
  return database;
}

/** Runs one statement at `url`. */
export async function execute(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
