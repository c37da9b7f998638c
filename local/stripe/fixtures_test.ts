import assert from "node:assert/strict";
import Stripe from "stripe";
import * as fixtures from "./fixtures.ts";
import { typesOf, withStandIn } from "../../tests/support/stripe_stand_in.ts";

Deno.test("events of one sale name each other and carry what a test asks for", () => {
  const bought = fixtures.sale({ amount: 1200, clientReferenceId: "p1", metadata: { credits: "12" } });
  const completed = fixtures.checkoutCompletedEvent({ id: "evt_1", object: bought.session });
  assert.equal(completed.id, "evt_1");
  assert.equal(completed.data.object.client_reference_id, "p1");
  assert.equal(completed.data.object.payment_status, "paid");
  const refunded = fixtures.chargeRefundedEvent({ object: bought.chargeRefunded(400) });
  assert.equal(refunded.data.object.payment_intent, completed.data.object.payment_intent);
  const created = fixtures.refundCreatedEvent({ object: bought.refund(400) });
  assert.equal(created.data.object.charge, refunded.data.object.id);
  const failed = fixtures.refundFailedEvent({ object: bought.failedRefund(bought.refund(400)) });
  assert.equal(failed.data.object.status, "failed");
});

Deno.test("a field can be left out and changed", () => {
  const event = fixtures.checkoutCompletedEvent({ object: { currency: "eur" }, omit: ["amount_total"] });
  assert.equal(event.data.object.currency, "eur");
  assert.equal("amount_total" in event.data.object, false);
  assert.equal("payment_status" in event.data.object, true);
});

Deno.test("a fixture has the very fields that a delivered event has", () =>
  withStandIn(async ({ buy, stripe, control, received, settled }) => {
    const { charge } = await buy();
    await stripe.refunds.create({ charge, amount: 100 });
    const { id } = await control<Stripe.Dispute>("/disputes", { charge });
    await control(`/disputes/${id}/close`, { outcome: "lost" });
    await settled();
    const samples = [
      fixtures.checkoutCompletedEvent(),
      fixtures.paymentIntentSucceededEvent(),
      fixtures.chargeSucceededEvent(),
      fixtures.chargeRefundedEvent(),
      fixtures.refundCreatedEvent(),
      fixtures.disputeCreatedEvent(),
      fixtures.disputeFundsWithdrawnEvent(),
      fixtures.disputeClosedEvent(),
    ];
    const delivered = typesOf(received);
    for (const sample of samples) {
      const real = received[delivered.indexOf(sample.type)];
      assert.ok(real, sample.type);
      assert.deepEqual(Object.keys(sample).sort(), Object.keys(real).sort());
      assert.deepEqual(Object.keys(sample.data.object).sort(), Object.keys(real.data.object).sort());
    }
  }));

Deno.test("every builder makes an event of the type it is named after", () => {
  const builders = Object.entries(fixtures).filter(([name]) => name.endsWith("Event"));
  const types = builders.map(([, build]) => (build as () => Stripe.Event)().type);
  assert.equal(new Set(types).size, builders.length);
  assert.equal(builders.length, 15);
});
