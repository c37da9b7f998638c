-- Settling usage: a metered job ends, and what it used is paid for.
--
-- Invariants: see metered_jobs.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.cover_usage(p_hold public.credit_usage_logs, p_over_hold text, p_cost numeric) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_extra numeric := p_cost - p_hold.reserved_amount;
  v_own numeric;
begin
  if v_extra <= 0
    or p_over_hold = 'cap' -- rule: cap-takes-nothing
    or p_hold.status = 'confirmed' or (p_hold.status = 'refunded' and p_hold.settle_reason is distinct from 'expired') then
    return;
  end if;
  select * into strict v_account from public.credit_accounts where user_id = p_hold.user_id;
  v_account := credits_private.without_expired(v_account);
  -- What was swept takes its own part first.
  v_own := case p_hold.status when 'reserved' then 0 else p_hold.reserved_amount end; -- rule: own-part-first
  v_account := credits_private.with_due_grants(v_account, v_own + v_extra); -- rule: due-before-absorbed
  v_extra := least(v_extra, v_account.available - v_own);
  if v_extra > 0 and v_account.erased_at is null then
    perform credits_private.grow_hold(v_account, p_hold, v_extra, 'usage');
  end if;
end;
$$;

comment on function credits_private.cover_usage(public.credit_usage_logs, text, numeric) is
  'Adds to a hold what its job used beyond it and its policy takes, as far as it is available. The caller holds the account''s lock.';

create function credits_private.settled_usage(p_outcome text, p_job public.metered_jobs) returns public.usage_settlement
  language plpgsql stable set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_reserved numeric;
begin
  select * into v_account from public.credit_accounts where user_id = p_job.user_id;
  select reserved_amount into v_reserved from public.credit_usage_logs where user_id = p_job.user_id and job_id = p_job.job_id;
  return row(
    p_outcome, p_job.job_id, p_job.cost, p_job.charged, v_reserved - p_job.charged, p_job.owed, p_job.absorbed,
    v_account.available, v_account.reserved
  )::public.usage_settlement;
end;
$$;

comment on function credits_private.settled_usage(text, public.metered_jobs) is
  'An outcome together with what was settled, and today''s balances.';

create function public.settle_usage(p_user_id uuid, p_job_id uuid, p_usage jsonb) returns public.usage_settlement
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts := credits_private.lock_account(p_user_id);
  v_job public.metered_jobs;
  v_hold public.credit_usage_logs;
  v_priced credits_private.priced_usage;
  v_over_hold text;
  v_settlement public.settlement_result;
begin
  -- Look.
  select * into v_job
  from public.metered_jobs
  where job_id = p_job_id
    and user_id = p_user_id; -- rule: own-settlement
  if not found then
    return row('not_found', p_job_id, null, null, null, null, null, null, null)::public.usage_settlement;
  elsif v_job.settled_at is not null then -- rule: settled-once
    return credits_private.settled_usage('already_settled', v_job);
  end if;
  select * into v_hold from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if not found then
    -- Its reservation is archived.
    return row('not_found', p_job_id, null, null, null, null, null, null, null)::public.usage_settlement;
  end if;

  -- Decide, and post.
  v_priced := credits_private.price_usage(v_job.action, v_job.version, p_usage, v_job.ceiling);
  if v_priced.cost > v_hold.reserved_amount then
    select over_hold into strict v_over_hold from public.rate_cards where action = v_job.action and version = v_job.version;
    perform credits_private.cover_usage(v_hold, v_over_hold, v_priced.cost);
    select * into strict v_account from public.credit_accounts where user_id = p_user_id;
    select * into strict v_hold from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  end if;
  v_settlement := credits_private.confirm_hold(v_account, v_hold, least(v_priced.cost, v_hold.reserved_amount));
  if v_settlement.outcome not in ('confirmed', 'confirmed_late') then -- rule: uncharged-unkept
    return row(
      v_settlement.outcome, p_job_id, null, v_settlement.charged, v_settlement.returned, 0, 0, v_settlement.available, v_settlement.reserved
    )::public.usage_settlement;
  end if;
  insert into public.usage_lines (user_id, job_id, line, meter, unit, quantity, matched, unit_price, per, cost, estimated)
  select p_user_id, p_job_id, l.line, l.meter, l.unit, l.quantity, l.matched, l.unit_price, l.per, l.cost, l.estimated
  from unnest(v_priced.lines) with ordinality l (meter, unit, quantity, matched, unit_price, per, cost, estimated, line);
  v_job.cost := v_priced.cost;
  v_job.charged := v_settlement.charged;
  v_job.owed := 0;
  if v_over_hold = 'debt' and v_job.cost > v_job.charged then
    select * into v_account from public.credit_accounts where user_id = p_user_id;
    v_job.owed := credits_private.owe_usage(v_account, p_job_id, v_job.cost - v_job.charged); -- rule: debt-for-the-rest
  end if;
  v_job.absorbed := v_job.cost - v_job.charged - v_job.owed;
  update public.metered_jobs
  set
    cost = v_job.cost, charged = v_job.charged, owed = v_job.owed, absorbed = v_job.absorbed,
    settled_at = credits_private.clock()
  where user_id = p_user_id and job_id = p_job_id;
  return row(
    case v_settlement.outcome when 'confirmed_late' then 'settled_late' else 'settled' end, p_job_id, v_job.cost,
    v_job.charged, v_settlement.returned, v_job.owed, v_job.absorbed, v_settlement.available, v_settlement.reserved
  )::public.usage_settlement;
end;
$$;

comment on function public.settle_usage(uuid, uuid, jsonb) is
  'Charges a metered job for what it used, by the version of the card that it was reserved with. p_usage is as estimate_cost() takes it; a meter that was estimated and is not reported, or not as it can be read, counts as estimated, and null is no report at all. Below what is held the rest returns; above it the card says: cap, available or debt. What nobody pays is recorded as absorbed. Outcomes: settled; already_settled (the first answer, whatever is said now); settled_late (the hold had expired, and was charged or taken again all the same); expired (it could not be taken again: nothing charged); already_released (nothing charged); already_confirmed (by confirm_credits: nothing is recorded); not_found (also when it was not reserved by reserve_metered). Idempotent by p_job_id. To be called with what a server measured, never with what a client says.';

revoke all on function public.settle_usage(uuid, uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.settle_usage(uuid, uuid, jsonb) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
