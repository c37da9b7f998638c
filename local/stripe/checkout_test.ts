import assert from "node:assert/strict";
import Stripe from "stripe";
import { typesOf, withStandIn } from "../../tests/support/stripe_stand_in.ts";

Deno.test("a paid session is complete, redirects to the shop and is told to the webhook", () =>
  withStandIn(async ({ stripe, open, submit, received, settled }) => {
    const session = await open(1250, {
      client_reference_id: "purchase-1",
      metadata: { user_id: "u1" },
      payment_intent_data: { metadata: { purchase: "1" } },
      customer_email: "ada@example.com",
    });
    assert.equal(session.status, "open");
    assert.equal(session.payment_intent, null);

    const answer = await submit(session, "paid");
    await answer.body?.cancel();
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("location"), `http://shop.example/done?session=${session.id}`);
    await settled();

    assert.deepEqual(typesOf(received), [
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "checkout.session.completed",
      "charge.updated",
    ]);
    const completed = received[3] as Stripe.CheckoutSessionCompletedEvent;
    assert.match(completed.id, /^evt_/);
    assert.equal(completed.api_version, Stripe.API_VERSION);
    const object = completed.data.object;
    assert.equal(object.amount_total, 1250);
    assert.equal(object.currency, "usd");
    assert.equal(object.payment_status, "paid");
    assert.equal(object.client_reference_id, "purchase-1");
    assert.deepEqual(object.metadata, { user_id: "u1" });
    assert.equal(object.customer_details?.email, "ada@example.com");

    const intent = await stripe.paymentIntents.retrieve(String(object.payment_intent), {
      expand: ["latest_charge.balance_transaction"],
    });
    assert.deepEqual(intent.metadata, { purchase: "1" });
    assert.equal(intent.status, "succeeded");
    const charge = intent.latest_charge as Stripe.Charge;
    assert.equal(charge.amount, 1250);
    assert.equal((charge.balance_transaction as Stripe.BalanceTransaction).amount, 1250);
  }));

Deno.test("paying twice pays once", () =>
  withStandIn(async ({ stripe, open, submit, received, settled }) => {
    const session = await open();
    const answers = await Promise.all([submit(session, "paid"), submit(session, "paid")]);
    for (const answer of answers) {
      assert.equal(answer.status, 303);
      assert.match(answer.headers.get("location") ?? "", /^http:\/\/shop\.example\/done/);
      await answer.body?.cancel();
    }
    await settled();
    assert.equal(typesOf(received).filter((type) => type === "checkout.session.completed").length, 1);
    assert.equal((await stripe.charges.list()).data.length, 1);
  }));

Deno.test("a declined card leaves the session open and the next try can pay it", () =>
  withStandIn(async ({ stripe, open, submit, received, settled }) => {
    const session = await open();
    const declined = await submit(session, "declined");
    await declined.body?.cancel();
    assert.equal(declined.headers.get("location"), session.url);
    const page = await (await fetch(session.url!)).text();
    assert.match(page, /Your card was declined/);
    assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, "open");

    await (await submit(session, "paid")).body?.cancel();
    await settled();
    const paid = await stripe.checkout.sessions.retrieve(session.id);
    assert.equal(paid.payment_status, "paid");
    assert.deepEqual(typesOf(received).slice(0, 3), [
      "payment_intent.created",
      "charge.failed",
      "payment_intent.payment_failed",
    ]);
    const charges = await stripe.charges.list({ payment_intent: String(paid.payment_intent) });
    assert.deepEqual(charges.data.map((charge) => charge.status), ["succeeded", "failed"]);
  }));

