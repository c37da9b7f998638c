-- Subscribing: who is about to subscribe to what, and what a user has.
--
-- Invariants
--   * Whoever has a live subscription is not offered another one.
--   * A user who starts twice gets the same page.
--
-- Lock order: ARCHITECTURE.md.

create table public.subscription_checkouts (
  user_id uuid primary key,
  id uuid not null default credits_private.uuid_v7(),
  stripe_price_id text not null,
  stripe_session_id text,
  created_at timestamptz not null default now()
);

comment on table public.subscription_checkouts is
  'The payment page on which a user may be subscribing at this moment: one, so that nobody pays for two. id is Stripe''s idempotency key.';

alter table public.subscription_checkouts enable row level security;

create policy "operators read who is subscribing" on public.subscription_checkouts for select to service_role using (true);

revoke all on public.subscription_checkouts from public, anon, authenticated, service_role;
grant select on public.subscription_checkouts to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('subscription_checkouts', 'plans', 'deleted', 'an intention');

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('subscribe', 10, 1), ('subscription', 30, 1);

create type public.subscribe_result as (
  outcome text,
  checkout_id uuid,
  stripe_price_id text,
  trial_days integer,
  stripe_session_id text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function public.create_subscription_checkout(p_user_id uuid, p_plan_id uuid, p_price_id text default null)
  returns public.subscribe_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'subscribe');
  v_result public.subscribe_result;
  v_trial_days integer;
begin
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  if not v_check.allowed then -- rule: subscribe-limit
    v_result.outcome := 'rate_limited';
    return v_result;
  end if;
  select o.price_id, o.trial_days into v_result.stripe_price_id, v_trial_days
  from public.plan_offers o
  where o.plan_id = p_plan_id
    and (p_price_id is null or o.price_id = p_price_id) -- rule: price-of-plan
  order by o."interval", o.price_id
  limit 1;
  if not found then
    v_result.outcome := 'unknown_plan';
    return v_result;
  end if;
  -- One user's checkouts queue up here, so that two clicks find one page.
  perform pg_advisory_xact_lock(hashtextextended(p_user_id::text, 0));
  if exists (select from public.subscriptions where user_id = p_user_id and is_live) then -- rule: one-subscription
    v_result.outcome := 'already_subscribed';
    return v_result;
  end if;
  delete from public.subscription_checkouts
  where user_id = p_user_id and created_at < credits_private.clock() - interval '23 hours'; -- rule: page-lasts
  insert into public.subscription_checkouts (user_id, stripe_price_id, created_at)
  values (p_user_id, v_result.stripe_price_id, credits_private.clock())
  on conflict (user_id) do nothing;
  select
    case when c.stripe_price_id = v_result.stripe_price_id then 'created' else 'other_price' end, -- rule: one-page
    c.id, c.stripe_session_id
  into v_result.outcome, v_result.checkout_id, v_result.stripe_session_id
  from public.subscription_checkouts c
  where c.user_id = p_user_id;
  v_result.trial_days := case
    when exists (select from public.subscriptions where user_id = p_user_id) then 0 -- rule: trial-for-newcomers
    else v_trial_days
  end;
  return v_result;
end;
$$;

comment on function public.create_subscription_checkout(uuid, uuid, text) is
  'Writes down who is about to subscribe to which price of a plan (null: its first); use checkout_id as Stripe''s idempotency key. Outcomes: created (stripe_session_id is set when there is a page that may still be open), other_price (a page for another price may be open: take it back, end it, and ask again), already_subscribed, unknown_plan, rate_limited. trial_days is 0 for whoever had a subscription before. Idempotent while the page is open. Raises PT401 when the user is gone.';

