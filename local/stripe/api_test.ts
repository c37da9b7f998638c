import assert from "node:assert/strict";
import { Hono } from "hono";
import Stripe from "stripe";
import type { ApiEnv } from "./api/env.ts";
import { idempotency } from "./api/idempotency.ts";
import { emptyState } from "./state.ts";
import { sdk, withStandIn } from "../../tests/support/stripe_stand_in.ts";

Deno.test("only a test key opens the API", () =>
  withStandIn(async ({ url }) => {
    await assert.rejects(sdk(url, "sk_live_real").products.list(), {
      type: "StripeAuthenticationError",
      statusCode: 401,
    });
    const anonymous = await fetch(`${url}/v1/products`);
    assert.equal(anonymous.status, 401);
    assert.match((await anonymous.json()).error.message, /did not provide an API key/);
    const basic = await fetch(`${url}/v1/products`, {
      headers: { authorization: `Basic ${btoa("sk_test_x:")}` },
    });
    assert.equal(basic.status, 200);
    await basic.body?.cancel();
  }));

Deno.test("every answer names its request and the API version", () =>
  withStandIn(async ({ stripe }) => {
    const product = await stripe.products.create({ name: "Hats" });
    assert.match(product.lastResponse.requestId, /^req_/);
    assert.equal(product.lastResponse.apiVersion, Stripe.API_VERSION);
    await assert.rejects(stripe.products.retrieve("prod_nope"), (error: Stripe.errors.StripeError) => {
      assert.match(error.requestId ?? "", /^req_/);
      assert.equal(error.code, "resource_missing");
      return true;
    });
  }));

Deno.test("an idempotency key gives the same answer to the same request only", () =>
  withStandIn(async ({ stripe, open }) => {
    const options = { idempotencyKey: "purchase-7" };
    const first = await stripe.products.create({ name: "Hats" }, options);
    const again = await stripe.products.create({ name: "Hats" }, options);
    assert.equal(again.id, first.id);
    const headers = new Headers(again.lastResponse.headers);
    assert.equal(headers.get("idempotent-replayed"), "true");
    assert.equal(headers.get("original-request"), first.lastResponse.requestId);
    assert.equal((await stripe.products.list()).data.length, 1);

    await assert.rejects(stripe.products.create({ name: "Caps" }, options), {
      type: "StripeIdempotencyError",
      statusCode: 400,
    });
    await assert.rejects(
      stripe.prices.create({ currency: "usd", unit_amount: 100, product: first.id }, options),
      {
        type: "StripeIdempotencyError",
      },
    );
    await open();
  }));

Deno.test("a second request with a key that is still under way is told so", async () => {
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const standIn = { state: emptyState(), now: () => 0, changed() {} };
  const app = new Hono<ApiEnv>().use(idempotency(standIn)).post("/", async (c) => {
    begun.resolve();
    await finish.promise;
    return c.text("done");
  }).onError((error, c) => c.text(error.message, 409));
  const request = { method: "POST", headers: { "idempotency-key": "k" } };
  const first = app.request("/", request);
  await begun.promise;
  const second = await app.request("/", request);
  assert.equal(second.status, 409);
  assert.match(await second.text(), /another in-progress request/);
  finish.resolve();
  assert.equal((await first).status, 200);
  assert.equal((await app.request("/", request)).headers.get("idempotent-replayed"), "true");
});

Deno.test("a refused request does not use its idempotency key up", () =>
  withStandIn(async ({ stripe }) => {
    const options = { idempotencyKey: "retry" };
    await assert.rejects(stripe.products.create({ name: "" }, options));
    assert.equal((await stripe.products.create({ name: "Hats" }, options)).name, "Hats");
  }));

Deno.test("lists come newest first, in pages, both ways", () =>
  withStandIn(async ({ stripe }) => {
    for (const name of ["a", "b", "c", "d", "e"]) await stripe.products.create({ id: name, name });
    const names = (list: Stripe.ApiList<Stripe.Product>) => list.data.map((product) => product.name).join("");

    const first = await stripe.products.list({ limit: 2 });
    assert.equal(names(first), "ed");
    assert.equal(first.has_more, true);
    const rest = await stripe.products.list({ starting_after: "d" });
    assert.equal(names(rest), "cba");
    assert.equal(rest.has_more, false);
    const before = await stripe.products.list({ limit: 2, ending_before: "a" });
    assert.equal(names(before), "cb");
    assert.equal(before.has_more, true);

    const all: string[] = [];
    for await (const product of stripe.products.list({ limit: 2 })) all.push(product.name);
    assert.equal(all.join(""), "edcba");

    await assert.rejects(stripe.products.list({ limit: 101 }), { param: "limit" });
    await assert.rejects(stripe.products.list({ starting_after: "nope" }), { code: "resource_missing" });
    await assert.rejects(
      stripe.products.list({ starting_after: "a", ending_before: "b" }),
      /only specify one/,
    );
  }));

Deno.test("metadata: empty values vanish, too much is refused", () =>
  withStandIn(async ({ stripe }) => {
    const product = await stripe.products.create({ name: "Hats", metadata: { a: "1", b: "" } });
    assert.deepEqual({ ...product.metadata }, { a: "1" });
    await assert.rejects(stripe.products.create({ name: "Hats", metadata: { a: "x".repeat(501) } }), {
      param: "metadata[a]",
    });
  }));

Deno.test("what cannot be expanded and what is not there says so", () =>
  withStandIn(async ({ stripe, url, open }) => {
    const session = await open();
    await assert.rejects(stripe.checkout.sessions.retrieve(session.id, { expand: ["colour"] }), {
      param: "expand",
    });
    const unpaid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
    assert.equal(unpaid.payment_intent, null);
    await assert.rejects(stripe.quotes.list(), { statusCode: 404, type: "StripeInvalidRequestError" });
    const health = await fetch(`${url}/health`);
    assert.deepEqual(await health.json(), { status: "ok" });
  }));

Deno.test("the webhook endpoint is listed, without its secret", () =>
  withStandIn(async ({ stripe, secret }) => {
    const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
    assert.deepEqual(data.map(({ status, enabled_events }) => [status, enabled_events]), [["enabled", [
      "*",
    ]]]);
    assert.match(data[0].url, /^http:/);
    assert.ok(!JSON.stringify(data).includes(secret));
  }));
