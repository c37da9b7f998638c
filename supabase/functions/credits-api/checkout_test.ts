import assert from "node:assert/strict";
import {
  checkout,
  CREATED,
  PACK,
  paths,
  PURCHASE,
  sentOf,
  SESSION,
} from "../../../tests/support/checkout_call.ts";
import { type Received, USER_ID } from "../../../tests/support/functions.ts";

Deno.test("a checkout opens a payment page for exactly its purchase", async () => {
  const { answer, received } = await checkout();
  assert.deepEqual(answer, { status: 200, url: SESSION.url, purchase_id: PURCHASE });
  const [, , session, attach] = received;
  assert.equal(session.path, "/v1/checkout/sessions");
  assert.equal(session.headers.get("idempotency-key"), PURCHASE);
  const sent = Object.fromEntries(new URLSearchParams(session.body));
  assert.deepEqual(sent, {
    mode: "payment",
    customer: "cus_1",
    client_reference_id: PURCHASE,
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "4500",
    "line_items[0][price_data][product_data][name]": "Fifty",
    "metadata[purchase_id]": PURCHASE,
    "metadata[user_id]": USER_ID,
    "metadata[credits]": "50.00",
    "metadata[amount]": "4500",
    "metadata[currency]": "usd",
    "metadata[pack_id]": PACK,
    "metadata[project]": "talehop",
    "payment_intent_data[metadata][purchase_id]": PURCHASE,
    "payment_intent_data[metadata][user_id]": USER_ID,
    "payment_intent_data[metadata][credits]": "50.00",
    "payment_intent_data[metadata][amount]": "4500",
    "payment_intent_data[metadata][currency]": "usd",
    "payment_intent_data[metadata][pack_id]": PACK,
    "payment_intent_data[metadata][project]": "talehop",
    "adaptive_pricing[enabled]": "false",
    success_url: "https://talehop.com/shop?a=1&checkout=success",
    cancel_url: "https://talehop.com/shop?a=1&checkout=cancelled",
  });
  assert.deepEqual(JSON.parse(attach.body), {
    p_purchase_id: PURCHASE,
    p_user_id: USER_ID,
    p_session_id: "cs_1",
    p_expires_at: "2027-01-15T08:00:00.000Z",
    p_livemode: false,
  });
});

Deno.test("a pack with a price at Stripe is sold at that price", async () => {
  const { received } = await checkout({ ...CREATED, stripe_price_id: "price_1" });
  const sent = sentOf(received);
  assert.equal(sent.get("line_items[0][price]"), "price_1");
  assert.equal(sent.get("currency"), "usd", "a price may have several currencies");
  assert.equal(sent.has("line_items[0][price_data][unit_amount]"), false);
});

Deno.test("when Stripe refuses, the answer is 502 and nothing is attached", async () => {
  const refuse = () =>
    Response.json({ error: { type: "api_error", message: "sk_test_unit is wrong" } }, { status: 400 });
  const { answer, received } = await checkout(CREATED, refuse);
  assert.equal(answer.status, 502);
  assert.equal(answer.code, "payment_provider_unavailable");
  assert.equal(received.some(({ path }) => path.includes("attach")), false);
});

Deno.test("a fault that Stripe repeats for a purchase does not keep it from being paid", async () => {
  const asked = new Map<string | null, number>();
  const repeating = ({ headers }: Received) => {
    const key = headers.get("idempotency-key");
    asked.set(key, (asked.get(key) ?? 0) + 1);
    if (asked.size === 3) return Response.json(SESSION);
    const fault = { error: { type: "api_error", message: "an error of an hour ago" } };
    return Response.json(fault, {
      status: 500,
      headers: { "idempotent-replayed": "true", "stripe-should-retry": "false" },
    });
  };
  const { answer } = await checkout(CREATED, repeating);
  assert.deepEqual(answer, { status: 200, url: SESSION.url, purchase_id: PURCHASE });
  assert.deepEqual([...asked.values()], [1, 1, 1]);
  assert.equal([...asked.keys()][0], PURCHASE);
});

Deno.test("a pack is sold in the currency that its buyer chose", async () => {
  const order = { ...CREATED, currency: "jpy", amount_cents: 4500 };
  const { answer, received } = await checkout(
    order,
    () => Response.json({ ...SESSION, currency: "jpy" }),
    undefined,
    {},
    "jpy",
  );
  assert.equal(answer.status, 200);
  assert.equal(JSON.parse(received[0].body).p_currency, "jpy");
  assert.equal(sentOf(received).get("line_items[0][price_data][currency]"), "jpy");
  const { answer: refused } = await checkout(CREATED, undefined, undefined, {}, "YEN!");
  assert.deepEqual([refused.status, refused.field], [400, "currency"]);
});

Deno.test("the page offers what the deployment and the pack say, and nothing else", async () => {
  const env = { STRIPE_CHECKOUT: "automatic_tax, tax_id_collection, invoice_creation,adaptive_pricing" };
  const pack = { ...CREATED, allow_promotion_codes: true };
  const { received } = await checkout(pack, undefined, undefined, env);
  const sent = sentOf(received);
  for (const option of ["automatic_tax", "tax_id_collection", "invoice_creation", "adaptive_pricing"]) {
    assert.equal(sent.get(`${option}[enabled]`), "true", option);
  }
  assert.equal(sent.get("allow_promotion_codes"), "true");
  assert.equal(sent.get("customer_update[address]"), "auto", "the page may keep what it asks for");
  assert.equal(sent.get("customer_update[name]"), "auto");
  assert.equal(sent.get("invoice_creation[invoice_data][metadata][project]"), "talehop");
  const { answer } = await checkout(CREATED, undefined, undefined, { STRIPE_CHECKOUT: "automatic_taxes" });
  assert.deepEqual([answer.status, answer.code], [503, "not_configured"]);
});

Deno.test("a session at another price than the pack's is taken back, and nobody sees its page", async () => {
  for (const other of [{ amount_subtotal: 450 }, { amount_subtotal: 4501 }, { currency: "jpy" }]) {
    const { answer, received, logs } = await checkout(
      { ...CREATED, stripe_price_id: "price_1" },
      () => Response.json({ ...SESSION, ...other }),
    );
    assert.deepEqual([answer.status, answer.code, answer.url], [502, "pack_misconfigured", undefined]);
    assert.deepEqual(paths(received), [
      "/create_checkout",
      "/stripe_customers",
      "/v1/checkout/sessions",
      "/v1/checkout/sessions/cs_1/expire",
      "/end_checkout",
    ]);
    assert.match(logs.join(), /4500 usd here/, "the log says what differs");
  }
});

Deno.test("a price that Stripe does not sell at is the pack's fault", async () => {
  const refuse = () => Response.json({ error: { type: "invalid_request_error" } }, { status: 400 });
  const { answer } = await checkout({ ...CREATED, stripe_price_id: "price_1" }, refuse);
  assert.deepEqual([answer.status, answer.code], [502, "pack_misconfigured"]);
});
