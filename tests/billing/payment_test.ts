// C2: a signed event from Stripe, through the webhook of a running stack, is what grants credits, and only once.
import assert from "node:assert/strict";
import Stripe from "stripe";
import { ask } from "../support/calls.ts";
import { type Person, signUp, stack } from "../support/people.ts";

const as = (person: Person) => ({ authorization: `Bearer ${person.token}` });

interface Pack {
  id: string;
  credits: number;
  amount_cents: number;
}

interface Purchase {
  id: string;
  status: string;
}

async function deliver(event: Record<string, unknown>) {
  const payload = JSON.stringify(event);
  const secret = stack("STRIPE_WEBHOOK_SECRET").split(",")[0];
  const cryptoProvider = Stripe.createSubtleCryptoProvider();
  const header = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, cryptoProvider });
  return await ask<{ received: boolean; outcome: string }>("POST", "stripe-webhook", {
    "stripe-signature": header,
  }, event);
}

function paid(person: Person, purchaseId: string, pack: Pack, amount = pack.amount_cents) {
  const id = crypto.randomUUID().replaceAll("-", "");
  return {
    id: `evt_${id}`,
    object: "event",
    type: "checkout.session.completed",
    created: Math.floor(Date.now() / 1000),
    data: {
      object: {
        id: `cs_test_${id}`,
        object: "checkout.session",
        mode: "payment",
        payment_status: "paid",
        amount_total: amount,
        currency: "usd",
        client_reference_id: purchaseId,
        payment_intent: `pi_${id}`,
        metadata: { purchase_id: purchaseId, user_id: person.id, credits: pack.credits.toFixed(2) },
      },
    },
  };
}

async function checkout(
  person: Person,
  returnTo = "https://talehop.com/shop",
): Promise<{ purchaseId: string; pack: Pack; url: string }> {
  const [pack] = (await ask<{ items: Pack[] }>("GET", "credits-api/packs", as(person))).body.items;
  const order = { pack_id: pack.id, return_to: returnTo };
  const { status, body } = await ask<{ url: string; purchase_id: string }>(
    "POST",
    "credits-api/checkout",
    as(person),
    order,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return { purchaseId: body.purchase_id, pack, url: body.url };
}

async function balance(person: Person): Promise<number> {
  return (await ask<{ balance: number }>("GET", "credits-api/balance", as(person))).body.balance;
}

Deno.test("a second click on buy finds the first payment page", async () => {
  const ana = await signUp();
  const first = await checkout(ana);
  assert.ok(first.url.startsWith(stack("STRIPE_API_URL")));
  assert.deepEqual(await checkout(ana), first);
});

Deno.test("a click that returns to another page gets a page of its own, and the first can be paid no more", async () => {
  const ana = await signUp();
  const first = await checkout(ana);
  const other = await checkout(ana, "https://talehop.com/elsewhere");
  assert.notEqual(other.purchaseId, first.purchaseId);
  const { items } = (await ask<{ items: Purchase[] }>("GET", "credits-api/purchases", as(ana))).body;
  assert.deepEqual(items.map(({ status }) => status), ["open", "expired"]);
  assert.deepEqual(await checkout(ana, "https://talehop.com/elsewhere"), other);
});

Deno.test("a purchase that a restore lost is made again by its session, and one of another project is not", async () => {
  const ana = await signUp();
  const before = await balance(ana);
  const { pack } = await checkout(ana);
  const sold = (project: string) => {
    const event = paid(ana, crypto.randomUUID(), pack);
    const said = { amount: String(pack.amount_cents), currency: "usd", pack_id: pack.id, project };
    Object.assign(event.data.object.metadata, said);
    return event;
  };
  assert.equal((await deliver(sold("another.example"))).body.outcome, "ignored");
  assert.equal(await balance(ana), before);
  const event = sold(new URL(stack("API_URL")).host);
  assert.equal((await deliver(event)).body.outcome, "applied");
  assert.equal((await deliver({ ...event, id: `${event.id}_2` })).body.outcome, "applied");
  assert.equal(await balance(ana), before + pack.credits);
});

Deno.test("what the purchase says is granted once, however often Stripe says it was paid", async () => {
  const ana = await signUp();
  const before = await balance(ana);
  const { purchaseId, pack, url } = await checkout(ana);
  const event = paid(ana, purchaseId, pack);
  event.data.object.id = sessionOf(url);

  const answers = await Promise.all(Array.from({ length: 5 }, () => deliver(event)));
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200, 200]);
  assert.deepEqual(answers.map(({ body }) => body.outcome).sort(), [
    "applied",
    "duplicate",
    "duplicate",
    "duplicate",
    "duplicate",
  ]);
  assert.equal(await balance(ana), before + pack.credits);
  const { items } = (await ask<{ items: Purchase[] }>("GET", "credits-api/purchases", as(ana))).body;
  assert.deepEqual(items.map(({ id, status }) => [id, status]), [[purchaseId, "paid"]]);
});

Deno.test("an event nobody handles is ignored, and so is one without its fields", async () => {
  const event = {
    id: `evt_${crypto.randomUUID()}`,
    object: "event",
    type: "customer.created",
    created: 1,
    data: { object: {} },
  };
  assert.deepEqual((await deliver(event)).body, { received: true, outcome: "ignored" });
  assert.equal((await deliver({ ...event, id: "" })).status, 200);
  assert.equal((await deliver({ ...event, id: `${event.id}2`, created: "x" })).status, 200);
});

/** The stand-in's payment pages are named after their sessions. */
function sessionOf(url: string): string {
  return new URL(url).pathname.split("/").at(-1) ?? "";
}
