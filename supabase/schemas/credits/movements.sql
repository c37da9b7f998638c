-- Credit movements: how account, batch and ledger change together, and what is left of a batch at any moment.
--
-- Invariants
--   * Nothing but private.post_entry() and the usual cases of reserve, confirm and release moves a credit.
--   * The head has something left and is the open batch to be spent first. Before a batch moves it is put back.
--   * Open debts are paid from whatever becomes available, oldest first.
--
-- Lock order: account -> batches. The caller of every function here holds the account's lock.

create view public.user_credits with (security_invoker = true) as
select
  b.user_id, b.id, b.source, b.original_amount,
  case when b.id = a.head_batch_id then a.head_remaining else b.stored_remaining end as remaining_amount,
  b.expires_at, b.created_at
from public.credit_batches b
join public.credit_accounts a on a.user_id = b.user_id;

comment on view public.user_credits is
  'Batches of granted credits. remaining_amount is what can still be reserved of one, to the last committed movement.';

revoke all on public.user_credits from public, anon, authenticated, service_role;
grant select on public.user_credits to authenticated, service_role;

create view private.open_batches as
select
  b.user_id, b.id, b.grant_key,
  case when b.id = a.head_batch_id then a.head_remaining else b.stored_remaining end as remaining_amount,
  b.expires_at
from public.credit_batches b
join public.credit_accounts a on a.user_id = b.user_id
where b.is_open;

comment on view private.open_batches is
  'Batches that are not spent, with what is left of them.';

revoke all on private.open_batches from public, anon, authenticated, service_role;

