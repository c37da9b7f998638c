-- Credit settlements: how a reservation ends, by confirm or release.
--
-- Invariants
--   * Settling happens once; repeating it returns what happened the first time.
--   * A late confirm (the hold had expired) charges only if the credits can be taken again in full.
--   * Only the owner's id settles a reservation; for anybody else it does not exist (M5).
--
-- The whole state x action table is in docs/reservations.md, and pgTAP tests it cell by cell.
--
-- Lock order: account -> batches -> reservation.

create function private.confirm_slowly(p_user_id uuid, p_job_id uuid, p_amount numeric)
  returns public.settlement_result
  language plpgsql set search_path = ''
as $$
declare
  v_reservation public.credit_usage_logs;
  v_charged numeric;
  v_hold record;
  v_late boolean;
begin
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  elsif v_reservation.status = 'confirmed' then
    return private.settlement(
      p_user_id, p_job_id, 'already_confirmed', v_reservation.credits_used,
      v_reservation.reserved_amount - v_reservation.credits_used
    );
  elsif v_reservation.status = 'refunded' and v_reservation.settle_reason is distinct from 'expired' then
    return private.settlement(p_user_id, p_job_id, 'already_released', 0, v_reservation.reserved_amount);
  end if;

  v_charged := coalesce(p_amount, v_reservation.reserved_amount);
  if v_charged > v_reservation.reserved_amount then
    perform private.refuse_argument('p_amount', 'must not exceed the reserved amount');
  end if;
  -- A sweep with a shorter time to live may have come before expires_at.
  v_late := v_reservation.status = 'refunded' or v_reservation.expires_at <= private.clock();

  if v_reservation.status = 'refunded' and v_charged > 0 then
    v_hold := private.take_hold(p_user_id, v_charged, p_job_id);
    if not v_hold.taken then
      return private.settlement(p_user_id, p_job_id, 'expired', 0, v_reservation.reserved_amount);
    end if;
    update public.credit_usage_logs
    set first_entry = v_hold.first_entry, last_entry = v_hold.last_entry, head_batch_id = null
    where user_id = p_user_id and job_id = p_job_id;
  elsif v_reservation.status = 'reserved' and v_charged < v_reservation.reserved_amount then
    perform private.return_to_batches(v_reservation, v_reservation.reserved_amount - v_charged);
  end if;

  if v_charged > 0 then
    perform private.post_entry(p_user_id, 'confirm', v_charged, null, p_job_id);
  end if;
  update public.credit_usage_logs
  set status = 'confirmed', credits_used = v_charged, settled_at = private.clock(), settle_reason = null
  where user_id = p_user_id and job_id = p_job_id;
  return private.settlement(
    p_user_id, p_job_id, case when v_late then 'confirmed_late' else 'confirmed' end,
    v_charged, v_reservation.reserved_amount - v_charged
  );
end;
$$;

comment on function private.confirm_slowly(uuid, uuid, numeric) is
  'Every case of confirm_credits but the usual one: part of the amount, late, repeated, unknown. The caller holds the account''s lock.';

revoke all on function private.confirm_slowly(uuid, uuid, numeric) from public, anon, authenticated, service_role;

create function public.confirm_credits(p_usage_log_id uuid, p_user_id uuid, p_amount numeric default null)
  returns public.settlement_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz;
  v_charged public.credit_amount;
  v_entry bigint;
  v_available public.credit_amount;
  v_reserved public.credit_amount;
  v_debt public.credit_amount;
begin
  if p_amount is not null and p_amount <> 0 and not private.is_amount(p_amount) then
    perform private.refuse_argument('p_amount', 'must be at least 0 with at most two decimal places');
  end if;

  -- The usual case, shortest: the hold is alive and all of it is charged. Moving the account is also what locks it;
  -- should whoever held the lock before have settled the reservation, the move is taken back.
  update public.credit_accounts a
  set reserved = a.reserved - r.reserved_amount, last_entry = a.last_entry + 1
  from public.credit_usage_logs r
  where a.user_id = p_user_id
    and r.user_id = p_user_id
    and r.job_id = p_usage_log_id
    and r.status = 'reserved'
    and (p_amount is null or r.reserved_amount = p_amount)
    and a.reserved >= r.reserved_amount
  returning a.last_entry, a.available, a.reserved, a.debt, r.reserved_amount
  into v_entry, v_available, v_reserved, v_debt, v_charged;
  if v_entry is null then
    perform 1 from public.credit_accounts where user_id = p_user_id for no key update;
    if not found then
      return row('not_found', p_usage_log_id, null, null, null, null)::public.settlement_result;
    end if;
    return private.confirm_slowly(p_user_id, p_usage_log_id, p_amount);
  end if;

  v_now := private.clock();
  update public.credit_usage_logs
  set status = 'confirmed', settled_at = v_now
  where user_id = p_user_id and job_id = p_usage_log_id and status = 'reserved' and expires_at > v_now;
  if not found then
    update public.credit_accounts a
    set reserved = a.reserved + v_charged, last_entry = a.last_entry - 1
    where a.user_id = p_user_id;
    return private.confirm_slowly(p_user_id, p_usage_log_id, p_amount);
  end if;
  insert into public.credit_ledger (
    user_id, entry, kind, amount, usage_log_id, available_after, reserved_after, debt_after, created_at
  )
  values (p_user_id, v_entry, 'confirm', v_charged, p_usage_log_id, v_available, v_reserved, v_debt, v_now);
  return row('confirmed', p_usage_log_id, v_charged, 0, v_available, v_reserved)::public.settlement_result;
