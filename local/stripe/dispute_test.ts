import assert from "node:assert/strict";
import type Stripe from "stripe";
import { typesOf, withStandIn } from "../../tests/support/stripe_stand_in.ts";

for (const outcome of ["won", "lost"] as const) {
  Deno.test(`a dispute takes the money and is ${outcome}`, () =>
    withStandIn(async ({ stripe, buy, control, received, settled }) => {
      const { charge, intent } = await buy(1000);
      received.length = 0;
      const { id } = await control<Stripe.Dispute>("/disputes", { payment_intent: intent });
      await settled();
      assert.deepEqual(typesOf(received), ["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
      const dispute = await stripe.disputes.retrieve(id);
      assert.equal(dispute.amount, 1000);
      assert.equal(dispute.status, "needs_response");
      assert.deepEqual(dispute.balance_transactions.map((movement) => movement.net), [-2500]);
      assert.equal((await stripe.charges.retrieve(charge)).disputed, true);
      await assert.rejects(stripe.refunds.create({ charge }), { code: "charge_disputed" });

      received.length = 0;
      await control(`/disputes/${id}/close`, { outcome });
      await settled();
      const reinstated = outcome === "won" ? ["charge.dispute.funds_reinstated"] : [];
      assert.deepEqual(typesOf(received), [...reinstated, "charge.dispute.closed"]);
      const closed = received.at(-1) as Stripe.ChargeDisputeClosedEvent;
      assert.equal(closed.data.object.status, outcome);
      assert.equal(closed.data.object.balance_transactions.length, outcome === "won" ? 2 : 1);
      await assert.rejects(stripe.disputes.close(id), { code: "dispute_closed" });
      const refund = stripe.refunds.create({ charge });
      if (outcome === "won") assert.equal((await refund).amount, 1000);
      else await assert.rejects(refund, { code: "charge_disputed" });
    }));
}

Deno.test("giving a dispute up by the API loses it", () =>
  withStandIn(async ({ stripe, buy, control }) => {
    const { charge } = await buy();
    const { id } = await control<Stripe.Dispute>("/disputes", { charge, amount: 300, reason: "duplicate" });
    assert.equal((await stripe.disputes.close(id)).status, "lost");
    const list = await stripe.disputes.list({ charge });
    assert.deepEqual(list.data.map((dispute) => [dispute.amount, dispute.reason]), [[300, "duplicate"]]);
  }));

Deno.test("an inquiry moves no money and is closed as a warning", () =>
  withStandIn(async ({ stripe, buy, control, received, settled }) => {
    const { charge } = await buy();
    received.length = 0;
    const { id } = await control<Stripe.Dispute>("/disputes", { charge, inquiry: true });
    await control(`/disputes/${id}/close`, { outcome: "won" });
    await settled();
    assert.deepEqual(typesOf(received), ["charge.dispute.created", "charge.dispute.closed"]);
    const closed = await stripe.disputes.retrieve(id);
    assert.equal(closed.status, "warning_closed");
    assert.deepEqual(closed.balance_transactions, []);
  }));
