import assert from "node:assert/strict";
import type Stripe from "stripe";
import { type Harness, typesOf, withStandIn } from "../../tests/support/stripe_stand_in.ts";

const ONLY_COMPLETED = { webhookEvents: ["checkout.session.completed"] };

async function pay({ open, submit }: Harness): Promise<string> {
  const session = await open();
  await (await submit(session, "paid")).body?.cancel();
  return session.id;
}

/** The sessions whose completion arrived, in the order of arrival. */
function sessionsIn(received: Stripe.Event[]): string[] {
  return received.map((event) => (event as Stripe.CheckoutSessionCompletedEvent).data.object.id);
}

Deno.test("a delivery is tried again until the webhook accepts it", () =>
  withStandIn(async (harness) => {
    const { received, bodies, answer, stripe, settled, attempts } = harness;
    answer.first = [500, 302];
    await pay(harness);
    await settled();
    const statuses = (await attempts(received[0].id)).map((attempt) => attempt.status);
    assert.deepEqual(statuses, [500, 302, 200]);
    assert.equal(new Set(bodies).size, 1, "every attempt sends the same bytes");
    const event = await stripe.events.retrieve(received[0].id);
    assert.equal(event.pending_webhooks, 0);
  }, ONLY_COMPLETED));

Deno.test("a delivery that is never accepted ends, is listed as undelivered and can be resent", () =>
  withStandIn(async (harness) => {
    const { received, bodies, answer, stripe, settled, attempts, control } = harness;
    answer.status = 400;
    await pay(harness);
    await settled();
    assert.equal(received.length, 4);
    const undelivered = await stripe.events.list({
      delivery_success: false,
      types: ["checkout.session.completed"],
    });
    assert.deepEqual(undelivered.data.map((event) => event.pending_webhooks), [1]);
    const { id } = undelivered.data[0];

    answer.status = 200;
    const resent = await control<{ status: number; response: string }>(`/events/${id}/resend`);
    assert.equal(resent.status, 200);
    assert.deepEqual(JSON.parse(resent.response), { received: true });
    assert.equal(bodies[4], bodies[0]);
    assert.equal((await attempts(id)).length, 5);
    assert.deepEqual((await stripe.events.list({ delivery_success: false })).data, []);
  }, ONLY_COMPLETED));

Deno.test("a webhook that is not there leaves the error with the attempt", () =>
  withStandIn(async (harness) => {
    await pay(harness);
    await harness.settled();
    const [event] = (await harness.stripe.events.list({ delivery_success: false })).data;
    const attempts = await harness.attempts(event.id);
    assert.equal(attempts.length, 4);
    assert.equal(attempts[0].status, null);
    assert.notEqual(attempts[0].error, null);
  }, { ...ONLY_COMPLETED, webhookUrl: "http://127.0.0.1:9/" }));

Deno.test("events are found by type, time and page", () =>
  withStandIn(async (harness) => {
    const { stripe, settled } = harness;
    await pay(harness);
    await settled();
    const all = await stripe.events.list({ limit: 3 });
    assert.equal(all.has_more, true);
    const older = await stripe.events.list({ starting_after: all.data[2].id });
    assert.deepEqual(typesOf([...all.data, ...older.data]), [
      "charge.updated",
      "checkout.session.completed",
      "payment_intent.succeeded",
      "charge.succeeded",
      "payment_intent.created",
    ]);
    assert.equal((await stripe.events.list({ type: "payment_intent.*" })).data.length, 2);
    const future = Math.floor(Date.now() / 1000) + 60;
    assert.equal((await stripe.events.list({ created: { gte: future } })).data.length, 0);
    assert.equal((await stripe.events.list({ created: { lt: future } })).data.length, 5);
    const completed = await stripe.events.list({
      types: ["checkout.session.completed"],
      delivery_success: true,
    });
    assert.equal(completed.data.length, 1);
  }));

Deno.test("deliveries drop, duplicate, pause and flush on request", () =>
  withStandIn(async (harness) => {
    const { received, control, settled, stripe } = harness;
    await control("/delivery", { drop: 1 });
    await pay(harness);
    await settled();
    assert.equal(received.length, 0);
    assert.equal((await stripe.events.list({ delivery_success: false })).data.length, 1);

    await control("/delivery", { duplicate: 2 });
    await pay(harness);
    await settled();
    assert.equal(received.length, 3);
    assert.equal(new Set(received.map((event) => event.id)).size, 1);

    received.length = 0;
    await control("/delivery", { duplicate: 0, paused: true });
    await pay(harness);
    const { held } = await control<{ held: string[] }>("/delivery/wait");
    assert.equal(held.length, 1);
    assert.equal(received.length, 0);
    await control("/delivery/flush");
    assert.equal(received.length, 1);
    await pay(harness);
    await control("/delivery", { paused: false });
    await settled();
    assert.equal(received.length, 2);
  }, ONLY_COMPLETED));

Deno.test("held deliveries are released in another order", () =>
  withStandIn(async (harness) => {
    const { received, control, settled } = harness;
    await control("/delivery", { hold: 3, order: "reverse" });
    const sessions = [await pay(harness), await pay(harness)];
    await settled();
    assert.equal(received.length, 0);
    sessions.push(await pay(harness));
    await settled();
    assert.deepEqual(sessionsIn(received), sessions.toReversed());

    const orders = [];
    for (const seed of [7, 7, 8]) {
      received.length = 0;
      await control("/delivery", { hold: 6, order: "shuffle", seed });
      const sent: string[] = [];
      for (let sale = 0; sale < 6; sale++) sent.push(await pay(harness));
      await settled();
      orders.push(sessionsIn(received).map((session) => sent.indexOf(session)).join());
    }
    assert.equal(orders[0], orders[1], "the same seed gives the same order");
    assert.notEqual(orders[0], orders[2]);
  }, ONLY_COMPLETED));

Deno.test("the buyer goes on to the shop once the webhook has answered, whatever it said", () =>
  withStandIn(async (harness) => {
    harness.answer.first = [500];
    await pay(harness);
    assert.equal(harness.received.length, 1);
    const [event] = (await harness.stripe.events.list({ delivery_success: false })).data;
    assert.equal(event.pending_webhooks, 1);
  }, { ...ONLY_COMPLETED, retries: { attempts: 2, firstWaitMs: 60_000 } }));

Deno.test("only subscribed types are delivered", () =>
  withStandIn(async (harness) => {
    await pay(harness);
    await harness.settled();
    assert.deepEqual(typesOf(harness.received), ["checkout.session.completed"]);
    const unheard = await harness.stripe.events.list({ type: "charge.succeeded" });
    assert.equal(unheard.data[0].pending_webhooks, 0);
  }, ONLY_COMPLETED));
