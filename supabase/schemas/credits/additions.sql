-- Credit additions: a hold that grows while its job works, because nobody knew before how much that would be.
--
-- Invariants
--   * An addition is held in full or not at all, once for each (job, seq).
--   * Its rows of the ledger belong to the allocation of the reservation: what returns first was added last.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.grow_hold(
  p_account public.credit_accounts,
  p_hold public.credit_usage_logs,
  p_amount numeric,
  p_reference text
) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
begin
  if p_hold.status = 'reserved' then
    if p_hold.reserved_amount = 0 then
      p_hold.first_entry := p_account.last_entry + 1;
    end if;
    p_account := credits_private.take_from_batches(p_account, 'reserve', p_amount, p_hold.job_id, p_reference);
    p_hold.last_entry := p_account.last_entry;
  end if;
  update public.credit_usage_logs
  set
    reserved_amount = reserved_amount + p_amount, credits_used = credits_used + p_amount,
    added_amount = added_amount + p_amount, first_entry = p_hold.first_entry, last_entry = p_hold.last_entry
  where user_id = p_hold.user_id and job_id = p_hold.job_id;
  return p_account;
end;
$$;

comment on function credits_private.grow_hold(public.credit_accounts, public.credit_usage_logs, numeric, text) is
  'Adds to a reservation what its caller knows to be available; one that was swept holds nothing until it is confirmed late. Returns the account after it. The caller holds the account''s lock.';

create function public.add_to_reservation(p_user_id uuid, p_job_id uuid, p_amount numeric, p_seq integer)
  returns public.reservation_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts;
  v_hold public.credit_usage_logs;
  v_reference text := 'add:' || p_seq;
  v_added numeric;
  v_outcome text;
begin
  if not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  elsif (p_seq >= 0) is not true then
    perform credits_private.refuse_argument('p_seq', 'must be at least 0');
  end if;

  -- Lock, and look.
  v_account := credits_private.lock_account(p_user_id);
  select * into v_hold
  from public.credit_usage_logs
  where job_id = p_job_id
    and user_id = p_user_id; -- rule: own-addition
  if not found then
    return row('not_found', p_job_id, null, null, null, null, null, null)::public.reservation_result;
  end if;
  select sum(e.amount) into v_added
  from public.credit_ledger e
  where e.user_id = p_user_id and e.entry between v_hold.first_entry and v_hold.last_entry
    and e.job_id = p_job_id and e.kind = 'reserve' and e.reference = v_reference;

  -- Decide.
  v_account := credits_private.without_expired(v_account);
  if v_added is null and v_hold.status = 'reserved' then
    v_account := credits_private.with_due_grants(v_account, p_amount); -- rule: due-before-added
  end if;
  v_outcome := case
    when v_added = p_amount then 'already_added' -- rule: added-once
    when v_added is not null then 'different_amount'
    when v_hold.status = 'confirmed' then 'already_confirmed'
    when v_hold.status = 'refunded' and v_hold.settle_reason is distinct from 'expired' then 'already_released'
    when v_hold.status = 'refunded' or v_hold.expires_at <= credits_private.clock() then 'expired' -- rule: added-to-the-living
    when v_account.available < p_amount then 'insufficient_credits' -- rule: added-in-full
    else 'added'
  end;

  -- Post.
  if v_outcome = 'added' then
    v_account := credits_private.grow_hold(v_account, v_hold, p_amount, v_reference);
    v_hold.reserved_amount := v_hold.reserved_amount + p_amount;
  end if;
  return row(
    v_outcome, p_job_id, v_hold.status, v_hold.reserved_amount,
    case when v_outcome = 'insufficient_credits' then p_amount end, v_account.available, v_account.reserved, v_hold.expires_at
  )::public.reservation_result;
end;
$$;

comment on function public.add_to_reservation(uuid, uuid, numeric, integer) is
  'Holds more credits for a job that is under way: all of p_amount or nothing, once for each p_seq. amount is what the job has reserved in all. Outcomes: added; already_added (p_seq was added before); different_amount (it was, with another amount: nothing changes); insufficient_credits (required says how much; what was held stays held); expired; already_confirmed; already_released; not_found. Idempotent by p_job_id and p_seq. Does not keep the hold alive: extend_reservation does. Raises 22023 for a bad argument.';

revoke all on function public.add_to_reservation(uuid, uuid, numeric, integer) from public, anon, authenticated, service_role;
grant execute on function public.add_to_reservation(uuid, uuid, numeric, integer) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
