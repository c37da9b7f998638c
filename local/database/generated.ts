/** The files of the functions that are made from what the migrations build. */
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import { join } from "node:path";
import type pg from "pg";
import { CHECKOUT } from "../checkout.ts";
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

/** A row of `credits_private.job_request_fields`. */
interface RequestField {
  job_type: string;
  field: string;
  rule: Record<string, unknown>;
}

const REQUEST_FIELDS = `
select
  job_type, field,
  json_strip_nulls(json_build_object(
    'kind', kind, 'least', least, 'most', most, 'required', required, 'fallback', fallback
  )) as rule
from credits_private.job_request_fields
order by job_type, position`;

const BOUNDS_HEADER = `/**
 * What a request for work may say, field by field, in the order in which Postgres checks it.
 *
 * Made by \`deno task gen:types\` from \`credits_private.job_request_fields\`, where a bound is changed. Texts are counted in
 * characters, and only those that can be seen are among the least.
 *
 * @module
 */
`;

/** The bounds of what may be ordered, which Postgres enforces and the functions publish. */
const bounds: Generated = {
  path: "supabase/functions/_shared/database/bounds.ts",
  async content(pool) {
    const { rows: [{ there }] } = await pool.query(
      "select to_regclass('credits_private.job_request_fields') is not null as there",
    );
    // Whoever takes the credits alone has no orders.
    const { rows } = there ? await pool.query<RequestField>(REQUEST_FIELDS) : { rows: [] };
    const products = [...Map.groupBy(rows, ({ job_type }) => job_type)].map(([name, fields]) =>
      `  ${name}: {\n${fields.map(fieldLine).join("")}  },\n`
    );
    return `${BOUNDS_HEADER}export const BOUNDS = {\n${products.join("")}} as const;\n`;
  },
};

function fieldLine({ field, rule }: RequestField): string {
  const entries = Object.entries(rule).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `    ${field}: { ${entries.join(", ")} },\n`;
}

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
