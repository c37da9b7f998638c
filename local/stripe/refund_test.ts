import assert from "node:assert/strict";
import type Stripe from "stripe";
import { typesOf, withStandIn } from "../../tests/support/stripe_stand_in.ts";

Deno.test("partial refunds add up and no more than was paid can be refunded", () =>
  withStandIn(async ({ stripe, buy, received, settled }) => {
    const { intent, charge } = await buy(1000);
    received.length = 0;
    const first = await stripe.refunds.create({
      payment_intent: intent,
      amount: 300,
      metadata: { why: "late" },
    });
    assert.equal(first.amount, 300);
    assert.equal(first.status, "succeeded");
    await settled();
    assert.deepEqual(typesOf(received), [
      "refund.created",
      "charge.refunded",
      "refund.updated",
      "charge.refund.updated",
    ]);
    const refunded = received[1] as Stripe.ChargeRefundedEvent;
    assert.equal(refunded.data.object.amount_refunded, 300);
    assert.deepEqual(refunded.data.previous_attributes, { amount_refunded: 0 });
    assert.match(refunded.request?.id ?? "", /^req_/);

    await assert.rejects(stripe.refunds.create({ charge, amount: 701 }), {
      param: "amount",
      message: "Refund amount ($7.01) is greater than unrefunded amount on charge ($7.00)",
    });
    const rest = await stripe.refunds.create({ charge });
    assert.equal(rest.amount, 700);
    const whole = await stripe.charges.retrieve(charge, { expand: ["refunds"] });
    assert.equal(whole.refunded, true);
    assert.equal(whole.amount_refunded, 1000);
    assert.deepEqual(whole.refunds?.data.map((refund) => refund.amount), [700, 300]);
    await assert.rejects(stripe.refunds.create({ charge }), { code: "charge_already_refunded" });
    assert.equal((await stripe.refunds.list({ payment_intent: intent })).data.length, 2);
    assert.deepEqual({ ...(await stripe.refunds.retrieve(first.id)).metadata }, { why: "late" });
  }));

Deno.test("a failed refund gives its amount back to the charge", () =>
  withStandIn(async ({ stripe, buy, control, received, settled }) => {
    const { charge } = await buy(1000);
    const refund = await stripe.refunds.create({ charge, amount: 400 });
    await settled();
    received.length = 0;
    await control(`/refunds/${refund.id}`, { status: "failed", failure_reason: "lost_or_stolen_card" });
    await settled();
    assert.deepEqual(typesOf(received), ["refund.failed", "refund.updated", "charge.refund.updated"]);
    const failed = received[0] as Stripe.RefundFailedEvent;
    assert.equal(failed.data.object.status, "failed");
    assert.equal(failed.data.object.failure_reason, "lost_or_stolen_card");
    assert.equal((await stripe.charges.retrieve(charge)).amount_refunded, 0);
    assert.equal((await stripe.refunds.create({ charge })).amount, 1000);
  }));

Deno.test("a refund of a bank payment is pending until the bank has paid it out", () =>
  withStandIn(async ({ stripe, open, submit, control, received, settled }) => {
    const session = await open();
    await (await submit(session, "delayed")).body?.cancel();
    const processing = await stripe.checkout.sessions.retrieve(session.id);
    const intent = String(processing.payment_intent);
    await assert.rejects(stripe.refunds.create({ payment_intent: intent }), {
      code: "payment_intent_unexpected_state",
    });
    await control(`/sessions/${session.id}/settle`, { outcome: "succeeded" });
    const refund = await stripe.refunds.create({ payment_intent: intent });
    assert.match(refund.id, /^pyr_/);
    assert.equal(refund.status, "pending");
    await control(`/refunds/${refund.id}`, { status: "succeeded" });
    await settled();
    const updated = received.find((event) => event.type === "refund.updated") as Stripe.RefundUpdatedEvent;
    assert.equal(updated.data.object.status, "succeeded");
    assert.deepEqual(updated.data.previous_attributes, { status: "pending" });
  }));

Deno.test("only a refund that waits for the buyer can be cancelled", () =>
  withStandIn(async ({ stripe, open, submit, control }) => {
    const session = await open();
    await (await submit(session, "delayed")).body?.cancel();
    await control(`/sessions/${session.id}/settle`, { outcome: "succeeded" });
    const intent = String((await stripe.checkout.sessions.retrieve(session.id)).payment_intent);
    const refund = await stripe.refunds.create({ payment_intent: intent });
    await assert.rejects(stripe.refunds.cancel(refund.id), /cannot cancel a refund that is pending/);
    await control(`/refunds/${refund.id}`, { status: "requires_action" });
    assert.equal((await stripe.refunds.cancel(refund.id)).status, "canceled");
    assert.equal((await stripe.charges.retrieve(String(refund.charge))).amount_refunded, 0);
  }));