create function private.put_head_back(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  update public.credit_batches b
  set stored_remaining = a.head_remaining, is_open = a.head_remaining > 0
  from public.credit_accounts a
  where a.user_id = p_user_id and b.user_id = p_user_id and b.id = a.head_batch_id;
  if found then
    update public.credit_accounts
    set head_batch_id = null, head_remaining = 0, head_expires_at = null
    where user_id = p_user_id;
  end if;
end;
$$;

comment on function private.put_head_back(uuid) is
  'Writes what is left of the head to its batch, so that batches can move one by one. The caller holds the account''s lock.';

revoke all on function private.put_head_back(uuid) from public, anon, authenticated, service_role;

create function private.take_head(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  update public.credit_accounts a
  set head_batch_id = b.id, head_remaining = b.stored_remaining, head_expires_at = b.expires_at
  from (
    select h.id, h.stored_remaining, h.expires_at
    from public.credit_batches h
    where h.user_id = p_user_id and h.is_open
    order by h.expires_at, h.id
    limit 1
  ) b
  where a.user_id = p_user_id and a.head_batch_id is null;
end;
$$;

comment on function private.take_head(uuid) is
  'Makes the batch that is to be spent first the account''s head, where there is none. The caller holds the account''s lock.';

revoke all on function private.take_head(uuid) from public, anon, authenticated, service_role;

create function private.post_entry(
  p_user_id uuid,
  p_kind public.ledger_kind,
  p_amount numeric,
  p_batch_id bigint default null,
  p_usage_log_id uuid default null,
  p_reference text default null
) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_available numeric := case
    when p_kind in ('grant', 'release') then p_amount
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
  if v_available <> 0 then
    perform private.put_head_back(p_user_id);
  end if;
  update public.credit_accounts
  set
    available = available + v_available,
    reserved = reserved + v_reserved,
    debt = debt + v_debt,
    last_entry = last_entry + 1
  where user_id = p_user_id
  returning * into strict v_account;

  -- Whatever changes what is available moves a batch by the same amount.
  if v_available <> 0 then
    update public.credit_batches
    set stored_remaining = stored_remaining + v_available, is_open = stored_remaining + v_available > 0
    where user_id = p_user_id and id = p_batch_id;
  end if;

  insert into public.credit_ledger (
    user_id, entry, kind, amount, batch_id, usage_log_id, reference,
    available_after, reserved_after, debt_after, created_at
  )
  values (
    p_user_id, v_account.last_entry, p_kind, p_amount, p_batch_id, p_usage_log_id, p_reference,
    v_account.available, v_account.reserved, v_account.debt, private.clock()
  );
  return v_account;
end;
$$;

comment on function private.post_entry(uuid, public.ledger_kind, numeric, bigint, uuid, text) is
  'How a credit moves: account, batch and ledger change together. Returns the account after it. The caller holds the account''s lock. The usual cases of reserve, confirm and release write the same three themselves, because a call for each costs them a third of their time; verify_credits() holds them all to the same books.';

revoke all on function private.post_entry(uuid, public.ledger_kind, numeric, bigint, uuid, text)
  from public, anon, authenticated, service_role;

create function private.lock_account(p_user_id uuid) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
begin
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  return v_account;
end;
$$;

comment on function private.lock_account(uuid) is
  'Locks and returns the account; all columns null when the user has none yet.';

revoke all on function private.lock_account(uuid) from public, anon, authenticated, service_role;

create function private.expire_batches(p_user_id uuid) returns integer
  language plpgsql set search_path = ''
as $$
declare
  v_batch record;
  v_now timestamptz := private.clock();
  v_count integer := 0;
begin
  for v_batch in
    select id, remaining_amount
    from private.open_batches
    where user_id = p_user_id and expires_at <= v_now
    order by expires_at, id
  loop
    perform private.post_entry(p_user_id, 'expire', v_batch.remaining_amount, v_batch.id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

comment on function private.expire_batches(uuid) is
  'Moves what is left of a user''s expired batches out of the balance. The caller holds the account''s lock.';

revoke all on function private.expire_batches(uuid) from public, anon, authenticated, service_role;

create function private.take_from_batches(
  p_user_id uuid,
  p_kind public.ledger_kind,
  p_amount numeric,
  p_usage_log_id uuid default null,
  p_reference text default null,
  p_preferred_batch bigint default null
) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_batch record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  -- The preferred batch is a plain row of the same loop, so that no order of two queries can take it twice.
  for v_batch in
    (
      select id, remaining_amount from private.open_batches
      where user_id = p_user_id and id = p_preferred_batch
    )
    union all
    (
      select id, remaining_amount from private.open_batches
      where user_id = p_user_id and id is distinct from p_preferred_batch
      order by expires_at, id
    )
  loop
    exit when v_left = 0;
    v_part := least(v_left, v_batch.remaining_amount);
    perform private.post_entry(p_user_id, p_kind, v_part, v_batch.id, p_usage_log_id, p_reference);
    v_left := v_left - v_part;
  end loop;
  return p_amount - v_left;
end;
$$;

comment on function private.take_from_batches(uuid, public.ledger_kind, numeric, uuid, text, bigint) is
  'Takes up to p_amount from the user''s open batches, the preferred one first, then soonest to expire, then oldest; returns what it took. Expired batches must have been moved out before. The caller holds the account''s lock.';

revoke all on function private.take_from_batches(uuid, public.ledger_kind, numeric, uuid, text, bigint)
  from public, anon, authenticated, service_role;

create function private.pay_debts(p_user_id uuid) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_debt record;
  v_paid numeric;
  v_total numeric := 0;
begin
  for v_debt in
    select id, remaining_amount, reference
    from public.credit_debts
    where user_id = p_user_id and remaining_amount > 0
    order by id
  loop
    v_paid := private.take_from_batches(p_user_id, 'repay', v_debt.remaining_amount, null, v_debt.reference);
    exit when v_paid = 0;
    update public.credit_debts
    set remaining_amount = remaining_amount - v_paid
    where user_id = p_user_id and id = v_debt.id;
    v_total := v_total + v_paid;
  end loop;
  return v_total;
end;
$$;

comment on function private.pay_debts(uuid) is
  'Pays open debts, oldest first, from whatever is available; returns what was paid. The caller holds the account''s lock.';

revoke all on function private.pay_debts(uuid) from public, anon, authenticated, service_role;

create function private.settle_account(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  perform private.expire_batches(p_user_id);
  perform private.pay_debts(p_user_id);
end;
$$;

comment on function private.settle_account(uuid) is
  'After credits came back: what has expired meanwhile expires, then open debts are paid. The caller holds the account''s lock.';

revoke all on function private.settle_account(uuid) from public, anon, authenticated, service_role;
