/** Any order of the same events, each delivered any number of times, ends in the same credits and the same purchase. */
import assert from "node:assert/strict";
import { clone } from "../support/clone.ts";
import { type Stream, STREAMS } from "../support/stripe_streams.ts";

interface Found {
  orders: string;
  endings: string[];
  problems: string[];
}

interface Reached {
  available: number;
  reserved: number;
  debt: number;
  spent: number;
  purchases: { status: string; paid_cents: number; revoked_credits: number }[];
  events: string[];
}

const WALK = await Deno.readTextFile(new URL("../support/permutations.sql", import.meta.url));

const database = await clone(1);
await database.sql.unsafe(WALK).simple();
Deno.test.afterAll(() => database[Symbol.asyncDispose]());

/** Walks all orders of the stream, and leaves the database as it was. */
async function walk(
  { user, purchase, bonus, steps }: Stream,
): Promise<{ orders: number; endings: Reached[] }> {
  const { sql } = database;
  await sql.unsafe("begin");
  try {
    await sql`insert into auth.users (id, email) values (${user}, ${`${user}@example.com`})`;
    await sql`insert into public.credit_purchases (id, user_id, credits, amount_cents, currency)
      values (${purchase}, ${user}, 10, 1000, 'usd')`;
    if (bonus > 0) await sql`select public.grant_credits(${user}, ${bonus}, 'promotion', 'bonus')`;
    const all = sql`array(select jsonb_array_elements(${sql.json(steps as never)}))`;
    const [{ orders, endings, problems }] = await sql<Found[]>`
      select (w).* from (select permutations.walk(${all}) as w offset 0) w`;
    assert.deepEqual(problems, []);
    return { orders: Number(orders), endings: endings.map((text) => JSON.parse(text)) };
  } finally {
    await sql.unsafe("rollback");
  }
}

function check(stream: Stream, endings: Reached[]): void {
  const { ending, bonus } = stream;
  for (const reached of endings) {
    const [bought] = reached.purchases;
    assert.deepEqual([bought.status, bought.revoked_credits], [ending.status, ending.revoked]);
    const granted = (ending.paid ?? true ? 10 : 0) - ending.revoked + bonus;
    const net = reached.available + reached.reserved - reached.debt + reached.spent;
    assert.equal(net.toFixed(2), granted.toFixed(2), JSON.stringify(reached));
    const held = reached.events.filter((text) => text.includes(" held ")).map((text) => text.split(" ")[2]);
    assert.deepEqual(held.sort(), ending.held ?? []);
  }
}

for (const stream of STREAMS) {
  Deno.test(`any order, any copies: ${stream.name}`, async () => {
    const { orders, endings } = await walk(stream);
    assert.equal(orders, factorial(stream.steps.length));
    check(stream, endings);
    // What the user could spend depends on when; everything else depends on that alone.
    const spendings = new Set(endings.map(({ spent, reserved }) => `${spent} ${reserved}`));
    assert.equal(endings.length, spendings.size, JSON.stringify(endings, null, 1));
  });
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
