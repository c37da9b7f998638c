-- Credit grants: how credits come in (grants, adjustments) and go out without being spent (revocations, expiry).
--
-- Invariants
--   * A grant or adjustment with a key that was used before changes nothing.
--   * New credits pay the user's debts before anything becomes available.
--   * What cannot be taken back because it was spent becomes a debt, never a negative balance.
--
-- Lock order: account -> batches.

create table private.credit_settings (
  only_row boolean primary key default true check (only_row),
  signup_bonus_amount public.credit_amount not null default 10,
  signup_bonus_lifetime interval check (signup_bonus_lifetime > interval '0'),
  reservation_max_lifetime interval not null default '2 hours' check (reservation_max_lifetime > interval '0')
);

comment on table private.credit_settings is
  'What an operator may tune without a deploy: the signup bonus (0 switches it off; a null lifetime never expires), how long a reservation may be extended, and after how long a job that nobody finished ends.';

insert into private.credit_settings default values;

alter table private.credit_settings enable row level security;

create policy "nobody but the functions" on private.credit_settings using (false);

revoke all on private.credit_settings from public, anon, authenticated, service_role;

create table public.credit_revocations (
  user_id uuid not null references public.credit_accounts (user_id),
  revocation_key text not null check (revocation_key <> ''),
  amount public.credit_amount not null,
  debt_amount public.credit_amount not null check (debt_amount <= amount),
  reason text not null check (reason <> ''),
  created_at timestamptz not null default now(),
  primary key (user_id, revocation_key)
);

comment on table public.credit_revocations is
  'Credits taken back, once per key, and how much of that became a debt because it had been spent.';

alter table public.credit_revocations enable row level security;

create policy "owners read their revocations" on public.credit_revocations
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_revocations from public, anon, authenticated, service_role;
grant select on public.credit_revocations to service_role;
grant select (user_id, amount, debt_amount, created_at) on public.credit_revocations to authenticated;

create type public.grant_result as (
  outcome text,
  batch_id bigint,
  amount numeric,
  debt_paid numeric,
  available numeric,
  reserved numeric,
  debt numeric
);

create function private.ensure_account(p_user_id uuid) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
begin
  insert into public.credit_accounts (user_id, created_at)
  values (p_user_id, private.clock())
  on conflict (user_id) do nothing;
  return private.lock_account(p_user_id);
end;
$$;

comment on function private.ensure_account(uuid) is
  'Locks and returns the user''s account, creating it first when there is none.';

revoke all on function private.ensure_account(uuid) from public, anon, authenticated, service_role;

create function private.open_account(p_user_id uuid) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts := private.ensure_account(p_user_id);
begin
  if v_account.erased_at is not null then
    perform private.refuse_argument('p_user_id', 'belongs to an erased user');
  end if;
  return v_account;
end;
$$;

comment on function private.open_account(uuid) is
  'ensure_account for whoever is to be given something: refuses erased users with 22023.';

revoke all on function private.open_account(uuid) from public, anon, authenticated, service_role;

create function private.grant_state(p_user_id uuid, p_outcome text, p_batch_id bigint, p_amount numeric, p_debt_paid numeric)
  returns public.grant_result
  language sql set search_path = ''
as $$
  select p_outcome, p_batch_id, p_amount, p_debt_paid, a.available, a.reserved, a.debt
  from public.credit_accounts a
  where a.user_id = p_user_id;
$$;

comment on function private.grant_state(uuid, text, bigint, numeric, numeric) is
  'An outcome together with the balances after it.';

revoke all on function private.grant_state(uuid, text, bigint, numeric, numeric)
  from public, anon, authenticated, service_role;

create function public.grant_credits(
  p_user_id uuid,
  p_amount numeric,
  p_source text,
  p_grant_key text,
  p_expires_at timestamptz default null,
  p_description text default null
) returns public.grant_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts;
  v_batch public.credit_batches;
  v_debt_paid numeric;
begin
  if p_user_id is null then
    perform private.refuse_argument('p_user_id', 'must not be null');
  elsif not private.is_amount(p_amount) then
    perform private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  elsif p_source is null or p_source not in ('purchase', 'signup_bonus', 'promotion', 'adjustment') then
    perform private.refuse_argument('p_source', 'must be purchase, signup_bonus, promotion or adjustment');
  elsif coalesce(p_grant_key, '') = '' then
    perform private.refuse_argument('p_grant_key', 'must not be empty');
  elsif p_expires_at <= private.clock() then
    perform private.refuse_argument('p_expires_at', 'must be in the future');
  end if;

  v_account := private.open_account(p_user_id);
  select * into v_batch from public.credit_batches where user_id = p_user_id and grant_key = p_grant_key;
  if found then
    return private.grant_state(p_user_id, 'already_granted', v_batch.id, v_batch.original_amount, 0);
  elsif not private.is_amount(v_account.available + v_account.reserved + p_amount) then
    -- What is held must always find room when it comes back.
    perform private.refuse_argument('p_amount', 'must leave the account with at most 9999999999.99');
  end if;

  insert into public.credit_batches (user_id, source, grant_key, original_amount, description, expires_at, created_at)
  values (p_user_id, p_source::public.credit_source, p_grant_key, p_amount, p_description, p_expires_at, private.clock())
  returning * into v_batch;
  perform private.post_entry(p_user_id, 'grant', p_amount, v_batch.id, null, p_grant_key);
  v_debt_paid := private.pay_debts(p_user_id);
  perform private.take_head(p_user_id);
  return private.grant_state(p_user_id, 'granted', v_batch.id, p_amount, v_debt_paid);
