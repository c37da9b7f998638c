-- Credit verification: the proof that accounts, batches, reservations, debts and the ledger agree.
--
-- Everything is recomputed from the ledger, with the meaning of each kind written out a second time here on purpose:
-- a mistake in credits_private.post_entry() shows as a disagreement instead of being repeated.
--
-- What follows from other domains' own books, such as the payments behind grants, each of them checks and registers here.
--
-- Each check is of one user and keeps its plan: planning them costs more than a usual user's rows do. All users are
-- proven one after the other, which needs no room, however many rows there are. The other domains' checks are planned
-- for the user they are called for, as most users have nothing for them to prove.

create view credits_private.ledger_effects as
select
  l.user_id, l.entry, l.kind, l.amount, l.batch_id, l.job_id, l.reference, l.available_after, l.reserved_after, l.debt_after,
  case when l.kind in ('grant', 'release', 'refund') then l.amount
    when l.kind in ('reserve', 'expire', 'revoke', 'repay') then -l.amount
    else 0 end as available_change,
  case when l.kind = 'reserve' then l.amount
    when l.kind in ('confirm', 'release') then -l.amount
    else 0 end as reserved_change,
  case when l.kind = 'debt' then l.amount
    when l.kind in ('repay', 'forgive') then -l.amount
    else 0 end as debt_change
from (
  select user_id, entry, kind, amount::numeric, batch_id, job_id, reference, available_after, reserved_after, debt_after
  from public.credit_ledger
  union all
  select user_id, null, kind, amount::numeric, batch_id, null, reference, null, null, null
  from public.credit_archive_sums
) l;

comment on view credits_private.ledger_effects is
  'The ledger with what each row adds to available, reserved and debt. What is archived is in it as its sums, rows without an entry.';

revoke all on credits_private.ledger_effects from public, anon, authenticated, service_role;

