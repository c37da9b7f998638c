-- Credit reservations: credits held for a job before the work, one reservation for each job for ever.
--
-- Invariants
--   * A job that is held for again gets its first reservation; one that cannot be paid for in full holds nothing.
--   * A reservation's id is its job's id; its allocation is the job's 'reserve' rows of the ledger from first_entry to
--     last_entry.
--   * credits_used is what is held, then what was charged, or given back.
--   * What is held may grow (additions.sql), and is 0 for metered work that costs nothing.
--
-- Lock order: ARCHITECTURE.md.
--
-- The index of open reservations is partial on a column that no look-up by key mentions: a plan made while that index
-- was nearly empty must never be used to find one reservation among all that are open. For the same reason the hot
-- functions switch sequential scans off: a connection keeps the plans it made on empty tables.

create type public.reservation_status as enum ('reserved', 'confirmed', 'refunded');

create table public.credit_usage_logs (
  user_id uuid not null,
  job_id uuid not null,
  id uuid not null generated always as (job_id) stored,
  job_type text not null,
  reserved_amount public.credit_amount not null,
  credits_used public.credit_amount not null,
  refunded_amount public.credit_amount not null default 0 check (refunded_amount <= credits_used),
  added_amount public.credit_amount not null default 0,
  status public.reservation_status not null,
  description text,
  metadata jsonb not null,
  settle_reason text,
  first_entry bigint not null,
  last_entry bigint not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (user_id, job_id)
) with (fillfactor = 70);

comment on table public.credit_usage_logs is
  'Reservations and what became of them. credits_used is what is held while reserved, what was charged once confirmed, and what was given back once refunded.';
comment on column public.credit_usage_logs.refunded_amount is
  'How much of what was charged refund_job() has given back since.';
comment on column public.credit_usage_logs.added_amount is
  'How much of what was reserved came after the reservation, as work grew.';
comment on column public.credit_usage_logs.settle_reason is
  'Why it was settled; ''expired'' when the sweep did it, and then a late confirm may take the credits again.';

create index credit_usage_logs_open on public.credit_usage_logs (expires_at) where settled_at is null;

create index credit_usage_logs_by_time on public.credit_usage_logs (user_id, created_at, job_id);

alter table public.credit_usage_logs enable row level security;

create policy "owners read their usage" on public.credit_usage_logs
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_usage_logs from public, anon, authenticated, service_role;
grant select on public.credit_usage_logs to service_role;
grant select (user_id, id, job_id, job_type, credits_used, refunded_amount, status, description, expires_at, created_at, settled_at)
  on public.credit_usage_logs to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_usage_logs', 'credits', 'emptied', 'metadata and descriptions are the product''s');

create type public.reservation_result as (
  outcome text,
  job_id uuid,
  status public.reservation_status,
  amount numeric,
  required numeric,
  available numeric,
  reserved numeric,
  expires_at timestamptz
);

create type public.settlement_result as (
  outcome text,
  job_id uuid,
  charged numeric,
  returned numeric,
  available numeric,
  reserved numeric
);

comment on column public.reservation_result.available is
  'What can be reserved, as of the last sweep: credits that have expired since are still in it, and still cannot be spent. read_balance leaves them out.';
comment on column public.settlement_result.available is
  'What can be reserved, as of the last sweep: credits that have expired since are still in it, and still cannot be spent. read_balance leaves them out.';

create type public.extension_result as (
  outcome text,
  job_id uuid,
  expires_at timestamptz
);

create function credits_private.allowed_metadata(p_metadata jsonb) returns jsonb
  language plpgsql stable set search_path = ''
as $$
declare
  v_allowed text[];
begin
  if p_metadata = '{}' then
    return p_metadata;
  elsif jsonb_typeof(p_metadata) is distinct from 'object' then
    return '{}'::jsonb;
  end if;
  select metadata_keys into v_allowed from credits_private.credit_settings where only_row;
  return p_metadata - array(select jsonb_object_keys(p_metadata - v_allowed));
end;
$$;

comment on function credits_private.allowed_metadata(jsonb) is
  'I2: keeps the keys a reservation may carry and drops the others silently.';

create function credits_private.check_reservation(
  p_user_id uuid,
  p_job_id uuid,
  p_amount numeric,
  p_job_type text,
  p_ttl interval
) returns void
  language plpgsql set search_path = ''
