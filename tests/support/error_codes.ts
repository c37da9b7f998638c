/**
 * Every error that a function can answer with, as the domains declare them.
 *
 * @module
 */
import { join, relative } from "node:path";
import { z } from "zod";

const CHECKOUT = join(import.meta.dirname ?? "", "../..");
const FUNCTIONS = join(CHECKOUT, "supabase/functions");

const Problems = z.record(z.string(), z.object({ code: z.string(), status: z.int() }).loose());

/** The domains' errors, by the file that declares them. */
export const PROBLEMS: Record<string, z.infer<typeof Problems>> = {};

for (const folder of ["_shared/http", ...[...Deno.readDirSync(FUNCTIONS)].map(({ name }) => name).sort()]) {
  const file = join(FUNCTIONS, folder, "errors.ts");
  if (!await Deno.stat(file).catch(() => null)) continue;
  const tables = Object.values(await import(file)).map((value) => Problems.safeParse(value));
  PROBLEMS[relative(CHECKOUT, file)] = Object.assign({}, ...tables.map(({ data }) => data));
}

/** The status of each code. */
export const STATUS: Record<string, number> = Object.fromEntries(
  Object.values(PROBLEMS).flatMap((problems) => Object.values(problems)).map((
    { code, status },
  ) => [code, status]),
);
