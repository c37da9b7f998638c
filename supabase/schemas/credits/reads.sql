-- Credit reads: what a signed-in user asks credits-api for, with its rate limit, in one round trip.
--
-- Invariants
--   * What has expired is not shown as available, swept or not.
--   * metadata never leaves the database (M2); limit is clamped to 1..100 (M1).

create type public.balance_result as (
  outcome text,
  balance numeric,
  reserved numeric,
  debt numeric,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create type public.usage_result as (
  outcome text,
  items jsonb,
  next_cursor text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

insert into public.rate_limit_policies (action, max_requests, window_minutes)
values ('balance', 30, 1), ('usage', 30, 1);

create function public.read_balance(p_user_id uuid) returns public.balance_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check;
  v_now timestamptz := credits_private.clock();
  v_result public.balance_result;
begin
  set local synchronous_commit = off;
  v_check := credits_private.consume_policy(p_user_id, 'balance');
  if v_check.allowed then
    select
      a.available - coalesce(
        (
          select sum(b.remaining_amount)
          from public.user_credits b
          where b.user_id = p_user_id
            and b.is_open
            and b.expires_at <= v_now -- rule: balance-without-expired
        ),
        0
      ),
      a.reserved,
      a.debt
    into v_result.balance, v_result.reserved, v_result.debt
    from public.credit_accounts a
    where a.user_id = p_user_id;
  end if;
  v_result.outcome := case when v_check.allowed then 'ok' else 'rate_limited' end;
  v_result.balance := coalesce(v_result.balance, 0);
  v_result.reserved := coalesce(v_result.reserved, 0);
  v_result.debt := coalesce(v_result.debt, 0);
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  return v_result;
end;
$$;

comment on function public.read_balance(uuid) is
  'What a user can spend, what is held, and what they owe. Outcomes: ok, rate_limited (see retry_after_seconds). Idempotent but for the count of its rate limit.';

revoke all on function public.read_balance(uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_balance(uuid) to service_role;

create function credits_private.usage_cursor(p_cursor text, out created_at timestamptz, out job_id uuid)
  language plpgsql immutable set search_path = ''
as $$
begin
  if p_cursor is null then
    created_at := 'infinity';
    job_id := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  elsif p_cursor ~ '^[0-9]{1,17}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    created_at := timestamptz 'epoch' + split_part(p_cursor, '-', 1)::bigint * interval '1 microsecond';
    job_id := substr(p_cursor, length(p_cursor) - 35)::uuid;
  end if;
end;
$$;

comment on function credits_private.usage_cursor(text) is
  'Where a page of usage ended, from its cursor: microseconds since 1970, then the job. Before the first page, without one, is the end of time; nulls for what is no cursor.';

create function credits_private.usage_page(
  p_user_id uuid,
  p_limit integer,
  p_before_time timestamptz,
  p_before_job uuid,
  out items jsonb,
  out next_cursor text
)
  language sql stable set search_path = ''
as $$
  with page as (
    select u.*, row_number() over (order by u.created_at desc, u.job_id desc) as position
    from public.credit_usage_logs u
    where u.user_id = p_user_id -- rule: own-usage
      and (u.created_at, u.job_id) < (p_before_time, p_before_job) -- rule: next-page
    order by u.created_at desc, u.job_id desc
    limit p_limit + 1
  )
  select
    coalesce(
      jsonb_agg(
        jsonb_build_object(
          'id', p.id, 'job_id', p.job_id, 'job_type', p.job_type, 'credits_used', p.credits_used,
          'refunded_amount', p.refunded_amount,
          'status', p.status, 'description', p.description, 'created_at', p.created_at -- rule: usage-without-metadata
        )
        order by p.position
      ) filter (where p.position <= p_limit),
      '[]'
    ),
    case when count(*) > p_limit then
      max((extract(epoch from p.created_at) * 1000000)::bigint || '-' || p.job_id) filter (where p.position = p_limit)
    end
  from page p;
$$;

comment on function credits_private.usage_page(uuid, integer, timestamptz, uuid) is
  'One page of a user''s reservations, newest first. Job ids are the product''s own and say nothing about time.';

create function public.read_usage(p_user_id uuid, p_limit integer default 50, p_cursor text default null)
  returns public.usage_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check;
  v_before record;
  v_result public.usage_result;
begin
  set local synchronous_commit = off;
  v_check := credits_private.consume_policy(p_user_id, 'usage');
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  v_before := credits_private.usage_cursor(p_cursor);
  if not v_check.allowed then
    v_result.outcome := 'rate_limited';
  elsif v_before.job_id is null then
    v_result.outcome := 'invalid';
  else
    v_result.outcome := 'ok';
    select p.items, p.next_cursor into v_result.items, v_result.next_cursor
    from credits_private.usage_page(
      p_user_id,
      least(greatest(coalesce(p_limit, 50), 1), 100), -- rule: usage-limit
      v_before.created_at,
      v_before.job_id
    ) p;
  end if;
  return v_result;
end;
$$;

comment on function public.read_usage(uuid, integer, text) is
  'A user''s reservations, newest first, a page at a time. Outcomes: ok (next_cursor null on the last page), rate_limited, invalid (the cursor is none). p_limit is clamped to 1..100. Idempotent but for the count of its rate limit.';

revoke all on function public.read_usage(uuid, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.read_usage(uuid, integer, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
