-- Rate limits: an exact sliding window per (identifier, action), in one row per key.
--
-- Invariants
--   * At most max_requests allowed calls in any interval of the window's length, whatever the concurrency.
--   * A denied call writes nothing. Two keys never share a row, a lock or a limit.
--   * The row keeps the last max_requests allowed times, so that neither it nor a check grows with the past.
--
-- Lock order: a rate limit's row is locked before the account.

create table public.api_rate_limits (
  identifier text not null,
  action text not null,
  hits timestamptz[] not null,
  primary key (identifier, action)
) with (fillfactor = 50);

comment on table public.api_rate_limits is
  'One row per key: the times of its last allowed calls, oldest first. Losing the newest in a power cut is harmless, so a check on its own does not wait for the disk.';

create table public.rate_limit_policies (
  action text primary key,
  max_requests integer not null check (max_requests between 1 and 1000),
  window_minutes integer not null check (window_minutes between 1 and 1440),
  updated_at timestamptz not null default now()
);

comment on table public.rate_limit_policies is 'The limits per user and action (M4), tunable without a deploy.';

create trigger rate_limit_policies_touch before update on public.rate_limit_policies
  for each row execute function private.touch_updated_at();

insert into public.rate_limit_policies (action, max_requests, window_minutes)
values ('story_create', 5, 1), ('book_generate', 3, 1), ('balance', 30, 1), ('usage', 30, 1), ('checkout', 10, 1);

alter table public.api_rate_limits enable row level security;
alter table public.rate_limit_policies enable row level security;

create policy "nobody but the functions" on public.api_rate_limits for select to service_role using (true);
create policy "operators tune policies" on public.rate_limit_policies to service_role using (true) with check (true);

revoke all on public.api_rate_limits, public.rate_limit_policies from public, anon, authenticated, service_role;
grant select on public.api_rate_limits to service_role;
grant select, insert, update on public.rate_limit_policies to service_role;

create type private.rate_check as (
  allowed boolean,
  current_count integer,
  remaining integer,
  max_requests integer,
  window_seconds integer,
  retry_after_seconds integer
);

create function private.take_hit(p_identifier text, p_action text, p_max integer, p_window interval, out taken boolean, out hits timestamptz[])
  language plpgsql set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz := private.clock();
begin
  -- Time never runs backwards within a key: a call that waited for the row counts as made after the one before it.
  update public.api_rate_limits as r
  set hits = r.hits[cardinality(r.hits) - p_max + 2:] || greatest(v_now, r.hits[cardinality(r.hits)])
  where r.identifier = p_identifier
    and r.action = p_action
    and (
      cardinality(r.hits) < p_max
      or r.hits[cardinality(r.hits) - p_max + 1] <= greatest(v_now, r.hits[cardinality(r.hits)]) - p_window
    )
  returning r.hits into hits;
  taken := found;
end;
$$;

comment on function private.take_hit(text, text, integer, interval) is
  'Records a call if the window has room and the key''s row exists.';

revoke all on function private.take_hit(text, text, integer, interval) from public, anon, authenticated, service_role;

create function private.consume_rate_limit(p_identifier text, p_action text, p_max integer, p_window_minutes integer)
  returns private.rate_check
  language plpgsql set search_path = '' set enable_seqscan = off
as $$
declare
  v_window interval := make_interval(mins => p_window_minutes);
  v_hits timestamptz[];
  v_taken boolean;
  v_now timestamptz;
  v_result private.rate_check;
