/** Checkouts on real connections: however many start at once, one purchase, one session, one grant. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import * as event from "../../local/stripe/fixtures.ts";
import { disagreements } from "../support/credit_calls.ts";
import { newcomer } from "../support/newcomer.ts";
import { arena, buyer, state, tally, tell, together } from "../support/stripe_buyers.ts";

Deno.test("20 checkouts of one user at once are one purchase", async () => {
  const database = await arena();
  const { sql } = database;
  await sql`update public.rate_limit_policies set max_requests = 100 where action = 'checkout'`;
  const user = await newcomer(database.sql);
  // Nothing can be written for a while, so that a caller who does not queue up would look before anything is there.
  const hold = (holder: postgres.TransactionSql) =>
    holder`lock table public.credit_purchases in exclusive mode`;
  const checkout = async (sql: postgres.Sql) => {
    const [made] = await sql<{ outcome: string; purchase_id: string }[]>`
      select * from public.create_checkout(${user}, (select id from public.credit_packs limit 1))`;
    return `${made.outcome} ${made.purchase_id}`;
  };
  const answers = await together(database, hold, Array.from({ length: 20 }, () => checkout));
  const purchases = await sql`select id from public.credit_purchases where user_id = ${user}`;
  assert.deepEqual(tally(answers), { [`created ${purchases[0].id}`]: 20 });
  assert.equal(purchases.length, 1);
});

Deno.test("checkouts queue up of their own accord, not only at the rate limit", async () => {
  const database = await arena();
  const user = await newcomer(database.sql);
  const hold = (holder: postgres.TransactionSql) =>
    holder`lock table public.credit_purchases in exclusive mode`;
  const open = async (sql: postgres.Sql) => {
    const [{ id }] = await sql<{ id: string }[]>`
      select (credits_private.open_purchase(${user}, p)).id from public.credit_packs p limit 1`;
    return id;
  };
  const opened = await together(database, hold, Array.from({ length: 20 }, () => open));
  assert.equal(new Set(opened).size, 1);
});

Deno.test("two sessions paid at once for one purchase: one is granted, the other is held for an operator", async () => {
  const database = await arena();
  const one = await buyer(database.sql);
  const sales = [one.sold, event.sale({ amount: 1000, metadata: { purchase_id: one.purchase } })];
  const hold = (holder: postgres.TransactionSql) =>
    holder`insert into public.credit_accounts (user_id) values (${one.user})`;
  const pay = sales.map(({ session }) => (sql: postgres.Sql) =>
    tell(sql, event.checkoutCompletedEvent({ object: session }))
  );
  assert.deepEqual(tally(await together(database, hold, pay)), { applied: 1, held: 1 });
  assert.equal(await state(database.sql, one), "paid 10.00, 1 granted, 0.00 owed");
  const held = await database.sql`
    select reason from public.held_stripe_events where purchase_id = ${one.purchase}`;
  assert.deepEqual(held.map(({ reason }) => reason), ["session_mismatch"]);
});

Deno.test("a payment and the erasure of its buyer do not deadlock", async () => {
  const database = await arena();
  for (const order of ["payment first", "erasure first"]) {
    const one = await buyer(database.sql);
    const hold = (holder: postgres.TransactionSql) =>
      holder`select from public.credit_purchases where id = ${one.purchase} for update`;
    const pay = (sql: postgres.Sql) => tell(sql, event.checkoutCompletedEvent({ object: one.sold.session }));
    const erase = async (sql: postgres.Sql) => {
      const [{ outcome }] = await sql<
        { outcome: string }[]
      >`select * from public.erase_user(${one.user}, 'test', 'test')`;
      return outcome;
    };
    const answers = await together(database, hold, order === "payment first" ? [pay, erase] : [erase, pay]);
    assert.ok(answers.includes("erased"), order);
    assert.ok(answers.includes("applied") || answers.includes("held"), order);
  }
  assert.deepEqual(await disagreements(database.sql), []);
});
