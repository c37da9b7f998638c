/** The SQL of the checkout: the schema files, which people edit, and the migrations, which deployments apply. */
import { glob } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { parse } from "smol-toml";
import { z } from "zod";
import { messageOf, StackError } from "../errors.ts";
import { CHECKOUT } from "../checkout.ts";

/** A file of SQL statements. */
export interface SqlFile {
  /** Path below `supabase/`. */
  path: string;
  text: string;
}

const Config = z.object({
  db: z.object({ migrations: z.object({ schema_paths: z.array(z.string()) }) }),
});

/** The schema files, in the order in which they build a database: that of `schema_paths` in `supabase/config.toml`. */
export async function schemaFiles(workdir = CHECKOUT): Promise<SqlFile[]> {
  const config = Config.parse(parse(await Deno.readTextFile(join(workdir, "supabase", "config.toml"))));
  const listed = config.db.migrations.schema_paths.map((path) => path.replace(/^\.\//, ""));
  const present = await paths("schemas/**/*.sql", workdir);
  const missing = listed.filter((path) => !present.includes(path));
  if (missing.length) {
    throw new StackError(`supabase/config.toml names ${missing.join(", ")}: there is no such file`);
  }
  const forgotten = present.filter((path) => !listed.includes(path));
  if (forgotten.length) {
    throw new StackError(
      `${forgotten.join(", ")}: say in schema_paths of supabase/config.toml where it belongs`,
    );
  }
  return await read(listed, workdir);
}

/** The migrations, in the order in which they are applied. */
export async function migrationFiles(workdir = CHECKOUT): Promise<SqlFile[]> {
  return await read((await paths("migrations/*.sql", workdir)).sort(), workdir);
}

/** Runs `files` one after the other as the role of `url`, each in a transaction of its own. */
export async function applyFiles(url: string, files: SqlFile[]): Promise<void> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    for (const { path, text } of files) {
      await sql.unsafe(text).simple().catch((error) => {
        throw new StackError(`supabase/${path}${lineOf(error, text)} failed: ${messageOf(error)}`);
      });
    }
  } finally {
    await sql.end();
  }
}

async function paths(pattern: string, workdir: string): Promise<string[]> {
  return await Array.fromAsync(glob(pattern, { cwd: join(workdir, "supabase") }));
}

async function read(paths: string[], workdir: string): Promise<SqlFile[]> {
  const textOf = (path: string) => Deno.readTextFile(join(workdir, "supabase", path));
  return await Promise.all(paths.map(async (path) => ({ path, text: await textOf(path) })));
}

function lineOf(error: unknown, text: string): string {
  if (!(error instanceof postgres.PostgresError) || !error.position) return "";
  return `:${text.slice(0, Number(error.position)).split("\n").length}`;
}
