// One customer at Stripe for each account: named by every checkout, shown in the portal, deleted after an erasure.
import assert from "node:assert/strict";
import type { Report } from "../../supabase/functions/_billing/reconcile.ts";
import { ask, type Problem } from "../support/calls.ts";
import { as, type Person, signUp, stack } from "../support/people.ts";
import { service } from "../support/service.ts";
import { checkOut, control, pay, SHOP, stripe, undelivered } from "../support/stripe_shop.ts";

/** Ids of the customers that Stripe has of somebody. */
async function customersOf(person: Person): Promise<string[]> {
  const found: string[] = [];
  for await (const { id, metadata } of stripe.customers.list({ limit: 100 })) {
    if (metadata.user_id === person.id) found.push(id);
  }
  return found;
}

async function customerOf(session: string) {
  return (await stripe.checkout.sessions.retrieve(session)).customer;
}

const portal = (person: Person, return_to = SHOP) =>
  ask<{ url: string } & Problem>("POST", "credits-api/portal", as(person), { return_to });

Deno.test("two tabs and two packs make one customer, which every session names", async () => {
  const ana = await signUp();
  const orders = await Promise.all([checkOut(ana, 0), checkOut(ana, 1), portal(ana)]);
  await checkOut(ana, 2);
  const customers = await customersOf(ana);
  assert.equal(customers.length, 1);
  for (const order of orders) {
    if ("session" in order) assert.equal(await customerOf(order.session), customers[0]);
  }
  const kept = await stripe.customers.retrieve(customers[0]) as { email: string | null; name: string | null };
  assert.deepEqual([kept.email, kept.name], [null, null], "Stripe is told no name and no address");
});

Deno.test("the portal is one's own, shows what was paid and leads back", async () => {
  const [ana, bob] = [await signUp(), await signUp()];
  const order = await checkOut(ana);
  await pay(order);
  const { status, body: { url } } = await portal(ana, `${SHOP}?a=%20b#c`);
  assert.equal(status, 200);
  const page = await (await fetch(url)).text();
  assert.ok(page.includes(`Customer ${(await customersOf(ana))[0]}`), page);
  assert.match(page, /succeeded/);
  assert.ok(page.includes(`href="${SHOP}?a=%20b#c"`));
  const other = await (await fetch((await portal(bob)).body.url)).text();
  assert.match(other, /You have paid nothing yet/);

  const elsewhere = await portal(ana, "https://evil.example/");
  assert.deepEqual([elsewhere.status, elsewhere.body.code], [400, "return_to_not_allowed"]);
});

for (const news of ["told", "not told"]) {
  Deno.test(`a customer that somebody deleted at Stripe is made anew, ${news} by an event`, async () => {
    const ana = await signUp();
    await checkOut(ana);
    const [gone] = await customersOf(ana);
    if (news === "told") await stripe.customers.del(gone);
    else await undelivered(() => stripe.customers.del(gone));
    await control("/delivery/wait");
    const order = await checkOut(ana, 1);
    const [next, ...others] = await customersOf(ana);
    assert.deepEqual(others, []);
    assert.notEqual(next, gone);
    assert.equal(await customerOf(order.session), next);
    assert.equal((await portal(ana)).status, 200);
  });
}

async function erase(person: Person): Promise<string[]> {
  const { data } = await service.rpc("erase_user", { p_user_id: person.id }).throwOnError();
  return data.pending ?? [];
}

async function reconcile(apply: boolean): Promise<Report["customers"]> {
  const key = { "x-api-key": stack("SCHEDULER_SECRET") };
  const { status, body } = await ask<Report>("POST", "stripe-webhook/reconcile", key, { apply, days: 1 });
  assert.equal(status, 200, JSON.stringify(body));
  return body.customers;
}

Deno.test("an erasure has its customer deleted at Stripe, and says when that is done", async () => {
  const ana = await signUp();
  await pay(await checkOut(ana));
  await control("/delivery/wait");
  const customers = await customersOf(ana);
  assert.deepEqual(await erase(ana), customers);
  assert.deepEqual(await erase(ana), customers, "it is still to be done");
  assert.ok((await reconcile(false)).pending.includes(customers[0]), "only looking deletes nothing");
  assert.deepEqual(await customersOf(ana), customers);

  const report = await reconcile(true);
  assert.ok(report.deleted.includes(customers[0]));
  assert.deepEqual(await customersOf(ana), []);
  assert.deepEqual(await erase(ana), [], "and now it is done");
  const again = await reconcile(true);
  assert.ok(!again.deleted.includes(customers[0]) && !again.pending.includes(customers[0]));
});

Deno.test("a deletion whose end was lost is tried again", async () => {
  const ana = await signUp();
  await checkOut(ana);
  const [customer] = await customersOf(ana);
  await erase(ana);
  await undelivered(() => stripe.customers.del(customer));
  assert.deepEqual(await erase(ana), [customer]);
  await reconcile(true);
  assert.deepEqual(await erase(ana), []);
});
