/**
 * What the credits would be called, and is called so already.
 *
 * @module
 */
import postgres from "postgres";
import { createDatabase, withDatabase } from "../../local/database/database_stack.ts";
import { isFitting } from "./config.ts";
import { type Project, textOf } from "./project.ts";
import { FUNCTIONS, type Release } from "./release.ts";

/** Everything in a database that has a name which nothing else of its kind may have; functions count by name alone. */
const NAMES = `
select format('schema %I', nspname) as name from pg_namespace
union all
select format('table, index or type %I.%I', n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_'
union all
select format('table, index or type %I.%I', n.nspname, t.typname)
from pg_type t join pg_namespace n on n.oid = t.typnamespace where n.nspname !~ '^pg_' and t.typtype in ('d', 'e', 'r')
union all
select format('function %I.%I', n.nspname, p.proname)
from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname !~ '^pg_'
union all
select format('trigger %I on %s.%I', t.tgname, c.relnamespace::regnamespace, c.relname)
from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal
union all
select format('bucket %s', id) from storage.buckets`;

async function namesIn(url: string): Promise<Set<string>> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return new Set((await sql.unsafe<{ name: string }[]>(NAMES)).map(({ name }) => name));
  } finally {
    await sql.end();
  }
}

/**
 * The names that come with `release` and that a database of the project's has already.
 *
 * @param server The superuser's address of a database stack.
 * @param before A database with what the project was brought before, if anything.
 * @param theirs Databases of the project's.
 */
export async function collisionsInDatabase(
  server: string,
  { database }: Release,
  before: string | undefined,
  theirs: string[],
): Promise<string[]> {
  const known = await namesIn(before ?? await emptyDatabase(server));
  const taken = await Promise.all(theirs.map(namesIn));
  const brought = (await namesIn(database)).difference(known);
  return [...brought].filter((name) => taken.some((names) => names.has(name))).sort();
}

async function emptyDatabase(server: string): Promise<string> {
  const name = `empty_${crypto.randomUUID().replaceAll("-", "")}`;
  await createDatabase(server, name, "platform");
  return withDatabase(server, name);
}

/** The functions, sections and files of the project's that are called as what is brought for the first time. */
export async function collisionsInFiles(
  { root, config, brought }: Project,
  { files }: Release,
  schema: string,
): Promise<string[]> {
  const isNew = (path: string) => brought?.base.has(path) !== true;
  const paths = [...files.keys()].filter(isNew);
  if (!brought) paths.push(schema);
  const there = await Promise.all(paths.map((path) => textOf(root, path)));
  const names = FUNCTIONS.filter((name) =>
    !brought && name in config.functions && !isFitting(name, config.functions[name])
  );
  return [
    ...names.map((name) => `section [functions.${name}] of supabase/config.toml`),
    ...paths.filter((_, index) => there[index] !== undefined).map((path) => `file supabase/${path}`),
  ];
}
