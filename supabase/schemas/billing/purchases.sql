-- Purchases: who is buying which pack.
--
-- Invariants
--   * The purchase is written before Stripe hears of it; it alone says who gets how many credits for how much money.
--   * A user who starts the same checkout twice gets the same open session.
--   * A purchase's status and credits change only through facts that Stripe signed (see stripe_events).
--
-- Lock order: ARCHITECTURE.md.

create type public.purchase_status as enum (
  'open', 'processing', 'paid', 'failed', 'expired', 'partially_refunded', 'refunded', 'disputed'
);

create table public.credit_purchases (
  id uuid primary key default credits_private.uuid_v7(),
  user_id uuid not null,
  pack_id uuid references public.credit_packs (id),
  credits public.credit_amount not null check (credits > 0),
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null,
  status public.purchase_status not null default 'open',
  stripe_session_id text unique,
  stripe_payment_intent_id text unique,
  session_expires_at timestamptz,
  livemode boolean,
  paid_at timestamptz,
  paid_cents bigint not null default 0,
  reversed_cents bigint not null default 0,
  revoked_credits public.credit_amount not null default 0,
  frozen_credits public.credit_amount not null default 0,
  reversal_count integer not null default 0,
  reversed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (reversed_cents between 0 and paid_cents),
  check (revoked_credits <= credits)
);

comment on table public.credit_purchases is
  'One row per checkout. livemode says in which of Stripe''s modes, once its session is known. paid_cents is what was paid with taxes and less discounts, which may be nothing. reversed_cents is what refunds and disputes took back of paid_cents, revoked_credits what that took back of the credits, reversed_at when that last changed. While a fraud warning is open, frozen_credits are taken back at least.';

create index credit_purchases_by_user on public.credit_purchases (user_id, id);
-- With the user: a plan that was made of an empty table may take it to find one user's open purchase.
create index credit_purchases_by_pack on public.credit_purchases (pack_id, user_id);

create trigger credit_purchases_touch before update on public.credit_purchases
  for each row execute function credits_private.touch_updated_at();

alter table public.credit_purchases enable row level security;

create policy "owners read their purchases" on public.credit_purchases
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_purchases from public, anon, authenticated, service_role;
grant select (
  id, user_id, pack_id, credits, amount_cents, currency, status, reversed_cents, revoked_credits, reversed_at,
  created_at, updated_at
) on public.credit_purchases to authenticated;
grant select on public.credit_purchases to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_purchases', 'billing', 'kept', 'amounts');

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('checkout', 10, 1);

create function credits_private.lock_user(p_user_id uuid) returns boolean
  language plpgsql set search_path = ''
as $$
begin
  if not exists (select from auth.users u where u.id = p_user_id) then -- rule: user-exists
    return false;
  end if;
  return (credits_private.ensure_account(p_user_id)).erased_at is null; -- rule: user-not-erased
end;
$$;

comment on function credits_private.lock_user(uuid) is
  'Whether a user can be given credits: known to Auth and not erased. Locks their account, so that it stays so.';

