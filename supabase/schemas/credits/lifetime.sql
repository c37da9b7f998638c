-- Reservation lifetime: how long a hold lasts (extend), and what becomes of one that nobody settled (sweep).
--
-- Invariants
--   * A hold is kept alive up to its maximum lifetime, and never shortened by it.
--   * The sweep waits for nobody, one account that fails does not stop it, and a reservation it released can still be
--     confirmed late.
--
-- Lock order: ARCHITECTURE.md.

create function public.extend_reservation(
  p_user_id uuid,
  p_job_id uuid,
  p_ttl interval default null
)
  returns public.extension_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_reservation public.credit_usage_logs;
  v_now timestamptz;
  v_limit timestamptz;
  v_until timestamptz;
begin
  p_ttl := coalesce(p_ttl, credits_private.hold());
  if not credits_private.is_ttl(p_ttl) then
    perform credits_private.refuse_argument('p_ttl', 'must be above 0 and at most 24 hours');
  end if;

  perform 1 from public.credit_accounts where user_id = p_user_id for no key update;
  if not found then
    return row('not_found', p_job_id, null)::public.extension_result;
  end if;
  v_now := credits_private.clock();
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if not found then
    return row('not_found', p_job_id, null)::public.extension_result;
  elsif v_reservation.status = 'confirmed' then
    return row('already_confirmed', p_job_id, null)::public.extension_result;
  elsif v_reservation.status = 'refunded' and v_reservation.settle_reason is distinct from 'expired' then
    return row('already_released', p_job_id, null)::public.extension_result;
  elsif v_reservation.status = 'refunded' or v_reservation.expires_at <= v_now then
    return row('expired', p_job_id, v_reservation.expires_at)::public.extension_result;
  end if;

  select v_reservation.created_at + s.reservation_max_lifetime into v_limit
  from credits_private.credit_settings s
  where s.only_row;
  v_until := greatest(
    v_reservation.expires_at, -- rule: never-shortened
    least(v_now + p_ttl, v_limit) -- rule: longest-hold
  );
  update public.credit_usage_logs
  set expires_at = v_until
  where user_id = p_user_id and job_id = p_job_id;
  return row(
    case when v_now + p_ttl > v_limit then 'limit_reached' else 'extended' end, p_job_id, v_until
  )::public.extension_result;
end;
$$;

comment on function public.extend_reservation(uuid, uuid, interval) is
  'Keeps a live reservation for p_ttl (null: the usual hold) from now, never beyond its maximum lifetime and never shorter than it was. Outcomes: extended; limit_reached (held until expires_at and no longer); expired; already_confirmed; already_released; not_found. Idempotent. Raises 22023 for a bad p_ttl.';

revoke all on function public.extend_reservation(uuid, uuid, interval) from public, anon, authenticated, service_role;
grant execute on function public.extend_reservation(uuid, uuid, interval) to service_role;

create function public.release_stale_reservations(p_ttl_minutes integer default null) returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_stale record;
  -- rule: stale-deadline
  v_stale_before timestamptz := credits_private.clock() + coalesce(credits_private.hold() - make_interval(mins => p_ttl_minutes), '0');
  v_result public.settlement_result;
  v_count integer := 0;
begin
  if p_ttl_minutes < 1 then
    perform credits_private.refuse_argument('p_ttl_minutes', 'must be at least 1');
  end if;

  for v_stale in
    -- Few of one user: each release leaves versions of the account's row that the next one has to pass.
    select s.user_id, s.job_id
    from (
      select user_id, job_id, expires_at, row_number() over (partition by user_id order by expires_at) as nth
      from public.credit_usage_logs
      where settled_at is null
        and expires_at <= v_stale_before -- rule: stale-found
    ) s
    where s.nth <= 100 -- rule: sweep-few-of-one
    order by s.expires_at
    limit 1000 -- rule: sweep-limit
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_stale.user_id for no key update skip locked;
    continue when not found;
    perform 1
    from public.credit_usage_logs
    where user_id = v_stale.user_id
      and job_id = v_stale.job_id
      and expires_at <= v_stale_before; -- rule: stale-still
    continue when not found;
    begin
      v_result := credits_private.release_hold(v_stale.user_id, v_stale.job_id, 'expired');
      v_count := v_count + (v_result.outcome = 'released')::integer;
    exception when others then
      -- rule: sweep-goes-on
      raise warning 'reservation % of user % was not released: % (%)', v_stale.job_id, v_stale.user_id, sqlerrm, sqlstate;
    end;
  end loop;
  perform credits_private.note_run('release_stale_reservations', v_count);
  return v_count;
end;
$$;

comment on function public.release_stale_reservations(integer) is
  'M6: releases reservations whose hold has expired, at most 1,000 a call and 100 of one user, so that no account is locked for long; returns how many. One that makes it fail is passed over with a warning. p_ttl_minutes, where it is given and other than the usual hold, moves the deadline of all of them by the difference. Idempotent; leaves a busy account for the next run.';

revoke all on function public.release_stale_reservations(integer) from public, anon, authenticated, service_role;
grant execute on function public.release_stale_reservations(integer) to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('release_stale_reservations', 1);
