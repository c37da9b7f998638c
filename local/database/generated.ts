import { extract } from "@supabase/pg-delta/extract";
import { exportSqlFiles } from "@supabase/pg-delta/frontends";
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import { join } from "node:path";
import pg from "pg";
import { CHECKOUT } from "./migrations.ts";

/** A file that is made from what the migrations build. */
export interface Generated {
  /** Path in the checkout. */
  path: string;
  /** Makes its content from a migrated database. */
  content(pool: pg.Pool): Promise<string>;
}

/** The types of the functions, by the engine behind `supabase gen types`, which itself needs Docker. */
export const types: Generated = {
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

/** The bounds of what may be ordered, which Postgres enforces and the functions publish. */
export const bounds: Generated = {
  path: "supabase/functions/_shared/database/bounds.ts",
  async content(pool) {
    const { rows } = await pool.query<RequestField>(`
      select
        job_type, field,
        json_strip_nulls(json_build_object(
          'kind', kind, 'least', least, 'most', most, 'required', required, 'fallback', fallback
        )) as rule
      from credits_private.job_request_fields
      order by job_type, position`);
    const products = [...Map.groupBy(rows, ({ job_type }) => job_type)].map(([name, fields]) =>
      `  ${name}: {\n${fields.map(fieldLine).join("")}  },\n`
    );
    return `${BOUNDS_HEADER}export const BOUNDS = {\n${products.join("")}} as const;\n`;
  },
};

const BOUNDS_HEADER = `/**
 * What a request for work may say, field by field, in the order in which Postgres checks it.
 *
 * Made by \`deno task gen:types\` from \`credits_private.job_request_fields\`, where a bound is changed. Texts are counted in
 * characters, white space around them not among the least.
 *
 * @module
 */
`;

function fieldLine({ field, rule }: RequestField): string {
  const entries = Object.entries(rule).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `    ${field}: { ${entries.join(", ")} },\n`;
}

const HEADER =
  `-- What the migrations build, object by object: made by \`deno task gen:schema\`, not to be edited and not to be applied.
`;

/** Everything here belongs to `postgres`, which needs no saying. */
const OWNER = /^alter [^;]*\bowner to "postgres";$/;

/** What the migrations add to the platform's own tables. */
const ADDED = /^create (trigger|policy)/;

/** Today's tables, types, functions and grants, which the migrations only have in the order they came about. */
export const schema: Generated = {
  path: "supabase/schema.sql",
  async content(pool) {
    const { factBase } = await extract(pool);
    const files = exportSqlFiles(factBase, { layout: "by-object", format: { keywordCase: "lower" } });
    const sections = files.toSorted((one, other) => rank(one.name) < rank(other.name) ? -1 : 1).map(
      ({ name, sql }) => {
        const statements = sql.trim().split(/\n\n(?=[a-z]+ )/);
        if (/^schemas\/(public|private)\//.test(name)) return statements.filter((text) => !OWNER.test(text));
        return statements.filter((text) => ADDED.test(text));
      },
    );
    return [
      HEADER,
      ...sections.filter((section) => section.length).map((section) => section.join("\n\n") + "\n"),
    ].join("\n");
  },
};

/** Tables and what they are made of first, then the functions, public before private. */
function rank(name: string): string {
  const [, home, kind] = name.split("/");
  const kinds = ["domains", "types", "tables", "views", "functions"];
  return `${kinds.indexOf(kind)} ${home === "public" ? 0 : 1} ${name}`;
}

/** Makes the content of a generated file from the migrated database at `url`. */
export async function generate(file: Generated, url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url });
  // A connection that the server ends while it is being closed is none of our business: neither the connection's own
  // word of it, nor the pool's, which passes it on.
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", () => {});
  try {
    return await file.content(pool);
  } finally {
    await pool.end();
  }
}

/** Where a generated file is on disk. */
export function locationOf(file: Generated): string {
  return join(CHECKOUT, file.path);
}