for (const outcome of ["succeeded", "failed"] as const) {
  Deno.test(`a delayed payment completes unpaid and later ${outcome}`, () =>
    withStandIn(async ({ stripe, url, open, submit, received, settled, control }) => {
      const session = await open();
      await (await submit(session, "delayed")).body?.cancel();
      await settled();
      const completed = received.find((event) => event.type === "checkout.session.completed");
      assert.equal((completed as Stripe.CheckoutSessionCompletedEvent).data.object.payment_status, "unpaid");

      await control(`/sessions/${session.id}/settle`, { outcome });
      await settled();
      assert.ok(typesOf(received).includes(`checkout.session.async_payment_${outcome}`));
      const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
      assert.equal(after.status, "complete");
      assert.equal(after.payment_status, outcome === "succeeded" ? "paid" : "unpaid");
      const intent = after.payment_intent as Stripe.PaymentIntent;
      assert.equal(intent.status, outcome === "succeeded" ? "succeeded" : "requires_payment_method");
      const page = await (await fetch(`${url}/pay/${session.id}`)).text();
      assert.match(page, outcome === "succeeded" ? /is paid/ : /payment failed/);
    }));
}

Deno.test("a session expires by request, by time and never after it was paid", async () => {
  let now = 1_800_000_000;
  await withStandIn(async ({ stripe, open, submit, buy, received, settled }) => {
    const byRequest = await open();
    assert.equal((await stripe.checkout.sessions.expire(byRequest.id)).status, "expired");
    const byTime = await open();
    const { session: paid } = await buy();
    now += 24 * 60 * 60;
    assert.equal((await stripe.checkout.sessions.retrieve(byTime.id)).status, "expired");
    assert.equal((await stripe.checkout.sessions.retrieve(paid)).status, "complete");
    await assert.rejects(stripe.checkout.sessions.expire(paid), /Only Checkout Sessions with a status/);

    await (await submit(byTime, "paid")).body?.cancel();
    assert.equal((await stripe.checkout.sessions.retrieve(byTime.id)).payment_status, "unpaid");
    await settled();
    assert.equal(typesOf(received).filter((type) => type === "checkout.session.expired").length, 2);
  }, { now: () => now });
});

Deno.test("prices: seeded ones can be sold, unknown and inactive ones cannot", () =>
  withStandIn(async ({ stripe, open, control }) => {
    const seeded = { id: "price_small", unit_amount: 500, currency: "EUR", product_name: "Five credits" };
    await control("/seed", { prices: [seeded] });
    const session = await open(0, { line_items: [{ price: "price_small", quantity: 3 }] });
    assert.equal(session.amount_total, 1500);
    assert.equal(session.currency, "eur");
    const lines = await stripe.checkout.sessions.listLineItems(session.id);
    assert.equal(lines.data[0].description, "Five credits");
    const expanded = await stripe.checkout.sessions.retrieve(session.id, { expand: ["line_items"] });
    assert.equal(expanded.line_items?.data[0].price?.unit_amount_decimal?.toString(), "500");

    const product = await stripe.products.create({ name: "Hats" });
    const price = await stripe.prices.create({ currency: "usd", unit_amount: 700, product: product.id });
    assert.equal((await stripe.prices.list({ product: product.id })).data[0].id, price.id);
    const inline = (await stripe.prices.list({ active: false })).data;
    assert.deepEqual(inline, []);

    await assert.rejects(open(0, { line_items: [{ price: "price_nope", quantity: 1 }] }), {
      type: "StripeInvalidRequestError",
      code: "resource_missing",
      param: "line_items[0][price]",
      message: "No such price: 'price_nope'",
      statusCode: 400,
    });
  }));

Deno.test("a request that Stripe would refuse is refused in Stripe's words", () =>
  withStandIn(async ({ stripe, open }) => {
    await assert.rejects(open(10), { code: "amount_too_small" });
    await assert.rejects(open(1000, { success_url: "javascript:alert(1)" }), { param: "success_url" });
    await assert.rejects(open(1000, { expires_at: Math.floor(Date.now() / 1000) + 60 }), {
      param: "expires_at",
    });
    await assert.rejects(open(1000, { mode: undefined }), { code: "parameter_missing", param: "mode" });
    await assert.rejects(open(1000, { customer: "cus_1" }), {
      code: "resource_missing",
      param: "customer",
      statusCode: 400,
    });
    await assert.rejects(stripe.checkout.sessions.retrieve("cs_test_nope"), {
      statusCode: 404,
      code: "resource_missing",
    });
  }));
