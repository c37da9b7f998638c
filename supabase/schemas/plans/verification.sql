-- Verification of plans: the proof that invoices, grants and what was taken back agree.
--
-- As in the credits' own checks, the rules are written out a second time here on purpose.

create function credits_private.verify_plans(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  -- Most users have nothing here, and planning what follows costs more than to see that.
  if p_user_id is not null
    and not exists (select from public.subscription_invoices i where i.user_id = p_user_id)
    and not exists (select from public.plan_grants g where g.user_id = p_user_id)
    and not exists (select from public.user_credits b where b.user_id = p_user_id and b.source = 'plan')
  then
    return;
  end if;
  return query
  with invoices as (
    select
      i.*, i.grant_size * i.grants - i.deducted as paid_for, credits_private.reversed_of_invoice(i) as reversed,
      not exists (select from auth.users u where u.id = i.user_id) as gone
    from public.subscription_invoices i
    where p_user_id is null or i.user_id = p_user_id
  ), grants as (
    select g.invoice_id, sum(g.amount) filter (where g.kind <> 'rollover') as granted
    from public.plan_grants g
    where p_user_id is null or g.user_id = p_user_id
    group by g.invoice_id
  ), revocations as (
    select r.user_id, split_part(r.revocation_key, ':', 2) as name, sum(r.amount) as taken
    from public.credit_revocations r
    where r.revocation_key ^@ 'sub:' and (p_user_id is null or r.user_id = p_user_id)
    group by 1, 2
  ), reinstated as (
    select b.user_id, split_part(b.grant_key, ':', 2) as name, sum(b.original_amount) as amount
    from public.user_credits b
    where b.source = 'plan' and b.grant_key like 'sub:%:reinstated:%' and (p_user_id is null or b.user_id = p_user_id)
    group by 1, 2
  ), forgiven as (
    select l.user_id, split_part(l.reference, ':', 2) as name, sum(l.amount) as amount
    from credits_private.ledger_effects l
    where l.kind = 'forgive' and l.reference ^@ 'sub:' and (p_user_id is null or l.user_id = p_user_id)
    group by 1, 2
  )
  select i.user_id, 'invoice ' || i.id || ': ' || v.what, v.expected, v.actual
  from invoices i
  left join grants g on g.invoice_id = i.id
  left join revocations r on r.user_id = i.user_id and r.name = i.id
  left join reinstated b on b.user_id = i.user_id and b.name = i.id
  left join forgiven f on f.user_id = i.user_id and f.name = i.id
  cross join lateral (
    values
      ('granted against its batches', coalesce(g.granted, 0), i.granted::numeric),
      ('granted more than it paid for', 0, greatest(i.granted - i.paid_for, 0)),
      ('granted although it is not paid', 0, case when i.status <> 'paid' then i.granted else 0 end::numeric),
      ('paid and not decided', 0, (i.status = 'paid' and i.decision is null)::integer::numeric),
      -- Of a user who is gone the money alone is accounted for, and an erasure took the keys of their revocations.
      ('taken back against its revocations',
        case when i.gone then i.taken_credits else coalesce(r.taken, 0) - coalesce(b.amount, 0) - coalesce(f.amount, 0) end::numeric,
        i.taken_credits::numeric),
      ('reversed_cents against its payments', i.reversed::numeric, i.reversed_cents::numeric),
      ('reversed_credits against reversed_cents',
        case when i.gone or i.total_cents = 0 then i.reversed_credits else trunc(i.paid_for * i.reversed_cents / i.total_cents, 2) end::numeric,
        i.reversed_credits::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual
  union all
  select
    coalesce(g.user_id, b.user_id), 'batch ' || coalesce(g.batch_id, b.id) || ': of a plan',
    coalesce(g.amount, 0)::numeric, coalesce(b.original_amount, 0)::numeric
  from (select * from public.plan_grants p where p_user_id is null or p.user_id = p_user_id) g
  full join (
    select * from public.user_credits u
    where u.source = 'plan' and u.grant_key ^@ 'sub:' and u.grant_key not like 'sub:%:reinstated:%' and (p_user_id is null or u.user_id = p_user_id)
  ) b on b.user_id = g.user_id and b.id = g.batch_id
  where g.amount is distinct from b.original_amount
  union all
  select s.user_id, 'subscription ' || s.id || ': unpaid_since', v.expected, v.actual
  from public.subscriptions s
  cross join lateral (
    select
      case
        when s.status in ('active', 'trialing') and coalesce((
          select max(i.period_end) from public.subscription_invoices i where i.subscription_id = s.id and i.status = 'paid'
        ), '-infinity') <= s.period_start then extract(epoch from s.period_start)
        else 0
      end as expected,
      coalesce(extract(epoch from s.unpaid_since), 0) as actual
  ) v
  where (p_user_id is null or s.user_id = p_user_id) and v.expected <> v.actual;
end;
$$;

comment on function credits_private.verify_plans(uuid) is
  'Each invoice against its grants, its revocations and what Stripe has said of its payments; each batch of a plan against what paid for it; each subscription against its invoices.';

insert into credits_private.book_checks (book_check) values ('credits_private.verify_plans');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
