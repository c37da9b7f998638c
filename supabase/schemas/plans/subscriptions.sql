-- Subscriptions: what Stripe has said of each subscription and of each of its invoices.
--
-- Invariants
--   * Facts only accumulate: of a subscription the latest by Stripe's own clock counts, and what is over stays over; an
--     invoice only moves on. The order of their events, and copies of them, do not matter.
--   * No fact needs another one to be kept: an invoice may come before its subscription, a payment before its invoice.
--   * A user has one live subscription. Another one that is paid for all the same is kept as a spare, for an operator.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the account's lock.

create table public.subscriptions (
  id text primary key,
  user_id uuid not null,
  customer_id text not null,
  stripe_price_id text not null,
  quantity integer not null check (quantity > 0),
  status text not null,
  is_live boolean not null generated always as (status in ('trialing', 'active', 'past_due', 'unpaid', 'paused')) stored,
  is_spare boolean not null default false,
  anchor timestamptz not null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  cancel_at timestamptz,
  trial_end timestamptz,
  created_at timestamptz not null,
  said_at timestamptz not null,
  unpaid_since timestamptz
);

comment on table public.subscriptions is
  'Subscriptions as Stripe last described them, at said_at. anchor is the moment from which months are counted. is_spare: the user has another live one. unpaid_since is the beginning of a period that runs in good standing and of which no paid invoice is known.';

create unique index subscriptions_live on public.subscriptions (user_id) where is_live and not is_spare;
create index subscriptions_by_user on public.subscriptions (user_id);
create index subscriptions_spare on public.subscriptions (id) where is_live and is_spare;
create index subscriptions_unpaid on public.subscriptions (unpaid_since) where unpaid_since is not null;

create table public.subscription_versions (
  subscription_id text not null,
  stripe_price_id text not null references public.plan_prices (stripe_price_id),
  version_id uuid not null,
  primary key (subscription_id, stripe_price_id)
);

create index subscription_versions_by_price on public.subscription_versions (stripe_price_id);

comment on table public.subscription_versions is
  'Which version a subscription has of each price, from the moment that the price was first seen of it. A version never goes, so that no foreign key has to hold it.';

create table public.subscription_invoices (
  id text primary key,
  user_id uuid not null,
  subscription_id text not null,
  status text not null,
  billing_reason text not null,
  stripe_price_id text not null,
  version_id uuid not null,
  quantity integer not null check (quantity > 0),
  period_start timestamptz not null,
  period_end timestamptz not null,
  currency text not null,
  total_cents bigint not null check (total_cents >= 0),
  decision text,
  grant_size public.credit_amount not null default 0,
  grants integer not null default 0 check (grants between 0 and 12),
  deducted public.credit_amount not null default 0,
  granted public.credit_amount not null default 0,
  next_grant_at timestamptz,
  reversed_cents bigint not null default 0 check (reversed_cents between 0 and total_cents),
  reversed_credits public.credit_amount not null default 0,
  taken_credits public.credit_amount not null default 0,
  reversal_count integer not null default 0,
  created_at timestamptz not null
);

comment on table public.subscription_invoices is
  'Invoices of plans. period_start and period_end are those of the plan''s own line. decision says what a paid one grants and why: grant_size, up to grants times, the first less what is deducted, the next at next_grant_at. total_cents is what it came to; of that reversed_cents went back, which stands for reversed_credits of all that it grants. taken_credits were taken for it from what had been granted.';

create unique index subscription_invoices_granting on public.subscription_invoices (subscription_id, period_start) where grants > 0;
create index subscription_invoices_by_subscription on public.subscription_invoices (subscription_id, period_start);
create index subscription_invoices_by_user on public.subscription_invoices (user_id, period_start);
create index subscription_invoices_twice on public.subscription_invoices (created_at)
  where decision = 'same_period' and total_cents > reversed_cents;
create index subscription_invoices_due on public.subscription_invoices (next_grant_at) where next_grant_at is not null;
create index subscription_invoices_due_by_user on public.subscription_invoices (user_id) where next_grant_at is not null;

create table public.subscription_payments (
  payment_intent_id text primary key,
  invoice_id text not null,
  amount_cents bigint
);

comment on table public.subscription_payments is
  'Which payments paid which invoice. amount_cents is null where Stripe named the payment alone: then it paid everything.';

create index subscription_payments_by_invoice on public.subscription_payments (invoice_id);

create table public.plan_grants (
  user_id uuid not null,
  batch_id bigint not null,
  subscription_id text not null,
  invoice_id text not null references public.subscription_invoices (id),
  kind text not null check (kind in ('credits', 'trial', 'rollover', 'late')),
  due_at timestamptz not null,
  amount public.credit_amount not null check (amount > 0),
  primary key (user_id, batch_id)
);

comment on table public.plan_grants is
  'The batches of plans: which invoice paid for them, and from when on. What rolls over is a batch of its own of the invoice that had paid for it; what comes after its successor (late) is what would have rolled over.';

create index plan_grants_by_subscription on public.plan_grants (subscription_id, due_at);
create index plan_grants_by_invoice on public.plan_grants (invoice_id);

alter table public.subscriptions enable row level security;
alter table public.subscription_versions enable row level security;
alter table public.subscription_invoices enable row level security;
alter table public.subscription_payments enable row level security;
alter table public.plan_grants enable row level security;