end;
$$;

comment on function public.grant_credits(uuid, numeric, text, text, timestamptz, text) is
  'Adds a batch of credits, once per (user, grant key), and pays open debts from it first. Outcomes: granted, already_granted (nothing changes; amount is the first grant''s). Idempotent by p_grant_key. Raises 22023 for a bad argument.';

revoke all on function public.grant_credits(uuid, numeric, text, text, timestamptz, text)
  from public, anon, authenticated, service_role;
grant execute on function public.grant_credits(uuid, numeric, text, text, timestamptz, text) to service_role;

create function private.revoke_credits(
  p_user_id uuid,
  p_amount numeric,
  p_reference text,
  p_preferred_batch bigint default null
) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_debt numeric;
begin
  perform private.expire_batches(p_user_id);
  v_debt := p_amount
    - private.take_from_batches(p_user_id, 'revoke', p_amount, null, p_reference, p_preferred_batch);
  if v_debt > 0 then
    insert into public.credit_debts (user_id, reference, original_amount, remaining_amount, created_at)
    values (p_user_id, p_reference, v_debt, v_debt, private.clock());
    perform private.post_entry(p_user_id, 'debt', v_debt, null, null, p_reference);
  end if;
  return v_debt;
end;
$$;

comment on function private.revoke_credits(uuid, numeric, text, bigint) is
  'Takes credits back, the preferred batch first; what was spent already becomes a debt, whose amount is returned. The caller holds the account''s lock.';

revoke all on function private.revoke_credits(uuid, numeric, text, bigint)
  from public, anon, authenticated, service_role;

create function public.adjust_credits(p_user_id uuid, p_amount numeric, p_adjustment_key text, p_reason text)
  returns public.grant_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_done public.credit_revocations;
  v_granted public.credit_batches;
begin
  if coalesce(p_reason, '') = '' then
    perform private.refuse_argument('p_reason', 'must not be empty');
  elsif p_user_id is null then
    perform private.refuse_argument('p_user_id', 'must not be null');
  elsif coalesce(p_adjustment_key, '') = '' then
    perform private.refuse_argument('p_adjustment_key', 'must not be empty');
  elsif not private.is_amount(abs(p_amount)) then
    perform private.refuse_argument('p_amount', 'must not be 0 and have at most two decimal places');
  end if;

  perform private.open_account(p_user_id);
  select * into v_done
  from public.credit_revocations
  where user_id = p_user_id and revocation_key = p_adjustment_key;
  if found then
    return private.grant_state(p_user_id, 'already_granted', null, -v_done.amount, 0);
  elsif p_amount > 0 then
    return public.grant_credits(p_user_id, p_amount, 'adjustment', p_adjustment_key, null, p_reason);
  end if;
  select * into v_granted from public.credit_batches where user_id = p_user_id and grant_key = p_adjustment_key;
  if found then
    return private.grant_state(p_user_id, 'already_granted', v_granted.id, v_granted.original_amount, 0);
  end if;

  insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason, created_at)
  values (
    p_user_id, p_adjustment_key, -p_amount,
    private.revoke_credits(p_user_id, -p_amount, p_adjustment_key), p_reason, private.clock()
  );
  return private.grant_state(p_user_id, 'granted', null, p_amount, 0);
end;
$$;

comment on function public.adjust_credits(uuid, numeric, text, text) is
  'An operator''s correction with its reason: a positive amount is a grant, a negative one is taken back and, where it was spent, becomes a debt. Outcomes: granted, already_granted. Idempotent by p_adjustment_key. Raises 22023 for a bad argument.';

revoke all on function public.adjust_credits(uuid, numeric, text, text) from public, anon, authenticated, service_role;
grant execute on function public.adjust_credits(uuid, numeric, text, text) to service_role;

create function public.expire_credits() returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_user_id uuid;
  v_now timestamptz := private.clock();
  v_count integer := 0;
begin
  for v_user_id in
    select user_id
    from public.credit_batches
    where is_open and expires_at <= v_now
    group by user_id
    order by min(expires_at)
    limit 1000
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_user_id for no key update skip locked;
    continue when not found;
    begin
      v_count := v_count + private.expire_batches(v_user_id);
      perform private.take_head(v_user_id);
    exception when others then
      raise warning 'the credits of user % did not expire: % (%)', v_user_id, sqlerrm, sqlstate;
    end;
  end loop;
  return v_count;
end;
$$;

comment on function public.expire_credits() is
  'Moves expired batches out of the balances, those of at most 1,000 users a call, so that no account is locked for long; returns how many. An account that makes it fail is passed over with a warning. Nothing depends on it having run: expired credits cannot be reserved before it either. Idempotent.';

revoke all on function public.expire_credits() from public, anon, authenticated, service_role;
grant execute on function public.expire_credits() to service_role;