revoke all on function public.create_subscription_checkout(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.create_subscription_checkout(uuid, uuid, text) to service_role;

create type public.subscribe_step as (outcome text, checkout_id uuid);

create function public.attach_subscription_session(p_user_id uuid, p_checkout_id uuid, p_session_id text)
  returns public.subscribe_step
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  if coalesce(p_session_id, '') = '' then
    perform credits_private.refuse_argument('p_session_id', 'must not be empty');
  end if;
  update public.subscription_checkouts
  set stripe_session_id = p_session_id
  where user_id = p_user_id and id = p_checkout_id
    and coalesce(stripe_session_id, p_session_id) = p_session_id; -- rule: one-page-kept
  return row(case when found then 'attached' else 'not_found' end, p_checkout_id)::public.subscribe_step;
end;
$$;

comment on function public.attach_subscription_session(uuid, uuid, text) is
  'Keeps the session that Stripe made for a user who is subscribing. Outcomes: attached, not_found (no such checkout of this user, or it has another session). Idempotent.';

revoke all on function public.attach_subscription_session(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.attach_subscription_session(uuid, uuid, text) to service_role;

create function public.end_subscription_checkout(p_user_id uuid, p_checkout_id uuid) returns public.subscribe_step
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  delete from public.subscription_checkouts
  where user_id = p_user_id
    and id = p_checkout_id; -- rule: own-page-ends
  return row(case when found then 'ended' else 'not_found' end, p_checkout_id)::public.subscribe_step;
end;
$$;

comment on function public.end_subscription_checkout(uuid, uuid) is
  'Forgets a page that is not to be handed out again. Outcomes: ended, not_found. Idempotent.';

revoke all on function public.end_subscription_checkout(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.end_subscription_checkout(uuid, uuid) to service_role;

create type public.subscription_result as (
  outcome text,
  subscription jsonb,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function credits_private.subscription_of(p_user_id uuid) returns jsonb
  language plpgsql stable set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_subscription public.subscriptions;
  v_version public.plan_versions;
  v_invoice public.subscription_invoices;
begin
  select * into v_subscription
  from public.subscriptions
  where user_id = p_user_id -- rule: own-subscription
    and is_live and not is_spare;
  if not found then
    return null;
  end if;
  select v.* into strict v_version
  from public.subscription_versions s
  join public.plan_versions v on v.id = s.version_id
  where s.subscription_id = v_subscription.id and s.stripe_price_id = v_subscription.stripe_price_id;
  select * into v_invoice
  from public.subscription_invoices
  where subscription_id = v_subscription.id and next_grant_at > v_now
  order by period_start desc
  limit 1;
  return (
    select jsonb_build_object(
      'plan_id', p.id, 'plan', p.name, 'status', v_subscription.status, 'price_id', r.stripe_price_id, 'interval', r."interval",
      'period_start', v_subscription.period_start, 'period_end', v_subscription.period_end,
      'cancel_at', v_subscription.cancel_at, 'trial_end', v_subscription.trial_end,
      'next_credits_at', case
        when v_invoice.id is not null then v_invoice.next_grant_at
        when v_subscription.cancel_at is null or v_subscription.cancel_at > v_subscription.period_end then v_subscription.period_end -- rule: nothing-after-the-end
      end,
      'next_credits', case
        when v_invoice.id is not null then v_invoice.grant_size
        when v_subscription.cancel_at is null or v_subscription.cancel_at > v_subscription.period_end then
          v_version.credits * v_subscription.quantity
      end,
      'batches', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'kind', g.kind, 'amount', b.original_amount, 'remaining', b.remaining_amount,
          'expires_at', b.expires_at, 'created_at', b.created_at
        ) order by b.expires_at, b.id), '[]')
        from public.plan_grants g
        join public.user_credits b on b.user_id = g.user_id and b.id = g.batch_id
        where g.subscription_id = v_subscription.id and b.expires_at > v_now
      )
    )
    from public.plans p, public.plan_prices r
    where p.id = v_version.plan_id and r.stripe_price_id = v_subscription.stripe_price_id
  );
end;
$$;

comment on function credits_private.subscription_of(uuid) is
  'A user''s live subscription: its plan, when credits come, how many, and what is left of those that came. Null when there is none.';

create function public.read_subscription(p_user_id uuid) returns public.subscription_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'subscription');
begin
  return row(
    case when v_check.allowed then 'ok' else 'rate_limited' end, -- rule: subscription-limit
    case when v_check.allowed then credits_private.subscription_of(p_user_id) end,
    v_check.max_requests, v_check.remaining, v_check.window_seconds, v_check.retry_after_seconds
  )::public.subscription_result;
end;
$$;

comment on function public.read_subscription(uuid) is
  'What a user has subscribed to. Outcomes: ok (subscription is null when there is none), rate_limited. Idempotent but for the count of its rate limit.';

revoke all on function public.read_subscription(uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_subscription(uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
