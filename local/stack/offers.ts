import postgres from "postgres";
import type { PriceSeed } from "../stripe/mod.ts";

/**
 * Has everything be sold that the stand-ins can make, and plans to subscribe to. Their prices are the stand-in's for Stripe,
 * so that no migration can bring them.
 */
export const OFFER_ALL = `
  update public.credit_pricing set active = true where not active;
  with offered (name, description, credits, drip, rollover, trial_credits, position) as (values
    ('Bedtime', 'A story every other night', 20, 'period', 10, 0, 1),
    ('Library', 'For a shelf that grows', 60, 'month', 30, 5, 2)
  ), made as (
    insert into public.plans (name, description, position)
    select name, description, position from offered
    on conflict (name) do nothing returning id, name
  )
  insert into public.plan_versions (plan_id, version, credits, drip, rollover_cap, trial_credits)
  select m.id, 1, o.credits, o.drip, o.rollover, o.trial_credits from made m join offered o using (name);
  insert into public.plan_prices (stripe_price_id, version_id, "interval", amount_cents, trial_days)
  select o.id, v.id, o.every, o.amount, o.trial
  from (values
    ('price_bedtime_month', 'Bedtime', 'month', 1500, 0),
    ('price_library_month', 'Library', 'month', 3600, 7),
    ('price_library_year', 'Library', 'year', 36000, 0)
  ) o (id, plan, every, amount, trial)
  join public.plans p on p.name = o.plan
  join public.plan_versions v on v.plan_id = p.id and v.version = 1
  on conflict (stripe_price_id) do nothing;
`;

/** The prices of all plans, for the stand-in to sell; none where a project has no plans. */
export async function pricesOfPlans(dbUrl: string): Promise<PriceSeed[]> {
  const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
  try {
    const [{ none }] = await sql`select to_regclass('public.plan_prices') is null as none`;
    if (none) return [];
    return await sql<PriceSeed[]>`
      select r.stripe_price_id as id, r.amount_cents::int as unit_amount, r.currency, r."interval", p.name as product_name
      from public.plan_prices r
      join public.plan_versions v on v.id = r.version_id
      join public.plans p on p.id = v.plan_id`;
  } finally {
    await sql.end();
  }
}
