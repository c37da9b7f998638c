-- Health: what an operator has to know, one row a check. Each domain registers its own.

create type credits_private.finding as (status text, count bigint, oldest timestamptz);

create table credits_private.health_checks (
  name text primary key,
  position integer not null unique,
  probe text not null check (to_regprocedure(probe || '()') is not null),
  advice text not null,
  section text not null
);

comment on table credits_private.health_checks is
  'What health_report() asks: functions that return a finding (ok, warn or alarm; how many; since when), what to do about it, and the section of docs/operations.md that says more.';

alter table credits_private.health_checks enable row level security;

create policy "nobody but the functions" on credits_private.health_checks using (false);

revoke all on credits_private.health_checks from public, anon, authenticated, service_role;

create function credits_private.finding(p_count bigint, p_oldest timestamptz, p_warn boolean, p_alarm boolean)
  returns credits_private.finding
  language sql immutable set search_path = ''
as $$
  select row(case when p_alarm then 'alarm' when p_warn then 'warn' else 'ok' end, p_count, p_oldest)::credits_private.finding;
$$;

comment on function credits_private.finding(bigint, timestamptz, boolean, boolean) is
  'A finding: an alarm, else a warning, else ok.';

create function public.health_report()
  returns table (name text, status text, count bigint, oldest timestamptz, advice text, page text)
  language plpgsql security definer set search_path = ''
as $$
declare
  v_check credits_private.health_checks;
begin
  for v_check in select * from credits_private.health_checks c order by c.position loop
    name := v_check.name;
    advice := v_check.advice;
    page := 'docs/operations.md#' || v_check.section;
    begin
      execute format('select f.status, f.count, f.oldest from %s() f', v_check.probe) into status, count, oldest;
    exception when others then
      -- One check that fails must not hide the others.
      status := 'alarm'; -- rule: checks-go-on
      count := null;
      oldest := null;
      advice := format('the check itself failed: %s (%s)', sqlerrm, sqlstate);
    end;
    return next;
  end loop;
end;
$$;

comment on function public.health_report() is
  'For operators: one row a check with its status (ok, warn, alarm), how many there are, the oldest, what to do and the page that says how. Bounded: a large project''s books are checked by a sample, another one each time. Changes nothing.';

revoke all on function public.health_report() from public, anon, authenticated, service_role;
grant execute on function public.health_report() to service_role;

create function credits_private.note_run(p_sweep text, p_count integer) returns void
  language plpgsql set search_path = ''
as $$
begin
  -- Skipped while somebody else notes the same: a sweep waits for nobody.
  update credits_private.sweeps s
  set last_run_at = credits_private.clock(), last_count = p_count
  from (select sweep from credits_private.sweeps where sweep = p_sweep for update skip locked) free
  where s.sweep = free.sweep;
end;
$$;

comment on function credits_private.note_run(text, integer) is 'Notes that a sweep has run, and how much it did.';

create function credits_private.probe_schedules() returns credits_private.finding
  language plpgsql set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_silent bigint;
  v_oldest timestamptz;
  v_unscheduled bigint := 0;
begin
  select count(*), min(last_run_at) into v_silent, v_oldest
  from credits_private.sweeps
  where last_run_at is null or last_run_at < v_now - make_interval(mins => 3 * every_minutes + 5); -- rule: silent-after
  if to_regclass('cron.job') is not null then
    -- By its name, so that functions can be checked where there is none.
    execute format(
      'select count(*) from credits_private.sweeps s where not exists (select from %I.job j where j.jobname = replace(s.sweep, ''_'', ''-'') and j.active)',
      'cron'
    ) into v_unscheduled;
  end if;
  return credits_private.finding(
    greatest(v_silent, v_unscheduled), v_oldest, v_silent > 0, v_unscheduled > 0 or v_oldest is not null
  );
end;
$$;

comment on function credits_private.probe_schedules() is
  'Sweeps that have not run for three of their intervals, or that pg_cron, where there is one, does not have. One that never ran is a warning: a new project''s.';

create type public.table_size as (table_name text, estimated_rows bigint, bytes bigint);

create function public.table_sizes() returns setof public.table_size
  language sql stable security definer set search_path = ''
as $$
  select c.oid::regclass::text, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid)
  from pg_catalog.pg_class c
  where c.relnamespace in ('public'::regnamespace, 'credits_private'::regnamespace) and c.relkind = 'r'
  order by 3 desc;
$$;

comment on function public.table_sizes() is
  'For operators: how large each table is, with its indexes, and about how many rows it has (as of its last analyze). Changes nothing.';

revoke all on function public.table_sizes() from public, anon, authenticated, service_role;
grant execute on function public.table_sizes() to service_role;

create function credits_private.probe_growth() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(max(s.estimated_rows), null, max(s.estimated_rows) > 10000000, false) -- rule: large-table
  from public.table_sizes() s;
$$;

comment on function credits_private.probe_growth() is 'The largest table, by rows: above ten million its retention is worth deciding.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values
  ('schedules', 10, 'credits_private.probe_schedules', 'have pg_cron or a timer call the sweeps that fell silent', 'sweeps'),
  ('growth', 90, 'credits_private.probe_growth', 'see table_sizes(), and decide what is kept how long', 'what-grows');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
