import assert from "node:assert/strict";
import type Stripe from "stripe";
import { minute, withPlans } from "../../tests/support/stripe_subscriptions.ts";

const START = "2027-01-15T12:00Z";

Deno.test("who subscribes on the payment page has an active subscription with a paid invoice", () =>
  withPlans(START, async ({ stripe, checkOut, news }) => {
    const session = await checkOut({
      line_items: [{ price: "basic", quantity: 2 }],
      subscription_data: { metadata: { user_id: "u1" } },
    });
    assert.deepEqual(
      [session.status, session.payment_status, session.amount_total, session.payment_intent],
      ["complete", "paid", 2000, null],
    );
    const expand = ["latest_invoice.payments"];
    const subscription = await stripe.subscriptions.retrieve(String(session.subscription), { expand });
    assert.deepEqual([subscription.status, { ...subscription.metadata }], ["active", { user_id: "u1" }]);
    const [item] = subscription.items.data;
    assert.deepEqual([item.quantity, item.price.id, minute(item.current_period_end)], [
      2,
      "basic",
      "2027-02-15T12:00Z",
    ]);
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    assert.equal(invoice.id, session.invoice);
    assert.deepEqual([invoice.status, invoice.billing_reason, invoice.amount_paid], [
      "paid",
      "subscription_create",
      2000,
    ]);
    assert.deepEqual({ ...invoice.parent?.subscription_details?.metadata }, { user_id: "u1" });
    assert.equal(invoice.lines.data[0].period.end, item.current_period_end);
    const intent = invoice.payments?.data[0].payment.payment_intent;
    assert.equal((await stripe.paymentIntents.retrieve(String(intent))).status, "succeeded");
    assert.deepEqual(
      news(),
      [
        "customer.created",
        "customer.updated",
        "customer.subscription.created",
        "invoice.created",
        "customer.subscription.updated",
        "invoice.finalized",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "invoice_payment.paid",
        "invoice.paid",
        "invoice.payment_succeeded",
        "customer.subscription.updated",
        "charge.updated",
        "checkout.session.completed",
      ].filter((type) => type !== "customer.updated"),
    );
  }));

Deno.test("a declined card leaves the page open and makes no subscription", () =>
  withPlans(START, async ({ stripe, open, submit }) => {
    const session = await open(0, { mode: "subscription", line_items: [{ price: "basic", quantity: 1 }] });
    await (await submit(session, "declined")).body?.cancel();
    const page = await (await fetch(session.url!)).text();
    assert.match(page, /Your card was declined/);
    assert.match(page, /Then \$10\.00 a month, until you cancel/);
    assert.doesNotMatch(page, /bank debit/);
    assert.deepEqual((await stripe.subscriptions.list({ status: "all" })).data, []);
  }));

Deno.test("modes and prices belong together", () =>
  withPlans(START, async ({ open }) => {
    const line_items = [{ price: "basic", quantity: 1 }];
    await assert.rejects(open(0, { line_items }), /Either switch to `subscription` mode/);
    await assert.rejects(open(1000, { mode: "subscription" }), /at least one recurring price/);
    const discounts = [{ coupon: "none" }];
    await assert.rejects(open(0, { mode: "subscription", line_items, discounts }), {
      code: "resource_missing",
    });
  }));

Deno.test("a renewal is a draft for an hour, then finalised and paid; the invoice's own period is the one before", () =>
  withPlans(START, async ({ stripe, subscribe, moveTo, invoices, news, settled }) => {
    const { id } = await subscribe();
    await settled();
    news();
    await moveTo("2027-02-15T12:30Z");
    const [draft] = await invoices(id);
    assert.deepEqual([draft.status, draft.billing_reason], ["draft", "subscription_cycle"]);
    assert.equal(minute(draft.automatically_finalizes_at), "2027-02-15T13:00Z");
    assert.deepEqual([minute(draft.period_start), minute(draft.period_end)], [
      "2027-01-15T12:00Z",
      "2027-02-15T12:00Z",
    ]);
    assert.deepEqual(
      [minute(draft.lines.data[0].period.start), minute(draft.lines.data[0].period.end)],
      ["2027-02-15T12:00Z", "2027-03-15T12:00Z"],
    );
    assert.equal(
      minute((await stripe.subscriptions.retrieve(id)).items.data[0].current_period_end),
      "2027-03-15T12:00Z",
    );
    assert.deepEqual(news(), ["invoice.created", "customer.subscription.updated"]);
    await moveTo("2027-02-15T13:00Z");
    const [paid] = await invoices(id);
    assert.deepEqual([paid.status, paid.amount_paid, minute(paid.status_transitions.paid_at)], [
      "paid",
      1000,
      "2027-02-15T13:00Z",
    ]);
    assert.ok(news().includes("invoice.paid"));
    // Whoever sleeps for months finds each of them done at its own time.
    await moveTo("2027-06-20T00:00Z");
    assert.deepEqual((await invoices(id)).map(({ created }) => minute(created)), [
      "2027-06-15T12:00Z",
      "2027-05-15T12:00Z",
      "2027-04-15T12:00Z",
      "2027-03-15T12:00Z",
      "2027-02-15T12:00Z",
      "2027-01-15T12:00Z",
    ]);
  }));

Deno.test("what a coupon takes off all of is active and paid, without a payment", () =>
  withPlans(START, async ({ stripe, checkOut, moveTo, invoices, news }) => {
    const coupon = (await stripe.coupons.create({ percent_off: 100, duration: "once" })).id;
    const session = await checkOut({ discounts: [{ coupon }] });
    assert.deepEqual([session.payment_status, session.amount_subtotal, session.amount_total], [
      "no_payment_required",
      1000,
      0,
    ]);
    const id = String(session.subscription);
    const [first] = await invoices(id);
    assert.deepEqual([first.status, first.subtotal, first.total, first.amount_paid], ["paid", 1000, 0, 0]);
    assert.ok(!news().includes("charge.succeeded"));
    assert.deepEqual((await stripe.invoicePayments.list({ invoice: first.id })).data, []);
    await moveTo("2027-02-15T13:00Z");
    assert.equal((await invoices(id))[0].amount_paid, 1000);
  }));

Deno.test("a customer's credit pays before the card does", () =>
  withPlans(START, async ({ stripe, subscribe, customer, invoices }) => {
    const owner = await customer({ balance: -1500 });
    const { id } = await subscribe({ customer: owner, items: [{ price: "pro" }] });
    const [invoice] = await invoices(id);
    assert.deepEqual([invoice.total, invoice.amount_due, invoice.starting_balance, invoice.ending_balance], [
      3000,
      1500,
      -1500,
      0,
    ]);
    assert.equal((await stripe.customers.retrieve(owner) as Stripe.Customer).balance, 0);
  }));
