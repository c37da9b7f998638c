-- Credit holds: how credits are held for a job, and how they go back to where they came from.
--
-- Invariants
--   * A job that is held for again gets its first reservation; one that cannot be paid for in full holds nothing.
--   * The batch that expires soonest is spent first, and the last taken is the first returned.
--
-- Lock order: account -> batches -> reservation.

create function private.return_to_batches(p_hold public.credit_usage_logs, p_amount numeric) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_entry record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  -- Last taken, first returned: the owner keeps the credits that live longest. The range of entries is given and not
  -- joined: a plan made on an empty table would join by the user alone and read their whole ledger.
  for v_entry in
    select e.batch_id, e.amount
    from public.credit_ledger e
    where e.user_id = p_hold.user_id and e.entry between p_hold.first_entry and p_hold.last_entry
    order by e.entry desc
  loop
    exit when v_left = 0;
    v_part := least(v_left, v_entry.amount);
    perform private.post_entry(p_hold.user_id, 'release', v_part, v_entry.batch_id, p_hold.job_id);
    v_left := v_left - v_part;
  end loop;
  perform private.settle_account(p_hold.user_id);
  perform private.take_head(p_hold.user_id);
end;
$$;

comment on function private.return_to_batches(public.credit_usage_logs, numeric) is
  'Returns held credits to the batches they came from. Those of a batch that has expired meanwhile expire at once, and open debts are paid from the rest. The caller holds the account''s lock.';

revoke all on function private.return_to_batches(public.credit_usage_logs, numeric) from public, anon, authenticated, service_role;

create function private.settlement(p_user_id uuid, p_job_id uuid, p_outcome text, p_charged numeric, p_returned numeric)
  returns public.settlement_result
  language plpgsql set search_path = ''
as $$
declare
  v_result public.settlement_result;
begin
  select p_outcome, p_job_id, p_charged, p_returned, a.available, a.reserved into v_result
  from public.credit_accounts a
  where a.user_id = p_user_id;
  return v_result;
end;
$$;

comment on function private.settlement(uuid, uuid, text, numeric, numeric) is
  'A settlement''s outcome together with the balances after it.';

revoke all on function private.settlement(uuid, uuid, text, numeric, numeric)
  from public, anon, authenticated, service_role;

create function private.take_hold(p_user_id uuid, p_amount numeric, p_job_id uuid, out taken boolean, out first_entry bigint, out last_entry bigint)
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
begin
  perform private.expire_batches(p_user_id);
  select * into v_account from public.credit_accounts where user_id = p_user_id;
  taken := coalesce(v_account.available >= p_amount and v_account.erased_at is null, false);
  if taken then
    perform private.take_from_batches(p_user_id, 'reserve', p_amount, p_job_id);
    perform private.take_head(p_user_id);
    first_entry := v_account.last_entry + 1;
    select a.last_entry into last_entry from public.credit_accounts a where a.user_id = p_user_id;
  end if;
end;
$$;

comment on function private.take_hold(uuid, numeric, uuid) is
  'Holds an amount across as many batches as it needs and says which ledger entries are its allocation; takes nothing when not all of it is available, or the user was erased. The caller holds the account''s lock.';

revoke all on function private.take_hold(uuid, numeric, uuid) from public, anon, authenticated, service_role;

create function private.reserve_slowly(
  p_user_id uuid,
  p_amount numeric,
  p_job_id uuid,
  p_job_type text,
  p_description text,
  p_metadata jsonb,
  p_ttl interval
) returns public.reservation_result
  language plpgsql set search_path = ''
as $$
declare
  v_reservation public.credit_usage_logs;
  v_hold record;
  v_now timestamptz := private.clock();
  v_result public.reservation_result;
begin
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if found then
    v_result.outcome := 'already_reserved';
  else
    v_hold := private.take_hold(p_user_id, p_amount, p_job_id);
    if not v_hold.taken then
      v_result.outcome := 'insufficient_credits';
      v_result.required := p_amount;
    else
      insert into public.credit_usage_logs (
        user_id, job_id, job_type, reserved_amount, credits_used, status, description, metadata,
        first_entry, last_entry, expires_at, created_at
      )
      values (
        p_user_id, p_job_id, p_job_type, p_amount, p_amount, 'reserved', p_description,
        private.allowed_metadata(p_metadata), v_hold.first_entry, v_hold.last_entry, v_now + p_ttl, v_now
      )
      returning * into v_reservation;
      v_result.outcome := 'reserved';
    end if;
  end if;

  v_result.usage_log_id := v_reservation.job_id;
  v_result.status := v_reservation.status;
  v_result.amount := v_reservation.reserved_amount;
  v_result.expires_at := v_reservation.expires_at;
  select a.available, a.reserved into v_result.available, v_result.reserved
  from public.credit_accounts a
  where a.user_id = p_user_id;
  return v_result;
