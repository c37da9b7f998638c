/**
 * Buyers with full-size events of Stripe's, for the tests that race on real connections.
 *
 * @module
 */
import assert from "node:assert/strict";
import type postgres from "postgres";
import type Stripe from "stripe";
import * as event from "../../local/stripe/fixtures.ts";
import { type Clone, clone, type Queries } from "./clone.ts";

/** Somebody who is about to pay, and everything that Stripe will know of it. */
export interface Buyer {
  user: string;
  purchase: string;
  sold: event.Sale;
}

/** Somebody with an open purchase of 10 credits for 10.00 usd. */
export async function buyer(sql: postgres.Sql): Promise<Buyer> {
  const [user, purchase] = [crypto.randomUUID(), crypto.randomUUID()];
  await sql`insert into auth.users (id, email) values (${user}, ${`${user}@example.com`})`;
  await sql`insert into public.credit_purchases (id, user_id, credits, amount_cents, currency)
    values (${purchase}, ${user}, 10, 1000, 'usd')`;
  return { user, purchase, sold: event.sale({ amount: 1000, metadata: { purchase_id: purchase } }) };
}

/** Takes an event in and returns its outcome. */
export async function tell(sql: Queries, one: Stripe.Event): Promise<string> {
  const [{ outcome }] = await sql<{ outcome: string }[]>`
    select outcome from public.apply_stripe_event(${sql.json(one as never)})`;
  return outcome;
}

/** Attaches the buyer's session as the checkout does. */
export async function attach(sql: postgres.Sql, { user, purchase, sold }: Buyer): Promise<string> {
  const [{ outcome }] = await sql<{ outcome: string }[]>`
    select outcome from public.attach_checkout_session(${user}, ${purchase}, ${sold.session.id}, '2100-01-01', false)`;
  return outcome;
}

/** Where the buyer's purchase and credits stand, in words. */
export async function state(sql: postgres.Sql, { user, purchase }: Buyer): Promise<string> {
  const [row] = await sql<{ text: string }[]>`
    select format('%s %s, %s granted, %s owed', p.status, a.available, (
      select count(*) from public.credit_ledger l where l.user_id = p.user_id and l.kind = 'grant'
    ), a.debt) as text
    from public.credit_purchases p left join public.credit_accounts a using (user_id)
    where p.id = ${purchase} and p.user_id = ${user}`;
  return row.text;
}

let opened: Promise<Clone> | undefined;

/** One database for all tests of a process that look at their own buyers alone: each connection to another learns everything anew. */
export function arena(): Promise<Clone> {
  return opened ??= clone(4);
}

Deno.test.afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());

const MOST_CALLERS = 50;
/** Connections are dear; those to one database are used again. */
const callersOf = new WeakMap<Clone, postgres.Sql>();

/** Lets `calls` start while a transaction holds what they need, and go on together when that ends. */
export async function together<T>(
  database: Clone,
  hold: (holder: postgres.TransactionSql) => Promise<unknown>,
  calls: ((sql: postgres.Sql) => Promise<T>)[],
  end: "commit" | "rollback" = "rollback",
): Promise<T[]> {
  assert.ok(calls.length <= MOST_CALLERS);
  const callers = callersOf.get(database) ?? database.connect(MOST_CALLERS);
  callersOf.set(database, callers);
  const undone = new Error("undone");
  let answers: Promise<T[]> = Promise.resolve([]);
  let answered = 0;
  await database.sql.begin(async (holder) => {
    await hold(holder);
    answers = Promise.all(calls.map((call) => call(callers).finally(() => answered++)));
    // Some need nothing of what is held and have answered; all others wait.
    while (answered + await waiting(database.sql) < calls.length);
    if (end === "rollback") throw undone;
  }).catch((error) => assert.equal(error, undone));
  return await answers;
}

async function waiting(sql: postgres.Sql): Promise<number> {
  const [{ count }] = await sql<{ count: number }[]>`
    select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return count;
}

/** How often each outcome came. */
export function tally(outcomes: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
