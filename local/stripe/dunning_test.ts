import assert from "node:assert/strict";
import type Stripe from "stripe";
import { minute, type Plans, withPlans } from "../../tests/support/stripe_subscriptions.ts";

const START = "2027-01-15T12:00Z";

/** A subscription whose card refuses each renewal from now on. */
async function failing({ stripe, subscribe, control }: Plans): Promise<Stripe.Subscription> {
  const subscription = await subscribe();
  await control(`/customers/${subscription.customer}/card`, { declines: true });
  return await stripe.subscriptions.retrieve(subscription.id);
}

Deno.test("a renewal that fails is tried again after 3, 5 and 7 days, and then ends the subscription", () =>
  withPlans(START, async (plans) => {
    const { stripe, moveTo, invoices, news } = plans;
    const { id } = await failing(plans);
    const tries: [number, string, string][] = [];
    await moveTo("2027-02-15T13:00Z");
    for (const time of ["2027-02-18T13:00Z", "2027-02-23T13:00Z", "2027-03-02T13:00Z", "2027-03-09T13:00Z"]) {
      const [invoice] = await invoices(id);
      const { status } = await stripe.subscriptions.retrieve(id);
      tries.push([invoice.attempt_count, minute(invoice.next_payment_attempt), status]);
      await moveTo(time);
    }
    assert.deepEqual(tries, [
      [1, "2027-02-18T13:00Z", "past_due"],
      [2, "2027-02-23T13:00Z", "past_due"],
      [3, "2027-03-02T13:00Z", "past_due"],
      [4, "never", "canceled"],
    ]);
    const ended = await stripe.subscriptions.retrieve(id);
    assert.deepEqual([minute(ended.ended_at), ended.cancellation_details?.reason], [
      "2027-03-02T13:00Z",
      "payment_failed",
    ]);
    assert.equal(news().filter((type) => type === "invoice.payment_failed").length, 4);
    const [invoice] = await invoices(id);
    const intents = (await stripe.invoicePayments.list({ invoice: invoice.id })).data;
    assert.equal(intents.length, 1);
    const charges = await stripe.charges.list({ payment_intent: String(intents[0].payment.payment_intent) });
    assert.deepEqual(charges.data.map(({ status }) => status), Array(4).fill("failed"));
  }));

Deno.test("a new card pays at the next try, and the subscription is active again", () =>
  withPlans(START, async (plans) => {
    const { stripe, moveTo, control, invoices, news } = plans;
    const { id, customer } = await failing(plans);
    await moveTo("2027-02-16T00:00Z");
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "past_due");
    await control(`/customers/${customer}/card`, { declines: false });
    news();
    await moveTo("2027-02-18T13:00Z");
    const [invoice] = await invoices(id);
    assert.deepEqual([invoice.status, invoice.attempt_count, invoice.next_payment_attempt], [
      "paid",
      2,
      null,
    ]);
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "active");
    assert.equal(news().at(-2), "customer.subscription.updated");
  }));

Deno.test("an unpaid subscription goes on making invoices that nobody is asked to pay", () =>
  withPlans(START, async (plans) => {
    const { stripe, moveTo, control, invoices } = plans;
    const { id, customer } = await failing(plans);
    await control("/dashboard", { retry_days: [1], exhausted: "unpaid" });
    await moveTo("2027-03-20T00:00Z");
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "unpaid");
    assert.deepEqual((await invoices(id)).map(({ status, auto_advance }) => [status, auto_advance]), [
      ["draft", false],
      ["open", false],
      ["paid", false],
    ]);
    await control(`/customers/${customer}/card`, { declines: false });
    const [draft] = await invoices(id);
    assert.equal((await stripe.invoices.pay(draft.id)).status, "paid");
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "active");
  }));

Deno.test("a first payment that fails leaves the subscription incomplete, for 23 hours", () =>
  withPlans(START, async ({ stripe, subscribe, customer, moveTo, invoices, news, settled }) => {
    const owner = await customer({ declines: true });
    const { id, status } = await subscribe({ customer: owner });
    assert.equal(status, "incomplete");
    const [open] = await invoices(id);
    await assert.rejects(stripe.invoices.pay(open.id), { type: "StripeCardError", code: "card_declined" });
    await settled();
    news();
    await moveTo("2027-01-16T11:00Z");
    assert.equal((await stripe.subscriptions.retrieve(id)).status, "incomplete_expired");
    assert.equal((await invoices(id))[0].status, "void");
    assert.deepEqual(news(), ["invoice.voided", "customer.subscription.updated"]);
    const waiting = await subscribe({ payment_behavior: "default_incomplete" });
    assert.equal(waiting.status, "incomplete");
    await stripe.invoices.pay(String(waiting.latest_invoice));
    assert.equal((await stripe.subscriptions.retrieve(waiting.id)).status, "active");
  }));

for (const how of ["voidInvoice", "markUncollectible"] as const) {
  Deno.test(`what is owed can be given up, and the subscription is active again: ${how}`, () =>
    withPlans(START, async (plans) => {
      const { stripe, moveTo, invoices, news, settled } = plans;
      const { id } = await failing(plans);
      await moveTo("2027-02-16T00:00Z");
      news();
      const given = await stripe.invoices[how]((await invoices(id))[0].id);
      await settled();
      const voided = how === "voidInvoice";
      assert.equal(given.status, voided ? "void" : "uncollectible");
      assert.deepEqual(news(), [
        voided ? "invoice.voided" : "invoice.marked_uncollectible",
        "customer.subscription.updated",
      ]);
      assert.equal((await stripe.subscriptions.retrieve(id)).status, "active");
      await assert.rejects(stripe.invoices.finalizeInvoice(given.id), /only draft/);
    }));
}

Deno.test("an invoice's payment is refunded and disputed as any other", () =>
  withPlans(START, async ({ stripe, subscribe, invoices, control, news, settled }) => {
    const { id } = await subscribe();
    const [{ id: invoice }] = await invoices(id);
    const [{ payment }] = (await stripe.invoicePayments.list({ invoice })).data;
    const payment_intent = String(payment.payment_intent);
    await settled();
    news();
    await stripe.refunds.create({ payment_intent, amount: 400 });
    await control("/disputes", { payment_intent, amount: 600 });
    await settled();
    const told = news();
    assert.ok(told.includes("charge.refunded") && told.includes("charge.dispute.created"));
    assert.equal((await stripe.invoices.retrieve(invoice)).status, "paid");
    const of = { payment: { type: "payment_intent" as const, payment_intent } };
    assert.deepEqual((await stripe.invoicePayments.list(of)).data.map((one) => one.invoice), [invoice]);
  }));
