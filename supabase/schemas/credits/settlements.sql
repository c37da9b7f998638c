-- Credit settlements: how a reservation ends, by confirm or release.
--
-- Invariants
--   * Settling happens once; repeating it returns what happened the first time.
--   * A late confirm (the hold had expired) charges only if the credits can be taken again in full.
--   * Only the owner's id settles a reservation; for anybody else it does not exist (M5).
--   * The last credit taken is the first returned, to the batch it came from.
--
-- The whole state x action table is in docs/reservations.md, and pgTAP tests it cell by cell.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.return_to_batches(
  p_hold public.credit_usage_logs,
  p_amount numeric,
  p_refund text default null
) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_entry record;
  v_part numeric;
  v_left numeric := p_amount;
  v_returned_before numeric := 0;
begin
  if p_refund is not null then
    -- rule: refund-goes-on
    v_returned_before := p_hold.refunded_amount - p_hold.credits_used + (
      select sum(e.amount)
      from public.credit_ledger e
      where e.user_id = p_hold.user_id and e.entry between p_hold.first_entry and p_hold.last_entry
        and e.job_id = p_hold.job_id and e.kind = 'reserve'
    );
  end if;
  -- Last taken, first returned: the owner keeps the credits that live longest. The range of entries is given and not
  -- joined: a plan made on an empty table would join by the user alone and read their whole ledger.
  for v_entry in
    select e.batch_id, e.amount
    from public.credit_ledger e
    where e.user_id = p_hold.user_id and e.entry between p_hold.first_entry and p_hold.last_entry
      and e.job_id = p_hold.job_id and e.kind = 'reserve' -- rule: own-entries
    order by e.entry desc -- rule: last-taken-first-returned
  loop
    v_part := least(v_left, greatest(v_entry.amount - v_returned_before, 0));
    v_returned_before := greatest(v_returned_before - v_entry.amount, 0);
    continue when v_part = 0;
    v_account := credits_private.post_entry(
      p_hold.user_id, case when p_refund is null then 'release' else 'refund' end::public.ledger_kind,
      v_part, v_entry.batch_id, p_hold.job_id, p_refund
    );
    v_left := v_left - v_part;
    exit when v_left = 0;
  end loop;
  v_account := credits_private.without_expired(v_account); -- rule: returned-can-expire
  if v_account.debt > 0 then -- rule: returns-pay-debts
    v_account := credits_private.pay_debts(v_account);
  end if;
  return v_account;
end;
$$;

comment on function credits_private.return_to_batches(public.credit_usage_logs, numeric, text) is
  'Returns credits that are held or, under the reference of their refund, were charged, an amount above 0, to the batches they came from. Those of a batch that has expired meanwhile expire at once, and open debts are paid from the rest. Returns the account after it. The caller holds the account''s lock.';

create function credits_private.settled_before(p_reservation public.credit_usage_logs) returns public.settlement_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_charged numeric := case p_reservation.status when 'confirmed' then p_reservation.credits_used else 0 end;
  v_account public.credit_accounts;
begin
  select * into strict v_account from public.credit_accounts where user_id = p_reservation.user_id;
  return row(
    case p_reservation.status when 'confirmed' then 'already_confirmed' else 'already_released' end,
    p_reservation.job_id, v_charged, p_reservation.reserved_amount - v_charged, v_account.available, v_account.reserved
  )::public.settlement_result;
end;
$$;

comment on function credits_private.settled_before(public.credit_usage_logs) is
  'The outcome of settling again what is settled: what happened the first time, and today''s balances.';

create function credits_private.confirm_hold(
  p_account public.credit_accounts,
  p_hold public.credit_usage_logs,
  p_amount numeric
) returns public.settlement_result
  language plpgsql set search_path = ''
as $$
declare
  v_charged numeric;
  v_late boolean;
