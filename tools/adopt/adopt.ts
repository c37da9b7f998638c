/**
 * Brings the credits into a project, or a newer version of those that it has.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { startDatabaseStack } from "../../local/database/database_stack.ts";
import type { SqlFile } from "../../local/database/sql_files.ts";
import { buildDatabase } from "../../local/database/step.ts";
import { messageOf, StackError } from "../../local/errors.ts";
import { collisionsInDatabase, collisionsInFiles } from "./collisions.ts";
import { addToConfig } from "./config.ts";
import { type Changes, fileChanges, recordOf } from "./files.ts";
import { migrationsFor } from "./migrations.ts";
import { type Project, readProject } from "./project.ts";
import { type Extra, readRelease, type Release } from "./release.ts";

/** What shall be done. */
export interface Wish {
  /** The folder that has `supabase/`. */
  folder: string;
  /** What is brought beside the credits; what was brought before stays. */
  extras: readonly Extra[];
  /** Whether nothing is written. */
  dryRun?: boolean;
  /** Address of a database of the project's, in which names are looked for as well. */
  dbUrl?: string;
  /** What is brought in place of this checkout. */
  read?: typeof readRelease;
  /** The superuser's address of a database stack that runs, in place of one that is started. */
  server?: string;
}

/** What was done, or would be. Paths are those below `supabase/`. */
export interface Adoption {
  outcome: "adopted" | "upgraded" | "nothing_to_do";
  changes: Changes;
  migrations: SqlFile[];
  /** Statements of the migrations that delete something. */
  destructive: string[];
  /** Files that the project had edited, and into which the new version's lines were merged. */
  merged: string[];
  /** Those of them that have marks where both changed the same lines. */
  conflicts: string[];
}

/**
 * Does as it is wished. Nothing is written unless everything can be.
 *
 * @throws {StackError} for what whoever adopts can put right.
 */
export async function adopt(wish: Wish): Promise<Adoption> {
  const project = await readProject(wish.folder);
  await using cleanUp = new AsyncDisposableStack();
  const server = wish.server ??
    cleanUp.adopt(await startDatabaseStack(), (stack) => stack.stop()).adminUrl;
  const extras = [...new Set([...project.brought?.lock.with ?? [], ...wish.extras])];
  const release = await (wish.read ?? readRelease)(server, extras);
  refuseOlder(project, release);
  const adoption = await plan(server, project, release, extras, wish.dbUrl);
  if (!wish.dryRun) { for (const [path, text] of adoption.changes) await write(project.root, path, text); }
  return adoption;
}

function refuseOlder({ brought }: Project, { version }: Release): void {
  const has = brought?.lock.version;
  if (has === undefined || has.localeCompare(version, "en", { numeric: true }) <= 0) return;
  throw new StackError(`the project has ${has}, which is newer than this checkout's ${version}`);
}

async function plan(
  server: string,
  project: Project,
  release: Release,
  extras: Extra[],
  dbUrl: string | undefined,
): Promise<Adoption> {
  const { brought } = project;
  // The CLI reads all of supabase/schemas in the order of the names, and would have the credits dropped if they were not in it.
  const schema = brought?.lock.schema ??
    (project.declarative ? "schemas/00_credits.sql" : "credits/schema.sql");
  const before = brought && await buildDatabase(server, [{ path: schema, text: brought.schema }]);
  const theirs = [await builtBy(server, project, dbUrl), dbUrl].filter((url) => url !== undefined);
  refuseCollisions([
    ...await collisionsInDatabase(server, release, before, theirs),
    ...await collisionsInFiles(project, release, schema),
  ]);
  const { migrations, destructive } = await migrationsFor(server, project, release);
  await prove(server, project, migrations, dbUrl);
  const { changes, merged, conflicts } = await fileChanges(project, release);
  for (const { path, text } of migrations) changes.set(path, text);
  for (const [path, text] of recordOf(project, release, extras, schema)) changes.set(path, text);
  const config = addToConfig(project.configText, schema);
  if (config !== project.configText) changes.set("config.toml", config);
  const outcome = changes.size === 0 ? "nothing_to_do" : brought ? "upgraded" : "adopted";
  return { outcome, changes, migrations, destructive, merged, conflicts };
}

/** A database that the project's migrations built; none where they need what is not here and another one can be looked at. */
async function builtBy(server: string, { migrations }: Project, dbUrl?: string): Promise<string | undefined> {
  try {
    return await buildDatabase(server, migrations, "permissive");
  } catch (error) {
    if (dbUrl !== undefined) return undefined;
    throw new StackError(
      `${
        messageOf(error)
      }. The project's migrations are tried on a database without its extensions: name one that has ` +
        `them with --db-url, such as that of \`supabase start\``,
    );
  }
}

function refuseCollisions(collisions: string[]): void {
  if (collisions.length === 0) return;
  throw new StackError(
    `nothing was changed: the project has these already, so rename them, or remove what you no longer need:\n` +
      collisions.map((name) => `  ${name}`).join("\n"),
  );
}

/** Applies what is new after what the project has. */
async function prove(server: string, project: Project, added: SqlFile[], dbUrl?: string): Promise<void> {
  try {
    await buildDatabase(server, [...project.migrations, ...added], "permissive");
  } catch (error) {
    // Theirs need what is not here: that was said, or is what --db-url is for.
    const isTheirs = project.migrations.some(({ path }) => messageOf(error).includes(path));
    if (!isTheirs || dbUrl === undefined) throw error;
  }
}

async function write(root: string, path: string, text: string | undefined): Promise<void> {
  const file = join(root, "supabase", path);
  if (text === undefined) return await Deno.remove(file);
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.writeTextFile(file, text);
}
