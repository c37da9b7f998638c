/**
 * The project that the credits are brought into, and what it knows of those that it has already.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { glob } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { migrationFiles, type SqlFile } from "../../local/database/sql_files.ts";
import { StackError } from "../../local/errors.ts";
import { type Config, readConfig } from "./config.ts";
import { EXTRAS } from "./release.ts";

/** Says which credits a project has. Paths are those below `supabase/`. */
export const LOCK = "credits/lock.json";

const Lock = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  with: z.array(z.enum(EXTRAS)),
  /** Path of the schema file. */
  schema: z.string(),
  /** SHA-256 of each file as it was brought, the schema file among them. */
  files: z.record(z.string(), z.string()),
});

/** Which credits a project has. */
export type Lock = z.infer<typeof Lock>;

/** A Supabase project in a folder. */
export interface Project {
  root: string;
  configText: string;
  config: Config;
  migrations: SqlFile[];
  /** Whether its database is described by `supabase/schemas/`, from which the Supabase CLI makes its migrations. */
  declarative: boolean;
  /** What was brought before, if anything. */
  brought?: { lock: Lock; schema: string; base: Map<string, string> };
}

/** Where the file at `path` is kept as it was brought; the ending keeps compilers and linters from it. */
export const basePath = (path: string) => `credits/base/${path}.txt`;

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** The text of the file at `path` below `supabase/`, if it is there. */
export async function textOf(root: string, path: string): Promise<string | undefined> {
  return await Deno.readTextFile(join(root, "supabase", path)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}

/** Reads the project in `folder`. @throws {StackError} for a folder that has none, or whose lock is not true */
export async function readProject(folder: string): Promise<Project> {
  const root = resolve(folder);
  const configText = await textOf(root, "config.toml");
  if (configText === undefined) {
    throw new StackError(`${folder} has no supabase/config.toml: \`supabase init\` makes one`);
  }
  const config = readConfig(configText);
  const declared = await Array.fromAsync(glob("supabase/schemas/**/*.sql", { cwd: root }));
  const declarative = config.db.migrations.schema_paths.length > 0 || declared.length > 0;
  const migrations = await migrationFiles(root);
  return { root, configText, config, migrations, declarative, brought: await readBrought(root) };
}

async function readBrought(root: string): Promise<Project["brought"]> {
  const text = await textOf(root, LOCK);
  if (text === undefined) return undefined;
  const dirty = (what: string) =>
    new StackError(
      `supabase/${what}: nothing was changed. Take it back from your version control, then run this again`,
    );
  let lock: Lock;
  try {
    lock = Lock.parse(JSON.parse(text));
  } catch {
    throw dirty(`${LOCK} is not what was written`);
  }
  const base = new Map<string, string>();
  let schema = "";
  for (const [path, hash] of Object.entries(lock.files)) {
    const kept = path === lock.schema ? path : basePath(path);
    const brought = await textOf(root, kept);
    if (brought === undefined || sha256(brought) !== hash) throw dirty(`${kept} is not as it was brought`);
    if (path === lock.schema) schema = brought;
    else base.set(path, brought);
    if (/^<{7}/m.test(await textOf(root, path) ?? "")) {
      throw new StackError(`supabase/${path} has the marks of a conflict: resolve it first`);
    }
  }
  return { lock, schema, base };
}