end;
$$;

comment on function public.confirm_credits(uuid, uuid, numeric) is
  'Charges a reservation: all of it, or p_amount, and then the rest returns to its batches. Outcomes: confirmed; already_confirmed; confirmed_late (the hold had expired and was charged or taken again all the same); expired (it could not be taken again: nothing charged); already_released (its owner''s job was released before: nothing charged); not_found. Idempotent. Raises 22023 when p_amount is negative, has more than two decimal places or is above what was reserved.';

revoke all on function public.confirm_credits(uuid, uuid, numeric) from public, anon, authenticated, service_role;
grant execute on function public.confirm_credits(uuid, uuid, numeric) to service_role;

create function private.release_slowly(p_user_id uuid, p_job_id uuid, p_reason text)
  returns public.settlement_result
  language plpgsql set search_path = ''
as $$
declare
  v_reservation public.credit_usage_logs;
begin
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  elsif v_reservation.status = 'confirmed' then
    return private.settlement(
      p_user_id, p_job_id, 'already_confirmed', v_reservation.credits_used,
      v_reservation.reserved_amount - v_reservation.credits_used
    );
  elsif v_reservation.status = 'refunded' then
    -- A release after the sweep is final: no late confirm may charge a job that its owner gave up.
    update public.credit_usage_logs
    set settle_reason = p_reason
    where user_id = p_user_id
      and job_id = p_job_id
      and settle_reason = 'expired'
      and p_reason is distinct from 'expired';
    return private.settlement(p_user_id, p_job_id, 'already_released', 0, v_reservation.reserved_amount);
  end if;

  update public.credit_usage_logs
  set status = 'refunded', settled_at = private.clock(), settle_reason = p_reason
  where user_id = p_user_id and job_id = p_job_id;
  perform private.return_to_batches(v_reservation, v_reservation.reserved_amount);
  return private.settlement(p_user_id, p_job_id, 'released', 0, v_reservation.reserved_amount);
end;
$$;

comment on function private.release_slowly(uuid, uuid, text) is
  'Every case of release_credits but the usual one, and all of the sweep''s: several batches, repeated, unknown. The caller holds the account''s lock.';

revoke all on function private.release_slowly(uuid, uuid, text) from public, anon, authenticated, service_role;

create function public.release_credits(p_usage_log_id uuid, p_user_id uuid, p_reason text default null)
  returns public.settlement_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz;
  v_amount public.credit_amount;
  v_entry bigint;
  v_batch_id bigint;
  v_expires_at timestamptz;
  v_available public.credit_amount;
  v_reserved public.credit_amount;
  v_debt public.credit_amount;
  -- 'expired' is the sweep's own reason: it leaves the way open for a late confirm.
  v_reason text := coalesce(nullif(p_reason, 'expired'), 'released');
begin
  -- The usual case, shortest: all of the hold is on the head. Moving the account is also what locks it; should whoever
  -- held the lock before have settled the reservation, the move is taken back.
  update public.credit_accounts a
  set
    available = a.available + r.reserved_amount, reserved = a.reserved - r.reserved_amount,
    head_remaining = a.head_remaining + r.reserved_amount, last_entry = a.last_entry + 1
  from public.credit_usage_logs r
  where a.user_id = p_user_id
    and r.user_id = p_user_id
    and r.job_id = p_usage_log_id
    and r.status = 'reserved'
    and a.reserved >= r.reserved_amount
    and a.head_batch_id = r.head_batch_id
  returning a.last_entry, a.available, a.reserved, a.debt, a.head_batch_id, a.head_expires_at, r.reserved_amount
  into v_entry, v_available, v_reserved, v_debt, v_batch_id, v_expires_at, v_amount;
  if v_entry is null then
    perform 1 from public.credit_accounts where user_id = p_user_id for no key update;
    if not found then
      return row('not_found', p_usage_log_id, null, null, null, null)::public.settlement_result;
    end if;
    return private.release_slowly(p_user_id, p_usage_log_id, v_reason);
  end if;

  v_now := private.clock();
  update public.credit_usage_logs
  set status = 'refunded', settled_at = v_now, settle_reason = v_reason
  where user_id = p_user_id and job_id = p_usage_log_id and status = 'reserved';
  if not found then
    update public.credit_accounts a
    set
      available = a.available - v_amount, reserved = a.reserved + v_amount,
      head_remaining = a.head_remaining - v_amount, last_entry = a.last_entry - 1
    where a.user_id = p_user_id;
    return private.release_slowly(p_user_id, p_usage_log_id, v_reason);
  end if;
  insert into public.credit_ledger (
    user_id, entry, kind, amount, batch_id, usage_log_id, available_after, reserved_after, debt_after, created_at
  )
  values (
    p_user_id, v_entry, 'release', v_amount, v_batch_id, p_usage_log_id, v_available, v_reserved, v_debt, v_now
  );
  if v_expires_at <= v_now then
    perform private.settle_account(p_user_id);
    return private.settlement(p_user_id, p_usage_log_id, 'released', 0, v_amount);
  end if;
  return row('released', p_usage_log_id, 0, v_amount, v_available, v_reserved)::public.settlement_result;
end;
$$;

comment on function public.release_credits(uuid, uuid, text) is
  'Returns a reservation''s credits to the batches they came from; those of a batch that has expired meanwhile expire at once. Outcomes: released, already_released, already_confirmed (what was charged stays charged), not_found. Idempotent.';

revoke all on function public.release_credits(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.release_credits(uuid, uuid, text) to service_role;
