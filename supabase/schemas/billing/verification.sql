-- Verification of purchases: the proof that what was paid, what was granted and what was taken back agree.
--
-- As in the credits' own checks, the rules are written out a second time here on purpose.

create function credits_private.verify_purchases(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  -- Most users have nothing here, and planning what follows costs more than to see that.
  if p_user_id is not null
    and not exists (select from public.credit_purchases p where p.user_id = p_user_id)
    and not exists (select from public.user_credits b where b.user_id = p_user_id and b.source = 'purchase')
  then
    return;
  end if;
  return query
  with purchases as (
    select
      p.*, p.id::text as name, p.paid_at is not null as is_paid,
      not exists (select from auth.users u where u.id = p.user_id) as gone
    from public.credit_purchases p
    where p_user_id is null or p.user_id = p_user_id
  ), grants as (
    select
      b.user_id, split_part(b.grant_key, ':', 2) as name,
      sum(b.original_amount) filter (where b.grant_key not like 'purchase:%:%') as granted,
      coalesce(sum(b.original_amount) filter (where b.grant_key like 'purchase:%:%'), 0) as reinstated
    from public.user_credits b
    where b.source = 'purchase' and b.grant_key like 'purchase:%' and (p_user_id is null or b.user_id = p_user_id)
    group by b.user_id, split_part(b.grant_key, ':', 2)
  ), revocations as (
    select r.user_id, split_part(r.revocation_key, ':', 2) as name, sum(r.amount) as revoked
    from public.credit_revocations r
    where r.revocation_key like 'purchase:%' and (p_user_id is null or r.user_id = p_user_id)
    group by r.user_id, split_part(r.revocation_key, ':', 2)
  ), forgiven as (
    select l.user_id, split_part(l.reference, ':', 2) as name, sum(l.amount) as forgiven
    from credits_private.ledger_effects l
    where l.kind = 'forgive' and l.reference like 'purchase:%' and (p_user_id is null or l.user_id = p_user_id)
    group by l.user_id, split_part(l.reference, ':', 2)
  )
  select coalesce(p.user_id, g.user_id), 'purchase ' || coalesce(p.name, g.name) || ': ' || v.what, v.expected, v.actual
  from purchases p
  full join grants g on g.user_id = p.user_id and g.name = p.name
  left join revocations r on r.user_id = p.user_id and r.name = p.name
  left join forgiven f on f.user_id = p.user_id and f.name = p.name
  left join lateral credits_private.reversed_cents(p.stripe_payment_intent_id, p.currency, p.paid_cents) s on p.is_paid
  cross join lateral (
    values
      ('is missing', 1::numeric, (p.id is not null)::integer::numeric),
      ('granted against what was bought', case when p.is_paid then p.credits else 0 end::numeric, coalesce(g.granted, 0)),
      -- Of a user who is gone the money alone is accounted for, and an erasure took the keys of their revocations.
      ('taken back against its revocations',
        case when p.gone then p.revoked_credits else coalesce(r.revoked, 0) - coalesce(g.reinstated, 0) - coalesce(f.forgiven, 0) end::numeric,
        p.revoked_credits::numeric),
      ('reversed_cents against its payment', least(coalesce(s.refunded + s.disputed, 0), p.paid_cents)::numeric, p.reversed_cents::numeric),
      ('taken back against reversed_cents',
        case when p.gone then p.revoked_credits when p.reversed_cents = 0 then p.frozen_credits
          else trunc(p.credits * p.reversed_cents / p.paid_cents, 2) end::numeric,
        p.revoked_credits::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$$;

comment on function credits_private.verify_purchases(uuid) is
  'Each purchase against its grant, its revocations and what Stripe has said of its payment; each grant of a purchase against its purchase.';

insert into credits_private.book_checks (book_check) values ('credits_private.verify_purchases');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
