/** What the stand-in for Stripe says of subscriptions, in both shapes of its API, grants what was sold. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { keptEvent } from "../../supabase/functions/_billing/event.ts";
import { clone } from "../support/clone.ts";
import { subscriber } from "../support/plans/subscriber.ts";
import { type Plans, withPlans } from "../support/stripe_subscriptions.ts";

const START = "2027-01-31T12:00Z";
/** Takes in what has been said since the last time, and what is due at `time`. */
function reader(sql: postgres.Sql, { received }: Plans) {
  let seen = 0;
  return async (time: string): Promise<number> => {
    await sql`select set_config('test.now', ${time}, false)`;
    for (; seen < received.length; seen++) {
      const event = keptEvent(received[seen], JSON.stringify(received[seen]));
      const [{ outcome, reason }] = await sql`
        select outcome, reason from public.apply_stripe_event(${sql.json(event)})`;
      assert.notEqual(outcome, "held", `${event.type}: ${reason}`);
    }
    await sql`select public.grant_plan_credits(), public.expire_credits()`;
    assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
    const [{ credits }] = await sql<{ credits: number }[]>`
      select coalesce(sum(available), 0) / 1.0 as credits from public.credit_accounts`;
    return Number(credits) / 100;
  };
}

for (const version of ["2025-02-24.acacia", undefined]) {
  Deno.test(`a plan is sold, renewed and cancelled, told as ${version ?? "the pinned version"} does`, () =>
    withPlans(START, async (plans) => {
      const { stripe, control, customer, subscribe, moveTo, settled } = plans;
      if (version) await control("/dashboard", { api_version: version });
      await using database = await clone(1);
      const { sql } = database;
      const owner = await customer();
      await subscriber(sql, owner, START);
      const read = reader(sql, plans);
      const { id } = await subscribe({ customer: owner, items: [{ price: "basic", quantity: 2 }] });
      await settled();
      assert.equal(await read("2027-01-31T12:01Z"), 20);
      await moveTo("2027-02-28T14:00Z");
      await settled();
      assert.equal(await read("2027-02-28T14:00Z"), 20);
      const [renewed] = await plans.invoices(id);
      const { data: [payment] } = await stripe.invoicePayments.list({ invoice: renewed.id });
      await stripe.refunds.create({ payment_intent: String(payment.payment.payment_intent), amount: 1000 });
      await settled();
      assert.equal(await read("2027-02-28T15:00Z"), 10);
      await stripe.subscriptions.cancel(id);
      await settled();
      assert.equal(await read("2027-03-01T12:00Z"), 10);
      assert.equal(await read("2027-04-01T12:00Z"), 0);
      const [{ status }] = await sql`select status from public.subscriptions`;
      assert.equal(status, "canceled");
    }));
}

Deno.test("a year is paid once and comes month by month", () =>
  withPlans(START, async (plans) => {
    await using database = await clone(1);
    const owner = await plans.customer();
    await subscriber(database.sql, owner, START);
    const read = reader(database.sql, plans);
    await plans.subscribe({ customer: owner, items: [{ price: "basic_year" }] });
    await plans.settled();
    for (const time of ["2027-01-31T12:01Z", "2027-02-28T12:01Z", "2027-03-31T12:01Z", "2027-12-31T12:01Z"]) {
      assert.equal(await read(time), 10, time);
    }
    const [{ grants }] = await database.sql`select count(*)::int as grants from public.plan_grants`;
    assert.equal(grants, 4);
  }));