end;
$$;

comment on function private.reserve_slowly(uuid, numeric, uuid, text, text, jsonb, interval) is
  'Every case of reserve_credits but the usual one: a repeated job, expired batches, several batches, too few credits. The caller holds the account''s lock.';

revoke all on function private.reserve_slowly(uuid, numeric, uuid, text, text, jsonb, interval)
  from public, anon, authenticated, service_role;

create function public.reserve_credits(
  p_user_id uuid,
  p_amount numeric,
  p_job_id uuid,
  p_job_type text,
  p_description text default null,
  p_metadata jsonb default '{}',
  p_ttl interval default '15 minutes'
) returns public.reservation_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_amount public.credit_amount;
  v_now timestamptz;
  v_entry bigint;
  v_batch_id bigint;
  v_head_remaining public.credit_amount;
  v_head_expires_at timestamptz;
  v_available public.credit_amount;
  v_reserved public.credit_amount;
  v_debt public.credit_amount;
begin
  if (
    p_user_id is not null and p_job_id is not null and p_job_type <> ''
    and p_amount > 0 and p_amount <= 9999999999.99 and p_amount = round(p_amount, 2)
    and p_ttl > interval '0' and p_ttl <= interval '24 hours'
  ) is not true then
    perform private.check_reservation(p_user_id, p_amount, p_job_id, p_job_type);
  end if;
  v_amount := p_amount;

  -- The usual case, shortest: the head covers a new job. Moving the account is also what locks it; should the case
  -- turn out to be another one, the move is taken back.
  update public.credit_accounts a
  set
    available = a.available - v_amount, reserved = a.reserved + v_amount,
    head_remaining = a.head_remaining - v_amount, last_entry = a.last_entry + 1
  where a.user_id = p_user_id and a.head_remaining >= v_amount and a.erased_at is null
  returning a.last_entry, a.available, a.reserved, a.debt, a.head_batch_id, a.head_remaining, a.head_expires_at
  into v_entry, v_available, v_reserved, v_debt, v_batch_id, v_head_remaining, v_head_expires_at;
  v_now := private.clock();
  if v_entry is null then
    perform 1 from public.credit_accounts where user_id = p_user_id for no key update;
    -- Without an account there is nothing to lock: a first grant may open it at this very moment.
    if not found then
      return row('insufficient_credits', null, null, null, p_amount, null, null, null)::public.reservation_result;
    end if;
    return private.reserve_slowly(p_user_id, p_amount, p_job_id, p_job_type, p_description, p_metadata, p_ttl);
  end if;

  if v_head_expires_at is null or v_head_expires_at > v_now then
    insert into public.credit_usage_logs (
      user_id, job_id, job_type, reserved_amount, credits_used, status, description, metadata,
      first_entry, last_entry, head_batch_id, expires_at, created_at
    )
    values (
      p_user_id, p_job_id, p_job_type, v_amount, v_amount, 'reserved', p_description,
      case when p_metadata = '{}' then p_metadata else private.allowed_metadata(p_metadata) end,
      v_entry, v_entry, v_batch_id, v_now + p_ttl, v_now
    )
    on conflict (user_id, job_id) do nothing;
    if found then
      insert into public.credit_ledger (
        user_id, entry, kind, amount, batch_id, usage_log_id, available_after, reserved_after, debt_after, created_at
      )
      values (
        p_user_id, v_entry, 'reserve', v_amount, v_batch_id, p_job_id, v_available, v_reserved, v_debt, v_now
      );
      if v_head_remaining = 0 then
        perform private.put_head_back(p_user_id);
        perform private.take_head(p_user_id);
      end if;
      return row(
        'reserved', p_job_id, 'reserved', v_amount, null, v_available, v_reserved, v_now + p_ttl
      )::public.reservation_result;
    end if;
  end if;
  update public.credit_accounts a
  set
    available = a.available + v_amount, reserved = a.reserved - v_amount,
    head_remaining = a.head_remaining + v_amount, last_entry = a.last_entry - 1
  where a.user_id = p_user_id;
  return private.reserve_slowly(p_user_id, p_amount, p_job_id, p_job_type, p_description, p_metadata, p_ttl);
end;
$$;

comment on function public.reserve_credits(uuid, numeric, uuid, text, text, jsonb, interval) is
  'Holds credits for a job for p_ttl, from the batch that expires soonest. Outcomes: reserved; already_reserved (the job''s first reservation, whatever became of it: see status); insufficient_credits (nothing is held; required says how much). Idempotent by p_job_id. Raises 22023 for a bad argument.';

revoke all on function public.reserve_credits(uuid, numeric, uuid, text, text, jsonb, interval)
  from public, anon, authenticated, service_role;
grant execute on function public.reserve_credits(uuid, numeric, uuid, text, text, jsonb, interval) to service_role;
