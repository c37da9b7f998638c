// The way back from the payment page: credits arrive with no webhook at all, once, and for their buyer only.
import assert from "node:assert/strict";
import { ask } from "../support/calls.ts";
import { connect } from "../support/clone.ts";
import { as, grant, signUp, stack } from "../support/people.ts";
import { service } from "../support/service.ts";
import {
  balance,
  type Bought,
  checkOut,
  control,
  pay,
  refresh,
  stripe,
  undelivered,
} from "../support/stripe_shop.ts";

Deno.test("a payment that no event tells of is credited when its buyer comes back, and once", async () => {
  const ana = await signUp();
  const before = (await balance(ana)).balance;
  const order = await undelivered(async () => {
    const order = await checkOut(ana);
    assert.equal((await refresh(ana, order)).body.status, "open", "nobody has paid yet");
    await pay(order);
    return order;
  });
  assert.equal((await balance(ana)).balance, before);
  const answers = await Promise.all([refresh(ana, order), refresh(ana, order), refresh(ana, order)]);
  assert.deepEqual(answers.map(({ status, body }) => [status, body.status]), Array(3).fill([200, "paid"]));
  assert.deepEqual([answers[0].body.id, answers[0].body.credits], [order.purchase, order.pack.credits]);
  assert.equal((await balance(ana)).balance, before + order.pack.credits);

  // The webhook is mended: what Stripe then tells changes nothing.
  const events = await stripe.events.list({ type: "checkout.session.completed" });
  const late = events.data.find(({ data }) => (data.object as { id: string }).id === order.session);
  await control(`/events/${late?.id}/resend`);
  assert.equal((await refresh(ana, order)).body.status, "paid");
  assert.equal((await balance(ana)).balance, before + order.pack.credits);
});

Deno.test("only its buyer may ask about a purchase", async () => {
  const [ana, eve] = [await signUp(), await signUp()];
  const order = await undelivered(async () => {
    const order = await checkOut(ana);
    await pay(order);
    return order;
  });
  const { status, body } = await refresh(eve, order);
  assert.deepEqual([status, body.code], [404, "not_found"]);
  const sql = connect(stack("DB_URL"), 1);
  const [{ status: kept }] =
    await sql`select status from public.credit_purchases where id = ${order.purchase}`;
  await sql.end();
  assert.equal(kept, "open", "and asking changed nothing");
});

Deno.test("a bank debit is under way, and then paid, by asking alone", async () => {
  const ana = await signUp();
  const order = await undelivered(async () => {
    const order = await checkOut(ana);
    await pay(order, "delayed");
    assert.equal((await refresh(ana, order)).body.status, "processing");
    await control(`/sessions/${order.session}/settle`, { outcome: "succeeded" });
    return order;
  });
  assert.equal((await refresh(ana, order)).body.status, "paid");
  const held = await service.from("held_stripe_events").select("id").eq("purchase_id", order.purchase)
    .throwOnError();
  assert.deepEqual(held.data, [], "and nothing of it is left to an operator");
});

Deno.test("a page that has expired is one", async () => {
  const ana = await signUp();
  const order = await undelivered(async () => {
    const order = await checkOut(ana);
    await stripe.checkout.sessions.expire(order.session);
    return order;
  });
  assert.equal((await refresh(ana, order)).body.status, "expired");
});

Deno.test("what went back is told with its reason, and what is owed for it", async () => {
  const ana = await signUp();
  const order = await checkOut(ana);
  const { payment_intent } = await pay(order);
  await control("/delivery/wait");
  const list = async () =>
    (await ask<{ items: Bought[] }>("GET", "credits-api/purchases", as(ana))).body.items[0];
  assert.deepEqual([(await list()).status, (await list()).reversed], ["paid", null]);

  const had = (await balance(ana)).balance;
  const job = crypto.randomUUID();
  const spent = { p_user_id: ana.id, p_job_id: job, p_amount: had, p_job_type: "test" };
  await service.rpc("reserve_credits", spent).throwOnError();
  await service.rpc("confirm_credits", { p_user_id: ana.id, p_job_id: job }).throwOnError();
  await stripe.refunds.create({ payment_intent, amount: order.pack.amount_cents / 2 });
  await control("/delivery/wait");
  const { at, ...refunded } = (await list()).reversed ?? { at: "" };
  const half = order.pack.credits / 2;
  assert.deepEqual(refunded, { reason: "refund", amount_cents: order.pack.amount_cents / 2, credits: half });
  assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
  assert.deepEqual(await balance(ana), { balance: 0, reserved: 0, debt: half });

  await control("/disputes", { payment_intent, amount: order.pack.amount_cents / 2 });
  await control("/delivery/wait");
  assert.equal((await list()).reversed?.reason, "dispute");
  assert.equal((await list()).reversed?.credits, order.pack.credits);
  await grant(ana, order.pack.credits + 1);
  assert.deepEqual(await balance(ana), { balance: 1, reserved: 0, debt: 0 }, "the next credits pay it first");
});
