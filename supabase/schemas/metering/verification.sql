-- Verification of usage: what was used, what was charged for it and the ledger agree.

create function credits_private.verify_usage(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  -- Most users have nothing here, and planning what follows costs more than to see that.
  if p_user_id is not null
    and not exists (select from public.metered_jobs m where m.user_id = p_user_id)
    and not exists (select from public.usage_lines l where l.user_id = p_user_id)
  then
    return;
  end if;
  return query
  with jobs as (
    select * from public.metered_jobs m where p_user_id is null or m.user_id = p_user_id
  ), lines as (
    select l.user_id, l.job_id, sum(l.cost) as cost
    from public.usage_lines l
    where p_user_id is null or l.user_id = p_user_id
    group by l.user_id, l.job_id
  ), moves as (
    select
      e.user_id, e.job_id,
      sum(e.amount) filter (where e.kind = 'confirm') as charged,
      sum(e.amount) filter (where e.kind = 'debt') as owed
    from public.credit_ledger e
    where e.job_id is not null and e.kind in ('confirm', 'debt') and (p_user_id is null or e.user_id = p_user_id)
    group by e.user_id, e.job_id
  )
  select coalesce(j.user_id, l.user_id), 'usage of ' || coalesce(j.job_id, l.job_id) || ': ' || v.what, v.expected, v.actual
  from jobs j
  full join lines l on l.user_id = j.user_id and l.job_id = j.job_id
  left join public.credit_usage_logs r on r.user_id = j.user_id and r.job_id = j.job_id
  left join moves m on m.user_id = j.user_id and m.job_id = j.job_id
  cross join lateral (
    values
      ('has no job', 0, (j.job_id is null)::integer::numeric),
      ('cost against its lines', ceil(coalesce(l.cost, 0) * 100) / 100, coalesce(j.cost, 0)),
      ('paid against its cost', coalesce(j.cost, 0), coalesce(j.charged + j.owed + j.absorbed, 0)),
      -- What is archived is in the ledger's sums only.
      ('charged against its reservation', case when r.job_id is null or j.settled_at is null then j.charged else r.credits_used end, j.charged::numeric),
      ('charged against the ledger', case when r.job_id is null or j.settled_at is null then j.charged else coalesce(m.charged, 0) end, j.charged::numeric),
      ('owed against the ledger', case when r.job_id is null then j.owed else coalesce(m.owed, 0) end, coalesce(j.owed, 0)::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$$;

comment on function credits_private.verify_usage(uuid) is
  'Each metered job against its lines, its reservation and the ledger: what was used is what is charged, owed and absorbed.';

insert into credits_private.book_checks (book_check) values ('credits_private.verify_usage');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
