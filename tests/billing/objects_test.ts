/** Events in full size, as Stripe's API reference has them: read where they are whole, held by name where they are not. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import type Stripe from "stripe";
import * as event from "../../local/stripe/fixtures.ts";
import { keptEvent } from "../../supabase/functions/_billing/event.ts";
import { arena, type Buyer, buyer, state, tell } from "../support/stripe_buyers.ts";

type Changed = { object?: object; omit?: never[] };
type Build = (overrides: Changed) => Stripe.Event;

/** Every event that is handled, as one sale tells it, with the fields that its effect is computed from. */
function handled({ sold }: Buyer): [build: Build, object: object, fields: string[]][] {
  const session = ["id", "payment_status", "amount_total", "currency", "payment_intent"];
  const refund = ["id", "amount", "status", "payment_intent"];
  const dispute = ["id", "amount", "status", "currency", "payment_intent"];
  const all: [unknown, object, string[]][] = [
    [event.checkoutCompletedEvent, sold.session, session],
    [event.checkoutAsyncSucceededEvent, sold.session, session],
    [event.checkoutAsyncFailedEvent, sold.unpaidSession, ["id", "payment_status"]],
    [event.checkoutExpiredEvent, sold.expiredSession, ["id", "payment_status"]],
    [event.chargeRefundedEvent, sold.chargeRefunded(1), ["amount_refunded", "payment_intent"]],
    [event.refundCreatedEvent, sold.refund(1), refund],
    [event.refundUpdatedEvent, sold.refund(1), refund],
    [event.refundFailedEvent, sold.failedRefund(sold.refund(1)), refund],
    [event.disputeCreatedEvent, sold.dispute(), dispute],
    [event.disputeFundsWithdrawnEvent, sold.dispute(), dispute],
    [event.disputeFundsReinstatedEvent, sold.dispute({ status: "won" }), dispute],
    [event.disputeClosedEvent, sold.dispute({ status: "lost" }), dispute],
  ];
  return all.map(([build, object, fields]) => [build as Build, object, fields]);
}

async function reason(sql: postgres.Sql, one: Stripe.Event): Promise<string> {
  const [kept] = await sql<{ outcome: string; reason: string | null }[]>`
    select outcome, reason from public.apply_stripe_event(${sql.json(one as never)})`;
  return `${kept.outcome}: ${kept.reason}`;
}

Deno.test("every event that is handled says by name which field is missing, and changes nothing", async () => {
  const { sql } = await arena();
  const one = await buyer(sql);
  await tell(sql, event.checkoutCompletedEvent({ object: one.sold.session }));
  const before = await state(sql, one);
  for (const [build, object, fields] of handled(one)) {
    for (const field of fields) {
      const missing = `held: missing_field: data.object.${field}`;
      const gone = build({ object, omit: [field as never] });
      assert.equal(await reason(sql, gone), missing, gone.type);
      assert.equal(await reason(sql, build({ object: { ...object, [field]: null } })), missing, gone.type);
    }
  }
  assert.equal(await state(sql, one), before);
});

Deno.test("every other field may be missing, and fields and values nobody knows are harmless", async () => {
  const { sql } = await arena();
  const one = await buyer(sql);
  await tell(sql, event.checkoutCompletedEvent({ object: one.sold.session }));
  for (const [build, object, fields] of handled(one)) {
    const needed = Object.entries(object).filter(([name]) => [...fields, "metadata"].includes(name));
    const bare: Stripe.Event = build({ object });
    bare.data.object = Object.fromEntries(needed) as never;
    assert.equal(await reason(sql, bare), "applied: null", bare.type);
    const strange = { ...object, surprise: { nested: [1, null, "x"] }, livemode: "perhaps" };
    assert.equal(
      await reason(sql, { ...build({ object: strange }), api_version: "2999-01-01" } as never),
      "applied: null",
      bare.type,
    );
  }
});

Deno.test("events beside the point are kept and ignored", async () => {
  const { sql } = await arena();
  const one = await buyer(sql);
  const beside = [
    event.paymentIntentSucceededEvent({ object: one.sold.paymentIntent }),
    event.chargeSucceededEvent({ object: one.sold.charge }),
    event.chargeRefundUpdatedEvent({ object: one.sold.refund(400) }),
    { ...event.chargeSucceededEvent(), type: "charge.teleported" } as never,
  ];
  for (const one of beside) assert.equal(await reason(sql, one), "ignored: null");
  const ids = beside.map(({ id }) => id);
  const [{ count }] = await sql`select count(*)::int from public.stripe_events where id in ${sql(ids)}`;
  assert.equal(count, beside.length);
});

Deno.test("what the webhook picks of an event is what Postgres keeps of it, no field more and none less", async () => {
  const { sql } = await arena();
  const one = await buyer(sql);
  const anywhere = { purchase_id: one.purchase, user_id: one.user, credits: "1.00", note: "x" };
  for (const [build, object] of handled(one)) {
    const whole = build({ object: { ...object, metadata: anywhere } as never });
    const [{ kept }] = await sql`
      select credits_private.without_personal_data(${sql.json(whole as never)}) #> '{data,object}' as kept`;
    assert.deepEqual(keptEvent(whole, "").data.object, kept, whole.type);
  }
});
