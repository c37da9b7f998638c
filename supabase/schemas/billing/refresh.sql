-- Refresh: the buyer who comes back from the payment page asks what became of the payment, and need not wait for an event.
--
-- Invariants
--   * Only Stripe says that something was paid: what is asked for here is its session, which is applied as an event.
--
-- Lock order: ARCHITECTURE.md.

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('checkout_refresh', 60, 1);

create type public.refresh_result as (
  outcome text,
  purchase_id uuid,
  status public.purchase_status,
  stripe_session_id text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function public.refresh_checkout(p_user_id uuid, p_purchase_id uuid) returns public.refresh_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'checkout_refresh');
  v_result public.refresh_result;
begin
  if v_check.allowed then -- rule: refresh-limit
    select 'found', p.id, p.status, p.stripe_session_id
    into v_result.outcome, v_result.purchase_id, v_result.status, v_result.stripe_session_id
    from public.credit_purchases p
    where p.id = p_purchase_id
      and p.user_id = p_user_id; -- rule: own-refresh
    v_result.outcome := coalesce(v_result.outcome, 'not_found');
  else
    v_result.outcome := 'rate_limited';
  end if;
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  return v_result;
end;
$$;

comment on function public.refresh_checkout(uuid, uuid) is
  'The session of a user''s purchase, to ask Stripe about. Outcomes: found (stripe_session_id is null while Stripe has made none), not_found (no such purchase of this user), rate_limited. Raises PT401 when the user is gone. Idempotent but for the count of its rate limit.';

revoke all on function public.refresh_checkout(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.refresh_checkout(uuid, uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
