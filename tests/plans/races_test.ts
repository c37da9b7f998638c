/** Plans on real connections: whoever comes at the same time, each period grants once, and no order is a deadlock. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { all, clone } from "../support/clone.ts";
import { disagreements, reserve } from "../support/credit_calls.ts";
import * as stripe from "../support/plans/events.ts";
import { CREDITS, newSubscriber, openShop, outcome, setClock } from "../support/plans/crowd.ts";
import { tally, together } from "../support/stripe_buyers.ts";

const [START, NEXT] = ["2027-01-31T12:00Z", "2027-02-28T12:00Z"];
const YEAR = { invoice: "in_1", start: START, end: "2028-01-31T12:00Z", interval: "year" } as const;
const MONTH = { invoice: "in_1", start: START, end: NEXT } as const;

const ACCOUNT = (user: string) => (holder: postgres.TransactionSql) =>
  holder`select from public.credit_accounts where user_id = ${user} for no key update`;

/** How many grants each invoice has, and what can be spent. */
async function ends(sql: postgres.Sql, user: string) {
  const [row] = await sql`
    select available, reserved, debt, (
      select count(*)::int from public.plan_grants g where g.user_id = a.user_id
    ) as grants, (
      select count(*)::int from public.stripe_events where outcome not in ('applied', 'duplicate')
    ) as held
    from public.credit_accounts a where user_id = ${user}`;
  return { ...row };
}

Deno.test("what is due comes once, whether 16 sweeps or as many reservations are first", async () => {
  await using database = await clone(4);
  const { sql } = database;
  await openShop(sql, START);
  const users: string[] = [];
  for (let n = 0; n < 8; n++) {
    const { user, says } = await newSubscriber(sql);
    const { paid, stands } = says(YEAR);
    await outcome(sql, stands);
    await outcome(sql, paid);
    await sql`select public.reserve_credits(${user}, gen_random_uuid(), ${CREDITS.basic}, 'test', null, '{}', '24 hours')`;
    users.push(user);
  }
  await setClock(sql, NEXT);
  const pool = database.connect(24);
  const reservations = users.flatMap((user) =>
    [1, 2].map(() => async () => {
      const answer = await reserve(pool, user, crypto.randomUUID(), CREDITS.basic * 100);
      return answer.outcome;
    })
  );
  const sweeps = Array.from({ length: 16 }, () => async () => {
    await pool`select public.grant_plan_credits()`;
    return "swept";
  });
  const calls = reservations.flatMap((call, index) =>
    index % 2 ? [call, sweeps[index]] : [sweeps[index], call]
  );
  assert.deepEqual(tally(await all(calls.map((call) => call()))), {
    swept: 16,
    reserved: 8,
    insufficient_credits: 8,
  });
  for (const user of users) {
    assert.deepEqual(await ends(sql, user), { available: 0, reserved: 2000, debt: 0, grants: 2, held: 0 });
  }
  assert.deepEqual(await disagreements(sql), []);
});

Deno.test("20 reservations that wait for one account find what is due once", async () => {
  await using database = await clone(4);
  const { sql } = database;
  await openShop(sql, START);
  const { user, says } = await newSubscriber(sql);
  for (const said of Object.values(says(YEAR))) await outcome(sql, said);
  await setClock(sql, NEXT);
  const calls = Array.from(
    { length: 20 },
    () => async (sql: postgres.Sql) =>
      (await reserve(sql, user, crypto.randomUUID(), CREDITS.basic * 50)).outcome,
  );
  const answers = await together(database, ACCOUNT(user), calls);
  assert.deepEqual(tally(answers), { reserved: 4, insufficient_credits: 16 });
  // Two take the month that ends, within its grace, and two the one that begins.
  assert.deepEqual(await ends(sql, user), { available: 0, reserved: 2000, debt: 0, grants: 2, held: 0 });
});

Deno.test("an invoice that is said to be paid 8 times at once, beside a refund of it, grants once and gives back once", async () => {
  await using database = await clone(4);
  const { sql } = database;
  await openShop(sql, START);
  for (let round = 0; round < 4; round++) {
    const { user, says } = await newSubscriber(sql);
    const [one, other] = [says(MONTH), says(MONTH)];
    const said = Array.from({ length: 8 }, (_, index) => index % 2 ? one.paid : other.paid);
    const at = Date.parse(START);
    const refund = stripe.take(
      stripe.newEvent("refund.created", stripe.refund({ id: `in_1_${user}` }, 400), at),
    );
    said.splice(2 * round, 0, refund, one.stands);
    const hold = round % 2
      ? ACCOUNT(user)
      : (holder: postgres.TransactionSql) =>
        holder`insert into public.stripe_payments (payment_intent_id) values (${`pi_in_1_${user}`})`;
    await together(database, hold, said.map((one) => (sql: postgres.Sql) => outcome(sql, one)));
    assert.deepEqual(await ends(sql, user), { available: 600, reserved: 0, debt: 0, grants: 1, held: 0 });
  }
  assert.deepEqual(await disagreements(sql), []);
});

Deno.test("a change of plan beside the renewal: the larger plan's credits, and those alone, in any order", async () => {
  await using database = await clone(4);
  const { sql } = database;
  await openShop(sql, START);
  for (let round = 0; round < 4; round++) {
    await setClock(sql, START);
    const { user, says } = await newSubscriber(sql);
    for (const said of Object.values(says(MONTH))) await outcome(sql, said);
    await setClock(sql, "2027-02-28T13:05Z");
    const renewed = says({ invoice: "in_2", start: NEXT, end: "2027-03-31T12:00Z" });
    const larger = says({
      ...{ invoice: "in_3", start: "2027-02-28T13:00Z", end: "2027-03-28T13:00Z" },
      ...{ plan: "pro", reason: "subscription_update" },
    });
    const said = [renewed.paid, larger.paid, renewed.stands, larger.stands].flatMap((
      one,
    ) => [one, one, one, one]);
    const turned = [...said.slice(4 * round), ...said.slice(0, 4 * round)];
    await together(database, ACCOUNT(user), turned.map((one) => (sql: postgres.Sql) => outcome(sql, one)));
    const { available, debt, held } = await ends(sql, user) as Record<string, number>;
    assert.deepEqual(
      { available, debt, held },
      { available: CREDITS.pro * 100, debt: 0, held: 0 },
      `round ${round}`,
    );
    const [subscription] =
      await sql`select stripe_price_id, unpaid_since from public.subscriptions where user_id = ${user}`;
    assert.deepEqual({ ...subscription }, { stripe_price_id: "pro_month", unpaid_since: null });
  }
  assert.deepEqual(await disagreements(sql), []);
});
