/** Any order of the same events, each delivered any number of times, ends in the same credits and the same purchase. */
import assert from "node:assert/strict";
import { type Clone, clone } from "../support/clone.ts";
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

/** A database for each processor. */
const databases = await Promise.all(
  Array.from({ length: navigator.hardwareConcurrency }, async () => {
    const database = await clone(1, { jit: "off" });
    await database.sql.unsafe(WALK).simple();
    return database;
  }),
);

Deno.test.afterAll(async () => {
  for (const database of databases) await database[Symbol.asyncDispose]();
});

/** Walks the orders of the stream that begin with one of `firsts`, and leaves the database as it was. */
async function walk(stream: Stream, firsts: number[], { sql }: Clone): Promise<Found> {
  const { user, purchase, bonus, steps } = stream;
  await sql.unsafe("begin");
  try {
    await sql`insert into auth.users (id, email) values (${user}, ${`${user}@example.com`})`;
    await sql`insert into public.credit_purchases (id, user_id, credits, amount_cents, currency)
      values (${purchase}, ${user}, 10, 1000, 'usd')`;
    if (bonus > 0) await sql`select public.grant_credits(${user}, ${bonus}, 'promotion', 'bonus')`;
    const all = sql`array(select jsonb_array_elements(${sql.json(steps as never)}))`;
    const [found] = await sql<Found[]>`
      select (w).* from (select permutations.walk(${all}, ${firsts}) as w offset 0) w`;
    return found;
  } finally {
    await sql.unsafe("rollback");
  }
}

/** Every order of the stream, in all databases at once. */
async function walkAll(stream: Stream): Promise<{ orders: number; endings: Reached[] }> {
  const found = await Promise.all(databases.map((database, share) => {
    const steps = [...stream.steps.keys()].filter((step) => step % databases.length === share);
    return walk(stream, steps.map((step) => step + 1), database);
  }));
  assert.deepEqual(found.flatMap(({ problems }) => problems), []);
  const endings = new Set(found.flatMap(({ endings }) => endings));
  return {
    orders: found.reduce((sum, { orders }) => sum + Number(orders), 0),
    endings: [...endings].map((text) => JSON.parse(text)),
  };
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
    const { orders, endings } = await walkAll(stream);
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
