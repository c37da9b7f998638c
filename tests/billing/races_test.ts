/** C2 on real connections: events, checkouts and replays that arrive at once grant once and never deadlock. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import * as event from "../../local/stripe/fixtures.ts";
import { clone } from "../support/clone.ts";
import { disagreements, reserve } from "../support/credit_calls.ts";
import { arena, attach, buyer, state, tally, tell, together } from "../support/stripe_buyers.ts";

const ACCOUNT = (user: string) => (holder: postgres.TransactionSql) =>
  holder`insert into public.credit_accounts (user_id) values (${user})`;
const PAYMENT = (intent: string) => (holder: postgres.TransactionSql) =>
  holder`insert into public.stripe_payments (payment_intent_id) values (${intent})`;

Deno.test("C2: 50 deliveries of one event at once grant once", async () => {
  const database = await arena();
  const one = await buyer(database.sql);
  const completed = event.checkoutCompletedEvent({ object: one.sold.session });
  const arrives = (holder: postgres.TransactionSql) => tell(holder, completed);
  const calls = Array.from({ length: 50 }, () => (sql: postgres.Sql) => tell(sql, completed));
  assert.deepEqual(tally(await together(database, arrives, calls)), { applied: 1, duplicate: 49 });
  assert.equal(await state(database.sql, one), "paid 10.00, 1 granted, 0.00 owed");
});

Deno.test("C2: 30 different events that each say a session was paid grant once", async () => {
  const database = await arena();
  const one = await buyer(database.sql);
  const calls = Array.from({ length: 30 }, (_, index) => (sql: postgres.Sql) => {
    const build = index % 2 ? event.checkoutCompletedEvent : event.checkoutAsyncSucceededEvent;
    return tell(sql, (build as typeof event.checkoutCompletedEvent)({ object: one.sold.session }));
  });
  const answers = await together(database, PAYMENT(one.sold.paymentIntent.id), calls);
  assert.deepEqual(tally(answers), { applied: 30 });
  assert.equal(await state(database.sql, one), "paid 10.00, 1 granted, 0.00 owed");
});

Deno.test("a payment, its refund and the arrival of its session race to the same end", async () => {
  const database = await arena();
  for (let round = 0; round < 12; round++) {
    const one = await buyer(database.sql);
    const { session, paymentIntent } = one.sold;
    const refund = one.sold.refund(400);
    const calls = [
      (sql: postgres.Sql) => tell(sql, event.refundCreatedEvent({ object: refund })),
      (sql: postgres.Sql) => tell(sql, event.chargeRefundedEvent({ object: one.sold.chargeRefunded(400) })),
      (sql: postgres.Sql) => tell(sql, event.checkoutCompletedEvent({ object: session })),
      (sql: postgres.Sql) => attach(sql, one),
    ];
    await together(database, round % 2 ? PAYMENT(paymentIntent.id) : ACCOUNT(one.user), [
      ...calls.slice(round % 4),
      ...calls.slice(0, round % 4),
    ]);
    assert.equal(await state(database.sql, one), "partially_refunded 6.00, 1 granted, 0.00 owed");
    const [kept] = await database.sql`select session_expires_at is not null as attached, stripe_session_id, (
        select count(*)::int from public.stripe_events where payment_intent_id = ${paymentIntent.id} and outcome <> 'applied'
      ) as held from public.credit_purchases where id = ${one.purchase}`;
    assert.deepEqual({ ...kept }, {
      attached: true,
      stripe_session_id: session.id,
      held: 0,
    });
  }
  assert.deepEqual(await disagreements(database.sql), []);
});

Deno.test("a slow payment that succeeds and a second session that is paid do not deadlock", async () => {
  const database = await arena();
  for (let round = 0; round < 4; round++) {
    const one = await buyer(database.sql);
    const slow = event.sale({ amount: 1000, metadata: { purchase_id: one.purchase } });
    await tell(database.sql, event.checkoutCompletedEvent({ object: slow.unpaidSession }));
    // The slow payment is locked by its success, which waits for the purchase, when the other comes to it.
    const hold = (holder: postgres.TransactionSql) =>
      holder`select from public.credit_purchases where id = ${one.purchase} for update`;
    const calls = [slow, one.sold].map(({ session }) => (sql: postgres.Sql) =>
      tell(sql, event.checkoutCompletedEvent({ object: session }))
    );
    const answers = await together(database, hold, round % 2 ? calls : calls.reverse());
    assert.deepEqual(tally(answers), { applied: 1, held: 1 });
    assert.equal(await state(database.sql, one), "paid 10.00, 1 granted, 0.00 owed");
  }
  assert.deepEqual(await disagreements(database.sql), []);
});

Deno.test("a refund that was being held when the payment came is not lost", async () => {
  const database = await arena();
  const one = await buyer(database.sql);
  const { sold } = one;
  // The payment is known already, by an inquiry that takes nothing.
  const inquiry = sold.dispute({ status: "warning_needs_response" });
  await tell(database.sql, event.disputeCreatedEvent({ object: inquiry }));
  const hold = (holder: postgres.TransactionSql) =>
    tell(holder, event.refundCreatedEvent({ object: sold.refund(400) }));
  const pay = (sql: postgres.Sql) => tell(sql, event.checkoutCompletedEvent({ object: sold.session }));
  assert.deepEqual(await together(database, hold, [pay], "commit"), ["applied"]);
  assert.equal(await state(database.sql, one), "partially_refunded 6.00, 1 granted, 0.00 owed");
});

Deno.test("an operator's replay and the payment it waited for do not deadlock", async () => {
  const database = await arena();
  for (let round = 0; round < 12; round++) {
    const one = await buyer(database.sql);
    const early = event.refundCreatedEvent({ object: one.sold.refund(1000) });
    assert.equal(await tell(database.sql, early), "held");
    const replay = async (sql: postgres.Sql) => {
      const [answer] = await sql<
        { outcome: string }[]
      >`select * from public.replay_stripe_event(${early.id}, 'test', 'test')`;
      return answer.outcome;
    };
    const pay = (sql: postgres.Sql) => tell(sql, event.checkoutCompletedEvent({ object: one.sold.session }));
    const hold = round % 2
      ? (holder: postgres.TransactionSql) =>
        holder`select from public.stripe_payments where payment_intent_id = ${one.sold.paymentIntent.id} for update`
      : ACCOUNT(one.user);
    await together<string>(database, hold, round % 4 < 2 ? [replay, pay] : [pay, replay]);
    assert.equal(await state(database.sql, one), "refunded 0.00, 1 granted, 0.00 owed");
  }
});

Deno.test("everything at once, three copies of each, for 15 users who spend meanwhile", async () => {
  await using database = await clone(4);
  const pool = database.connect(16);
  const buyers = await Promise.all(Array.from({ length: 15 }, () => buyer(database.sql)));
  const work = buyers.flatMap((one) => {
    const { sold } = one;
    const dispute = sold.dispute();
    const events = [
      event.checkoutCompletedEvent({ object: sold.unpaidSession }),
      event.checkoutAsyncSucceededEvent({ object: sold.session }),
      event.refundCreatedEvent({ object: sold.refund(400) }),
      event.chargeRefundedEvent({ object: sold.chargeRefunded(400) }),
      event.disputeCreatedEvent({ object: dispute }),
      event.disputeClosedEvent({ object: { ...dispute, status: "won" } }),
    ];
    const told = events.flatMap((one) => Array.from({ length: 3 }, () => () => tell(pool, one)));
    const spent = Array.from({ length: 4 }, () => async () => {
      const { outcome } = await reserve(pool, one.user, crypto.randomUUID(), 250);
      return outcome;
    });
    return [...told, ...spent];
  });
  const shuffled = work.map((call) => ({ call, at: Math.random() })).sort((a, b) => a.at - b.at);
  await Promise.all(shuffled.map(({ call }) => call()));
  const ends = await database.sql`
    select distinct p.status, p.revoked_credits, a.available + a.reserved - a.debt as net
    from public.credit_purchases p join public.credit_accounts a using (user_id)`;
  assert.deepEqual(ends.map((end) => ({ ...end })), [
    { status: "partially_refunded", revoked_credits: 400, net: 600 },
  ]);
  assert.deepEqual(await disagreements(database.sql), []);
});
