/**
 * Subscribers whom many connections serve at once, in a database whose clock all of them share.
 *
 * @module
 */
import type postgres from "postgres";
import type { Queries } from "../clone.ts";
import * as stripe from "./events.ts";
import type { Paid } from "./grants.ts";

/** Credits of each plan, a month. */
export const CREDITS = { basic: 10, pro: 30 } as const;
type Plan = keyof typeof CREDITS;

/** Sets the clock of every connection. */
export async function setClock(sql: postgres.Sql, at: string): Promise<void> {
  await sql`update public.now_is set at = ${at}`;
}

/** Has the plans be sold, by the month and by the year, at `at`. */
export async function openShop(sql: postgres.Sql, at: string): Promise<void> {
  await sql.unsafe(`
    create table public.now_is as select '${at}'::timestamptz as at;
    create or replace function credits_private.clock() returns timestamptz language plpgsql as $$
    begin return (select at from public.now_is); end $$;`).simple();
  for (const [name, credits] of Object.entries(CREDITS)) {
    const [plan] = await sql`insert into public.plans (name) values (${name}) returning id`;
    const [version] = await sql`insert into public.plan_versions (plan_id, version, credits, drip)
      values (${plan.id}, 1, ${credits}, 'month') returning id`;
    for (const interval of ["month", "year"]) {
      await sql`insert into public.plan_prices (stripe_price_id, version_id, "interval", amount_cents)
        values (${`${name}_${interval}`}, ${version.id}, ${interval}, 1000)`;
    }
  }
}

/** Somebody with a customer at Stripe. */
export interface Subscriber {
  user: string;
  customer: string;
  /** What Stripe says once `period` is paid, and what it says of the subscription, as SQL that takes it in. */
  says(period: Period): { paid: string; stands: string };
}

/** A period of a subscription. */
export interface Period {
  invoice: string;
  start: string;
  end: string;
  plan?: Plan;
  interval?: "month" | "year";
  reason?: string;
  subscription?: string;
}

/** A new one of them. */
export async function newSubscriber(sql: postgres.Sql): Promise<Subscriber> {
  const user = crypto.randomUUID();
  const customer = `cus_${user}`;
  await sql`insert into auth.users (id, email) values (${user}, ${`${user}@example.com`})`;
  await sql`select public.keep_stripe_customer(${user}, ${customer}, false)`;
  return {
    user,
    customer,
    says: (
      { plan = "basic", interval = "month", reason = "subscription_cycle", subscription, ...period },
    ) => {
      const [start, end] = [Date.parse(period.start), Date.parse(period.end)];
      const paid: Paid = {
        ...{
          id: `${period.invoice}_${user}`,
          subscription: `sub_${subscription ?? user}`,
          anchor: start,
          start,
          end,
        },
        ...{
          kind: "full",
          size: CREDITS[plan] * 100,
          times: interval === "year" ? 12 : 1,
          cap: 0,
          total: 1000,
        },
      };
      const about = { shape: "before", customer, price: `${plan}_${interval}` } as const;
      return {
        paid: stripe.take(
          stripe.newEvent("invoice.paid", stripe.invoice(paid, { ...about, amount: 1000, reason }), start),
        ),
        stands: stripe.take(
          stripe.newEvent(
            "customer.subscription.updated",
            stripe.subscription(paid, { ...about, status: "active" }),
            start,
          ),
        ),
      };
    },
  };
}

/** The outcome of one statement. */
export async function outcome(sql: Queries, statement: string): Promise<string> {
  const [row] = await sql.unsafe(statement);
  return String(row.outcome);
}
