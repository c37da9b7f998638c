// H3, M2: what anon, a stranger and the owner can do through the Data API, on every table, view and column there is.
import assert from "node:assert/strict";
import type { SupabaseClient } from "@supabase/supabase-js";
import { client } from "../support/people.ts";
import { giveEverything } from "../support/attack/belongings.ts";
import { database, unchanged } from "../support/attack/state.ts";
import { sharedScene } from "../support/attack/shared_scene.ts";
import { relations } from "../support/attack/victim.ts";

const sql = database();
const { ana, eve, purchaseId, ids, marks } = await sharedScene(giveEverything);
const tables = await relations(sql);

/** The same client, for tables whose names only the catalog knows. */
const untyped = (typed: unknown) => typed as SupabaseClient;
const CALLERS = { anon: untyped(client()), eve: untyped(eve.client), ana: untyped(ana.client) };

/** What gives a row away as Ana's. */
const MARKS = [ana.id, ana.email, purchaseId, ...ids, ...marks];

/**
 * No privilege; or, refused before privileges are looked at, a column whose value only the database makes, or a view
 * of two tables, which nobody can write to.
 */
const REFUSED = ["42501", "428C9", "55000"];

interface Answer {
  data: unknown;
  error: { code: string } | null;
}

async function refused(what: string, query: PromiseLike<Answer>): Promise<void> {
  const { data, error } = await query;
  assert.ok(data === null && REFUSED.includes(error?.code ?? ""), `${what}: ${error?.code}`);
}

/** Everything that can be asked of a relation without naming what it may not be asked for. */
function everyQuestion(
  who: SupabaseClient,
  name: string,
  columns: string[],
): Record<string, PromiseLike<Answer>> {
  const from = () => who.from(name);
  const each = columns.flatMap((column) => [
    [column, from().select(column)],
    [`${column} as a filter`, from().select(columns[0]).not(column, "is", null)],
    [`${column} as the order`, from().select(columns[0]).order(column)],
  ]);
  return Object.fromEntries([["*", from().select("*")], ...each]);
}

// That no column has a privilege of its own beside those listed there is `supabase/tests/grants_test.sql`'s to say.
Deno.test("H3: anon reads nothing of anything", async () => {
  for (const { name, columns } of tables) {
    for (const asked of ["*", columns[0]]) {
      await refused(`${name}.${asked}`, CALLERS.anon.from(name).select(asked));
    }
  }
});

Deno.test("H3: a stranger sees no row that is somebody else's, whatever the column, filter, order or count", async () => {
  const [{ readable }] = await sql<{ readable: string[] }[]>`
    select array_agg(relname::text) as readable from pg_class
    where relnamespace = 'public'::regnamespace and has_any_column_privilege('authenticated', oid, 'select')`;
  for (const { name, columns: all, isPersonal } of tables) {
    // Where no column can be read, one is as good as all.
    const columns = readable.includes(name) ? all : all.slice(0, 1);
    for (const [question, query] of Object.entries(everyQuestion(CALLERS.eve, name, columns))) {
      const { data, error } = await query;
      assert.ok(data || REFUSED.includes(error?.code ?? ""), `${name}: ${question}: ${error?.code}`);
      for (const mark of MARKS) assert.ok(!JSON.stringify(data).includes(mark), `${name}: ${question}`);
    }
    if (!isPersonal || !all.includes("user_id")) continue;
    const { count } = await CALLERS.eve.from(name).select("user_id", { count: "exact", head: true });
    const [own] = await sql`select count(*)::int from ${sql(`public.${name}`)} where user_id = ${eve.id}`;
    assert.ok(count === null || count === own.count, `${name} counts ${count} rows`);
  }
  const mine = await ana.client.from("credit_purchases").select("id").eq("id", purchaseId).single();
  assert.equal(mine.data?.id, purchaseId, "the owner does see hers, by the same road");
});

Deno.test("H3: a stranger reaches nobody's rows through a relation, either", async () => {
  const links = await sql<{ name: string; other: string }[]>`
    select conrelid::regclass::text as name, confrelid::regclass::text as other
    from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace`;
  assert.ok(links.length > 3);
  for (const { name, other } of links.flatMap((link) => [link, { name: link.other, other: link.name }])) {
    for (const who of [CALLERS.anon, CALLERS.eve]) {
      for (const inner of ["", "!inner"]) {
        const { data } = await who.from(name).select(`*, ${other}${inner}(*)`);
        for (const mark of MARKS) assert.ok(!JSON.stringify(data).includes(mark), `${name} with ${other}`);
      }
    }
  }
});

Deno.test("M2: not even its owner reads, filters or orders by metadata", async () => {
  const holders = tables.filter(({ columns }) => columns.includes("metadata"));
  assert.ok(holders.length > 0);
  for (const { name } of holders) {
    const from = () => CALLERS.ana.from(name);
    await refused(`${name}: metadata`, from().select("metadata"));
    await refused(`${name}: a part of metadata`, from().select("metadata->prompt"));
    await refused(`${name}: everything`, from().select("*"));
    await refused(`${name}: a guess`, from().select("id").eq("metadata->>prompt", "spent"));
    await refused(`${name}: the order`, from().select("id").order("metadata"));
  }
});

Deno.test("H3: nobody writes anything directly, not even what is theirs", async () => {
  await unchanged(sql, async () => {
    for (const [caller, who] of Object.entries(CALLERS)) {
      for (const { name, columns } of tables) {
        await refused(`${caller} deletes ${name}`, who.from(name).delete());
        if (columns.includes("user_id")) {
          await refused(`${caller} deletes ${name}`, who.from(name).delete().eq("user_id", ana.id));
        }
        await refused(`${caller} upserts ${name}`, who.from(name).upsert({ [columns[0]]: null }));
        const row = { [columns[0]]: null };
        await refused(`${caller} inserts ${name}`, who.from(name).insert(row));
        await refused(`${caller} updates ${name}`, who.from(name).update(row));
      }
    }
  });
});

Deno.test("H3: no schema but public is served", async () => {
  const schemas = await sql<
    { name: string }[]
  >`select nspname as name from pg_namespace where nspname <> 'public'`;
  for (const { name } of schemas) {
    const inside = await sql<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = ${name}::regnamespace and relkind in ('r', 'v') limit 3`;
    for (const who of Object.values(CALLERS)) {
      for (const table of inside) {
        const { data, error } = await who.schema(name).from(table.name).select("*");
        assert.ok(data === null && error, `${name}.${table.name}`);
      }
    }
  }
});

Deno.test.afterAll(() => sql.end());