begin
  if p_hold.status = 'confirmed'
    -- rule: released-for-good
    or (p_hold.status = 'refunded' and p_hold.settle_reason is distinct from 'expired') then
    return credits_private.settled_before(p_hold);
  end if;

  -- Decide. A sweep with a shorter time to live may have come before expires_at.
  v_charged := coalesce(p_amount, p_hold.reserved_amount);
  if v_charged > p_hold.reserved_amount then -- rule: charged-at-most
    perform credits_private.refuse_argument('p_amount', 'must not exceed the reserved amount');
  end if;
  -- rule: confirmed-late
  v_late := p_hold.status = 'refunded' or p_hold.expires_at <= credits_private.clock();

  -- Post.
  if p_hold.status = 'refunded' and v_charged > 0 then
    p_account := credits_private.without_expired(p_account);
    if p_account.available < v_charged or p_account.erased_at is not null then
      return row('expired', p_hold.job_id, 0, p_hold.reserved_amount, p_account.available, p_account.reserved)
        ::public.settlement_result;
    end if;
    p_hold.first_entry := p_account.last_entry + 1;
    p_account := credits_private.take_from_batches(p_account, 'reserve', v_charged, p_hold.job_id);
    p_hold.last_entry := p_account.last_entry;
  elsif p_hold.status = 'reserved' and v_charged < p_hold.reserved_amount then
    -- rule: rest-returns
    p_account := credits_private.return_to_batches(p_hold, p_hold.reserved_amount - v_charged);
  end if;
  if v_charged > 0 then
    p_account := credits_private.post_entry(p_hold.user_id, 'confirm', v_charged, null, p_hold.job_id);
  end if;
  update public.credit_usage_logs
  set
    status = 'confirmed', credits_used = v_charged, settled_at = credits_private.clock(), settle_reason = null,
    first_entry = p_hold.first_entry, last_entry = p_hold.last_entry
  where user_id = p_hold.user_id and job_id = p_hold.job_id;
  return row(
    case when v_late then 'confirmed_late' else 'confirmed' end, p_hold.job_id, v_charged,
    p_hold.reserved_amount - v_charged, p_account.available, p_account.reserved
  )::public.settlement_result;
end;
$$;

comment on function credits_private.confirm_hold(public.credit_accounts, public.credit_usage_logs, numeric) is
  'confirm_credits() of what was found, for who holds the account''s lock.';

create function public.confirm_credits(p_user_id uuid, p_job_id uuid, p_amount numeric default null)
  returns public.settlement_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts;
  v_reservation public.credit_usage_logs;
begin
  if p_amount is not null and p_amount <> 0 and not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be at least 0 with at most two decimal places');
  end if;
  v_account := credits_private.lock_account(p_user_id);
  select * into v_reservation
  from public.credit_usage_logs
  where job_id = p_job_id
    and user_id = p_user_id; -- rule: own-confirm
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  end if;
  return credits_private.confirm_hold(v_account, v_reservation, p_amount);
end;
$$;

comment on function public.confirm_credits(uuid, uuid, numeric) is
  'Charges a reservation: all of it, or p_amount, and then the rest returns to its batches. Outcomes: confirmed; already_confirmed; confirmed_late (the hold had expired and was charged or taken again all the same); expired (it could not be taken again: nothing charged); already_released (its owner''s job was released before: nothing charged); not_found. Idempotent. Raises 22023 when p_amount is negative, has more than two decimal places or is above what was reserved.';

revoke all on function public.confirm_credits(uuid, uuid, numeric) from public, anon, authenticated, service_role;
grant execute on function public.confirm_credits(uuid, uuid, numeric) to service_role;

create function credits_private.release_hold(p_user_id uuid, p_job_id uuid, p_reason text)
  returns public.settlement_result
  language plpgsql set search_path = ''
as $$
declare
  v_reservation public.credit_usage_logs;
  v_account public.credit_accounts;
begin
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if not found then
    -- rule: own-release
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  elsif v_reservation.status <> 'reserved' then
    -- A release after the sweep is final: no late confirm may charge a job that its owner gave up.
    if v_reservation.settle_reason = 'expired' and p_reason <> 'expired' then -- rule: given-up-after-sweep
      update public.credit_usage_logs
      set settle_reason = p_reason
      where user_id = p_user_id
        and job_id = p_job_id; -- rule: gives-up-one
    end if;
    return credits_private.settled_before(v_reservation);
  end if;

  update public.credit_usage_logs
  set status = 'refunded', settled_at = credits_private.clock(), settle_reason = p_reason
  where user_id = p_user_id and job_id = p_job_id;
  if v_reservation.reserved_amount > 0 then
    v_account := credits_private.return_to_batches(v_reservation, v_reservation.reserved_amount);
  else
    v_account := credits_private.lock_account(p_user_id);
  end if;
  return row('released', p_job_id, 0, v_reservation.reserved_amount, v_account.available, v_account.reserved)
    ::public.settlement_result;
end;
$$;

comment on function credits_private.release_hold(uuid, uuid, text) is
  'release_credits for who holds the account''s lock. The reason ''expired'' is the sweep''s own: it leaves the way open for a late confirm.';

create function public.release_credits(p_user_id uuid, p_job_id uuid, p_reason text default null)
  returns public.settlement_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  perform 1 from public.credit_accounts where user_id = p_user_id for no key update;
  return credits_private.release_hold(
    p_user_id,
    p_job_id,
    coalesce(nullif(p_reason, 'expired'), 'released') -- rule: only-the-sweep-expires
  );
end;
$$;

comment on function public.release_credits(uuid, uuid, text) is
  'Returns a reservation''s credits to the batches they came from; those of a batch that has expired meanwhile expire at once. Outcomes: released, already_released, already_confirmed (what was charged stays charged), not_found. Idempotent.';

revoke all on function public.release_credits(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.release_credits(uuid, uuid, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
