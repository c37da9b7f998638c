-- Jobs for operators: what is checked, what can be set, and which attempts need not be kept.

create function credits_private.probe_stuck_jobs() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*), min(s.since), count(*) > 0, coalesce(min(s.since) < credits_private.clock() - interval '1 hour', false)
  )
  from (
    select j.lease_expires_at as since from public.generation_jobs j
    where j.status = 'generating' and j.lease_expires_at < credits_private.clock() - interval '5 minutes' -- rule: silent-worker
    union all
    select j.next_attempt_at from public.generation_jobs j
    where j.status = 'queued' and j.next_attempt_at < credits_private.clock() - interval '10 minutes' -- rule: nobody-came
  ) s;
$$;

comment on function credits_private.probe_stuck_jobs() is
  'Jobs whose worker fell silent and that no sweep took back, and jobs that are due and that nobody takes up.';

create function credits_private.probe_undelivered() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*), min(j.created_at), false,
    coalesce(min(j.created_at) < credits_private.clock() - (select s.reservation_max_lifetime from credits_private.credit_settings s) - interval '10 minutes', false) -- rule: undelivered
  )
  from public.generation_jobs j
  where j.status in ('queued', 'generating');
$$;

comment on function credits_private.probe_undelivered() is
  'Jobs that somebody waits for: an alarm when one is older than a job may become.';

create function credits_private.probe_unpaid_work() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*) filter (where a.unpaid > 0), min(a.ended_at) filter (where a.unpaid > 0),
    coalesce(sum(a.unpaid) > sum(a.charged), false), false -- rule: mostly-unpaid
  )
  from public.job_attempts a
  where a.begun_at > credits_private.clock() - interval '1 day';
$$;

comment on function credits_private.probe_unpaid_work() is
  'Attempts of a day that nobody paid for: a warning when they outweigh what came in.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values
  ('jobs_stuck', 30, 'credits_private.probe_stuck_jobs', 'have requeue_stale_jobs() and jobs/run called; see the logs for attempt_failed', 'jobs-that-wait'),
  ('jobs_undelivered', 31, 'credits_private.probe_undelivered', 'have requeue_stale_jobs() called: it ends what is too old', 'jobs-that-wait'),
  ('unpaid_work', 40, 'credits_private.probe_unpaid_work', 'select * from work_costs, and see whose it is', 'what-work-costs-and-who-pays-for-it');

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.job_settings', null), ('credits_private.work_policy', null);

insert into credits_private.retention (what) values ('job_attempts');

create function public.prune_job_attempts(p_before timestamptz default null, p_limit integer default 10000) returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  v_before timestamptz := credits_private.kept_since('job_attempts', p_before);
  v_count integer;
begin
  -- Materialized: a limit that a join may run again for each row is no limit.
  with old as materialized (
    select job_id, attempt from public.job_attempts
    where begun_at < v_before
      and ended_at is not null -- rule: ended-attempts-only
    limit p_limit -- rule: attempts-limit
    for update skip locked
  )
  delete from public.job_attempts a using old
  where a.job_id = old.job_id and a.attempt = old.attempt;
  get diagnostics v_count = row_count;
  perform credits_private.note_run('prune_job_attempts', v_count);
  return v_count;
end;
$$;

comment on function public.prune_job_attempts(timestamptz, integer) is
  'Deletes attempts that ended and began before p_before (null: as the retention says, which is never until it is set), at most p_limit; returns how many. work_costs forgets them. Idempotent. Raises 22023 for less than 60 days ago.';

revoke all on function public.prune_job_attempts(timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function public.prune_job_attempts(timestamptz, integer) to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('prune_job_attempts', 60);

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