create function credits_private.verify_ledger(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with chain as (
    select
      e.*,
      coalesce(c.entry, 0) + row_number() over w as position,
      coalesce(c.available, 0) + sum(e.available_change) over w as available_sum,
      coalesce(c.reserved, 0) + sum(e.reserved_change) over w as reserved_sum,
      coalesce(c.debt, 0) + sum(e.debt_change) over w as debt_sum
    from credits_private.ledger_effects e
    left join public.credit_checkpoints c on c.user_id = e.user_id -- rule: verify-from-checkpoint
    where e.entry is not null and e.user_id = p_user_id
    window w as (order by e.entry)
  )
  select c.user_id, 'ledger entry ' || c.entry || ': ' || v.what, v.expected, v.actual
  from chain c
  cross join lateral (
    values
      ('numbering has a gap', c.position::numeric, c.entry::numeric),
      ('available_after', c.available_sum, c.available_after::numeric),
      ('reserved_after', c.reserved_sum, c.reserved_after::numeric),
      ('debt_after', c.debt_sum, c.debt_after::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$$;

comment on function credits_private.verify_ledger(uuid) is
  'Each ledger row''s number and balances against the running sums of the rows before it, from the checkpoint on.';

create function credits_private.verify_accounts(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  select p_user_id, v.what, v.expected, v.actual
  from (
    select
      count(*) as rows, coalesce(sum(e.available_change), 0) as available, coalesce(sum(e.reserved_change), 0) as reserved,
      coalesce(sum(e.debt_change), 0) as debt, max(e.entry) as last_entry,
      coalesce(sum(e.amount) filter (where e.kind in ('revoke', 'debt')), 0) as revoked,
      coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0) as refunded,
      coalesce(sum(e.amount) filter (where e.kind = 'debt'), 0) as indebted
    from credits_private.ledger_effects e
    where e.user_id = p_user_id
  ) s
  cross join (
    select count(*) as rows, coalesce(sum(x.remaining_amount), 0) as remaining
    from public.user_credits x
    where x.user_id = p_user_id
  ) b
  cross join (
    select count(*) as rows, coalesce(sum(r.reserved_amount), 0) as held
    from public.credit_usage_logs r
    where r.status = 'reserved' and r.user_id = p_user_id
  ) h
  cross join (
    select coalesce(sum(x.remaining_amount), 0) as owed, coalesce(sum(x.original_amount), 0) as made
    from public.credit_debts x
    where x.user_id = p_user_id
  ) d
  cross join (
    select coalesce(sum(x.amount), 0) as taken, coalesce(sum(x.debt_amount), 0) as owed
    from public.credit_revocations x
    where x.user_id = p_user_id
  ) c
  cross join (
    select coalesce(sum(x.amount), 0) as returned from public.credit_refunds x where x.user_id = p_user_id
  ) f
  left join public.credit_accounts a on a.user_id = p_user_id
  left join public.credit_checkpoints k on k.user_id = p_user_id
  cross join lateral (
    values
      ('account is missing', 1, (a.user_id is not null)::integer::numeric),
      ('account available against the ledger', s.available, a.available::numeric),
      ('account reserved against the ledger', s.reserved, a.reserved::numeric),
      ('account debt against the ledger', s.debt, a.debt::numeric),
      ('account last_entry against the ledger', coalesce(s.last_entry, k.entry, 0)::numeric, a.last_entry::numeric),
      ('account available against its batches', b.remaining, a.available::numeric),
      ('account reserved against its reservations', h.held, a.reserved::numeric),
      ('account debt against its debts', d.owed, a.debt::numeric),
      ('debts made against the ledger', s.indebted, d.made),
      ('revocations against the ledger', s.revoked, c.taken),
      ('debts of revocations against the ledger', s.indebted, c.owed),
      ('refunds against the ledger', s.refunded, f.returned),
      ('available although there is a debt', 0, case when a.debt > 0 then a.available else 0 end::numeric)
  ) v (what, expected, actual)
  where v.expected is distinct from v.actual
    and (a.user_id is not null or (v.what = 'account is missing' and s.rows + b.rows + h.rows > 0));
end;
$$;

comment on function credits_private.verify_accounts(uuid) is
  'An account against the ledger and against its batches, reservations, debts and revocations.';

create function credits_private.verify_batches(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with moves as (
    select
      e.batch_id, sum(e.available_change) as remaining,
      coalesce(sum(e.amount) filter (where e.kind = 'grant'), 0) as granted
    from credits_private.ledger_effects e
    where e.available_change <> 0 and e.user_id = p_user_id
    group by e.batch_id
  ), batches as (
    select * from public.user_credits b where b.user_id = p_user_id
  )
  select p_user_id, 'batch ' || coalesce(b.id, m.batch_id) || ': ' || v.what, v.expected, v.actual
  from batches b
  full join moves m on m.batch_id = b.id
  cross join lateral (
    values
      ('remaining_amount against the ledger', coalesce(m.remaining, 0), b.remaining_amount::numeric),
      ('original_amount against the ledger', coalesce(m.granted, 0), b.original_amount::numeric),
      ('holds more than was granted', 0, greatest(b.remaining_amount - b.original_amount, 0))
  ) v (what, expected, actual)
  where v.expected is distinct from v.actual;
end;
$$;

comment on function credits_private.verify_batches(uuid) is 'Each batch against the ledger rows that moved it.';

create function credits_private.verify_reservations(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  return query
  with reservations as (
    select * from public.credit_usage_logs r where r.user_id = p_user_id
  ), moves as (
    select
      e.job_id, sum(e.reserved_change) as held,
      coalesce(sum(e.amount) filter (where e.kind = 'confirm'), 0) as charged,
      coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0) as refunded,
      sum(e.amount) filter (where e.kind = 'reserve' and e.entry between r.first_entry and r.last_entry) as allocated,
      min(e.entry) filter (where e.kind = 'reserve' and e.entry between r.first_entry and r.last_entry) as first_entry,
      max(e.entry) filter (where e.kind = 'reserve' and e.entry between r.first_entry and r.last_entry) as last_entry
    from credits_private.ledger_effects e
    left join public.credit_usage_logs r on r.user_id = e.user_id and r.job_id = e.job_id
    where e.job_id is not null and e.user_id = p_user_id
    group by e.job_id
  )
  select p_user_id, 'reservation ' || coalesce(r.job_id, m.job_id) || ': ' || v.what, v.expected, v.actual
  from reservations r
  full join moves m on m.job_id = r.job_id
  cross join lateral (
    values
      ('held against the ledger', coalesce(m.held, 0), case when r.status = 'reserved' then r.reserved_amount else 0 end::numeric),
      ('charged against the ledger', coalesce(m.charged, 0), case when r.status = 'confirmed' then r.credits_used else 0 end::numeric),
      ('refunded against the ledger', coalesce(m.refunded, 0), coalesce(r.refunded_amount, 0)::numeric),
      -- A late confirm that took its credits again took what it charged, which may be less than was reserved.
      ('allocation against the ledger', coalesce(m.allocated, 0),
        case when r.status = 'confirmed' and m.allocated = r.credits_used then r.credits_used else r.reserved_amount end::numeric),
      ('first_entry against the ledger', m.first_entry::numeric, r.first_entry::numeric),
      ('last_entry against the ledger', m.last_entry::numeric, r.last_entry::numeric),
      ('credits_used of what was not charged', r.reserved_amount, case when r.status = 'confirmed' then r.reserved_amount else r.credits_used end::numeric),
      ('charged more than it reserved', 0, greatest(r.credits_used - r.reserved_amount, 0)),
      ('settled_at', (r.status <> 'reserved')::integer::numeric, (r.settled_at is not null)::integer::numeric),
      ('is missing', 1, (r.job_id is not null)::integer::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$$;

comment on function credits_private.verify_reservations(uuid) is
  'Each reservation against the ledger rows that held, charged and returned its credits.';

create table credits_private.book_checks (
  book_check text primary key check (to_regprocedure(book_check || '(uuid)') is not null)
);

comment on table credits_private.book_checks is
  'What verify_credits() calls besides its own checks: functions that take a user''s id (null for all users) and return (user_id, problem, expected, actual) for each disagreement.';

alter table credits_private.book_checks enable row level security;

create policy "nobody but the functions" on credits_private.book_checks using (false);

revoke all on credits_private.book_checks from public, anon, authenticated, service_role;

create function public.verify_credits(p_user_id uuid default null)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable security definer set search_path = ''
as $$
declare
  v_users uuid[] := array[p_user_id];
  v_user_id uuid;
  v_check text;
begin
  if p_user_id is null then
    v_users := array(
      select a.user_id from public.credit_accounts a
      union select l.user_id from public.credit_ledger l
      union select s.user_id from public.credit_archive_sums s
      union select b.user_id from public.user_credits b
      union select r.user_id from public.credit_usage_logs r
    );
  end if;
  foreach v_user_id in array v_users loop
    return query
    select * from credits_private.verify_ledger(v_user_id) -- rule: verify-ledger
    union all select * from credits_private.verify_accounts(v_user_id) -- rule: verify-accounts
    union all select * from credits_private.verify_batches(v_user_id) -- rule: verify-batches
    union all select * from credits_private.verify_reservations(v_user_id); -- rule: verify-reservations
  end loop;
  for v_check in select c.book_check from credits_private.book_checks c order by c.book_check loop
    return query execute format('select * from %s($1)', v_check::regproc) using p_user_id; -- rule: verify-domains
  end loop;
end;
$$;

comment on function public.verify_credits(uuid) is
  'Recomputes every balance from the ledger, and what other domains know of where credits came from, for one user or (null) for all, and returns each disagreement. No row means that the books agree. Idempotent: changes nothing.';

revoke all on function public.verify_credits(uuid) from public, anon, authenticated, service_role;
grant execute on function public.verify_credits(uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
