import assert from "node:assert/strict";
import Stripe from "stripe";
import { captureLogs, type Received, withEnv, withServer } from "../_shared/testing.ts";
import { app } from "./app.ts";

const EVENT = {
  id: "evt_1",
  object: "event",
  type: "checkout.session.completed",
  api_version: "2026-01-01",
  created: 1,
  data: {
    object: { id: "cs_1", object: "checkout.session", customer_email: "ana@example.com", amount_total: 500 },
  },
};

const now = () => Math.floor(Date.now() / 1000);

function sign(payload: string, secret = "whsec_new", timestamp = now()): Promise<string> {
  return Stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret,
    timestamp,
    cryptoProvider: Stripe.createSubtleCryptoProvider(),
  });
}

interface Delivery {
  answer: { status: number; code?: string; outcome?: string };
  rpcs: Received[];
  logs: string[];
}

/** Delivers `body` and returns the answer, what Postgres was asked and what was logged. */
async function deliver(
  body: string,
  signature: string | undefined,
  result: Response | Record<string, unknown> = { outcome: "applied", event_id: "evt_1", reason: null },
  env: Record<string, string | undefined> = {},
): Promise<Delivery> {
  let answer: Delivery["answer"] = { status: 0 };
  let rpcs: Received[] = [];
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (signature !== undefined) headers["stripe-signature"] = signature;
  const logs = await captureLogs(async () => {
    rpcs = await withServer(
      () => result instanceof Response ? result.clone() : Response.json(result),
      (url) =>
        withEnv({ SUPABASE_URL: url, ...env }, async () => {
          const response = await app.request("/stripe-webhook", { method: "POST", body, headers });
          answer = { ...await response.json(), status: response.status };
        }),
    );
  });
  return { answer, rpcs, logs };
}

Deno.test("a signed event is handed to Postgres whole, and its outcome is the answer", async () => {
  const body = JSON.stringify(EVENT);
  for (const outcome of ["applied", "duplicate", "ignored", "held"]) {
    const { answer, rpcs } = await deliver(body, await sign(body), {
      outcome,
      event_id: "evt_1",
      reason: "why",
    });
    assert.deepEqual({ ...answer }, { received: true, outcome, status: 200 });
    assert.equal(rpcs.length, 1);
    assert.equal(rpcs[0].path, "/rest/v1/rpc/apply_stripe_event");
    assert.deepEqual(JSON.parse(rpcs[0].body), { p_event: EVENT });
  }
});

Deno.test("either of two secrets signs, so that one can be rotated", async () => {
  const body = JSON.stringify(EVENT);
  assert.equal((await deliver(body, await sign(body, "whsec_old"))).answer.status, 200);
  assert.equal((await deliver(body, await sign(body, "whsec_new"))).answer.status, 200);
});

Deno.test("C2: what Stripe did not sign reaches nobody", async () => {
  const body = JSON.stringify(EVENT);
  const good = await sign(body);
  const refused: [name: string, body: string, signature: string | undefined][] = [
    ["no signature", body, undefined],
    ["an empty signature", body, ""],
    ["nonsense", body, "t=1,v1=00"],
    ["another secret", body, await sign(body, "whsec_other")],
    ["another body", body.replace("500", "50000"), good],
    ["a body spaced differently", JSON.stringify(EVENT, null, 1), good],
    ["too old", body, await sign(body, "whsec_new", now() - 301)],
    ["an old scheme", body, good.replace("v1=", "v0=")],
    ["an empty body", "", good],
  ];
  for (const [name, sent, signature] of refused) {
    const { answer, rpcs } = await deliver(sent, signature);
    assert.deepEqual([answer.status, answer.code], [400, "invalid_signature"], name);
    assert.equal(rpcs.length, 0, name);
  }
});

Deno.test("a signature is good for five minutes", async () => {
  const body = JSON.stringify(EVENT);
  assert.equal((await deliver(body, await sign(body, "whsec_new", now() - 290))).answer.status, 200);
});

Deno.test("a signed body that is no event is 400", async () => {
  const { data: _data, ...withoutData } = EVENT;
  for (
    const body of [
      "not json",
      "[]",
      "null",
      "5",
      "{}",
      JSON.stringify(withoutData),
      JSON.stringify({ ...EVENT, object: "charge" }),
    ]
  ) {
    const { answer, rpcs } = await deliver(body, await sign(body));
    assert.deepEqual([answer.status, answer.code], [400, "invalid_payload"], body);
    assert.equal(rpcs.length, 0, body);
  }
});

Deno.test("Stripe is asked to try again only where that can help", async () => {
  const body = JSON.stringify(EVENT);
  const failure = (code: string, status: number) =>
    Response.json({ code, message: "m", details: null, hint: null }, { status });
  const expected: [Response, number][] = [
    [failure("40001", 500), 503],
    [failure("57P01", 503), 503],
    [failure("22023", 400), 400],
    [failure("XX000", 500), 500],
  ];
  for (const [result, status] of expected) {
    assert.equal((await deliver(body, await sign(body), result)).answer.status, status);
  }
});

Deno.test("without a secret nothing is believed", async () => {
  const body = JSON.stringify(EVENT);
  const { answer, rpcs } = await deliver(body, await sign(body), undefined, {
    STRIPE_WEBHOOK_SECRET: undefined,
  });
  assert.deepEqual([answer.status, answer.code, rpcs.length], [503, "not_configured", 0]);
});

Deno.test("no part of an event is logged but its id, type and reason", async () => {
  const body = JSON.stringify(EVENT);
  const { logs } = await deliver(body, await sign(body), {
    outcome: "held",
    event_id: "evt_1",
    reason: "amount",
  });
  assert.equal(logs.length, 2);
  assert.match(logs[0], /"event_id":"evt_1"/);
  assert.doesNotMatch(logs.join("\n"), /ana@|cs_1|whsec|v1=/);
});
