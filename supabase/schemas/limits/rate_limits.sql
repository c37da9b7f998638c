-- Rate limits: an exact sliding window per (identifier, action), in one row per key.
--
-- Invariants
--   * At most max_requests allowed calls in any interval of the window's length, whatever the concurrency.
--   * A denied call writes nothing. Two keys never share a row, a lock or a limit.
--   * A key keeps the times of its last max_requests allowed calls and no others, so that neither it nor a check grows
--     with the past. Where that is more than 64, the older ones are in chunks of 64, of which a check reads one.
--
-- Lock order: ARCHITECTURE.md. A rate limit's row is locked before the account.

create table public.api_rate_limits (
  identifier text not null,
  action text not null,
  hits timestamptz[] not null,
  chunks bigint not null default 0,
  primary key (identifier, action)
) with (fillfactor = 50);

comment on table public.api_rate_limits is
  'One row per key: the times of its last allowed calls, oldest first, and how many chunks of earlier ones were set aside. Losing the newest in a power cut is harmless, so a check on its own does not wait for the disk.';

create table credits_private.rate_limit_chunks (
  identifier text not null,
  action text not null,
  last_hit timestamptz not null,
  chunk bigint not null,
  hits timestamptz[] not null,
  primary key (identifier, action, last_hit, chunk),
  foreign key (identifier, action) references public.api_rate_limits (identifier, action) on delete cascade
);

comment on table credits_private.rate_limit_chunks is
  'Allowed times that only a limit of more than 64 requests needs, 64 to a row, numbered per key without a gap.';

alter table credits_private.rate_limit_chunks enable row level security;

create policy "nobody but the functions" on credits_private.rate_limit_chunks using (false);

revoke all on credits_private.rate_limit_chunks from public, anon, authenticated, service_role;

alter table public.api_rate_limits enable row level security;

create policy "nobody but the functions" on public.api_rate_limits for select to service_role using (true);

revoke all on public.api_rate_limits from public, anon, authenticated, service_role;
grant select on public.api_rate_limits to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('api_rate_limits', 'limits', 'deleted', 'when the user called what');

create type credits_private.rate_check as (
  allowed boolean,
  current_count integer,
  remaining integer,
  max_requests integer,
  window_seconds integer,
  retry_after_seconds integer
);

create function credits_private.consume_wide_limit(p_identifier text, p_action text, p_max integer, p_window_minutes integer)
  returns credits_private.rate_check
  language plpgsql set search_path = ''
as $$
declare
  v_limit public.api_rate_limits;
  v_chunk credits_private.rate_limit_chunks;
  v_now timestamptz;
  v_since timestamptz;
  v_count integer;
  v_nth integer;
  v_leaves timestamptz;
begin
  loop
    select * into v_limit
    from public.api_rate_limits
    where identifier = p_identifier and action = p_action
    for no key update;
    exit when found;
    insert into public.api_rate_limits (identifier, action, hits) values (p_identifier, p_action, '{}')
    on conflict (identifier, action) do nothing;
  end loop;
  v_now := greatest(credits_private.clock(), v_limit.hits[cardinality(v_limit.hits)]);
  v_since := v_now - make_interval(mins => p_window_minutes);

  -- The chunks after the first that reaches into the window lie in it as a whole.
  v_count := cardinality(v_limit.hits) - width_bucket(v_since, v_limit.hits);
  select * into v_chunk
  from credits_private.rate_limit_chunks
  where identifier = p_identifier and action = p_action and last_hit > v_since
  order by last_hit, chunk
  limit 1;
  if found then
    v_count := v_count + (v_limit.chunks - v_chunk.chunk + 1) * 64 - width_bucket(v_since, v_chunk.hits);
  end if;

  if v_count >= p_max then
    -- There is room once the p_max-th newest has left the window.
    v_nth := p_max - cardinality(v_limit.hits);
    v_leaves := v_limit.hits[1 - v_nth];
    if v_nth > 0 then
      select hits[64 - (v_nth - 1) % 64] into v_leaves
      from credits_private.rate_limit_chunks
      where identifier = p_identifier and action = p_action and chunk = v_limit.chunks - (v_nth - 1) / 64;
    end if;
    return row(
      false, v_count, 0, p_max, p_window_minutes * 60, greatest(1, ceil(extract(epoch from v_leaves - v_since)))
    )::credits_private.rate_check;
  end if;

  if cardinality(v_limit.hits) >= 128 then
    insert into credits_private.rate_limit_chunks (identifier, action, last_hit, chunk, hits)
    values (p_identifier, p_action, v_limit.hits[64], v_limit.chunks + 1, v_limit.hits[:64]);
    delete from credits_private.rate_limit_chunks
    where identifier = p_identifier and action = p_action and chunk < v_limit.chunks - p_max / 64; -- rule: chunks-dropped
    v_limit.hits := v_limit.hits[65:];
    v_limit.chunks := v_limit.chunks + 1;
  end if;
  update public.api_rate_limits
  set hits = v_limit.hits || v_now, chunks = v_limit.chunks
  where identifier = p_identifier and action = p_action;
  return row(true, v_count + 1, p_max - v_count - 1, p_max, p_window_minutes * 60, null)::credits_private.rate_check;
end;
$$;

