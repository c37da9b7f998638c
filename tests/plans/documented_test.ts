/** Every event about plans, with whole objects of both shapes of Stripe's API as its reference has them, comes to the same. */
import assert from "node:assert/strict";
import { clone } from "../support/clone.ts";
import { type Documented, documented } from "../support/plans/documented.ts";
import { type Json, newEvent, type Shape, take } from "../support/plans/events.ts";
import { openShop, outcome } from "../support/plans/crowd.ts";

const START = "2027-01-31T12:00Z";

type Telling = [type: string, object: Json, outcome: string];

/** Everything that Stripe says of a subscription from its beginning to its end, in that order, and what becomes of it. */
async function life(shape: Shape, of: Documented): Promise<Telling[]> {
  const stands = (status: string) => documented(`subscription_${shape}_basil`, of, status);
  const [trialing, active, paused, canceled] = await Promise.all(
    ["trialing", "active", "paused", "canceled"].map(stands),
  );
  const first = { ...of, INVOICE: `in_1_${of.CUSTOMER}` };
  const invoice = (number: number, status: string) =>
    documented(`invoice_${shape}_basil`, { ...of, INVOICE: `in_${number}_${of.CUSTOMER}` }, status);
  const payment: Telling = ["invoice_payment.paid", await documented("invoice_payment", first), "applied"];
  return [
    ["customer.subscription.created", trialing, "applied"],
    ["customer.subscription.trial_will_end", trialing, "ignored"],
    ["customer.subscription.updated", active, "applied"],
    ["invoice.payment_failed", await invoice(1, "open"), "applied"],
    ["invoice.paid", await invoice(1, "paid"), "applied"],
    ...(shape === "since" ? [payment] : []),
    ["invoice.voided", await invoice(2, "void"), "applied"],
    ["invoice.marked_uncollectible", await invoice(3, "uncollectible"), "applied"],
    ["customer.subscription.paused", paused, "applied"],
    ["customer.subscription.resumed", active, "applied"],
    ["customer.subscription.deleted", canceled, "applied"],
    ["customer.deleted", { id: of.CUSTOMER, object: "customer", email: "jennyrosen@example.com" }, "applied"],
  ];
}

Deno.test("a plan's whole life is read alike in both shapes", async () => {
  await using database = await clone(1);
  const { sql } = database;
  await openShop(sql, START);
  const ends = [];
  for (const shape of ["before", "since"] as const) {
    const user = crypto.randomUUID();
    const customer = `cus_${shape}`;
    await sql`insert into auth.users (id, email) values (${user}, ${`${shape}@example.com`})`;
    await sql`select public.keep_stripe_customer(${user}, ${customer}, false)`;
    const start = Date.parse(START) / 1000;
    const of = {
      ...{ CUSTOMER: customer, SUBSCRIPTION: `sub_${shape}`, PRICE: "basic_month" },
      ...{ start, end: start + 28 * 86400 },
    };
    const standings = [];
    for (const [index, [type, object, expected]] of (await life(shape, of)).entries()) {
      const event = newEvent(type, object, (start + index) * 1000);
      assert.equal(await outcome(sql, take(event)), expected, `${type}, ${shape}`);
      const [{ status, paid_for }] = await sql`
        select s.status, s.unpaid_since is null as paid_for from public.subscriptions s where s.id = ${of.SUBSCRIPTION}`;
      if (type !== "invoice_payment.paid") standings.push([type, status, paid_for]);
    }
    const [facts] = await sql`
      select s.stripe_price_id, s.quantity, s.anchor, s.period_start, s.period_end, s.cancel_at, a.available,
        c.erased_at is not null as deleted, (
          select array_agg(status || ' ' || coalesce(decision, '') || ' ' || granted order by id)
          from public.subscription_invoices where subscription_id = s.id
        ) as invoices, (
          select array_agg(replace(payment_intent_id, ${customer}, '') order by 1)
          from public.subscription_payments p join public.subscription_invoices i on i.id = p.invoice_id
          where i.subscription_id = s.id and i.status = 'paid'
        ) as payments
      from public.subscriptions s
      join public.credit_accounts a using (user_id)
      join public.stripe_customers c on c.customer_id = s.customer_id
      where s.id = ${of.SUBSCRIPTION}`;
    ends.push({ standings, ...facts });
  }
  assert.deepEqual(ends[0], ends[1]);
  const { standings, available, deleted, invoices, payments } = ends[0] as Record<string, unknown>;
  assert.deepEqual({ available, deleted, invoices, payments }, {
    available: 1000,
    deleted: true,
    invoices: ["paid full 10.00", "void  0.00", "uncollectible  0.00"],
    payments: ["pi_in_1_"],
  });
  assert.deepEqual(
    (standings as unknown[][]).map(([, status, paidFor]) => `${status}${paidFor ? "" : ", not paid"}`),
    [
      ...["trialing, not paid", "trialing, not paid", "active, not paid", "active, not paid"],
      ...["active", "active", "active", "paused", "active", "canceled", "canceled"],
    ],
  );
  assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
});
