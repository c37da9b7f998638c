/**
 * Ana's subscription.
 *
 * @module
 */
import assert from "node:assert/strict";
import type postgres from "postgres";
import type { Person } from "../people.ts";

/** Gives Ana a plan, and lets her look at another one. */
export async function subscribe(sql: postgres.Sql, ana: Person): Promise<void> {
  const name = crypto.randomUUID();
  const price = `price_${name}`;
  const [plan] = await sql`insert into public.plans (name) values (${name}) returning id`;
  await sql`
    with version as (
      insert into public.plan_versions (plan_id, version, credits) values (${plan.id}, 1, 1) returning id
    )
    insert into public.plan_prices (stripe_price_id, version_id, "interval", amount_cents)
    select ${price}, id, 'month', 100 from version`;
  await sql`select public.create_subscription_checkout(${ana.id}, ${plan.id})`;
  const [{ customer_id: customer }] = await sql`
    select customer_id from public.stripe_customers where user_id = ${ana.id} and erase_at is null`;
  const start = Math.floor(Date.now() / 1000);
  const period = { price, quantity: 1, start, end: start + 30 * 24 * 3600 };
  const ids = { subscription: `sub_${name}`, customer, id: `in_${name}` };
  const invoice = {
    ...{
      ...ids,
      object: "invoice",
      status: "paid",
      billing_reason: "subscription_create",
      currency: "usd",
      total: 100,
    },
    ...{
      lines: [{ ...period, amount: 100, proration: false }],
      payments: [{ payment_intent: `pi_${name}` }],
    },
  };
  const subscription = {
    ...ids,
    object: "subscription",
    id: ids.subscription,
    status: "active",
    anchor: start,
    items: [period],
  };
  const told = { "invoice.paid": invoice, "customer.subscription.created": subscription };
  for (const [type, object] of Object.entries(told)) {
    const event = { id: `evt_${crypto.randomUUID()}`, type, created: start, data: { object } };
    const [{ outcome }] = await sql`select outcome from public.apply_stripe_event(${sql.json(event)})`;
    assert.equal(outcome, "applied");
  }
  // Stripe's stand-in knows nothing of it, and whoever shares this stack would be offered it.
  await sql`update public.plans set active = false where id = ${plan.id}`;
}
