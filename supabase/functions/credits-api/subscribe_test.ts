// A plan is subscribed to on one page, and by nobody who has one.
import assert from "node:assert/strict";
import { captureLogs, type Received, token, withEnv, withServer } from "../../../tests/support/functions.ts";
import { expectOutcome, ID, LIMIT } from "../../../tests/support/outcomes.ts";
import { app } from "./app.ts";

const SESSION = {
  ...{ id: "cs_1", object: "checkout.session", url: "https://pay.example/cs_1", status: "open" },
  success_url: "https://talehop.com/shop?checkout=success",
};
const STARTED = {
  ...{ outcome: "created", checkout_id: ID, stripe_price_id: "price_1", trial_days: 7 },
  ...{ ...LIMIT, stripe_session_id: null as string | null },
};
const ORDER = { plan_id: ID, return_to: "https://talehop.com/shop" };

/** Asks to subscribe; a page that was ended is not there any more. */
async function subscribe(
  started: object = STARTED,
  stripe: (request: Received) => Response = () => Response.json(SESSION),
  attached = "attached",
) {
  let ended = false;
  let answer = {};
  let received: Received[] = [];
  await captureLogs(async () => {
    received = await withServer((request) => {
      const { path } = request;
      if (path.endsWith("/create_subscription_checkout")) return Response.json(ended ? STARTED : started);
      if (path.endsWith("/end_subscription_checkout")) {
        ended = true;
        return Response.json({ outcome: "ended", checkout_id: ID });
      }
      if (path.endsWith("/attach_subscription_session")) return Response.json({ outcome: attached });
      if (path.includes("/stripe_customers")) return Response.json([{ customer_id: "cus_1" }]);
      return stripe(request);
    }, (url) =>
      withEnv({ SUPABASE_URL: url, STRIPE_API_URL: url }, async () => {
        const response = await app.request("/credits-api/subscribe", {
          method: "POST",
          body: JSON.stringify(ORDER),
          headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
        });
        answer = { status: response.status, ...await response.json() };
      }));
  });
  return { answer, received, paths: received.map(({ path }) => path.replace(/^.*\/(rpc|v1)\//, "")) };
}

const ended = () =>
  Response.json({ error: { type: "invalid_request_error", message: "x" } }, { status: 400 });

Deno.test("a page for the price, for the user's customer, with the trial", async () => {
  const { answer, received } = await subscribe();
  assert.deepEqual(answer, { status: 200, url: SESSION.url });
  const made = received.find(({ path }) => path === "/v1/checkout/sessions");
  assert.equal(made?.headers.get("idempotency-key"), ID);
  const sent = new URLSearchParams(made?.body);
  assert.deepEqual(
    ["mode", "customer", "line_items[0][price]", "subscription_data[trial_period_days]", "success_url"]
      .map((name) => sent.get(name)),
    ["subscription", "cus_1", "price_1", "7", SESSION.success_url],
  );
});

Deno.test("who has one is 409, an unknown plan 404, too many 429", async () => {
  for (
    const [outcome, status] of [["already_subscribed", 409], ["unknown_plan", 404], [
      "rate_limited",
      429,
    ]] as const
  ) {
    const rpc = { ...STARTED, outcome, checkout_id: null, retry_after_seconds: 7 };
    await expectOutcome({ app, ask: "POST /credits-api/subscribe", send: ORDER, rpc, status });
  }
});

Deno.test("an open page is handed out again, one that somebody has been through is 409", async () => {
  const started = { ...STARTED, stripe_session_id: "cs_1" };
  const again = await subscribe(started);
  assert.deepEqual(again.answer, { status: 200, url: SESSION.url });
  assert.deepEqual(again.paths, ["create_subscription_checkout", "checkout/sessions/cs_1"]);
  const gone = await subscribe(started, () => Response.json({ ...SESSION, status: "complete" }));
  assert.equal("code" in gone.answer && gone.answer.code, "already_subscribed");
});

Deno.test("a page for another price is taken back first", async () => {
  const other = { ...STARTED, outcome: "other_price", stripe_session_id: "cs_0" };
  const { answer, paths } = await subscribe(other);
  assert.deepEqual(answer, { status: 200, url: SESSION.url });
  assert.equal(paths[1], "checkout/sessions/cs_0/expire");
  assert.equal(paths[2], "end_subscription_checkout");
  const paid = await subscribe(
    other,
    ({ path }) => path.endsWith("/expire") ? ended() : Response.json({ ...SESSION, status: "complete" }),
  );
  assert.equal("code" in paid.answer && paid.answer.code, "already_subscribed");
});

Deno.test("a price that Stripe does not know is the plan's fault, and a page too many is taken back", async () => {
  const refused = await subscribe(STARTED, ended);
  assert.equal("code" in refused.answer && refused.answer.code, "plan_misconfigured");
  const second = await subscribe(STARTED, undefined, "not_found");
  assert.equal("status" in second.answer && second.answer.status, 503);
  assert.equal(second.paths.at(-1), "checkout/sessions/cs_1/expire");
});

Deno.test("a subscription is answered with two places, and none with null", async () => {
  const at = "2030-01-01T12:00:00+00:00";
  const batch = { kind: "credits", amount: 10, remaining: 6, expires_at: at, created_at: at };
  const subscription = {
    ...{ plan_id: ID, plan: "Reader", status: "active", price_id: "price_1", interval: "month" },
    ...{
      period_start: at,
      period_end: at,
      cancel_at: null,
      trial_end: null,
      next_credits_at: at,
      next_credits: 10,
    },
    batches: [batch],
  };
  const ask = "GET /credits-api/subscription";
  const rpc = { ...LIMIT, outcome: "ok", subscription };
  await expectOutcome({
    app,
    ask,
    rpc,
    status: 200,
    body: `{"subscription":${
      JSON.stringify(subscription).replaceAll(at, "2030-01-01T12:00:00.000Z").replaceAll(":10,", ":10.00,")
        .replaceAll(":6,", ":6.00,")
    }}`,
  });
  await expectOutcome({
    app,
    ask,
    rpc: { ...rpc, subscription: null },
    status: 200,
    body: '{"subscription":null}',
  });
});
