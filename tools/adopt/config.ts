/**
 * A project's `config.toml`, changed as text, so that its comments stay where they are.
 *
 * @module
 */
import { matchesGlob } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "smol-toml";
import { z } from "zod";
import { StackError } from "../../local/errors.ts";
import { FUNCTIONS } from "./release.ts";

const Config = z.looseObject({
  db: z.looseObject({
    migrations: z.looseObject({ schema_paths: z.array(z.string()).default([]) }).default({
      schema_paths: [],
    }),
  }).default({ migrations: { schema_paths: [] } }),
  functions: z.record(z.string(), z.looseObject({})).default({}),
});

/** What of a `config.toml` matters here. */
export type Config = z.infer<typeof Config>;

/** @throws {StackError} for what is no `config.toml` */
export function readConfig(text: string): Config {
  try {
    return Config.parse(parse(text));
  } catch (error) {
    throw new StackError(`supabase/config.toml: ${error instanceof Error ? error.message : error}`);
  }
}

/** What the functions' sections say. */
const SECTIONS = Object.fromEntries(FUNCTIONS.map((name) => [name, {
  verify_jwt: false,
  entrypoint: `./functions/${name}/index.ts`,
  import_map: `./functions/${name}/deno.json`,
}]));

/** Whether a section says what is wanted of it, so that somebody may have written it by hand. */
export function isFitting(
  name: string,
  { verify_jwt, entrypoint, import_map }: Config["functions"][string],
): boolean {
  const wanted = SECTIONS[name];
  const fits = (value: unknown, key: "entrypoint" | "import_map") =>
    [undefined, wanted[key]].includes(value as string);
  return verify_jwt === false && fits(entrypoint, "entrypoint") && fits(import_map, "import_map");
}

/**
 * `text` with the functions' sections at its end and, where the project lists its schema files, `schema` before them.
 *
 * @param schema Path of the schema file below `supabase/`.
 * @throws {StackError} when that cannot be done without touching the rest: it says what to write by hand.
 */
export function addToConfig(text: string, schema: string): string {
  const { db: { migrations: { schema_paths: listed } }, functions } = readConfig(text);
  const expected = parse(text) as Record<string, unknown>;
  let changed = text;
  const path = `./${schema}`;
  if (listed.length > 0 && schema.startsWith("schemas/") && !listed.some((glob) => matchesGlob(path, glob))) {
    changed = changed.replace(/^(\s*schema_paths\s*=\s*\[)/m, `$1${JSON.stringify(path)}, `);
    expected.db = withPaths(expected.db, [path, ...listed]);
  }
  const sections = Object.entries(SECTIONS).filter(([name]) => !(name in functions));
  if (sections.length > 0) {
    changed =
      `${changed.trimEnd()}\n\n# They check their callers themselves: Stripe signs, and users' tokens may be of newer signing keys.\n`;
    changed += sections.map(([name, section]) => `[functions.${name}]\n${lines(section)}`).join("\n");
    expected.functions = { ...functions, ...Object.fromEntries(sections) };
  }
  if (means(changed, expected)) return changed;
  throw new StackError(
    `supabase/config.toml is written in a way that cannot be added to: add the sections ` +
      `${
        FUNCTIONS.map((name) => `[functions.${name}]`).join(" and ")
      }, each with verify_jwt = false, and "${path}" to schema_paths if it is there, then run this again`,
  );
}

function means(text: string, expected: unknown): boolean {
  try {
    return isDeepStrictEqual(plain(parse(text)), plain(expected));
  } catch {
    return false;
  }
}

/** The parser's own objects have no prototype, and so are equal to no other. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

function withPaths(db: unknown, schema_paths: string[]): unknown {
  const { migrations, ...rest } = db as { migrations: object };
  return { ...rest, migrations: { ...migrations, schema_paths } };
}

function lines(section: Record<string, string | boolean>): string {
  return Object.entries(section).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join("");
}
