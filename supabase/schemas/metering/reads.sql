-- Usage reads: what a user's credits went into, in sums and line by line.
--
-- Invariants
--   * Only what was charged or is owed is in it; what was given back since is not.
--   * Work at a fixed price is in it as well, without lines.

insert into public.rate_limit_policies (action, max_requests, window_minutes)
values ('usage_summary', 30, 1), ('usage_csv', 6, 1);

create function credits_private.usage_sums(p_user_id uuid, p_by text, p_days integer)
  returns table (key text, jobs bigint, credits numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
declare
  -- What is younger than 60 days is never archived.
  v_since timestamptz := date_trunc('day', credits_private.clock() at time zone 'UTC') at time zone 'UTC'
    - make_interval(days => least(greatest(coalesce(p_days, 30), 1), 60) - 1); -- rule: summary-since
begin
  return query
  with ended as (
    select
      u.job_id, u.settled_at, coalesce(m.action, u.job_type) as action, m.version,
      u.credits_used - u.refunded_amount + coalesce(m.owed, 0) as paid
    from public.credit_usage_logs u
    left join public.metered_jobs m on m.user_id = u.user_id and m.job_id = u.job_id
    where u.user_id = p_user_id and u.status = 'confirmed' -- rule: summary-charged
      and u.created_at >= v_since - interval '2 days' and u.settled_at >= v_since
  ), parts as (
    select e.job_id, e.paid, case p_by when 'day' then to_char(e.settled_at at time zone 'UTC', 'YYYY-MM-DD') else e.action end as key
    from ended e
    where p_by <> 'model'
    union all
    -- A job's lines share what is paid for it as they share its cost.
    select
      e.job_id, case when l.cost = 0 then 0 else e.paid * l.cost / sum(l.cost) over (partition by e.job_id) end, -- rule: summary-shares
      coalesce(l.matched ->> 'model', '')
    from ended e
    join public.usage_lines l on l.user_id = p_user_id and l.job_id = e.job_id
    where p_by = 'model'
    union all
    select e.job_id, e.paid, '' from ended e where p_by = 'model' and e.version is null
  )
  select p.key, count(distinct p.job_id), round(sum(p.paid), 2)
  from parts p
  group by p.key
  order by p.key;
end;
$$;

comment on function credits_private.usage_sums(uuid, text, integer) is 'usage_summary() of what was checked.';

create type public.usage_summary_result as (
  outcome text,
  items jsonb,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function public.usage_summary(p_user_id uuid, p_by text default 'day', p_days integer default 30)
  returns public.usage_summary_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check;
  v_result public.usage_summary_result;
begin
  if (p_by in ('day', 'action', 'model')) is not true then
    perform credits_private.refuse_argument('p_by', 'must be day, action or model');
  end if;
  set local synchronous_commit = off;
  v_check := credits_private.consume_policy(p_user_id, 'usage_summary');
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  v_result.outcome := 'rate_limited';
  if v_check.allowed then -- rule: summaries-limited
    v_result.outcome := 'ok';
    v_result.items := (
      select coalesce(jsonb_agg(to_jsonb(s) order by s.key), '[]') from credits_private.usage_sums(p_user_id, p_by, p_days) s
    );
  end if;
  return v_result;
end;
$$;

comment on function public.usage_summary(uuid, text, integer) is
  'What a user paid in the last p_days days (today among them; clamped to 1..60), by the day (UTC) on which it was charged, by action, or by model, '''' being what names none: items is [{key, jobs, credits}]. Outcomes: ok, rate_limited (see retry_after_seconds). Idempotent but for the count of its rate limit. Raises 22023 for another p_by.';

revoke all on function public.usage_summary(uuid, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.usage_summary(uuid, text, integer) to service_role;

create type public.usage_lines_result as (
  outcome text,
  items jsonb,
  next_cursor text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function public.read_usage_lines(p_user_id uuid, p_limit integer default 500, p_cursor text default null)
  returns public.usage_lines_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check;
  v_before record := credits_private.usage_cursor(p_cursor);
  v_result public.usage_lines_result;
begin
  -- All pages are one reading.
  if p_cursor is null then
    set local synchronous_commit = off;
    v_check := credits_private.consume_policy(p_user_id, 'usage_csv');
    v_result.rate_limit := v_check.max_requests;
    v_result.rate_remaining := v_check.remaining;
    v_result.rate_window_seconds := v_check.window_seconds;
    v_result.retry_after_seconds := v_check.retry_after_seconds;
    if not v_check.allowed then -- rule: lines-limited
      v_result.outcome := 'rate_limited';
      return v_result;
    end if;
  end if;
  if v_before.job_id is null then
    v_result.outcome := 'invalid';
    return v_result;
  end if;
  p_limit := least(greatest(coalesce(p_limit, 500), 1), 500);
  v_result.outcome := 'ok';
  with page as (
    select u.*, row_number() over (order by u.created_at desc, u.job_id desc) as position
    from public.credit_usage_logs u
    where u.user_id = p_user_id -- rule: own-lines
      and (u.created_at, u.job_id) < (v_before.created_at, v_before.job_id)
    order by u.created_at desc, u.job_id desc
    limit p_limit + 1
  ), items as (
    select
      p.position, l.line,
      jsonb_build_object(
        'job_id', p.job_id, 'settled_at', p.settled_at, 'action', coalesce(m.action, p.job_type), 'meter', l.meter,
        'quantity', l.quantity::text, 'unit', l.unit, 'model', l.matched ->> 'model', 'size', l.matched ->> 'size',
        'unit_price', trim_scale(l.unit_price)::text, 'per', l.per, 'card_version', m.version, 'cost', trim_scale(l.cost)::text,
        'job_charged', (p.credits_used + coalesce(m.owed, 0))::text, 'job_refunded', p.refunded_amount::text
      ) as item
    from page p
    left join public.metered_jobs m on m.user_id = p_user_id and m.job_id = p.job_id
    left join public.usage_lines l on l.user_id = p_user_id and l.job_id = p.job_id
    where p.position <= p_limit and p.status = 'confirmed' -- rule: lines-charged
  )
  select
    coalesce((select jsonb_agg(i.item order by i.position, i.line) from items i), '[]'),
    (
      select (extract(epoch from p.created_at) * 1000000)::bigint || '-' || p.job_id
      from page p
      where p.position = p_limit and exists (select from page n where n.position = p_limit + 1)
    )
  into v_result.items, v_result.next_cursor;
  return v_result;
end;
$$;

comment on function public.read_usage_lines(uuid, integer, text) is
  'What a user was charged, newest first: a row for each line of usage, with amounts as text, and one for each job at a fixed price. p_limit is jobs, clamped to 1..500; a page may have fewer, those that were not charged left out. The first page counts against the rate limit, the others belong to it. Outcomes: ok (next_cursor null on the last page), rate_limited (see retry_after_seconds), invalid (the cursor is none). Idempotent but for that count.';

revoke all on function public.read_usage_lines(uuid, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.read_usage_lines(uuid, integer, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
