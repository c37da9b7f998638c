// What credits-api publishes about a page of usage is what Postgres takes: the same values, with the same answer.
import assert from "node:assert/strict";
import { beyond } from "../support/bounds.ts";
import { ask, type Problem } from "../support/calls.ts";
import { connect } from "../support/clone.ts";
import { operations } from "../support/fuzz/operations.ts";
import { as, grant, signUp, stack } from "../support/people.ts";
import { service } from "../support/service.ts";

const usage = (await operations()).find(({ name }) => name === "get /credits-api/usage");
const { limit, cursor } = usage?.query ?? {};

type Page = { items: { id: string }[]; next_cursor: string | null };
type Question = { limit?: unknown; cursor?: unknown };

/** Somebody with more usage than a page can have, who may ask as often as it takes. */
async function reader() {
  const person = await signUp();
  await grant(person, 10);
  const sql = connect(stack("DB_URL"), 1);
  await sql`select public.reserve_credits(${person.id}, gen_random_uuid(), 0.01, 'test') from generate_series(1, 101)`;
  const forget = () => sql`delete from public.api_rate_limits where identifier = ${person.id}`;
  return {
    /** The ids on the page, or the field that is refused. */
    async http(question: Question): Promise<string[] | string | undefined> {
      await forget();
      const query = new URLSearchParams(Object.entries(question).map(([name, value]) => [name, `${value}`]));
      const { body } = await ask<Page & Problem & { field?: string }>(
        "GET",
        `credits-api/usage?${query}`,
        as(person),
      );
      return body.items?.map(({ id }) => id) ?? body.field ?? body.code;
    },
    /** The ids on the page, or that it is refused. */
    async postgres({ limit, cursor }: Question): Promise<string[] | "refused"> {
      await forget();
      const args = { p_user_id: person.id, p_limit: limit as number, p_cursor: cursor as string };
      const { data } = await service.rpc("read_usage", args);
      return data?.outcome === "ok" ? (data.items as Page["items"]).map(({ id }) => id) : "refused";
    },
    /** The cursor of a page that has only the newest. */
    async firstCursor(): Promise<string> {
      await forget();
      const { data } = await service.rpc("read_usage", { p_user_id: person.id, p_limit: 1 });
      return data?.next_cursor ?? "";
    },
    [Symbol.asyncDispose]: () => sql.end(),
  };
}

Deno.test("a page of usage is asked for by limit and cursor", () => {
  assert.deepEqual(Object.keys(usage?.query ?? {}).toSorted(), ["cursor", "limit"]);
  // Every whole number is taken, and the nearest of 1 to 100 counts.
  assert.deepEqual([limit.type, limit.minimum, limit.maximum], ["integer", undefined, undefined]);
  assert.deepEqual([cursor.type, cursor.pattern], ["string", undefined]);
});

Deno.test("limit: the same whole numbers give the same page, and nothing else is taken", async () => {
  await using one = await reader();
  const counts = { "-2147483648": 1, "-1": 1, 0: 1, 1: 1, 2: 2, 99: 99, 100: 100, 101: 100, 2147483647: 100 };
  for (const [limit, count] of Object.entries(counts)) {
    const page = await one.http({ limit });
    assert.equal(page?.length, count, limit);
    assert.deepEqual(await one.postgres({ limit }), page, limit);
  }
  assert.deepEqual(await one.postgres({}), await one.http({}), "none at all");
  assert.equal((await one.http({ limit: 2147483648 }))?.length, 100, "more than an integer can be");
  for (const limit of ["", "a", "1.5", "1e2", "true", "2147483647;"]) {
    assert.deepEqual([await one.http({ limit }), await one.postgres({ limit })], ["limit", "refused"], limit);
  }
});

Deno.test("cursor: what a page ended with gives the next one, and nothing else is taken", async () => {
  await using one = await reader();
  const [, second] = await one.http({}) as string[];
  const first = await one.firstCursor();
  for (
    const cursor of [
      first,
      "0-00000000-0000-0000-0000-000000000000",
      `99999999999999999-${crypto.randomUUID()}`,
    ]
  ) {
    const page = await one.http({ cursor });
    assert.deepEqual(await one.postgres({ cursor }), page, cursor);
    if (cursor === first) assert.equal(page?.[0], second);
  }
  const id = first.slice(first.indexOf("-") + 1);
  const others = [
    ...beyond(cursor).map(String),
    "",
    `${first} `,
    ` ${first}`,
    first.slice(0, -1),
    id,
    `-${id}`,
  ]
    .concat([`-1-${id}`, `1.5-${id}`, `123456789012345678-${id}`, first.replace(/.$/, "G"), "a".repeat(201)]);
  for (const value of others) {
    const verdicts = [await one.http({ cursor: value }), await one.postgres({ cursor: value })];
    assert.deepEqual(verdicts, ["cursor", "refused"], value);
  }
});
