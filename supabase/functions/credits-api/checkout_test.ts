import assert from "node:assert/strict";
import {
  captureLogs,
  type Received,
  token,
  USER_ID,
  withEnv,
  withServer,
} from "../../../tests/support/functions.ts";
import { app } from "./app.ts";

const PACK = "0198a000-0000-7000-8000-00000000000c";
const PURCHASE = "0198a000-0000-7000-8000-00000000000d";
const CREATED = {
  outcome: "created",
  purchase_id: PURCHASE,
  credits: 50,
  amount_cents: 4500,
  currency: "usd",
  stripe_price_id: null as string | null,
  pack_name: "Fifty",
  stripe_session_id: null as string | null,
  allow_promotion_codes: false,
  rate_limit: null,
  rate_remaining: null,
  rate_window_seconds: null,
  retry_after_seconds: null,
};
const SESSION = {
  id: "cs_1",
  object: "checkout.session",
  url: "https://pay.example/cs_1",
  expires_at: 1_800_000_000,
  livemode: false,
  amount_subtotal: 4500,
  currency: "usd",
  status: "open",
  success_url: "https://talehop.com/shop?a=1&checkout=success",
};

/** Asks for a checkout; one local server is the Data API and Stripe. An order that was ended has no session any more. */
async function checkout(
  order = CREATED,
  stripe: (request: Received) => Response = () => Response.json(SESSION),
  returnTo = "https://talehop.com/shop?a=1",
  env: Record<string, string> = {},
  currency?: string,
) {
  let ended = false;
  let answer: Record<string, unknown> = {};
  let received: Received[] = [];
  const logs = await captureLogs(async () => {
    received = await withServer(
      (request) => {
        const { path } = request;
        if (path.endsWith("/create_checkout")) {
          return Response.json(ended ? { ...order, stripe_session_id: null } : order);
        }
        if (path.endsWith("/end_checkout")) {
          ended = true;
          return Response.json({ outcome: "ended", purchase_id: PURCHASE });
        }
        if (path.includes("/stripe_customers")) return Response.json([{ customer_id: "cus_1" }]);
        if (path.endsWith("/attach_checkout_session")) {
          return Response.json({ outcome: "attached", purchase_id: PURCHASE });
        }
        return stripe(request);
      },
      (url) =>
        withEnv({ SUPABASE_URL: url, STRIPE_API_URL: url, ...env }, async () => {
          const response = await app.request("/credits-api/checkout", {
            method: "POST",
            body: JSON.stringify({ pack_id: PACK, return_to: returnTo, currency }),
            headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
          });
          answer = { status: response.status, ...await response.json() };
        }),
    );
  });
  return { answer, received, logs };
}

/** What Stripe was asked to make. */
const sentOf = (received: Received[]) =>
  new URLSearchParams(received.find(({ path }) => path === "/v1/checkout/sessions")?.body);

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

const paths = (received: Received[]) =>
  received.map(({ path }) => path.replace(/^\/rest\/v1(\/rpc)?|\?.*$/g, ""));

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

/** A checkout whose purchase has the session cs_0, of which Stripe says `session`. */
const again = (session: Partial<typeof SESSION> | Response, expired = () => Response.json({ id: "cs_0" })) =>
  checkout({ ...CREATED, stripe_session_id: "cs_0" }, ({ path }) => {
    if (path.endsWith("/expire")) return expired();
    if (!path.endsWith("/cs_0")) return Response.json(SESSION);
    const page = { ...SESSION, id: "cs_0", url: "https://pay.example/cs_0", ...session };
    return session instanceof Response ? session.clone() : Response.json(page);
  });

const ASKED = ["/create_checkout", "/v1/checkout/sessions/cs_0"];
const MADE = [
  "/end_checkout",
  "/create_checkout",
  "/stripe_customers",
  "/v1/checkout/sessions",
  "/attach_checkout_session",
];
const completeOf = (received: Received[]) =>
  JSON.parse(received.find(({ path }) => path.endsWith("end_checkout"))?.body ?? "").p_complete;

Deno.test("an open session is handed out again", async () => {
  const { answer, received } = await again({});
  assert.deepEqual(answer, { status: 200, url: "https://pay.example/cs_0", purchase_id: PURCHASE });
  assert.deepEqual(paths(received), ASKED);
});

