-- Credit movements: how account, batch and ledger change together.
--
-- Invariants
--   * Nothing but credits_private.post_entry() moves a credit.
--   * The batch that expires soonest is spent first, then the oldest; expired credits leave before anything is taken.
--   * Open debts are paid from whatever becomes available, oldest first.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the account's lock.

create function credits_private.post_entry(
  p_user_id uuid,
  p_kind public.ledger_kind,
  p_amount numeric,
  p_batch_id bigint default null,
  p_job_id uuid default null,
  p_reference text default null
) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_available numeric := case
    when p_kind in ('grant', 'release', 'refund') then p_amount
    when p_kind in ('reserve', 'expire', 'revoke', 'repay') then -p_amount
    else 0
  end;
  v_reserved numeric := case
    when p_kind = 'reserve' then p_amount
    when p_kind in ('confirm', 'release') then -p_amount
    else 0
  end;
  v_debt numeric := case when p_kind = 'debt' then p_amount when p_kind in ('repay', 'forgive') then -p_amount else 0 end;
begin
  update public.credit_accounts
  set
    available = available + v_available,
    reserved = reserved + v_reserved,
    debt = debt + v_debt,
    last_entry = last_entry + 1
  where user_id = p_user_id
  returning * into strict v_account;

  -- Whatever changes what is available moves a batch by the same amount.
  if v_available <> 0 then -- rule: batches-follow
    update public.user_credits
    set remaining_amount = remaining_amount + v_available
    where user_id = p_user_id and id = p_batch_id;
  end if;

  insert into public.credit_ledger (
    user_id, entry, kind, amount, batch_id, job_id, reference,
    available_after, reserved_after, debt_after, created_at
  )
  values (
    p_user_id, v_account.last_entry, p_kind, p_amount, p_batch_id, p_job_id, p_reference,
    v_account.available, v_account.reserved, v_account.debt, credits_private.clock()
  );
  return v_account;
end;
$$;

comment on function credits_private.post_entry(uuid, public.ledger_kind, numeric, bigint, uuid, text) is
  'How a credit moves: account, batch and ledger change together. Returns the account after it. The caller holds the account''s lock.';

create function credits_private.lock_account(p_user_id uuid) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
begin
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  return v_account;
end;
$$;

comment on function credits_private.lock_account(uuid) is
  'Locks and returns the account; all columns null when the user has none yet.';

create function credits_private.expire_batches(p_user_id uuid) returns integer
  language plpgsql set search_path = ''
as $$
declare
  v_batch record;
  v_now timestamptz := credits_private.clock();
  v_count integer := 0;
begin
  for v_batch in
    select id, remaining_amount
    from public.user_credits
    where user_id = p_user_id and is_open and expires_at <= v_now -- rule: expired
    order by expires_at, id
  loop
    perform credits_private.post_entry(p_user_id, 'expire', v_batch.remaining_amount, v_batch.id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

comment on function credits_private.expire_batches(uuid) is
  'Moves what is left of a user''s expired batches out of the balance; returns how many. The caller holds the account''s lock.';

create function credits_private.take_from_batches(
  p_account public.credit_accounts,
  p_kind public.ledger_kind,
  p_amount numeric,
  p_job_id uuid default null,
  p_reference text default null
) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_batch record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  for v_batch in
    select id, remaining_amount
    from public.user_credits
    where user_id = p_account.user_id and is_open
    order by expires_at, id -- rule: spending-order
  loop
    v_part := least(v_left, v_batch.remaining_amount); -- rule: batch-at-most
    p_account := credits_private.post_entry(p_account.user_id, p_kind, v_part, v_batch.id, p_job_id, p_reference);
    v_left := v_left - v_part;
    exit when v_left = 0;
  end loop;
  return p_account;
end;
$$;

comment on function credits_private.take_from_batches(public.credit_accounts, public.ledger_kind, numeric, uuid, text) is
  'Takes up to p_amount, which is above 0, from the user''s open batches, soonest to expire first, then oldest; returns the account after it. Expired batches must have been moved out before. The caller holds the account''s lock.';

create function credits_private.pay_debts(p_account public.credit_accounts) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_debt record;
  v_available numeric;
begin
  for v_debt in
    select id, remaining_amount, reference
    from public.credit_debts
    where user_id = p_account.user_id and remaining_amount > 0
    order by id -- rule: oldest-debt-first
  loop
    exit when p_account.available = 0;
    v_available := p_account.available;
    p_account := credits_private.take_from_batches(
      p_account, 'repay', v_debt.remaining_amount, null, v_debt.reference
    );
    update public.credit_debts
    set remaining_amount = remaining_amount - (v_available - p_account.available)
    where user_id = p_account.user_id and id = v_debt.id;
  end loop;
  return p_account;
end;
$$;

comment on function credits_private.pay_debts(public.credit_accounts) is
  'Pays open debts, oldest first, from whatever is available; returns the account after it. The caller holds the account''s lock.';

create function credits_private.without_expired(p_account public.credit_accounts) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
begin
  if credits_private.expire_batches(p_account.user_id) > 0 then
    select * into strict p_account from public.credit_accounts where user_id = p_account.user_id;
  end if;
  return p_account;
end;
$$;

comment on function credits_private.without_expired(public.credit_accounts) is
  'The account once what has expired has left it. The caller holds the account''s lock.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
