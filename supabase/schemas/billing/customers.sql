-- Stripe customers: under which name Stripe knows a user, and that it forgets them.
--
-- Invariants
--   * A user has one customer in each mode, written before any checkout names it. A spare one is deleted at Stripe.
--   * A customer of test mode is never used in live mode.
--   * Whoever is erased has their customers deleted at Stripe: the row is the order to do so until erased_at is set.
--
-- Lock order: ARCHITECTURE.md.

create table public.stripe_customers (
  customer_id text primary key check (customer_id <> ''),
  user_id uuid not null,
  livemode boolean not null,
  created_at timestamptz not null default now(),
  erase_at timestamptz,
  erased_at timestamptz,
  check (erased_at is null or erase_at is not null)
);

comment on table public.stripe_customers is
  'Customers at Stripe. erase_at says since when one is to be deleted there, erased_at when that was done; the one in use has neither.';

create unique index stripe_customers_in_use on public.stripe_customers (user_id, livemode) where erase_at is null;
create index stripe_customers_by_user on public.stripe_customers (user_id);
create index stripe_customers_to_erase on public.stripe_customers (erase_at) where erased_at is null;

alter table public.stripe_customers enable row level security;

create policy "operators read customers" on public.stripe_customers for select to service_role using (true);

revoke all on public.stripe_customers from public, anon, authenticated, service_role;
grant select on public.stripe_customers to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('stripe_customers', 'billing', 'kept', 'ids; what they stand for is deleted at Stripe');

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('portal', 10, 1);

create type public.customer_result as (outcome text, customer_id text);

create type public.portal_result as (
  outcome text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function public.keep_stripe_customer(
  p_user_id uuid,
  p_customer_id text,
  p_livemode boolean,
  p_gone text default null
) returns public.customer_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_there boolean := credits_private.lock_user(p_user_id);
  v_used text;
begin
  if p_user_id is null then
    perform credits_private.refuse_argument('p_user_id', 'must not be null');
  elsif coalesce(p_customer_id, '') = '' then
    perform credits_private.refuse_argument('p_customer_id', 'must not be empty');
  elsif p_livemode is null then
    perform credits_private.refuse_argument('p_livemode', 'must not be null');
  end if;
  update public.stripe_customers
  set erase_at = v_now, erased_at = v_now
  where user_id = p_user_id -- rule: own-customer-gone
    and customer_id = p_gone
    and erase_at is null;
  select customer_id into v_used
  from public.stripe_customers
  where user_id = p_user_id
    and livemode = p_livemode -- rule: customer-of-mode
    and erase_at is null;
  insert into public.stripe_customers (customer_id, user_id, livemode, created_at, erase_at)
  values (
    p_customer_id, p_user_id, p_livemode, v_now,
    case when v_used is not null or not v_there then v_now end -- rule: spare-customers-go
  )
  on conflict (customer_id) do nothing;
  if not v_there then
    return row('user_gone', null)::public.customer_result;
  elsif v_used is not null then
    return row('already_kept', v_used)::public.customer_result;
  end if;
  select customer_id into v_used
  from public.stripe_customers
  where user_id = p_user_id and livemode = p_livemode and erase_at is null;
  return row(case when v_used is null then 'not_found' else 'kept' end, v_used)::public.customer_result;
end;
$$;

comment on function public.keep_stripe_customer(uuid, text, boolean, text) is
  'Keeps the customer that Stripe made for a user, instead of p_gone where Stripe has that one no more. Outcomes: kept; already_kept (another call was faster; customer_id is the one to use, the spare one will be deleted at Stripe); user_gone (it will be deleted at Stripe); not_found (the customer was another user''s, or is gone itself). Idempotent. Raises 22023 for a bad argument.';

revoke all on function public.keep_stripe_customer(uuid, text, boolean, text)
  from public, anon, authenticated, service_role;
grant execute on function public.keep_stripe_customer(uuid, text, boolean, text) to service_role;

create function credits_private.apply_customer_deleted(p_customer jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_user_id uuid;
begin
  update public.stripe_customers
  set erase_at = coalesce(erase_at, credits_private.clock()), erased_at = credits_private.clock()
  where customer_id = p_customer ->> 'id' -- rule: deleted-customer
  returning user_id into v_user_id;
  return (case when v_user_id is null then 'ignored' else 'applied' end, null, null, v_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_customer_deleted(jsonb) is
  'customer.deleted: the next checkout makes another one, and whoever was to be deleted is.';

create function public.complete_customer_erasure(p_customer_id text) returns public.customer_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  update public.stripe_customers
  set erased_at = credits_private.clock()
  where customer_id = p_customer_id
    and erase_at is not null -- rule: erasure-was-asked
    and erased_at is null;
  if found then
    return row('erased', p_customer_id)::public.customer_result;
  end if;
  perform 1 from public.stripe_customers where customer_id = p_customer_id and erased_at is not null;
  return row(case when found then 'already_erased' else 'not_found' end, p_customer_id)::public.customer_result;
end;
$$;

comment on function public.complete_customer_erasure(text) is
  'Notes that Stripe has deleted a customer that was to be erased. Outcomes: erased, already_erased, not_found (no such customer, or it is in use). Idempotent.';

revoke all on function public.complete_customer_erasure(text) from public, anon, authenticated, service_role;
grant execute on function public.complete_customer_erasure(text) to service_role;

create function public.open_portal(p_user_id uuid) returns public.portal_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'portal');
begin
  return row(
    case when v_check.allowed then 'ok' else 'rate_limited' end, -- rule: portal-limit
    v_check.max_requests, v_check.remaining, v_check.window_seconds, v_check.retry_after_seconds
  )::public.portal_result;
end;
$$;

comment on function public.open_portal(uuid) is
  'Counts a visit to Stripe''s billing portal. Outcomes: ok, rate_limited. Raises PT401 when the user is gone. Not idempotent: each call counts.';

revoke all on function public.open_portal(uuid) from public, anon, authenticated, service_role;
grant execute on function public.open_portal(uuid) to service_role;

create function credits_private.erase_customers(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  update public.stripe_customers
  set erase_at = credits_private.clock()
  where user_id = p_user_id and erase_at is null; -- rule: customers-erased
  return (
    select array_agg('pending:' || customer_id order by customer_id)
    from public.stripe_customers
    where user_id = p_user_id and erased_at is null -- rule: pending-until-done
  );
end;
$$;

comment on function credits_private.erase_customers(uuid) is
  'Erasure: orders that a user''s customers be deleted at Stripe; returns those that are not yet.';

-- After the account, whose lock keeps a checkout from adding one meanwhile.
insert into credits_private.erasure_steps (position, step) values (45, 'credits_private.erase_customers');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