Deno.test("a session that nobody can pay any more is not", async () => {
  const gone = Response.json({ error: { type: "invalid_request_error" } }, { status: 404 });
  for (
    const [session, complete] of [[{ status: "complete" }, true], [{ status: "expired" }, false], [
      gone,
      false,
    ]] as const
  ) {
    const { answer, received } = await again(session);
    assert.equal(answer.url, SESSION.url);
    assert.deepEqual(paths(received), [...ASKED, ...MADE]);
    assert.equal(completeOf(received), complete);
  }
});

Deno.test("a session that returns to another page is taken back first", async () => {
  const { answer, received } = await again({ success_url: "https://talehop.com/other?checkout=success" });
  assert.equal(answer.url, SESSION.url);
  assert.deepEqual(paths(received), [...ASKED, "/v1/checkout/sessions/cs_0/expire", ...MADE]);
  assert.equal(completeOf(received), false);
  const refuse = () => Response.json({ error: { type: "invalid_request_error" } }, { status: 400 });
  const paidMeanwhile = await again({ success_url: "https://talehop.com/other" }, refuse);
  assert.equal(completeOf(paidMeanwhile.received), true);
});

Deno.test("when Stripe does not say whether a session is open, nothing is handed out", async () => {
  const broken = Response.json({ error: { type: "api_error" } }, {
    status: 500,
    headers: { "stripe-should-retry": "false" },
  });
  const { answer, received } = await again(broken);
  assert.deepEqual([answer.status, answer.code], [502, "payment_provider_unavailable"]);
  assert.deepEqual(paths(received), ASKED);
});

Deno.test("the payment page sends browsers nowhere but to an allowed origin", async () => {
  const elsewhere = [
    "https://evil.example/",
    "//evil.example",
    "/shop",
    "javascript:alert(1)",
    "https://talehop.com@evil.example/",
    "https://user:pass@talehop.com/",
    "https://talehop.com.evil.example/",
    "http://talehop.com/",
    "https:\\\\evil.example",
    "data:text/html,x",
    "blob:https://talehop.com/0198a000",
    "https:/talehop.com/",
    " https://evil.example/",
    `https://talehop.com/${"é".repeat(1_900)}`,
  ];
  for (const returnTo of elsewhere) {
    const { answer, received } = await checkout(CREATED, undefined, returnTo);
    assert.deepEqual([answer.status, answer.code], [400, "return_to_not_allowed"], returnTo);
    assert.equal(received.length, 0, returnTo);
  }
});

const RETURNS: [given: string, success: string][] = [
  ["https://talehop.com", "https://talehop.com?checkout=success"],
  [
    "https://talehop.com/shop?session_id={CHECKOUT_SESSION_ID}",
    "https://talehop.com/shop?session_id={CHECKOUT_SESSION_ID}&checkout=success",
  ],
  [
    "https://talehop.com/shop?q=two%20words&sig=a%2Bb~c",
    "https://talehop.com/shop?q=two%20words&sig=a%2Bb~c&checkout=success",
  ],
  ["https://talehop.com/shop?flag", "https://talehop.com/shop?flag&checkout=success"],
  ["https://talehop.com/shop?", "https://talehop.com/shop?checkout=success"],
  ["https://talehop.com/#/credits", "https://talehop.com/?checkout=success#/credits"],
  ["https://talehop.com/?a=1#/credits?tab=1", "https://talehop.com/?a=1&checkout=success#/credits?tab=1"],
  ["https://talehop.com/shop?checkout=old", "https://talehop.com/shop?checkout=old&checkout=success"],
  ["https://talehop.com/a/../b//c", "https://talehop.com/a/../b//c?checkout=success"],
  ["https://talehop.com/ä b", "https://talehop.com/%C3%A4%20b?checkout=success"],
  // Read by another rule than the browser's, this is an address at evil.example.
  ["https://talehop.com\\@evil.example/x", "https://talehop.com/x?checkout=success"],
  ["HTTPS://TALEHOP.COM:443/x", "https://talehop.com/x?checkout=success"],
];

Deno.test("return_to comes back byte for byte, with the result at the end of its query", async () => {
  for (const [given, success] of RETURNS) {
    const { received } = await checkout(CREATED, undefined, given);
    const sent = sentOf(received);
    assert.equal(sent.get("success_url"), success);
    assert.equal(sent.get("cancel_url"), success.replace("checkout=success", "checkout=cancelled"));
  }
});
