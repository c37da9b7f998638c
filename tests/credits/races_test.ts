/** H1: on real connections no credit is lost or minted, and nothing deadlocks, whatever happens at once. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { all, type Clone, clone } from "../support/clone.ts";
import { confirm, disagreements, grant, release, reserve } from "../support/credit_calls.ts";
import { Customer } from "../support/credit_load.ts";
import { reconcile } from "../support/credit_reconciliation.ts";
import { effort } from "../support/effort.ts";

const CONNECTIONS = 16;
const CALLERS = 50;

async function load(customers: Customer[], operations: number) {
  await using database = await clone(CONNECTIONS);
  const work = async () => {
    while (operations-- > 0) await customers[operations % customers.length].next()(database.sql);
  };
  await all(Array.from({ length: CONNECTIONS }, work));
  await reconcile(database.sql, customers);
}

/** One database and its callers for all races, each of which has users of its own. */
interface Arena {
  database: Clone;
  callers: postgres.Sql;
}

let opened: Promise<Arena> | undefined;

function arena(): Promise<Arena> {
  return opened ??= clone(2).then((database) => ({ database, callers: database.connect(CALLERS) }));
}

Deno.test.afterAll(async () => await (await opened)?.database[Symbol.asyncDispose]());

/** Answers of callers that all wait for the account's lock when it is let go, so that they truly race. */
async function race<T>(
  { database, callers }: Arena,
  user: string,
  call: (sql: postgres.Sql, index: number) => Promise<T>,
): Promise<T[]> {
  const { answers } = await database.sql.begin(async (holder) => {
    await holder`select from public.credit_accounts where user_id = ${user} for update`;
    const answers = all(Array.from({ length: CALLERS }, (_, index) => call(callers, index)));
    await Promise.race([answers, allWaiting(database.sql)]);
    return { answers };
  });
  return await answers;
}

async function allWaiting(sql: postgres.Sql) {
  const waiting = () =>
    sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await waiting()).length < CALLERS);
}

async function oneUser(database: Clone): Promise<string> {
  const user = crypto.randomUUID();
  await grant(database.sql, user, "first", 10_000);
  return user;
}

/** How often each outcome came. */
function tally(answers: { outcome: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

Deno.test("H1: mixed operations on one user over 16 connections lose and mint nothing", () => {
  return load([new Customer()], effort(10_000));
});

Deno.test("H1: mixed operations over many users, with sweeps across them, lose and mint nothing", () => {
  return load(Array.from({ length: effort(100) }, () => new Customer()), effort(10_000));
});

Deno.test("50 concurrent reservations of one job hold its credits once", async () => {
  const { database, callers } = await arena();
  const user = await oneUser(database);
  const job = crypto.randomUUID();
  const answers = await race({ database, callers }, user, (sql) => reserve(sql, user, job, 100));
  assert.deepEqual(tally(answers), { reserved: 1, already_reserved: CALLERS - 1 });
  for (const { amount, available, reserved } of answers) {
    assert.deepEqual({ amount, available, reserved }, { amount: 100, available: 9_900, reserved: 100 });
  }
  assert.deepEqual(await disagreements(database.sql), []);
});

Deno.test("50 concurrent reservations of different jobs hold no more than there is", async () => {
  const { database, callers } = await arena();
  const user = await oneUser(database);
  const answers = await race(
    { database, callers },
    user,
    (sql) => reserve(sql, user, crypto.randomUUID(), 300),
  );
  assert.deepEqual(tally(answers), {
    reserved: 33,
    insufficient_credits: CALLERS - 33,
  });
  assert.deepEqual(await disagreements(database.sql), []);
});

Deno.test("a reservation that is confirmed and released at once ends one way for everybody", async () => {
  const { database, callers } = await arena();
  const user = await oneUser(database);
  const job = crypto.randomUUID();
  await reserve(database.sql, user, job, 100);
  // Another hold, so that what is reserved never runs out and only the reservation itself can say that it has ended.
  await reserve(database.sql, user, crypto.randomUUID(), 5_000);
  const answers = await race(
    { database, callers },
    user,
    (sql, index) => index % 2 ? confirm(sql, user, job) : release(sql, user, job),
  );
  const charged = answers.some((a) => a.outcome === "confirmed");
  const expected = charged
    ? { confirmed: 1, already_confirmed: CALLERS - 1 }
    : { released: 1, already_released: CALLERS - 1 };
  assert.deepEqual(tally(answers), expected);
  for (const { available, reserved } of answers) {
    assert.deepEqual([available, reserved], [charged ? 4_900 : 5_000, 5_000]);
  }
  assert.deepEqual(await disagreements(database.sql), []);
});

Deno.test("50 concurrent grants with one key add one batch", async () => {
  const { database, callers } = await arena();
  const user = await oneUser(database);
  const answers = await race(
    { database, callers },
    user,
    (sql, index) => grant(sql, user, "second", 100 + index),
  );
  assert.deepEqual(tally(answers), { granted: 1, already_granted: CALLERS - 1 });
  assert.equal(new Set(answers.map((a) => `${a.amount} ${a.available}`)).size, 1);
  assert.deepEqual(await disagreements(database.sql), []);
});

Deno.test("50 concurrent first grants of a new user open one account", async () => {
  const { database, callers } = await arena();
  const user = crypto.randomUUID();
  await all(Array.from({ length: CALLERS }, (_, index) => grant(callers, user, `key ${index}`, 100)));
  const [account] = await database
    .sql`select available::numeric from public.credit_accounts where user_id = ${user}`;
  assert.equal(account.available, CALLERS * 100);
  assert.deepEqual(await disagreements(database.sql), []);
});

Deno.test("reservations that race the first grant of their user hold one job's credits once", async () => {
  const { database, callers } = await arena();
  await all(Array.from({ length: effort(200) }, async () => {
    const user = crypto.randomUUID();
    const job = crypto.randomUUID();
    const reserving = Array.from({ length: 6 }, () => reserve(callers, user, job, 100));
    await all<unknown>([grant(callers, user, "first", 100), ...reserving]);
  }));
  assert.deepEqual(await disagreements(database.sql), []);
});
