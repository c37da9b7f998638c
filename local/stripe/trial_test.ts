import assert from "node:assert/strict";
import { minute, withPlans } from "../../tests/support/stripe_subscriptions.ts";

const START = "2027-01-15T12:00Z";

Deno.test("a trial costs nothing, is announced three days before its end, and then is paid", () =>
  withPlans(START, async ({ stripe, checkOut, moveTo, invoices, news }) => {
    const session = await checkOut({ subscription_data: { trial_period_days: 7 } });
    const id = String(session.subscription);
    assert.deepEqual([session.payment_status, session.amount_total], ["no_payment_required", 0]);
    const trial = await stripe.subscriptions.retrieve(id);
    assert.deepEqual([trial.status, minute(trial.trial_end)], ["trialing", "2027-01-22T12:00Z"]);
    const [first] = await invoices(id);
    assert.deepEqual([first.status, first.total, first.lines.data[0].description], [
      "paid",
      0,
      "Trial period for Basic",
    ]);
    news();
    await moveTo("2027-01-19T12:00Z");
    assert.deepEqual(news(), ["customer.subscription.trial_will_end"]);
    await moveTo("2027-01-22T13:00Z");
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "active");
    assert.deepEqual((await invoices(id)).map(({ total, status }) => [total, status]), [
      [1000, "paid"],
      [0, "paid"],
    ]);
  }));

for (const [wanted, status] of [["pause", "paused"], ["cancel", "canceled"]] as const) {
  Deno.test(`a trial without a card ends ${status} where that is asked for`, () =>
    withPlans(START, async ({ stripe, checkOut, moveTo, control, news }) => {
      const session = await checkOut({
        payment_method_collection: "if_required",
        subscription_data: {
          trial_period_days: 7,
          trial_settings: { end_behavior: { missing_payment_method: wanted } },
        },
      });
      const id = String(session.subscription);
      news();
      await moveTo("2027-03-01T00:00Z");
      const ended = await stripe.subscriptions.retrieve(id);
      assert.equal(ended.status, status);
      if (status === "canceled") return assert.ok(news().includes("customer.subscription.deleted"));
      assert.ok(news().includes("customer.subscription.paused"));
      await control(`/customers/${ended.customer}/card`);
      const resumed = await stripe.subscriptions.resume(id);
      assert.deepEqual([resumed.status, minute(resumed.billing_cycle_anchor)], [
        "active",
        "2027-03-01T00:00Z",
      ]);
      await control("/delivery/wait");
      assert.ok(news().includes("customer.subscription.resumed"));
    }));
}

Deno.test("a trial ends early, or is changed for nothing", () =>
  withPlans(START, async ({ stripe, subscribe, invoices }) => {
    const { id } = await subscribe({ trial_period_days: 14 });
    const changed = await stripe.subscriptions.update(id, { items: [{ price: "pro" }] });
    assert.deepEqual([changed.status, (await invoices(id)).length], ["trialing", 1]);
    const begun = await stripe.subscriptions.update(id, { trial_end: "now" });
    assert.deepEqual([begun.status, minute(begun.billing_cycle_anchor)], ["active", START]);
    assert.deepEqual((await invoices(id)).map(({ amount_paid }) => amount_paid), [3000, 0]);
  }));
