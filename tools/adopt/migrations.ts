/**
 * The migrations that bring a project's database to a version.
 *
 * @module
 */
import { basename } from "node:path";
import type { SqlFile } from "../../local/database/sql_files.ts";
import { stepsBetween, verify } from "../../local/database/step.ts";
import type { Project } from "./project.ts";
import type { Release } from "./release.ts";

/**
 * The schema as it is for a project that has none; else the difference between both, one migration for each transaction: what
 * adds a value to an enum is committed before it is used, and rows that differ come last.
 */
export async function migrationsFor(
  server: string,
  { migrations, brought }: Project,
  { schema, version }: Release,
): Promise<{ migrations: SqlFile[]; destructive: string[] }> {
  const name = `credits_${version.replaceAll(".", "_")}`;
  if (!brought) return { migrations: dated([schema], name, migrations), destructive: [] };
  if (brought.schema === schema) return { migrations: [], destructive: [] };
  const from = { path: "migrations/20000101000000_credits.sql", text: brought.schema };
  const to = { path: "schema.sql", text: schema };
  const { steps, destructive } = await stepsBetween(server, [from], [to]);
  const added = dated(steps, name, migrations);
  if (added.length > 0) await verify(server, [from, ...added], [to]);
  return { migrations: added, destructive };
}

/** Named by the time, a second apart, and later than what is there: so the Supabase CLI orders them. */
function dated(texts: string[], name: string, migrations: SqlFile[]): SqlFile[] {
  const now = Temporal.Now.plainDateTimeISO("UTC");
  const last = migrations.map(({ path }) => basename(path).split("_")[0]).filter((version) =>
    /^\d{14}$/.test(version)
  ).at(-1);
  const newest = last === undefined ? now : Temporal.PlainDateTime.from(
    last.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6"),
  ).add({ seconds: 1 });
  const first = Temporal.PlainDateTime.compare(now, newest) > 0 ? now : newest;
  return texts.map((text, index) => {
    const version = first.add({ seconds: index }).toString({ smallestUnit: "second" }).replaceAll(/\D/g, "");
    return { path: `migrations/${version}_${name}${index ? `_${index + 1}` : ""}.sql`, text };
  });
}