comment on function credits_private.consume_wide_limit(text, text, integer, integer) is
  'consume_rate_limit where a limit is, or was, above 64 requests, whose times do not fit into one small row.';

create function credits_private.consume_rate_limit(p_identifier text, p_action text, p_max integer, p_window_minutes integer)
  returns credits_private.rate_check
  language plpgsql set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_window interval := make_interval(mins => p_window_minutes); -- rule: window
  v_count integer;
  v_leaves timestamptz;
  v_is_wide boolean;
begin
  if p_max > 64 then
    return credits_private.consume_wide_limit(p_identifier, p_action, p_max, p_window_minutes);
  end if;
  loop
    -- Time never runs backwards within a key: a call that waited for the row counts as made after the one before it.
    update public.api_rate_limits as r
    -- rule: time-goes-on
    set hits = r.hits[cardinality(r.hits) - p_max + 2:] || greatest(v_now, r.hits[cardinality(r.hits)])
    where r.identifier = p_identifier -- rule: own-limit
      and r.action = p_action
      and (
        cardinality(r.hits) < p_max -- rule: limit
        or r.hits[cardinality(r.hits) - p_max + 1] <= greatest(v_now, r.hits[cardinality(r.hits)]) - v_window
      )
    returning cardinality(r.hits) - width_bucket(v_now - v_window, r.hits) into v_count;
    exit when found;

    -- Full, or no row yet. Looking takes no lock: calls are only ever added, so what is full stays full until they leave.
    select
      cardinality(r.hits) - width_bucket(v_now - v_window, r.hits), r.hits[cardinality(r.hits) - p_max + 1], r.chunks > 0
    into v_count, v_leaves, v_is_wide
    from public.api_rate_limits r
    where r.identifier = p_identifier and r.action = p_action;
    if v_count >= p_max then
      if v_is_wide then
        return credits_private.consume_wide_limit(p_identifier, p_action, p_max, p_window_minutes);
      end if;
      return row(
        -- rule: wait-long-enough
        false, v_count, 0, p_max, p_window_minutes * 60, greatest(1, ceil(extract(epoch from v_leaves + v_window - v_now)))
      )::credits_private.rate_check;
    end if;
    insert into public.api_rate_limits (identifier, action, hits) values (p_identifier, p_action, '{}')
    on conflict (identifier, action) do nothing;
  end loop;
  return row(true, v_count, p_max - v_count, p_max, p_window_minutes * 60, null)::credits_private.rate_check;
end;
$$;

comment on function credits_private.consume_rate_limit(text, text, integer, integer) is
  'One call against a limit. Locks the key''s row until the transaction ends when it was allowed; a refusal of up to 64 requests a window neither waits nor writes.';

create function credits_private.check_limit(p_identifier text, p_action text, p_max_requests integer) returns void
  language plpgsql set search_path = ''
as $$
begin
  if coalesce(p_identifier, '') = '' then
    perform credits_private.refuse_argument('p_identifier', 'must not be empty');
  elsif coalesce(p_action, '') = '' then
    perform credits_private.refuse_argument('p_action', 'must not be empty');
  elsif (p_max_requests >= 1) is not true then
    perform credits_private.refuse_argument('p_max_requests', 'must be at least 1');
  else
    perform credits_private.refuse_argument('p_window_minutes', 'must be between 1 and 1440');
  end if;
end;
$$;

comment on function credits_private.check_limit(text, text, integer) is 'Names the argument that makes a limit impossible.';

create function public.check_rate_limit(
  p_identifier text,
  p_action text,
  p_max_requests integer,
  p_window_minutes integer default 15
) returns jsonb
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check;
begin
  if (
    p_identifier <> '' and p_action <> '' and p_max_requests >= 1 and p_window_minutes between 1 and 1440
  ) is not true then
    perform credits_private.check_limit(p_identifier, p_action, p_max_requests);
  end if;

  -- Before the key's row is locked, so that the next call on it waits for less.
  set local synchronous_commit = off;
  v_check := credits_private.consume_rate_limit(p_identifier, p_action, p_max_requests, p_window_minutes);
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
  v_unused timestamptz := credits_private.clock() - interval '1 day'; -- rule: longest-window
  v_count integer;
begin
  delete from public.api_rate_limits r
  using (
    select identifier, action
    from public.api_rate_limits
    where cardinality(hits) = 0 or hits[cardinality(hits)] < v_unused
    limit 10000 -- rule: cleanup-limit
    for update skip locked
  ) unused
  where r.identifier = unused.identifier and r.action = unused.action;
  get diagnostics v_count = row_count;
  perform credits_private.note_run('cleanup_rate_limits', v_count);
  return v_count;
end;
$$;

comment on function public.cleanup_rate_limits() is
  'Removes keys that were last used more than a day ago, the longest window there is, at most 10,000 a call; returns how many. Idempotent.';

revoke all on function public.cleanup_rate_limits() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_rate_limits() to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('cleanup_rate_limits', 60);

create function credits_private.erase_limits(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  delete from public.api_rate_limits where identifier = p_user_id::text;
  return null;
end;
$$;

comment on function credits_private.erase_limits(uuid) is 'Erasure: forgets when a user called what.';

insert into credits_private.erasure_steps (position, step) values (10, 'credits_private.erase_limits');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