begin
  select t.taken, t.hits into v_taken, v_hits from private.take_hit(p_identifier, p_action, p_max, v_window) t;
  if not v_taken then
    select r.hits into v_hits from public.api_rate_limits r where r.identifier = p_identifier and r.action = p_action;
    -- A row with room that took no hit was made by another first call since: this one counts, too.
    if not found or cardinality(v_hits) < p_max then
      insert into public.api_rate_limits (identifier, action, hits)
      values (p_identifier, p_action, '{}')
      on conflict (identifier, action) do nothing;
      select t.taken, t.hits into v_taken, v_hits from private.take_hit(p_identifier, p_action, p_max, v_window) t;
      if not v_taken then
        select r.hits into v_hits
        from public.api_rate_limits r
        where r.identifier = p_identifier and r.action = p_action;
      end if;
    end if;
  end if;

  v_now := private.clock();
  v_result.allowed := v_taken;
  v_result.current_count := (select count(*) from unnest(v_hits) h where h > v_now - v_window);
  v_result.max_requests := p_max;
  v_result.window_seconds := p_window_minutes * 60;
  v_result.remaining := greatest(p_max - v_result.current_count, 0);
  if not v_taken then
    v_result.retry_after_seconds := greatest(
      1, ceil(extract(epoch from v_hits[cardinality(v_hits) - p_max + 1] + v_window - v_now))
    );
  end if;
  return v_result;
end;
$$;

comment on function private.consume_rate_limit(text, text, integer, integer) is
  'One call against a limit. Locks the key''s row until the transaction ends when it was allowed.';

revoke all on function private.consume_rate_limit(text, text, integer, integer)
  from public, anon, authenticated, service_role;

create function private.consume_policy(p_user_id uuid, p_action text) returns private.rate_check
  language plpgsql set search_path = ''
as $$
declare
  v_policy public.rate_limit_policies;
begin
  select * into strict v_policy from public.rate_limit_policies where action = p_action;
  return private.consume_rate_limit(p_user_id::text, p_action, v_policy.max_requests, v_policy.window_minutes);
end;
$$;

comment on function private.consume_policy(uuid, text) is 'One call of a user against the policy of an action.';

revoke all on function private.consume_policy(uuid, text) from public, anon, authenticated, service_role;

create function public.check_rate_limit(
  p_identifier text,
  p_action text,
  p_max_requests integer,
  p_window_minutes integer default 15
) returns jsonb
  language plpgsql security definer set search_path = ''
as $$
declare
  v_check private.rate_check;
begin
  if coalesce(p_identifier, '') = '' then
    perform private.refuse_argument('p_identifier', 'must not be empty');
  elsif coalesce(p_action, '') = '' then
    perform private.refuse_argument('p_action', 'must not be empty');
  elsif (p_max_requests >= 1) is not true then
    perform private.refuse_argument('p_max_requests', 'must be at least 1');
  elsif (p_window_minutes between 1 and 1440) is not true then
    perform private.refuse_argument('p_window_minutes', 'must be between 1 and 1440');
  end if;

  set local synchronous_commit = off;
  v_check := private.consume_rate_limit(p_identifier, p_action, p_max_requests, p_window_minutes);
  if v_check.allowed then
    return jsonb_build_object(
      'allowed', true, 'current_count', v_check.current_count, 'remaining', v_check.remaining, 'limit', p_max_requests
    );
  end if;
  return jsonb_build_object(
    'allowed', false, 'current_count', v_check.current_count,
    'retry_after_seconds', v_check.retry_after_seconds, 'limit', p_max_requests
  );
end;
$$;

comment on function public.check_rate_limit(text, text, integer, integer) is
  'Counts one call against an exact sliding window and says whether it is allowed. {allowed, current_count, remaining, limit} or {allowed, current_count, retry_after_seconds, limit}; a denied call is not recorded. Not idempotent: each allowed call counts. The transaction it ends in does not wait for the disk, so call it on its own. Raises 22023 for a bad argument.';

revoke all on function public.check_rate_limit(text, text, integer, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.check_rate_limit(text, text, integer, integer) to service_role;

create function public.cleanup_rate_limits() returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.api_rate_limits
  where cardinality(hits) = 0 or hits[cardinality(hits)] < private.clock() - interval '1 day';
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function public.cleanup_rate_limits() is
  'Removes keys that were last used more than a day ago, the longest window there is; returns how many. Idempotent.';

revoke all on function public.cleanup_rate_limits() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_rate_limits() to service_role;
