-- Plans: what can be subscribed to, and what each period of it grants.
--
-- Invariants
--   * A version never changes; another one is made instead, and nobody who subscribed before is moved to it.
--   * A price at Stripe stands for one version. Which one a subscriber has is kept when the price is first seen of them.

create table public.plans (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (name <> ''),
  description text not null default '',
  active boolean not null default true,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.plans is 'What can be subscribed to. One that is not active is not offered; who has it keeps it.';

create trigger plans_touch before update on public.plans
  for each row execute function credits_private.touch_updated_at();

create table public.plan_versions (
  id uuid primary key default gen_random_uuid(),
  plan_id uuid not null references public.plans (id),
  version integer not null check (version > 0),
  credits public.credit_amount not null check (credits > 0),
  drip text not null default 'period' check (drip in ('period', 'month')),
  rollover_cap public.credit_amount not null default 0,
  rollover_lifetime interval check (rollover_lifetime > interval '0'),
  trial_credits public.credit_amount not null default 0,
  upgrade text not null default 'fresh_cycle' check (upgrade in ('fresh_cycle', 'next_period')),
  created_at timestamptz not null default now(),
  unique (plan_id, version)
);

comment on table public.plan_versions is
  'What a plan grants, for ever. credits come once a period, or with drip ''month'' once a month also of a yearly price. Of what is left then at most rollover_cap stays, for rollover_lifetime (null: as long as the new credits). A trial grants trial_credits. upgrade says whether a change of plan that begins a new period grants at once (fresh_cycle), or the next period is the first to grant.';

create trigger plan_versions_immutable before update or delete or truncate on public.plan_versions
  for each statement execute function credits_private.refuse_change();

create table public.plan_prices (
  stripe_price_id text primary key check (stripe_price_id <> ''),
  version_id uuid not null references public.plan_versions (id),
  "interval" text not null check ("interval" in ('month', 'year')),
  amount_cents bigint not null check (amount_cents >= 0),
  currency text not null default 'usd' check (currency ~ '^[a-z]{3}$'),
  trial_days integer not null default 0 check (trial_days between 0 and 730),
  active boolean not null default true
);

comment on table public.plan_prices is
  'Which price at Stripe stands for which version of a plan. A price that is given another version is another offer to newcomers only; one that is not active is not offered.';

create index plan_prices_by_version on public.plan_prices (version_id);

create table credits_private.plan_settings (
  only_row boolean primary key default true check (only_row),
  grace interval not null default '3 hours' check (grace >= interval '0' and grace <= interval '3 days'),
  grant_when_free boolean not null default false
);

comment on table credits_private.plan_settings is
  'How long a plan''s credits outlast their period, because Stripe collects for the next one an hour or more after it begins, and whether a period that a discount made free grants all the same.';

insert into credits_private.plan_settings default values;

alter table public.plans enable row level security;
alter table public.plan_versions enable row level security;
alter table public.plan_prices enable row level security;
alter table credits_private.plan_settings enable row level security;

create policy "signed-in users see plans" on public.plans for select to authenticated using (active);
create policy "signed-in users see what plans grant" on public.plan_versions
  for select to authenticated using (exists (select from public.plans p where p.id = plan_id));
create policy "signed-in users see what plans cost" on public.plan_prices
  for select to authenticated using (active and exists (select from public.plan_versions v where v.id = version_id));
create policy "operators set plans" on public.plans to service_role using (true) with check (true);
create policy "operators set versions" on public.plan_versions to service_role using (true) with check (true);
create policy "operators set prices of plans" on public.plan_prices to service_role using (true) with check (true);
create policy "nobody but the functions" on credits_private.plan_settings using (false);

create view public.plan_offers with (security_invoker = true) as
select
  p.id as plan_id, p.name, p.description, v.credits, v.drip, v.trial_credits, r."interval", r.stripe_price_id as price_id,
  r.amount_cents, r.currency, r.trial_days, p.position
from public.plans p
join public.plan_versions v on v.plan_id = p.id
join public.plan_prices r on r.version_id = v.id
where p.active and r.active;

comment on view public.plan_offers is 'What a newcomer can subscribe to, one row for each price.';

revoke all on public.plans, public.plan_versions, public.plan_prices, public.plan_offers, credits_private.plan_settings
  from public, anon, authenticated, service_role;
grant select (id, name, description, active, position) on public.plans to authenticated;
grant select (id, plan_id, version, credits, drip, rollover_cap, rollover_lifetime, trial_credits, upgrade)
  on public.plan_versions to authenticated;
grant select on public.plan_prices, public.plan_offers to authenticated;
grant select, insert, update on public.plans, public.plan_prices to service_role;
grant select, insert on public.plan_versions to service_role;
grant select on public.plan_offers to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('plans', 'plans', 'none', 'offers'),
  ('plan_versions', 'plans', 'none', 'offers'),
  ('plan_prices', 'plans', 'none', 'prices'),
  ('plan_offers', 'plans', 'none', 'a view of offers');

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.plan_settings', null), ('public.plans', 'name'), ('public.plan_prices', 'stripe_price_id');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
