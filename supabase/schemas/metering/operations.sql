-- Metering for operators: what is checked, what can be set, and what old usage becomes.

create table public.usage_months (
  user_id uuid not null,
  month date not null,
  action text not null,
  model text not null,
  meter text not null,
  lines bigint not null,
  quantity public.usage_quantity not null,
  cost public.exact_cost not null,
  primary key (user_id, month, action, model, meter)
);

comment on table public.usage_months is
  'Usage whose lines were pruned: how much of a meter was used in a month (UTC), and what that cost. What was charged for it is in credit_usage_logs and credit_usage_months.';

alter table public.usage_months enable row level security;

create policy "operators read months of usage" on public.usage_months for select to service_role using (true);

revoke all on public.usage_months from public, anon, authenticated, service_role;
grant select on public.usage_months to service_role;

create view public.usage_margins with (security_invoker = true) as
select
  (m.settled_at at time zone 'UTC')::date as day, m.action, m.version, count(*) as jobs,
  sum(m.cost) as cost, sum(m.charged)::numeric as charged, sum(m.owed)::numeric as owed, sum(m.absorbed) as absorbed
from public.metered_jobs m
where m.settled_at is not null
group by (m.settled_at at time zone 'UTC')::date, m.action, m.version;

comment on view public.usage_margins is
  'For operators: what settled usage cost a day (UTC), by action and version of its card, and who paid for it: absorbed is what nobody did.';

revoke all on public.usage_margins from public, anon, authenticated, service_role;
grant select on public.usage_margins to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('usage_months', 'metering', 'kept', 'amounts'), ('usage_margins', 'metering', 'none', 'a view');

create function credits_private.probe_unpriced_usage() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(count(*), min(m.created_at), count(*) > 0, false)
  from public.metered_jobs m
  join public.usage_lines l on l.user_id = m.user_id and l.job_id = m.job_id
  where m.created_at > credits_private.clock() - interval '1 day' and l.unit_price is null; -- rule: unpriced
$$;

comment on function credits_private.probe_unpriced_usage() is 'Lines of usage of a day that no rate fitted: a warning when there are any.';

create function credits_private.probe_absorbed_usage() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*) filter (where m.absorbed > 0), min(m.created_at) filter (where m.absorbed > 0),
    coalesce(sum(m.absorbed) > 0.05 * sum(m.cost), false), false -- rule: mostly-absorbed
  )
  from public.metered_jobs m
  where m.created_at > credits_private.clock() - interval '1 day';
$$;

comment on function credits_private.probe_absorbed_usage() is
  'Jobs of a day that used more than anybody pays for: a warning when that is above a twentieth of what usage cost.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values
  ('usage_unpriced', 45, 'credits_private.probe_unpriced_usage', 'save a rate card with a rate for it', 'metered-usage'),
  ('usage_absorbed', 46, 'credits_private.probe_absorbed_usage', 'see usage_margins; hold more for a job, or let the card take what is available', 'metered-usage');

insert into credits_private.setting_tables (setting_table, key_column) values ('credits_private.metering_settings', null);

insert into credits_private.retention (what) values ('usage');

create function public.prune_usage(p_before timestamptz default null, p_limit integer default 10000) returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  v_before timestamptz := credits_private.kept_since('usage', p_before);
  v_count integer;
begin
  -- Whoever settles one locks its account first, and finds it gone only long after its hold has ended.
  with old as materialized (
    select m.user_id, m.job_id from public.metered_jobs m
    where m.created_at < v_before -- rule: old-usage-only
      and not exists (
        select from public.credit_usage_logs u
        where u.user_id = m.user_id and u.job_id = m.job_id and u.settled_at is null -- rule: held-usage-stays
      )
    limit p_limit -- rule: usage-limit-of-prune
    for update skip locked
  ), gone as (
    delete from public.metered_jobs m using old
    where m.user_id = old.user_id and m.job_id = old.job_id
    returning m.*
  ), lines as (
    delete from public.usage_lines l using old
    where l.user_id = old.user_id and l.job_id = old.job_id
    returning l.*
  ), kept as (
    insert into public.usage_months as k (user_id, month, action, model, meter, lines, quantity, cost)
    select
      g.user_id, date_trunc('month', g.settled_at at time zone 'UTC')::date, g.action, coalesce(l.matched ->> 'model', ''), l.meter,
      count(*), sum(l.quantity), sum(l.cost)
    from gone g
    join lines l on l.user_id = g.user_id and l.job_id = g.job_id
    group by 1, 2, 3, 4, 5
    on conflict (user_id, month, action, model, meter) do update
    set lines = k.lines + excluded.lines, quantity = k.quantity + excluded.quantity, cost = k.cost + excluded.cost -- rule: usage-months-grow
  )
  select count(*) into v_count from gone;
  perform credits_private.note_run('prune_usage', v_count);
  return v_count;
end;
$$;

comment on function public.prune_usage(timestamptz, integer) is
  'Turns the lines of jobs that were reserved before p_before (null: as the retention says, which is never until it is set) and have ended into sums by month, at most those of p_limit jobs; returns of how many. What was charged stays where it is. Idempotent. Raises 22023 for less than 60 days ago.';

revoke all on function public.prune_usage(timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function public.prune_usage(timestamptz, integer) to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('prune_usage', 60);

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
