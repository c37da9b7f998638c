-- Credit accounts: the tables of balances, batches of granted credits, debts, and the append-only ledger.
--
-- Invariants
--   * Every movement is one ledger row, numbered per user without a gap, carrying the balances after it.
--   * available = sum of the batches' remaining amounts; debt = sum of the open debts; while there is a debt,
--     nothing is available.
--   * A grant happens once per (user, grant key).
--
-- Lock order: ARCHITECTURE.md. Whatever changes a balance locks the account row first; the row always exists then, and
-- the per-user entry number cannot be taken twice.
--
-- There are no foreign keys from the ledger and the reservations: they would add a lookup to every movement, and
-- verify_credits() proves the same and more. Every key begins with user_id, so that users can be sharded.

create type public.credit_source as enum ('purchase', 'signup_bonus', 'promotion', 'adjustment', 'migration', 'plan');

create type public.ledger_kind as enum (
  'grant', 'reserve', 'confirm', 'release', 'refund', 'expire', 'revoke', 'debt', 'repay', 'forgive'
);

create table public.credit_accounts (
  user_id uuid primary key,
  available public.credit_amount not null default 0,
  reserved public.credit_amount not null default 0,
  debt public.credit_amount not null default 0,
  last_entry bigint not null default 0,
  created_at timestamptz not null default now(),
  erased_at timestamptz
) with (fillfactor = 50);

comment on table public.credit_accounts is
  'One row per user, locked first by whatever changes a balance. last_entry numbers the ledger. No index covers a column that changes, so that updates stay heap-only.';

create table public.user_credits (
  user_id uuid not null references public.credit_accounts (user_id),
  id bigint generated always as identity,
  source public.credit_source not null,
  grant_key text not null,
  original_amount public.credit_amount not null,
  remaining_amount public.credit_amount not null default 0,
  is_open boolean not null generated always as (remaining_amount > 0) stored,
  stripe_session_id text,
  description text,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (user_id, id),
  unique (user_id, grant_key)
) with (fillfactor = 50);

comment on table public.user_credits is
  'Batches of granted credits. remaining_amount is what can still be reserved of one, to the last committed movement. is_open keeps spent batches out of the indexes, and changes only when a batch empties or refills, so that other updates stay heap-only.';

create index user_credits_spending_order on public.user_credits (user_id, expires_at, id) where is_open;

create index user_credits_expiring on public.user_credits (expires_at) where is_open and expires_at is not null;

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
  job_id uuid,
  reference text,
  available_after public.credit_amount not null,
  reserved_after public.credit_amount not null,
  debt_after public.credit_amount not null,
  created_at timestamptz not null default now(),
  primary key (user_id, entry)
);

comment on table public.credit_ledger is
  'Append-only; what is old moves to credit_ledger_archive. One row per movement, numbered per user without a gap; batch_id says which batch it moved, job_id or reference what caused it. The reserve rows of a reservation are its allocation.';

create trigger credit_ledger_append_only
  before update or truncate on public.credit_ledger
  for each statement execute function credits_private.refuse_change();

alter table public.credit_accounts enable row level security;
alter table public.user_credits enable row level security;
alter table public.credit_debts enable row level security;
alter table public.credit_ledger enable row level security;

create policy "owners read their account" on public.credit_accounts
  for select to authenticated using (user_id = (select auth.uid()));
create policy "owners read their batches" on public.user_credits
  for select to authenticated using (user_id = (select auth.uid()));
create policy "owners read their debts" on public.credit_debts
  for select to authenticated using (user_id = (select auth.uid()));
create policy "owners read their ledger" on public.credit_ledger
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_accounts, public.user_credits, public.credit_debts, public.credit_ledger
  from public, anon, authenticated, service_role;
revoke all on sequence public.user_credits_id_seq, public.credit_debts_id_seq
  from public, anon, authenticated, service_role;
grant select on public.credit_accounts, public.user_credits, public.credit_debts, public.credit_ledger
  to service_role;
grant select (user_id, available, reserved, debt) on public.credit_accounts to authenticated;
grant select (user_id, id, source, original_amount, remaining_amount, expires_at, created_at)
  on public.user_credits to authenticated;
grant select (user_id, id, original_amount, remaining_amount, created_at) on public.credit_debts to authenticated;
grant select (user_id, entry, kind, amount, job_id, available_after, reserved_after, debt_after, created_at)
  on public.credit_ledger to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('credit_accounts', 'credits', 'kept', 'amounts'),
  ('user_credits', 'credits', 'emptied', 'descriptions are free text'),
  ('credit_debts', 'credits', 'kept', 'amounts'),
  ('credit_ledger', 'credits', 'kept', 'amounts, append-only');
