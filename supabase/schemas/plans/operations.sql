-- Plans for operators: what is checked, what can be seen, and what an erasure does.

create function public.plan_differences()
  returns table (user_id uuid, subscription_id text, invoice_id text, problem text, since timestamptz)
  language plpgsql stable security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz := credits_private.clock();
begin
  return query
  select s.user_id, s.id, null::text, 'second_subscription', s.created_at
  from public.subscriptions s
  where s.is_live and s.is_spare -- rule: spares-shown
  union all
  select i.user_id, i.subscription_id, i.id, 'paid_not_granted', i.created_at
  from public.subscription_invoices i
  left join public.subscriptions s on s.id = i.subscription_id
  where i.next_grant_at < v_now - interval '1 hour' -- rule: overdue-plans
    and coalesce(s.status, 'active') in ('active', 'trialing')
  union all
  select i.user_id, i.subscription_id, i.id, 'period_paid_twice', i.created_at
  from public.subscription_invoices i
  where i.decision = 'same_period' and i.total_cents > i.reversed_cents -- rule: twice-shown
  union all
  select s.user_id, s.id, null, 'live_without_paid_invoice', s.unpaid_since
  from public.subscriptions s
  -- Stripe may take three days to collect.
  where s.unpaid_since < v_now - interval '73 hours'; -- rule: unpaid-shown
end;
$$;

comment on function public.plan_differences() is
  'For operators, where paid invoices, grants and live subscriptions disagree: second_subscription (a user pays for two: cancel and refund one), paid_not_granted (the sweep did not run), period_paid_twice (refund one), live_without_paid_invoice (an invoice never arrived: reconcile). Idempotent: changes nothing.';

revoke all on function public.plan_differences() from public, anon, authenticated, service_role;
grant execute on function public.plan_differences() to service_role;

create function credits_private.probe_plans() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*), min(d.since), count(*) > 0,
    coalesce(bool_or(d.problem = 'paid_not_granted'), false) -- rule: plans-alarm
  )
  from (select * from public.plan_differences() limit 1000) d;
$$;

comment on function credits_private.probe_plans() is
  'Where paid invoices, grants and live subscriptions disagree: a warning, and an alarm where credits that are due do not come.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values ('plans', 3, 'credits_private.probe_plans', 'select * from plan_differences(), then cancel, refund or reconcile', 'plans');

create function credits_private.erase_plans(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  delete from public.subscription_checkouts where user_id = p_user_id;
  update public.subscription_invoices set next_grant_at = null where user_id = p_user_id; -- rule: erased-drips-nothing
  -- They end with the customer, whose deletion at Stripe another step orders.
  return (
    select array_agg('stripe:' || l.id order by l.id)
    from (
      select id from public.subscriptions where user_id = p_user_id
      union all select id from public.subscription_invoices where user_id = p_user_id
    ) l
  );
end;
$$;

comment on function credits_private.erase_plans(uuid) is
  'Erasure: nothing more is granted; returns what Stripe keeps about a user''s subscriptions.';

-- After the account, as all that belongs to it.
insert into credits_private.erasure_steps (position, step) values (46, 'credits_private.erase_plans');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
