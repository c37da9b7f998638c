/** Whoever subscribes in several tabs at once pays for one plan, or an operator sees that they paid for two. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { clone } from "../support/clone.ts";
import { newSubscriber, openShop, outcome } from "../support/plans/crowd.ts";
import { tally, together } from "../support/stripe_buyers.ts";

const START = "2027-01-31T12:00Z";
const MONTH = { start: START, end: "2027-02-28T12:00Z" };

Deno.test("two subscriptions that were paid in two tabs at once: one is live, the other is shown, both grant", async () => {
  await using database = await clone(4);
  const { sql } = database;
  await openShop(sql, START);
  const { user, says } = await newSubscriber(sql);
  const tabs = ["a", "b"].map((tab) =>
    says({ ...MONTH, invoice: `in_${tab}`, subscription: `${tab}_${user}` })
  );
  const said = tabs.flatMap(({ paid, stands }) => [paid, stands, paid, stands]).flatMap((one) => [one, one]);
  const hold = (holder: postgres.TransactionSql) =>
    holder`select from public.credit_accounts where user_id = ${user} for no key update`;
  await together(database, hold, said.map((one) => (sql: postgres.Sql) => outcome(sql, one)));
  const [{ available }] = await sql`select available from public.credit_accounts where user_id = ${user}`;
  assert.equal(available, 2000);
  const spares = await sql`select is_spare from public.subscriptions where user_id = ${user} order by 1`;
  assert.deepEqual(spares.map(({ is_spare }) => is_spare), [false, true]);
  const differences = await sql`select problem from public.plan_differences()`;
  assert.deepEqual(differences.map(({ problem }) => problem), ["second_subscription"]);
});

Deno.test("16 tabs that subscribe at once share one page, and one session is kept for it", async () => {
  await using database = await clone(4);
  const { sql } = database;
  await openShop(sql, START);
  await sql`update public.rate_limit_policies set max_requests = 100 where action = 'subscribe'`;
  const { user } = await newSubscriber(sql);
  const hold = (holder: postgres.TransactionSql) =>
    holder`lock table public.subscription_checkouts in exclusive mode`;
  const begin = async (sql: postgres.Sql) => {
    const [made] =
      await sql`select c.* from public.plans p, lateral public.create_subscription_checkout(${user}, p.id) c
      where p.name = 'basic'`;
    return `${made.outcome} ${made.checkout_id}`;
  };
  const answers = new Set(await together(database, hold, Array.from({ length: 16 }, () => begin)));
  assert.equal(answers.size, 1);
  const [page] = [...answers][0].split(" ").slice(1);
  const attach = Array.from(
    { length: 16 },
    (_, tab) => (sql: postgres.Sql) =>
      outcome(
        sql,
        `select outcome from public.attach_subscription_session('${user}', '${page}', 'cs_${tab % 2}')`,
      ),
  );
  assert.deepEqual(tally(await together(database, hold, attach)), { attached: 8, not_found: 8 });
});
