-- Archiving: moves what is old out of the ledger, with the reservations that it was about, a user at a time.
--
-- Invariants: see credit_ledger_archive.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.archivable_entry(p_user_id uuid, p_before timestamptz, p_limit integer) returns bigint
  language plpgsql stable set search_path = ''
as $$
begin
  return (
    with live as (
      -- No more than can go, because a ledger may be long and its account is locked meanwhile; and one more, because a
      -- job's debt follows its charge.
      select l.entry, l.job_id, l.kind, l.amount, l.created_at
      from public.credit_ledger l
      where l.user_id = p_user_id
      order by l.entry
      limit p_limit + 1 -- rule: debts-with-their-job
    ), jobs as (
      -- More is to come of what is still held, and of what has more rows than were read.
      select
        l.job_id,
        case
          when sum(case l.kind when 'reserve' then l.amount when 'release' then -l.amount when 'confirm' then -l.amount else 0 end) = 0
            and sum(case l.kind when 'confirm' then l.amount else 0 end) = case r.status when 'confirmed' then r.credits_used else 0 end
            and sum(case l.kind when 'refund' then l.amount else 0 end) = r.refunded_amount
          then max(l.entry) else 9223372036854775807 end as ends -- rule: held-stays
      from live l
      join public.credit_usage_logs r on r.user_id = p_user_id and r.job_id = l.job_id
      group by l.job_id, r.status, r.credits_used, r.refunded_amount
    ), reach as (
      select
        l.entry, row_number() over w as position, max(l.created_at) over w as latest, max(j.ends) over w as ends
      from live l
      left join jobs j on j.job_id = l.job_id
      window w as (order by l.entry)
    )
    select max(entry)
    from reach
    where latest < p_before -- rule: archived-when-old
      and coalesce(ends, 0) <= entry -- rule: reservations-whole
      and position <= p_limit -- rule: archive-limit
  );
end;
$$;

comment on function credits_private.archivable_entry(uuid, timestamptz, integer) is
  'The last entry up to which a user''s ledger can be archived, or null: all before p_before, at most p_limit rows, and no reservation cut in two. Reads no more rows than that.';

create function credits_private.archive_account(p_user_id uuid, p_entry bigint) returns integer
  language plpgsql set search_path = ''
as $$
declare
  v_count integer;
begin
  if p_entry is null then
    return 0;
  end if;
  insert into public.credit_checkpoints (user_id, entry, available, reserved, debt, archived_at)
  select user_id, entry, available_after, reserved_after, debt_after, credits_private.clock()
  from public.credit_ledger
  where user_id = p_user_id and entry = p_entry
  on conflict (user_id) do update
  set entry = excluded.entry, available = excluded.available, reserved = excluded.reserved, debt = excluded.debt,
    archived_at = excluded.archived_at;

  insert into public.credit_archive_sums as s (user_id, kind, batch_id, reference, amount)
  select
    user_id, kind, batch_id, case when kind in ('revoke', 'forgive') then reference end, -- rule: references-kept
    sum(amount)
  from public.credit_ledger
  where user_id = p_user_id and entry <= p_entry
  group by 1, 2, 3, 4
  on conflict (user_id, kind, batch_id, reference) do update set amount = s.amount + excluded.amount; -- rule: sums-grow

  with ended as (
    delete from public.credit_usage_logs
    where user_id = p_user_id and last_entry <= p_entry and settled_at is not null
      -- So that it need not look at those that came later.
      and created_at < (select l.created_at from public.credit_ledger l where l.user_id = p_user_id and l.entry = p_entry) + interval '1 day'
    returning *
  )
  insert into public.credit_usage_months as m (user_id, month, job_type, reservations, charged, refunded)
  select
    user_id, date_trunc('month', settled_at at time zone 'UTC')::date, job_type, count(*),
    coalesce(sum(credits_used) filter (where status = 'confirmed'), 0), -- rule: months-charge
    sum(refunded_amount)
  from ended
  group by 1, 2, 3
  on conflict (user_id, month, job_type) do update
  set reservations = m.reservations + excluded.reservations, charged = m.charged + excluded.charged,
    refunded = m.refunded + excluded.refunded;

  insert into public.credit_ledger_archive select * from public.credit_ledger where user_id = p_user_id and entry <= p_entry;
  delete from public.credit_ledger where user_id = p_user_id and entry <= p_entry;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function credits_private.archive_account(uuid, bigint) is
  'Moves a user''s ledger up to an entry (null: nothing) to the archive, and the reservations it was about into sums; returns how many rows. The caller holds the account''s lock.';

