// Who comes back from Stripe's payment page has their plan, whether or not an event told of it.
import assert from "node:assert/strict";
import { ask } from "../support/calls.ts";
import { as, type Person, signUp } from "../support/people.ts";
import { control, SHOP, undelivered } from "../support/stripe_shop.ts";

interface Offer {
  plan_id: string;
  price_id: string;
  interval: string;
  credits: number;
}

async function get<T>(who: Person, path: string, method: "GET" | "POST" = "GET", body?: object): Promise<T> {
  const answer = await ask<T>(method, `credits-api/${path}`, as(who), body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

const planOf = async (who: Person) =>
  (await get<{ subscription: null | { status: string; batches: { amount: number }[] } }>(who, "subscription"))
    .subscription;
const refresh = async (who: Person) =>
  (await get<{ news: number }>(who, "subscription/refresh", "POST")).news;

Deno.test("a plan that no event tells of begins when its buyer comes back, once, and nobody else's does", async () => {
  const [ana, eve] = [await signUp(), await signUp()];
  const { items } = await get<{ items: Offer[] }>(ana, "plans");
  const offer = items.find(({ interval }) => interval === "month");
  assert.ok(offer, "the local stack offers a monthly plan");
  const order = { plan_id: offer.plan_id, price_id: offer.price_id, return_to: SHOP };
  const { url } = await get<{ url: string }>(ana, "subscribe", "POST", order);
  const session = new URL(url).pathname.split("/").at(-1);
  assert.equal(await refresh(ana), 0, "nothing was paid yet");
  await undelivered(() => control(`/sessions/${session}/pay`));
  assert.equal(await planOf(ana), null);

  assert.equal(await refresh(eve), 0);
  assert.equal(await planOf(ana), null, "a stranger's question is about a stranger");
  assert.equal(await refresh(ana), 2, "the subscription and its invoice");
  const plan = await planOf(ana);
  assert.deepEqual([plan?.status, plan?.batches.map(({ amount }) => amount)], ["active", [offer.credits]]);
  assert.equal(await refresh(ana), 0);
  assert.deepEqual(await planOf(ana), plan);
});
