/**
 * Every rule of the database is broken once, and its pgTAP file must notice: a test that cannot fail proves nothing.
 *
 * @module
 */
import assert from "node:assert/strict";
import postgres from "postgres";
import { type Break, BROKEN_RULES } from "../broken/rules.ts";
import { type Clone, clone } from "../support/clone.ts";

Deno.test("a rule that is broken is noticed by its pgTAP file", async (t) => {
  await using database = await clone(1);
  await database.sql.unsafe(`set role postgres; set search_path = "$user", public, extensions`);
  for (const broken of BROKEN_RULES) {
    await t.step(`${broken.file}_test.sql notices ${broken.what}`, async () => {
      const text = await Deno.readTextFile(`supabase/tests/${broken.file}_test.sql`);
      await database.sql.unsafe("begin");
      try {
        await database.sql.unsafe(await statementOf(broken, database)).simple();
        assert.ok(await fails(text.replace(/^begin;$/m, ""), database), "every assertion held");
      } finally {
        await database.sql.unsafe("rollback");
      }
    });
  }
});

/** The statement that breaks the rule. */
async function statementOf(broken: Break, database: Clone): Promise<string> {
  if ("sql" in broken) return broken.sql;
  const [{ source }] = await database.sql<{ source: string }[]>`
    select pg_get_functiondef(${broken.of}::regproc) as source`;
  const [from, to] = broken.replace;
  assert.ok(source.includes(from), `${broken.of} has no ${from}`);
  return source.replaceAll(from, to);
}

/** Whether an assertion does not hold, or the file cannot even be run to its end. */
async function fails(text: string, database: Clone): Promise<boolean> {
  try {
    const results = await database.sql.unsafe(text).simple();
    const values = results.flat().flatMap((row) => Object.values(row)).filter((value) =>
      typeof value === "string"
    );
    return values.some((value) => /^not ok /m.test(value));
  } catch (error) {
    if (error instanceof postgres.PostgresError) return true;
    throw error;
  }
}