insert into credits_private.retention (what) values ('ledger');

create function public.archive_ledger(p_before timestamptz default null, p_limit integer default 10000) returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_before timestamptz := credits_private.kept_since('ledger', p_before);
  v_walk credits_private.retention;
  v_user_id uuid;
  v_last uuid;
  v_looked integer := 0;
  v_count integer := 0;
begin
  -- One walk at a time: whoever comes second leaves it to the first.
  select * into v_walk from credits_private.retention where what = 'ledger' for update skip locked;
  if v_walk.what is null or v_before is null then
    perform credits_private.note_run('archive_ledger', 0);
    return 0;
  end if;
  for v_last in
    select user_id from public.credit_accounts
    where user_id >= coalesce(v_walk.walked_to, '00000000-0000-0000-0000-000000000000')
    order by user_id
    limit 10000
  loop
    v_looked := v_looked + 1;
    continue when (
      select created_at from public.credit_ledger where user_id = v_last order by entry limit 1
    ) < v_before is not true;
    -- A busy account is left for the next walk, so that nobody waits for this one.
    select user_id into v_user_id from public.credit_accounts where user_id = v_last for no key update skip locked;
    continue when not found;
    v_count := v_count
      -- Whoever would fill up what is left of the limit may have more than that: they would wait for the next walk.
      + credits_private.archive_account(v_user_id, credits_private.archivable_entry(v_user_id, v_before, p_limit));
    exit when v_count >= p_limit;
  end loop;
  update credits_private.retention
  set walked_to = case when v_looked = 10000 or v_count >= p_limit then v_last end
  where what = 'ledger';
  perform credits_private.note_run('archive_ledger', v_count);
  return v_count;
end;
$$;

comment on function public.archive_ledger(timestamptz, integer) is
  'Moves movements before p_before (null: as the retention says, which is never until it is set) from the ledger to credit_ledger_archive, with balances and sums kept for verify_credits(), and ended reservations into credit_usage_months. Looks at 10,000 users a call, moves at most p_limit rows of one of them, and ends once it has moved as many; the next call goes on from there, and begins anew after the last user. Returns how many rows were moved. A job that is archived can no longer be refunded or confirmed late: not_found. Idempotent. Raises 22023 for less than 60 days ago.';

revoke all on function public.archive_ledger(timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function public.archive_ledger(timestamptz, integer) to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('archive_ledger', 60);

create function credits_private.verify_archive(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  -- Most users have nothing here, and planning what follows costs more than to see that.
  if p_user_id is not null
    and not exists (select from public.credit_checkpoints c where c.user_id = p_user_id)
    and not exists (select from public.credit_archive_sums s where s.user_id = p_user_id)
  then
    return;
  end if;
  return query
  with sums as (
    select
      e.user_id, sum(e.available_change) as available, sum(e.reserved_change) as reserved, sum(e.debt_change) as debt,
      coalesce(sum(e.amount) filter (where e.kind = 'confirm'), 0) as charged,
      coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0) as refunded
    from credits_private.ledger_effects e
    where e.entry is null and (p_user_id is null or e.user_id = p_user_id)
    group by e.user_id
  ), months as (
    select m.user_id, sum(m.charged) as charged, sum(m.refunded) as refunded
    from public.credit_usage_months m
    where p_user_id is null or m.user_id = p_user_id
    group by m.user_id
  )
  select coalesce(s.user_id, c.user_id), 'archive: ' || v.what, v.expected, v.actual
  from sums s
  full join public.credit_checkpoints c on c.user_id = s.user_id
  left join months m on m.user_id = c.user_id
  cross join lateral (
    values
      ('available at the checkpoint', s.available, c.available::numeric),
      ('reserved at the checkpoint', s.reserved, c.reserved::numeric),
      ('debt at the checkpoint', s.debt, c.debt::numeric),
      ('charged by month', s.charged, coalesce(m.charged, 0)),
      ('refunded by month', s.refunded, coalesce(m.refunded, 0))
  ) v (what, expected, actual)
  where (p_user_id is null or coalesce(s.user_id, c.user_id) = p_user_id) and v.expected is distinct from v.actual;
end;
$$;

comment on function credits_private.verify_archive(uuid) is
  'What is archived against the balances at its checkpoint, and against the months'' sums.';

insert into credits_private.book_checks (book_check) values ('credits_private.verify_archive');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
