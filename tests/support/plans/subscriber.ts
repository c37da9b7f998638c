/**
 * Somebody who subscribes at the stand-in for Stripe, in a database of a test's own.
 *
 * @module
 */
import type postgres from "postgres";

const CREDITS = { basic: 10, pro: 30, basic_year: 10 };

/** A user whose customer is at the stand-in, and the plans that it sells; the clock stands at `start`. */
export async function subscriber(sql: postgres.Sql, customer: string, start: string): Promise<string> {
  const user = crypto.randomUUID();
  await sql.unsafe(
    `create or replace function credits_private.clock() returns timestamptz language plpgsql as $$
    begin return current_setting('test.now')::timestamptz; end $$`,
  );
  await sql`select set_config('test.now', ${start}, false)`;
  await sql`insert into auth.users (id, email) values (${user}, 'ada@example.com')`;
  await sql`select public.keep_stripe_customer(${user}, ${customer}, false)`;
  for (const [price, credits] of Object.entries(CREDITS)) {
    const [plan] = await sql`insert into public.plans (name) values (${price}) returning id`;
    const [version] = await sql`insert into public.plan_versions (plan_id, version, credits, drip)
      values (${plan.id}, 1, ${credits}, 'month') returning id`;
    await sql`insert into public.plan_prices (stripe_price_id, version_id, "interval", amount_cents)
      values (${price}, ${version.id}, ${price.endsWith("year") ? "year" : "month"}, 1000)`;
  }
  return user;
}
