import assert from "node:assert/strict";
import type Stripe from "stripe";
import { minute, withPlans } from "../../tests/support/stripe_subscriptions.ts";

const START = "2027-04-01T00:00Z";
/** Half of April. */
const MIDDLE = "2027-04-16T00:00Z";

const linesOf = ({ lines }: Stripe.Invoice) =>
  lines.data.map(({ amount, parent, period }) => [
    amount,
    parent?.subscription_item_details?.proration,
    minute(period.start),
    minute(period.end),
  ]);

Deno.test("a change in the middle is paid at the next renewal: what is unused comes back, the rest is added", () =>
  withPlans(START, async ({ stripe, subscribe, moveTo, invoices, news, settled }) => {
    const { id, items } = await subscribe();
    await moveTo(MIDDLE);
    news();
    const update = { items: [{ id: items.data[0].id, price: "pro" }] };
    const changed = await stripe.subscriptions.update(id, update);
    await settled();
    assert.deepEqual(news(), ["customer.subscription.updated"]);
    assert.deepEqual([changed.items.data[0].price.id, changed.items.data[0].id], ["pro", items.data[0].id]);
    assert.equal((await invoices(id)).length, 1);
    await moveTo("2027-05-01T01:00Z");
    const [renewal] = await invoices(id);
    assert.deepEqual(linesOf(renewal), [
      [-500, true, MIDDLE, "2027-05-01T00:00Z"],
      [1500, true, MIDDLE, "2027-05-01T00:00Z"],
      [3000, false, "2027-05-01T00:00Z", "2027-06-01T00:00Z"],
    ]);
    assert.deepEqual([renewal.status, renewal.amount_paid], ["paid", 4000]);
    await moveTo("2027-06-01T01:00Z");
    assert.equal((await invoices(id))[0].amount_paid, 3000);
  }));

Deno.test("the difference can be asked for at once, or forgotten", () =>
  withPlans(START, async ({ stripe, subscribe, moveTo, invoices }) => {
    const [now, never] = [await subscribe(), await subscribe()];
    await moveTo(MIDDLE);
    const items = [{ price: "pro" }];
    await stripe.subscriptions.update(now.id, { items, proration_behavior: "always_invoice" });
    await stripe.subscriptions.update(never.id, { items, proration_behavior: "none" });
    const [invoice] = await invoices(now.id);
    assert.deepEqual([invoice.billing_reason, invoice.amount_paid, linesOf(invoice).length], [
      "subscription_update",
      1000,
      2,
    ]);
    assert.equal((await invoices(never.id)).length, 1);
  }));

Deno.test("a fresh cycle is paid in full, less what is unused of the old one", () =>
  withPlans(START, async ({ stripe, subscribe, moveTo, invoices }) => {
    const [{ id }, other] = [await subscribe(), await subscribe()];
    await moveTo(MIDDLE);
    const items = [{ price: "pro" }];
    const billing_cycle_anchor = { type: "now" } as const;
    const fresh = await stripe.subscriptions.update(id, { items, billing_cycle_anchor });
    assert.equal(minute(fresh.billing_cycle_anchor), MIDDLE);
    const [invoice] = await invoices(id);
    assert.deepEqual(linesOf(invoice), [
      [-500, true, MIDDLE, "2027-05-01T00:00Z"],
      [3000, false, MIDDLE, "2027-05-16T00:00Z"],
    ]);
    assert.deepEqual([invoice.billing_reason, invoice.status, invoice.amount_paid], [
      "subscription_update",
      "paid",
      2500,
    ]);
    const proration_behavior = "none";
    await stripe.subscriptions.update(other.id, { items, billing_cycle_anchor, proration_behavior });
    assert.deepEqual(linesOf((await invoices(other.id))[0]).map(([amount]) => amount), [3000]);
  }));

Deno.test("another interval begins a cycle at once; what is left over becomes credit", () =>
  withPlans(START, async ({ stripe, subscribe, moveTo, invoices }) => {
    const { id, customer } = await subscribe({ items: [{ price: "basic_year" }] });
    await moveTo(MIDDLE);
    const monthly = await stripe.subscriptions.update(id, { items: [{ price: "basic" }] });
    assert.equal(minute(monthly.items.data[0].current_period_end), "2027-05-16T00:00Z");
    const [invoice] = await invoices(id);
    const unused = -Math.round(10_000 * 351 / 366);
    assert.deepEqual([invoice.total, invoice.amount_due, invoice.status], [unused + 1000, 0, "paid"]);
    const { balance } = await stripe.customers.retrieve(String(customer)) as Stripe.Customer;
    assert.equal(balance, unused + 1000);
    await moveTo("2027-05-16T01:00Z");
    const [renewal] = await invoices(id);
    assert.deepEqual([renewal.amount_due, renewal.starting_balance, renewal.ending_balance], [
      0,
      unused + 1000,
      unused + 2000,
    ]);
  }));

Deno.test("a change that cannot be paid leaves the subscription past due", () =>
  withPlans(START, async ({ stripe, subscribe, control, invoices }) => {
    const { id, customer } = await subscribe();
    await control(`/customers/${customer}/card`, { declines: true });
    const changed = await stripe.subscriptions.update(id, {
      items: [{ price: "pro" }],
      billing_cycle_anchor: { type: "now" },
    });
    assert.deepEqual([changed.status, (await invoices(id))[0].status], ["past_due", "open"]);
  }));
