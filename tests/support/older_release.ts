/**
 * A version that never was: today's without some of what it has, as if it had been released before.
 *
 * @module
 */
import assert from "node:assert/strict";
import { buildDatabase } from "../../local/database/step.ts";
import { readOnce, readToday } from "./adopting.ts";

/** The column that today's `credit_pricing` has and the older one has not. */
export const NEW_COLUMN = "created_at";

/** What the older version's limit was. */
export const OLD_LIMIT = 20;

/** Its number. */
export const OLD_VERSION = "0.9.0";

const API = "functions/_credits/credits-api";

/** A file that the older version has alone. */
export const GONE = `${API}/gone.ts`;

/** Reads it as `readToday` reads today's. */
export const readOlder = readOnce(async (server, extras) => {
  const release = await readToday(server, extras);
  let { schema } = release;
  const change = (from: string | RegExp, to: string) => {
    const changed = schema.replace(from, to);
    assert.notEqual(changed, schema, `the schema has no ${from}`);
    schema = changed;
  };
  const price = /(create table public\.credit_pricing \([^;]*?)\n {2}created_at [^\n]*/;
  change(price, "$1");
  change(/create function public\.refund_job\([^]*?\n(?=revoke all on all functions)/, "");
  change("('balance', 30, 1)", `('balance', ${OLD_LIMIT}, 1)`);
  const files = new Map(release.files).set(GONE, "export {};\n");
  for (const path of ["account.ts", "shop.ts", "app.ts"]) {
    files.set(`${API}/${path}`, `// The first version.\n${release.files.get(`${API}/${path}`)}`);
  }
  return {
    version: OLD_VERSION,
    schema,
    files,
    database: await buildDatabase(server, [{ path: "older", text: schema }]),
  };
});