create policy "operators read subscriptions" on public.subscriptions for select to service_role using (true);
create policy "operators read versions of subscriptions" on public.subscription_versions for select to service_role using (true);
create policy "operators read invoices" on public.subscription_invoices for select to service_role using (true);
create policy "operators read payments of invoices" on public.subscription_payments for select to service_role using (true);
create policy "operators read grants of plans" on public.plan_grants for select to service_role using (true);

revoke all on public.subscriptions, public.subscription_versions, public.subscription_invoices, public.subscription_payments,
  public.plan_grants from public, anon, authenticated, service_role;
grant select on public.subscriptions, public.subscription_versions, public.subscription_invoices, public.subscription_payments,
  public.plan_grants to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('subscriptions', 'plans', 'kept', 'ids and times; what they stand for ends with the customer at Stripe'),
  ('subscription_versions', 'plans', 'kept', 'ids'),
  ('subscription_invoices', 'plans', 'kept', 'amounts'),
  ('subscription_payments', 'plans', 'kept', 'ids and amounts'),
  ('plan_grants', 'plans', 'kept', 'amounts');

create function credits_private.keep_version(p_subscription_id text, p_price_id text) returns public.plan_versions
  language plpgsql set search_path = ''
as $$
declare
  v_version public.plan_versions;
begin
  insert into public.subscription_versions (subscription_id, stripe_price_id, version_id)
  select p_subscription_id, r.stripe_price_id, r.version_id
  from public.plan_prices r
  where r.stripe_price_id = p_price_id
  on conflict do nothing;
  select v.* into v_version
  from public.subscription_versions s
  join public.plan_versions v on v.id = s.version_id
  where s.subscription_id = p_subscription_id and s.stripe_price_id = p_price_id;
  return v_version;
end;
$$;

comment on function credits_private.keep_version(text, text) is
  'The version that a subscription has of a price: that of the moment when the two were first seen together. Null for a price of no plan.';

create function credits_private.subscription_rank(p_status text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  return coalesce(array_position(array[
    'incomplete', 'trialing', 'past_due', 'unpaid', 'paused', 'active', 'incomplete_expired', 'canceled'
  ], p_status), 0);
end;
$$;

comment on function credits_private.subscription_rank(text) is
  'Which of the statuses of one second counts; 0 for one that is not known here. The last two are for ever, and who paid in the second in which a payment failed has paid.';

create function credits_private.choose_live(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  -- The one that is in use stays; when it is over, the oldest other one takes its place.
  if not exists (select from public.subscriptions where user_id = p_user_id and is_live and not is_spare) then
    update public.subscriptions
    set is_spare = false
    where id = (
      select id from public.subscriptions
      where user_id = p_user_id and is_live
      order by created_at, id
      limit 1
    );
  end if;
end;
$$;

comment on function credits_private.choose_live(uuid) is 'Of several live subscriptions of a user, has one that is no spare.';

create function credits_private.record_subscription(p_said public.subscriptions) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_known public.subscriptions;
begin
  select * into v_known from public.subscriptions where id = p_said.id;
  if not found then
    -- As a spare first, whatever else there is.
    insert into public.subscriptions (
      id, user_id, customer_id, stripe_price_id, quantity, status, is_spare, anchor, period_start, period_end, cancel_at,
      trial_end, created_at, said_at
    )
    values (
      p_said.id, p_said.user_id, p_said.customer_id, p_said.stripe_price_id, p_said.quantity, p_said.status, true,
      p_said.anchor, p_said.period_start, p_said.period_end, p_said.cancel_at, p_said.trial_end, p_said.created_at, p_said.said_at
    );
  elsif credits_private.subscription_rank(v_known.status) < 7 -- rule: over-stays-over
    and (
      credits_private.subscription_rank(p_said.status) >= 7
      -- What is said within one second is told apart by what it says, so that its order does not matter.
      or (p_said.said_at, credits_private.subscription_rank(p_said.status), p_said.period_end, p_said.quantity,
        coalesce(p_said.cancel_at, 'infinity'), p_said.stripe_price_id)
        > (v_known.said_at, credits_private.subscription_rank(v_known.status), v_known.period_end, v_known.quantity,
          coalesce(v_known.cancel_at, 'infinity'), v_known.stripe_price_id)
    ) then
    update public.subscriptions
    set
      -- One that comes back to life must not be the second live one.
      is_spare = is_spare or not is_live,
      stripe_price_id = p_said.stripe_price_id, quantity = p_said.quantity, status = p_said.status, anchor = p_said.anchor,
      period_start = p_said.period_start, period_end = p_said.period_end, cancel_at = p_said.cancel_at,
      trial_end = p_said.trial_end, said_at = p_said.said_at
    where id = p_said.id;
  end if;
  perform credits_private.choose_live(p_said.user_id); -- rule: one-live
end;
$$;

comment on function credits_private.record_subscription(public.subscriptions) is
  'Folds what an event of said_at says about a subscription into what is known of it.';

create function credits_private.note_unpaid(p_subscription_id text) returns void
  language plpgsql set search_path = ''
as $$
begin
  update public.subscriptions s
  set unpaid_since = n.since
  from (
    select case
      when r.status in ('active', 'trialing') and not exists (
        select from public.subscription_invoices i
        where i.subscription_id = r.id and i.status = 'paid' and i.period_end > r.period_start
      ) then r.period_start
    end as since
    from public.subscriptions r
    where r.id = p_subscription_id
  ) n
  where s.id = p_subscription_id and s.unpaid_since is distinct from n.since;
end;
$$;

comment on function credits_private.note_unpaid(text) is
  'Writes down whether a paid invoice is missing, so that whoever looks for what is missing reads nothing else.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
