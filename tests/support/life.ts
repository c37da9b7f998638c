/**
 * What happens to credits in any version of them, as rows in a database.
 *
 * @module
 */
import assert from "node:assert/strict";
import type postgres from "postgres";

/** Whose credits they are, and a job of Ada's that was charged for two credits. */
export interface Life {
  ada: string;
  bob: string;
  job: string;
}

/** Bonus, grant, expiry, hold, charge, release, debt, limit, price, a purchase that was paid and an event that is held. */
export async function live(sql: postgres.Sql): Promise<Life> {
  const [ada, bob, job] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  await sql.unsafe(`
    insert into auth.users (id, email, email_confirmed_at)
    values ('${ada}', 'ada@example.com', now()), ('${bob}', 'bob@example.com', now());
    select public.grant_credits('${ada}', 10, 'promotion', 'gift', now() + interval '1 year', 'a gift');
    select public.reserve_credits('${ada}', gen_random_uuid(), 1, 'test');
    select public.reserve_credits('${ada}', '${job}', 3, 'test'), public.confirm_credits('${ada}', '${job}', 2);
    with job as (select gen_random_uuid() as id)
    select public.reserve_credits('${ada}', id, 3, 'test'), public.release_credits('${ada}', id, 'failed') from job;
    select public.adjust_credits('${bob}', -20, 'chargeback', 'by hand');
    select public.check_rate_limit('${ada}', 'test', 5);
    insert into public.credit_pricing (action, credits, unit, description) values ('test', 1, 'each', 'a test');
    select public.create_checkout('${ada}', (select min(id::text)::uuid from public.credit_packs));`);
  const [sale] = await sql`select id, amount_cents::int as amount, currency from public.credit_purchases`;
  for (const [id, purchase] of [["paid", sale.id], ["held", crypto.randomUUID()]]) {
    await sql`select public.apply_stripe_event(${sql.json(paid(id, ada, { ...sale, id: purchase }))})`;
  }
  const states = await sql`select outcome from public.stripe_events order by id`;
  assert.deepEqual(states.map(({ outcome }) => outcome), ["held", "applied"]);
  return { ada, bob, job };
}

function paid(id: string, user: string, sale: postgres.Row) {
  const session = {
    id: `cs_${id}`,
    object: "checkout.session",
    mode: "payment",
    payment_status: "paid",
    payment_intent: `pi_${id}`,
    amount_total: sale.amount,
    amount_subtotal: sale.amount,
    currency: sale.currency,
    metadata: { purchase_id: sale.id, user_id: user },
  };
  const type = "checkout.session.completed";
  return {
    id: `evt_${id}`,
    object: "event",
    type,
    livemode: false,
    created: 1893499200,
    data: { object: session },
  };
}
