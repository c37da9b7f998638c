import assert from "node:assert/strict";
import { minute, withPlans } from "../../tests/support/stripe_subscriptions.ts";

const START = "2027-04-01T00:00Z";
const MIDDLE = "2027-04-16T00:00Z";

Deno.test("a subscription ends with its period, unless that is taken back", () =>
  withPlans(START, async ({ stripe, subscribe, moveTo, invoices, news, settled }) => {
    const { id } = await subscribe();
    const leaving = await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    assert.deepEqual([minute(leaving.cancel_at), leaving.cancellation_details?.reason], [
      "2027-05-01T00:00Z",
      "cancellation_requested",
    ]);
    const staying = await stripe.subscriptions.update(id, { cancel_at_period_end: false });
    assert.deepEqual([staying.cancel_at, staying.canceled_at], [null, null]);
    await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await settled();
    news();
    await moveTo("2027-06-15T00:00Z");
    assert.deepEqual(news(), ["customer.subscription.deleted"]);
    const ended = await stripe.subscriptions.retrieve(id);
    assert.deepEqual([ended.status, minute(ended.ended_at)], ["canceled", "2027-05-01T00:00Z"]);
    assert.equal((await invoices(id)).length, 1);
    await assert.rejects(
      stripe.subscriptions.update(id, { items: [{ price: "pro" }] }),
      /canceled subscription/,
    );
  }));

Deno.test("a subscription ends at a moment in between, at once, or with its customer", () =>
  withPlans(START, async ({ stripe, subscribe, moveTo, news, settled }) => {
    const [timed, now, orphan] = [await subscribe(), await subscribe(), await subscribe()];
    await stripe.subscriptions.update(timed.id, { cancel_at: Date.parse(MIDDLE) / 1000 });
    assert.equal((await stripe.subscriptions.cancel(now.id)).status, "canceled");
    await settled();
    news();
    await stripe.customers.del(String(orphan.customer));
    await settled();
    assert.deepEqual(news(), ["customer.subscription.deleted", "customer.deleted"]);
    assert.deepEqual((await stripe.subscriptions.list()).data.map(({ id }) => id), [timed.id]);
    await moveTo(MIDDLE);
    assert.deepEqual((await stripe.subscriptions.list({ customer: String(timed.customer) })).data, []);
    assert.equal((await stripe.subscriptions.list({ status: "canceled" })).data.length, 3);
  }));
