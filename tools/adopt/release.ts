/**
 * What this checkout brings into a project: one schema file, and the functions with all that they import.
 *
 * @module
 */
import { glob } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CHECKOUT } from "../../local/checkout.ts";
import { generate, GENERATED } from "../../local/database/generated.ts";
import { schemaFiles, type SqlFile } from "../../local/database/sql_files.ts";
import { baselineOf, buildDatabase } from "../../local/database/step.ts";
import { VERSION } from "../../supabase/functions/_shared/version.ts";

/** What may be brought beside the credits. */
export const EXTRAS = ["jobs"] as const;
/** One of {@linkcode EXTRAS}. */
export type Extra = typeof EXTRAS[number];

/** The product of this checkout, which nobody else sells. */
const PRODUCT = "stories";

/** The functions that are served. */
export const FUNCTIONS = ["credits-api", "stripe-webhook"];

/** A version, ready to be put into a project. */
export interface Release {
  version: string;
  /** The whole schema, as one file. */
  schema: string;
  /** Texts by their paths below `supabase/`. */
  files: Map<string, string>;
  /** A database that the schema alone built, at the superuser's address. */
  database: string;
}

/** Where the code of the functions lies, out of the way of the project's own `_shared`. */
const CODE = "functions/_credits";

/** Reads what this checkout is, with `extras`; `server` is the superuser's address of a database stack. */
export async function readRelease(server: string, extras: readonly Extra[]): Promise<Release> {
  const schemas = (await schemaFiles()).filter(({ path }) => isBrought(path, extras));
  const database = await buildDatabase(server, schemas);
  const made = new Map(GENERATED.map((file) => [file.path, file]));
  const files = new Map<string, string>();
  for (const path of await modules(extras)) {
    const generated = made.get(path);
    // The project has less than this checkout: its types are those of what it has.
    const text = generated ? await generate(generated, database) : await read(path);
    files.set(path.replace("supabase/functions", CODE), text);
  }
  for (const name of FUNCTIONS) {
    files.set(`functions/${name}/index.ts`, entry(name));
    files.set(`functions/${name}/deno.json`, await read(`supabase/functions/${name}/deno.json`));
  }
  // A function of the project's that uses the queue needs these packages.
  if (extras.includes("jobs")) {
    files.set(`${CODE}/deno.json`, await read("supabase/functions/story-api/deno.json"));
  }
  files.set("credits/credits-api.d.ts", await read("openapi/credits-api.d.ts"));
  return { version: VERSION, schema: schemaText(schemas), files, database };
}

function schemaText(schemas: SqlFile[]): string {
  return `-- The credits' part of the database. \`deno task adopt\` writes this file: it is there to be read, not edited.\n\n` +
    baselineOf(schemas);
}

/** Whether a schema file is brought: those of a domain's folder only with the domain. */
function isBrought(path: string, extras: readonly Extra[]): boolean {
  const domain = path.split("/")[1];
  const left = [PRODUCT, ...EXTRAS.filter((extra) => !extras.includes(extra))];
  return !left.includes(domain);
}

function entry(name: string): string {
  return `import { app } from "../_credits/${name}/app.ts";\n\nDeno.serve(app.fetch);\n`;
}

/** Everything that the functions are made of, as Deno resolves it: paths in the checkout. */
async function modules(extras: readonly Extra[]): Promise<string[]> {
  const entries = FUNCTIONS.map((name) => `supabase/functions/${name}/app.ts`);
  for (const extra of extras) {
    const all = await Array.fromAsync(glob(`supabase/functions/_${extra}/**/*.ts`, { cwd: CHECKOUT }));
    entries.push(...all.filter((path) => !path.endsWith("_test.ts")));
  }
  const graph = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const imports = entries.map((path) => `import "${pathToFileURL(join(CHECKOUT, path))}";`);
    await Deno.writeTextFile(graph, imports.join("\n"));
    const args = ["info", "--json", "--config", join(CHECKOUT, "deno.json"), graph];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
    const info: { modules: { specifier: string }[] } = JSON.parse(new TextDecoder().decode(stdout));
    const urls = info.modules.map(({ specifier }) => specifier).filter((url) => url.startsWith("file:"));
    return urls.map((url) => relative(CHECKOUT, fileURLToPath(url)))
      .filter((path) => path.startsWith("supabase/functions/")).sort();
  } finally {
    await Deno.remove(graph);
  }
}

const read = (path: string) => Deno.readTextFile(join(CHECKOUT, path));
