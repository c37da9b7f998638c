-- Jobs: one row for each piece of work, from admission to delivery, whatever product it is for.
--
-- Invariants
--   * A job is paid for by the reservation with its id. Its end and the reservation's are one transaction: ready and
--     confirmed, or failed and released.
--   * One worker at a time: claiming raises the attempt, and whoever answers with an older attempt changes nothing.
--   * While a job is alive its reservation is kept alive, up to the reservation's maximum lifetime.
--
-- Lock order: ARCHITECTURE.md.
--
-- The indexes of due and of leased jobs are partial on status, so no look-up by key mentions it: a plan made while
-- those indexes were nearly empty would look for one job among all that are due.

create type public.job_status as enum ('queued', 'generating', 'ready', 'failed', 'cancelled');

create table public.generation_jobs (
  id uuid primary key,
  user_id uuid not null,
  job_type text not null,
  resource_id uuid not null,
  status public.job_status not null default 'queued',
  stage text,
  units_done integer not null default 0,
  units_total integer not null check (units_total >= 1),
  attempt integer not null default 0,
  worker text,
  lease_expires_at timestamptz,
  next_attempt_at timestamptz not null default now(),
  idempotency_key text,
  request_digest text,
  cost public.credit_amount not null,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((status = 'generating') = (lease_expires_at is not null))
) with (fillfactor = 70);

comment on table public.generation_jobs is
  'Work that was paid for by the reservation with the job''s id. resource_id is what it makes, units are what the product counts in, such as pages.';

create index generation_jobs_due on public.generation_jobs (next_attempt_at) where status = 'queued';
create index generation_jobs_leased on public.generation_jobs (lease_expires_at) where status = 'generating';
-- Also finds an owner's jobs: a job without a key is in it, and nulls are distinct.
create unique index generation_jobs_idempotency_key on public.generation_jobs (user_id, idempotency_key);

create trigger generation_jobs_touch before update on public.generation_jobs
  for each row execute function credits_private.touch_updated_at();

alter table public.generation_jobs enable row level security;

create policy "owners follow their jobs" on public.generation_jobs
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.generation_jobs from public, anon, authenticated, service_role;
grant select on public.generation_jobs to service_role;
grant select (
  id, user_id, job_type, resource_id, status, stage, units_done, units_total, attempt, next_attempt_at, cost, error_code,
  created_at, updated_at
) on public.generation_jobs to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('generation_jobs', 'jobs', 'emptied', 'idempotency keys and error messages can hold what the user wrote');

do $$
begin
  -- Realtime streams progress where the project has it.
  if exists (select from pg_publication where pubname = 'supabase_realtime') then
    alter publication supabase_realtime add table public.generation_jobs;
  end if;
end;
$$;

create table credits_private.job_settings (
  only_row boolean primary key default true check (only_row),
  lease interval not null default '2 minutes' check (lease > interval '0' and lease <= interval '12 hours'),
  max_attempts integer not null default 3 check (max_attempts >= 1),
  retry_delay interval not null default '15 seconds' check (retry_delay >= interval '0')
);

comment on table credits_private.job_settings is
  'How long a worker may be silent, how often a job is tried, and the delay before the second attempt (it doubles).';

insert into credits_private.job_settings default values;

alter table credits_private.job_settings enable row level security;

create policy "nobody but the functions" on credits_private.job_settings using (false);

revoke all on credits_private.job_settings from public, anon, authenticated, service_role;

create type public.deletion_result as (outcome text, files text[]);

comment on type public.deletion_result is
  'What became of something that a job had made, or was to make; files are what the caller removes from its bucket.';

create type public.job_claim_result as (
  outcome text,
  job_id uuid,
  job_type text,
  attempt integer,
  user_id uuid,
  resource_id uuid,
  request jsonb,
  lease_expires_at timestamptz
);

create type public.job_result as (
  outcome text,
  job_id uuid,
  status public.job_status,
  user_id uuid,
  resource_id uuid,
  charged numeric
);
