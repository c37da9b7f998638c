-- Credit reservations: the tables and types of two-phase spending. reserve -> confirm (all or part) | release; extend; sweep.
--
-- Invariants
--   * One reservation per (user, job), for ever: the job's id is the reservation's id, and so the idempotency key.
--   * What a reservation holds is in the ledger's reserve rows first_entry .. last_entry, batch by batch.
--   * Once settled, a reservation's amounts change only by a late confirm that can take the credits again.
--
-- Lock order: account -> batches -> reservation.
--
-- The index of open reservations is partial on settled_at, a column that no look-up by key mentions: a plan made
-- while that index was nearly empty must never be used to find one reservation among all that are open. For the
-- same reason the hot functions switch sequential scans off: a connection keeps the plans it made on empty tables.

create type public.reservation_status as enum ('reserved', 'confirmed', 'refunded');

create table public.credit_usage_logs (
  user_id uuid not null,
  job_id uuid not null,
  id uuid not null generated always as (job_id) stored,
  job_type text not null,
  reserved_amount public.credit_amount not null,
  credits_used public.credit_amount not null,
  status public.reservation_status not null,
  description text,
  metadata jsonb not null,
  settle_reason text,
  first_entry bigint not null,
  last_entry bigint not null,
  head_batch_id bigint,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (user_id, job_id)
) with (fillfactor = 70);

comment on table public.credit_usage_logs is
  'Reservations and what became of them. credits_used is what is held while reserved, what was charged once confirmed, and what was given back once refunded.';
comment on column public.credit_usage_logs.head_batch_id is
  'The batch that all of it came from, when that was the account''s head: to where a release can return it in one step.';
comment on column public.credit_usage_logs.settle_reason is
  'Why it was settled; ''expired'' when the sweep did it, and then a late confirm may take the credits again.';

create index credit_usage_logs_open on public.credit_usage_logs (expires_at) where settled_at is null;

alter table public.credit_usage_logs enable row level security;

create policy "owners read their usage" on public.credit_usage_logs
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_usage_logs from public, anon, authenticated, service_role;
grant select on public.credit_usage_logs to service_role;
grant select (user_id, id, job_id, job_type, credits_used, status, description, expires_at, created_at, settled_at)
  on public.credit_usage_logs to authenticated;

create type public.reservation_result as (
  outcome text,
  usage_log_id uuid,
  status public.reservation_status,
  amount numeric,
  required numeric,
  available numeric,
  reserved numeric,
  expires_at timestamptz
);

create type public.settlement_result as (
  outcome text,
  usage_log_id uuid,
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
  usage_log_id uuid,
  expires_at timestamptz
);

create function private.allowed_metadata(p_metadata jsonb) returns jsonb
  language plpgsql immutable set search_path = ''
as $$
declare
  v_allowed constant text[] := array[
    'prompt', 'total_cost', 'pricing_snapshot', 'batches_consumed', 'title', 'pages', 'with_images', 'cost_per_page'
  ];
begin
  if jsonb_typeof(p_metadata) is distinct from 'object' then
    return '{}'::jsonb;
  elsif p_metadata - v_allowed = '{}' then
    return p_metadata;
  end if;
  return p_metadata - array(select jsonb_object_keys(p_metadata - v_allowed));
end;
$$;

comment on function private.allowed_metadata(jsonb) is
  'I2: keeps the keys a reservation may carry and drops the others silently.';

revoke all on function private.allowed_metadata(jsonb) from public, anon, authenticated, service_role;

create function private.check_reservation(p_user_id uuid, p_amount numeric, p_job_id uuid, p_job_type text)
  returns void
  language plpgsql set search_path = ''
as $$
begin
  if p_user_id is null then
    perform private.refuse_argument('p_user_id', 'must not be null');
  elsif p_job_id is null then
    perform private.refuse_argument('p_job_id', 'must not be null');
  elsif coalesce(p_job_type, '') = '' then
    perform private.refuse_argument('p_job_type', 'must not be empty');
  elsif not private.is_amount(p_amount) then
    perform private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  else
    perform private.refuse_argument('p_ttl', 'must be above 0 and at most 24 hours');
  end if;
end;
$$;

comment on function private.check_reservation(uuid, numeric, uuid, text) is
  'Names the argument that makes a reservation impossible.';

revoke all on function private.check_reservation(uuid, numeric, uuid, text)
  from public, anon, authenticated, service_role;
