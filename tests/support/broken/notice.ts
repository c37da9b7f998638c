import assert from "node:assert/strict";
import postgres from "postgres";
import { type Clone, clone } from "../clone.ts";
import { readPgtap } from "../../runner/pgtap_file.ts";
import { type Change, changed } from "./change.ts";

/** How a rule is broken: changes of marked lines, and statements where a rule is a grant, a policy or a constraint. */
export type Break = Step | Step[];
type Step = Change | string;

/**
 * Breaks every rule once, for which its pgTAP file must have an assertion that fails: a test that cannot fail proves nothing.
 * `rules` are, by pgTAP file, what is wrong with the database and how it comes to that.
 */
export function testBroken(rules: Record<string, Record<string, Break>>): void {
  Deno.test("a rule that is broken is noticed by its pgTAP file", async (t) => {
    await using database = await clone(1);
    await stopAtFirstFailure(database);
    for (const [file, breaks] of Object.entries(rules)) {
      const text = await readPgtap(`supabase/tests/${file}_test.sql`);
      const test = text.replace(/^begin;$/m, "").replace(/^(?:rollback|commit);$/m, "");
      await t.step(`${file} holds while no rule is broken`, async () => {
        assert.equal(await noticed(test, [], database), undefined);
      });
      for (const [what, steps] of Object.entries(breaks)) {
        await t.step(`${file} notices ${what}`, async () => {
          assert.ok(await noticed(test, [steps].flat(), database), "every assertion held");
        });
      }
    }
  });
}

/** The assertion that fails, or whatever else keeps the file from its end, once the rule is broken; nothing when all holds. */
async function noticed(test: string, steps: Step[], { sql }: Clone): Promise<string | undefined> {
  await sql.unsafe("begin");
  try {
    for (const step of steps) {
      await sql.unsafe(typeof step === "string" ? step : await statementOf(step, sql)).simple();
    }
    return await failureOf(test, sql);
  } finally {
    await sql.unsafe("rollback");
  }
}

async function failureOf(test: string, sql: postgres.Sql): Promise<string | undefined> {
  try {
    await sql.unsafe(test).simple();
  } catch (error) {
    if (error instanceof postgres.PostgresError) return error.message;
    throw error;
  }
}

/** The function with the marked line, changed. */
async function statementOf(change: Change, sql: postgres.Sql): Promise<string> {
  const found = await sql<{ source: string }[]>`
    select pg_get_functiondef(oid) as source
    from pg_proc
    where pronamespace in ('public'::regnamespace, 'credits_private'::regnamespace)
      and prosrc like ${`%-- rule: ${change.rule}\n%`}`;
  assert.equal(found.length, 1, `${found.length} functions have a line marked with ${change.rule}`);
  return changed(found[0].source, change);
}

/**
 * pgTAP goes on after an assertion that fails; one is enough here, so nobody needs to count those that hold either. Then the
 * session is what a pgTAP file expects.
 */
async function stopAtFirstFailure({ sql }: Clone): Promise<void> {
  await sql.unsafe(`
    create or replace function extensions.ok(boolean, text) returns text language plpgsql as $$
    begin
      if $1 is not true then
        raise exception 'not ok: %', $2;
      end if;
      return 'ok';
    end;
    $$;
    create or replace function extensions.finish(exception_on_failure boolean default null) returns setof text
      language sql as 'select null where false';
    set role postgres;
    set search_path = "$user", public, extensions`).simple();
}