as $$
begin
  if p_user_id is null then
    perform credits_private.refuse_argument('p_user_id', 'must not be null');
  elsif p_job_id is null then
    perform credits_private.refuse_argument('p_job_id', 'must not be null');
  elsif coalesce(p_job_type, '') = '' then
    perform credits_private.refuse_argument('p_job_type', 'must not be empty');
  elsif not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  elsif not credits_private.is_ttl(p_ttl) then
    perform credits_private.refuse_argument('p_ttl', 'must be above 0 and at most 24 hours');
  end if;
end;
$$;

comment on function credits_private.check_reservation(uuid, uuid, numeric, text, interval) is
  'Names the argument that makes a reservation impossible.';

create function credits_private.hold_credits(
  p_account public.credit_accounts,
  p_job_id uuid,
  p_amount numeric,
  p_job_type text,
  p_description text,
  p_metadata jsonb,
  p_ttl interval
) returns public.reservation_result
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts := p_account;
  v_user_id uuid := p_account.user_id;
  v_reservation public.credit_usage_logs;
  v_first_entry bigint;
  v_now timestamptz;
begin
  if v_user_id is null then
    return row('insufficient_credits', null, null, null, p_amount, null, null, null)::public.reservation_result;
  end if;

  -- Look.
  select * into v_reservation from public.credit_usage_logs where user_id = v_user_id and job_id = p_job_id;
  if found then -- rule: reserved-once
    return row(
      case
        when v_reservation.reserved_amount - v_reservation.added_amount <> p_amount then 'different_amount' -- rule: same-amount
        else 'already_reserved'
      end,
      p_job_id, v_reservation.status, v_reservation.reserved_amount, null,
      v_account.available, v_account.reserved, v_reservation.expires_at
    )::public.reservation_result;
  end if;

  -- Decide.
  v_account := credits_private.without_expired(v_account); -- rule: expired-before-taken
  v_account := credits_private.with_due_grants(v_account, p_amount);
  if v_account.available < p_amount -- rule: enough-available
    or v_account.erased_at is not null then -- rule: erased-spend-nothing
    return row('insufficient_credits', null, null, null, p_amount, v_account.available, v_account.reserved, null)
      ::public.reservation_result;
  end if;

  -- Post.
  v_first_entry := v_account.last_entry + 1;
  if p_amount > 0 then
    v_account := credits_private.take_from_batches(v_account, 'reserve', p_amount, p_job_id);
  end if;
  v_now := credits_private.clock();
  insert into public.credit_usage_logs (
    user_id, job_id, job_type, reserved_amount, credits_used, status, description, metadata,
    first_entry, last_entry, expires_at, created_at
  )
  values (
    v_user_id, p_job_id, p_job_type, p_amount, p_amount, 'reserved', p_description,
    credits_private.allowed_metadata(p_metadata), -- rule: allowed-metadata
    v_first_entry, v_account.last_entry, v_now + p_ttl, v_now
  );
  return row(
    'reserved', p_job_id, 'reserved', p_amount, null, v_account.available, v_account.reserved, v_now + p_ttl
  )::public.reservation_result;
end;
$$;

comment on function credits_private.hold_credits(public.credit_accounts, uuid, numeric, text, text, jsonb, interval) is
  'reserve_credits() of what was checked, for who holds the account''s lock; the amount may be 0, and all columns of the account null where there is none.';

create function public.reserve_credits(
  p_user_id uuid,
  p_job_id uuid,
  p_amount numeric,
  p_job_type text,
  p_description text default null,
  p_metadata jsonb default '{}',
  p_ttl interval default null
) returns public.reservation_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts;
begin
  -- A default is computed with its caller's rights, who may not call hold().
  p_ttl := coalesce(p_ttl, credits_private.hold());
  perform credits_private.check_reservation(p_user_id, p_job_id, p_amount, p_job_type, p_ttl);
  -- Without an account there is nothing to lock: a first grant may open it at this very moment.
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  return credits_private.hold_credits(v_account, p_job_id, p_amount, p_job_type, p_description, p_metadata, p_ttl);
end;
$$;

comment on function public.reserve_credits(uuid, uuid, numeric, text, text, jsonb, interval) is
  'Holds credits for a job for p_ttl (null: the usual hold), from the batch that expires soonest. Outcomes: reserved; already_reserved (the job''s first reservation, whatever became of it: see status); different_amount (the same, but it was reserved with another amount: the answer has that one, and nothing changes); insufficient_credits (nothing is held; required says how much). Idempotent by p_job_id. Raises 22023 for a bad argument.';

revoke all on function public.reserve_credits(uuid, uuid, numeric, text, text, jsonb, interval)
  from public, anon, authenticated, service_role;
grant execute on function public.reserve_credits(uuid, uuid, numeric, text, text, jsonb, interval) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
