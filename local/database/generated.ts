/** The files of the functions that are made from what the migrations build. */
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import { join } from "node:path";
import type pg from "pg";
import { CHECKOUT } from "./migrations.ts";
import { withPool } from "./pool.ts";

/** A file that is made from a migrated database. */
export interface Generated {
  /** Path in the checkout. */
  path: string;
  /** Makes its content. */
  content(pool: pg.Pool): Promise<string>;
}

/** The types of the functions, by the engine behind `supabase gen types`, which itself needs Docker. */
const types: Generated = {
  path: "supabase/functions/_shared/database/types.ts",
  async content(pool) {
    const metadata = await introspect(pool, { includedSchemas: ["public"] });
    return await generateTypescript(sortGeneratorMetadata(metadata), { postgrestVersion: "13" });
  },
};

interface Field {
  job_type: string;
  field: string;
  [property: string]: unknown;
}

const FIELDS = `
select job_type, field, kind, least, most, required, fallback from credits_private.job_request_fields
order by job_type, position`;

const BOUNDS_HEADER = `/**
 * What a request for work may say, field by field, in the order in which Postgres checks it.
 *
 * Made by \`deno task gen:types\` from \`credits_private.job_request_fields\`, where a bound is changed. Texts are counted in
 * characters, white space around them not among the least.
 *
 * @module
 */
`;

/** The bounds of requests, for the routes that publish them. */
const bounds: Generated = {
  path: "supabase/functions/_shared/database/bounds.ts",
  async content(pool) {
    const { rows } = await pool.query<Field>(FIELDS);
    const kinds = Map.groupBy(rows, ({ job_type }) => job_type);
    const blocks = Array.from(kinds, ([kind, fields]) => {
      const lines = fields.map(({ field, job_type: _, ...properties }) =>
        `    ${field}: ${literal(properties)},\n`
      );
      return `  ${kind}: {\n${lines.join("")}  },\n`;
    });
    return `${BOUNDS_HEADER}export const BOUNDS = {\n${blocks.join("")}} as const;\n`;
  },
};

/** What `deno task gen:types` writes. */
export const GENERATED = [types, bounds];

/** Makes the content of a generated file from the migrated database at `url`. */
export async function generate(file: Generated, url: string): Promise<string> {
  return await withPool(url, (pool) => file.content(pool));
}

/** Where a generated file is on disk. */
export function locationOf(file: Generated): string {
  return join(CHECKOUT, file.path);
}

function literal(properties: Record<string, unknown>): string {
  const present = Object.entries(properties).filter(([, value]) => value !== null);
  return `{ ${present.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ")} }`;
}