create function credits_private.erase_purchases(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  perform 1 from public.credit_purchases where user_id = p_user_id order by id for update;
  -- What Stripe knows of them is for the operator to have redacted there.
  return (
    select array_agg('stripe:' || s.id order by s.id)
    from public.credit_purchases p, unnest(array[p.stripe_session_id, p.stripe_payment_intent_id]) s (id)
    where p.user_id = p_user_id and s.id is not null
  );
end;
$$;

comment on function credits_private.erase_purchases(uuid) is
  'Erasure: locks a user''s purchases; returns what Stripe keeps about them.';

insert into credits_private.erasure_steps (position, step) values (30, 'credits_private.erase_purchases');

create type public.checkout_result as (
  outcome text,
  purchase_id uuid,
  credits numeric,
  amount_cents bigint,
  currency text,
  stripe_price_id text,
  pack_name text,
  allow_promotion_codes boolean,
  stripe_session_id text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create type public.attach_result as (outcome text, purchase_id uuid);

create function credits_private.open_purchase(p_user_id uuid, p_pack public.credit_packs) returns public.credit_purchases
  language plpgsql set search_path = ''
as $$
declare
  v_purchase public.credit_purchases;
begin
  -- One user's checkouts queue up here, so that two clicks find one purchase.
  perform pg_advisory_xact_lock(hashtextextended(p_user_id::text, 0));
  select * into v_purchase
  from public.credit_purchases
  where user_id = p_user_id
    and pack_id = p_pack.id
    and status = 'open' -- rule: still-open
    and credits = p_pack.credits
    and amount_cents = p_pack.amount_cents -- rule: same-price
    and currency = p_pack.currency
    -- Without a session the first attempt may still be talking to Stripe: its idempotency key makes one session of both.
    -- rule: session-lasts
    and coalesce(session_expires_at, created_at + interval '23 hours') > credits_private.clock() + interval '5 minutes'
  order by id desc
  limit 1;
  if not found then
    insert into public.credit_purchases (user_id, pack_id, credits, amount_cents, currency, created_at)
    values (p_user_id, p_pack.id, p_pack.credits, p_pack.amount_cents, p_pack.currency, credits_private.clock())
    returning * into v_purchase;
  end if;
  return v_purchase;
end;
$$;

comment on function credits_private.open_purchase(uuid, public.credit_packs) is
  'The user''s open purchase of this pack at today''s price, or a new one.';

create function public.create_checkout(p_user_id uuid, p_pack_id uuid, p_currency text default null)
  returns public.checkout_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'checkout');
  v_pack public.credit_packs;
  v_purchase public.credit_purchases;
  v_result public.checkout_result;
begin
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  if not v_check.allowed then -- rule: checkout-limit
    v_result.outcome := 'rate_limited';
    return v_result;
  end if;

  v_pack := credits_private.pack_in(p_pack_id, p_currency);
  if v_pack.id is null then
    v_result.outcome := 'unknown_pack';
    return v_result;
  end if;

  v_purchase := credits_private.open_purchase(p_user_id, v_pack);
  v_result.outcome := 'created';
  v_result.purchase_id := v_purchase.id;
  v_result.credits := v_purchase.credits;
  v_result.amount_cents := v_purchase.amount_cents;
  v_result.currency := v_purchase.currency;
  v_result.stripe_price_id := v_pack.stripe_price_id;
  v_result.pack_name := v_pack.name;
  v_result.stripe_session_id := v_purchase.stripe_session_id;
  v_result.allow_promotion_codes := v_pack.allow_promotion_codes;
  return v_result;
end;
$$;

comment on function public.create_checkout(uuid, uuid, text) is
  'Writes down who buys what before Stripe is asked; use purchase_id as Stripe''s idempotency key. Outcomes: created (stripe_session_id is set when there is a session that may still be open), rate_limited, unknown_pack (none that is sold, or not in p_currency; null is the pack''s own). Idempotent while the purchase is open. Raises PT401 when the user is gone: nobody could be given what it pays for.';

revoke all on function public.create_checkout(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.create_checkout(uuid, uuid, text) to service_role;

create function public.attach_checkout_session(
  p_user_id uuid,
  p_purchase_id uuid,
  p_session_id text,
  p_expires_at timestamptz,
  p_livemode boolean
) returns public.attach_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_purchase public.credit_purchases;
begin
  if coalesce(p_session_id, '') = '' then
    perform credits_private.refuse_argument('p_session_id', 'must not be empty');
  end if;
  select * into v_purchase
  from public.credit_purchases
  where id = p_purchase_id
    and user_id = p_user_id -- rule: own-purchase
  for update;
  if not found
    or v_purchase.stripe_session_id <> p_session_id then -- rule: one-session
    return row('not_found', p_purchase_id)::public.attach_result;
  elsif v_purchase.session_expires_at is not null then
    return row('already_attached', p_purchase_id)::public.attach_result;
  end if;
  update public.credit_purchases
  set stripe_session_id = p_session_id, session_expires_at = p_expires_at, livemode = p_livemode
  where id = p_purchase_id;
  return row('attached', p_purchase_id)::public.attach_result;
end;
$$;

comment on function public.attach_checkout_session(uuid, uuid, text, timestamptz, boolean) is
  'Keeps the Checkout session that Stripe made for a purchase. Outcomes: attached, already_attached, not_found (no such purchase of this user, or it has another session). Idempotent.';

revoke all on function public.attach_checkout_session(uuid, uuid, text, timestamptz, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.attach_checkout_session(uuid, uuid, text, timestamptz, boolean) to service_role;

create function public.end_checkout(p_user_id uuid, p_purchase_id uuid, p_complete boolean) returns public.attach_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  update public.credit_purchases
  set status = case when p_complete then 'processing' else 'expired' end::public.purchase_status
  where id = p_purchase_id
    and user_id = p_user_id -- rule: own-checkout
    and status = 'open'; -- rule: open-ends
  return row(case when found then 'ended' else 'not_open' end, p_purchase_id)::public.attach_result;
end;
$$;

comment on function public.end_checkout(uuid, uuid, boolean) is
  'Ends an open purchase whose payment page is not to be handed out again, so that the next checkout makes another; p_complete when its buyer has gone through the page, whose events are then on their way. Money that comes all the same still counts. Outcomes: ended, not_open (of this user). Idempotent.';

revoke all on function public.end_checkout(uuid, uuid, boolean) from public, anon, authenticated, service_role;
grant execute on function public.end_checkout(uuid, uuid, boolean) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
