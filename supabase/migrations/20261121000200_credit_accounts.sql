-- Credit accounts: balances, batches of granted credits, debts, and the append-only ledger.
--
-- Invariants
--   * Every movement is one ledger row, numbered per user without a gap, carrying the balances after it.
--   * available = sum of the batches' remaining amounts; debt = sum of the open debts; while there is a debt,
--     nothing is available.
--   * What is left of the batch being spent, the head, is on the account, so that a reserve writes one row less and
--     waits less for its user's other calls. user_credits puts the two together and is what everybody reads.
--   * A grant happens once per (user, grant key).
--
-- Lock order: account -> batches -> reservation -> job. Whatever changes a balance locks the account row first;
-- the row always exists then, and the per-user entry number cannot be taken twice.
--
-- There are no foreign keys from the ledger and the reservations: they would add a lookup to every movement, and
-- verify_credits() proves the same and more. Every key begins with user_id, so that users can be sharded.

create type public.credit_source as enum ('purchase', 'signup_bonus', 'promotion', 'adjustment');

create type public.ledger_kind as enum (
  'grant', 'reserve', 'confirm', 'release', 'expire', 'revoke', 'debt', 'repay', 'forgive'
);

create table public.credit_accounts (
  user_id uuid primary key,
  available public.credit_amount not null default 0,
  reserved public.credit_amount not null default 0,
  debt public.credit_amount not null default 0,
  last_entry bigint not null default 0,
  head_batch_id bigint,
  head_remaining public.credit_amount not null default 0,
  head_expires_at timestamptz,
  created_at timestamptz not null default now(),
  erased_at timestamptz
) with (fillfactor = 50);

comment on table public.credit_accounts is
  'One row per user, locked first by whatever changes a balance. last_entry numbers the ledger; head_batch_id is the batch to be spent first, if it has been taken to the account, and head_remaining what is left of it, never 0 then. No index covers a column that changes, so that updates stay heap-only.';

create table public.credit_batches (
  user_id uuid not null references public.credit_accounts (user_id),
  id bigint generated always as identity,
  source public.credit_source not null,
  grant_key text not null,
  original_amount public.credit_amount not null,
  stored_remaining public.credit_amount not null default 0,
  is_open boolean not null default false,
  stripe_session_id text,
  description text,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (user_id, id),
  unique (user_id, grant_key)
) with (fillfactor = 50);

comment on table public.credit_batches is
  'Batches of granted credits as they were last written. stored_remaining of an account''s head batch is out of date: read user_credits. is_open (stored_remaining > 0) keeps spent batches out of the indexes and changes only when a batch empties or refills.';

create index credit_batches_spending_order on public.credit_batches (user_id, expires_at, id) where is_open;

create index credit_batches_expiring on public.credit_batches (expires_at) where is_open and expires_at is not null;

create table public.credit_debts (
  user_id uuid not null references public.credit_accounts (user_id),
  id bigint generated always as identity,
  reference text not null check (reference <> ''),
  original_amount public.credit_amount not null,
  remaining_amount public.credit_amount not null check (remaining_amount <= original_amount),
  created_at timestamptz not null default now(),
  primary key (user_id, id)
);

comment on table public.credit_debts is
  'What a user owes because credits were spent before their payment was reversed. The next credits pay the oldest debt first.';

create index credit_debts_open on public.credit_debts (user_id, id) where remaining_amount > 0;

create table public.credit_ledger (
  user_id uuid not null,
  entry bigint not null,
  kind public.ledger_kind not null,
  amount public.credit_amount not null,
  batch_id bigint,
  usage_log_id uuid,
  reference text,
  available_after public.credit_amount not null,
  reserved_after public.credit_amount not null,
  debt_after public.credit_amount not null,
  created_at timestamptz not null default now(),
  primary key (user_id, entry)
);

comment on table public.credit_ledger is
  'Append-only. One row per movement, numbered per user without a gap; batch_id says which batch it moved, usage_log_id or reference what caused it. The reserve rows of a reservation are its allocation.';

create trigger credit_ledger_append_only
  before update or delete or truncate on public.credit_ledger
  for each statement execute function private.refuse_change();

alter table public.credit_accounts enable row level security;
alter table public.credit_batches enable row level security;
alter table public.credit_debts enable row level security;
alter table public.credit_ledger enable row level security;

create policy "owners read their account" on public.credit_accounts
  for select to authenticated using (user_id = (select auth.uid()));
create policy "owners read their batches" on public.credit_batches
  for select to authenticated using (user_id = (select auth.uid()));
create policy "owners read their debts" on public.credit_debts
  for select to authenticated using (user_id = (select auth.uid()));
create policy "owners read their ledger" on public.credit_ledger
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_accounts, public.credit_batches, public.credit_debts, public.credit_ledger
  from public, anon, authenticated, service_role;
revoke all on sequence public.credit_batches_id_seq, public.credit_debts_id_seq
  from public, anon, authenticated, service_role;
grant select on public.credit_accounts, public.credit_batches, public.credit_debts, public.credit_ledger
  to service_role;
grant select (user_id, available, reserved, debt, head_batch_id, head_remaining)
  on public.credit_accounts to authenticated;
grant select (user_id, id, source, original_amount, stored_remaining, expires_at, created_at)
  on public.credit_batches to authenticated;
grant select (user_id, id, original_amount, remaining_amount, created_at) on public.credit_debts to authenticated;
grant select (user_id, entry, kind, amount, usage_log_id, available_after, reserved_after, debt_after, created_at)
  on public.credit_ledger to authenticated;

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
