import assert from "node:assert/strict";
import type Stripe from "stripe";
import { typesOf, withStandIn } from "../../tests/support/stripe_stand_in.ts";

Deno.test("a customer is known to the sessions, payments and charges that name it", () =>
  withStandIn(async ({ stripe, open, submit, received, settled }) => {
    const customer = await stripe.customers.create({ metadata: { user_id: "u1" } });
    assert.match(customer.id, /^cus_/);
    const session = await open(1000, { customer: customer.id });
    assert.deepEqual([session.customer, session.customer_creation], [customer.id, null]);
    await (await submit(session, "paid")).body?.cancel();
    await settled();
    const expand = ["payment_intent.latest_charge", "customer"];
    const paid = await stripe.checkout.sessions.retrieve(session.id, { expand });
    const intent = paid.payment_intent as Stripe.PaymentIntent;
    assert.equal(intent.customer, customer.id);
    assert.equal((intent.latest_charge as Stripe.Charge).customer, customer.id);
    // Checkout keeps the e-mail that was typed on its page.
    assert.equal((paid.customer as Stripe.Customer).email, paid.customer_details?.email);
    assert.ok(typesOf(received).includes("customer.updated"));
    await assert.rejects(open(1000, { customer: customer.id, customer_email: "a@example.com" }), {
      type: "StripeInvalidRequestError",
    });
  }));

Deno.test("a customer that was deleted is missing", () =>
  withStandIn(async ({ stripe, open }) => {
    const { id } = await stripe.customers.create();
    const portal = await stripe.billingPortal.sessions.create({ customer: id });
    assert.deepEqual((await stripe.customers.del(id)).deleted, true);
    assert.deepEqual((await stripe.customers.list()).data, []);
    const missing = { code: "resource_missing" };
    await assert.rejects(stripe.customers.del(id), { ...missing, statusCode: 404 });
    await assert.rejects(open(1000, { customer: id }), { ...missing, statusCode: 400, param: "customer" });
    const page = await fetch(portal.url);
    await page.body?.cancel();
    assert.equal(page.status, 404);
  }));

Deno.test("the portal shows one customer's payments, escapes, and allows no scripts", () =>
  withStandIn(async ({ stripe, open, submit }) => {
    const [ana, bob] = [await stripe.customers.create(), await stripe.customers.create()];
    const session = await open(1250, { customer: ana.id });
    await (await submit(session, "paid")).body?.cancel();
    const visit = async (customer: string) => {
      const return_url = 'http://shop.example/?a="><b>';
      const { url } = await stripe.billingPortal.sessions.create({ customer, return_url });
      return await fetch(url);
    };
    const own = await visit(ana.id);
    assert.match(own.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    const page = await own.text();
    assert.match(page, /\$12\.50/);
    assert.doesNotMatch(page, /<script|<b>/);
    assert.doesNotMatch(await (await visit(bob.id)).text(), /\$12\.50/);
  }));
