-- Jobs: one row per generation, from admission to delivery.
--
-- Invariants
--   * A job is paid for by the reservation with its id. Its end and the reservation's are one transaction: ready and
--     confirmed, or failed and released.
--   * One worker at a time: claiming raises the attempt, and whoever answers with an older attempt changes nothing.
--   * While a job is alive its reservation is kept alive, up to the reservation's maximum lifetime.
--
-- Lock order: rate limit -> account -> batches -> reservation -> job.
--
-- The indexes of due and of leased jobs are partial on status, so no look-up by key mentions it: a plan made while
-- those indexes were nearly empty would look for one job among all that are due.

create type public.job_status as enum ('queued', 'generating', 'ready', 'failed', 'cancelled');

create type public.job_type as enum ('story', 'book');

create domain public.page_count as integer check (value between 1 and 60);

comment on domain public.page_count is 'How many pages a job or a book can have (H4).';

create table public.generation_jobs (
  id uuid primary key,
  user_id uuid not null,
  job_type public.job_type not null,
  resource_id uuid not null,
  status public.job_status not null default 'queued',
  stage text,
  pages_done integer not null default 0,
  pages_total public.page_count not null,
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
  'Jobs of story-api and book-api. id is also the id of the reservation that pays for it; resource_id the story or book it makes.';

create index generation_jobs_due on public.generation_jobs (next_attempt_at) where status = 'queued';
create index generation_jobs_leased on public.generation_jobs (lease_expires_at) where status = 'generating';
-- Also finds an owner's jobs: a job without a key is in it, and nulls are distinct.
create unique index generation_jobs_idempotency_key on public.generation_jobs (user_id, idempotency_key);

create trigger generation_jobs_touch before update on public.generation_jobs
  for each row execute function private.touch_updated_at();

alter table public.generation_jobs enable row level security;

create policy "owners follow their jobs" on public.generation_jobs
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.generation_jobs from public, anon, authenticated, service_role;
grant select on public.generation_jobs to service_role;
grant select (
  id, user_id, job_type, resource_id, status, stage, pages_done, pages_total, attempt, cost, error_code,
  created_at, updated_at
) on public.generation_jobs to authenticated;

do $$
begin
  -- Realtime streams progress where the project has it.
  if exists (select from pg_publication where pubname = 'supabase_realtime') then
    alter publication supabase_realtime add table public.generation_jobs;
  end if;
end;
$$;

create table private.job_settings (
  only_row boolean primary key default true check (only_row),
  lease interval not null default '2 minutes' check (lease > interval '0'),
  max_attempts integer not null default 3 check (max_attempts >= 1),
  retry_delay interval not null default '15 seconds' check (retry_delay >= interval '0')
);

comment on table private.job_settings is
  'How long a worker may be silent, how often a job is tried, and the delay before the second attempt (it doubles).';

insert into private.job_settings default values;

alter table private.job_settings enable row level security;

create policy "nobody but the functions" on private.job_settings using (false);

revoke all on private.job_settings from public, anon, authenticated, service_role;

create type public.admission_result as (
  outcome text,
  code text,
  field text,
  message text,
  resource_id uuid,
  job_id uuid,
  status public.job_status,
  cost numeric,
  required numeric,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create type public.job_claim_result as (
  outcome text,
  job_id uuid,
  job_type public.job_type,
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

create function private.digest_of(p_job_type public.job_type, p_request jsonb) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  return encode(sha256(convert_to(p_job_type || ':' || p_request::text, 'UTF8')), 'hex');
end;
$$;

comment on function private.digest_of(public.job_type, jsonb) is
  'What an idempotency key stands for: equal requests have equal digests, whatever the order of their fields.';

revoke all on function private.digest_of(public.job_type, jsonb) from public, anon, authenticated, service_role;

create function private.earlier_admission(p_user_id uuid, p_job_type public.job_type, p_request jsonb, p_key text)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_job public.generation_jobs;
  v_result public.admission_result;
begin
  select * into v_job from public.generation_jobs where user_id = p_user_id and idempotency_key = p_key;
  if not found then
    return null;
  end if;
  if v_job.request_digest = private.digest_of(p_job_type, p_request) then
    v_result.outcome := 'already_accepted';
    v_result.resource_id := v_job.resource_id;
    v_result.job_id := v_job.id;
    v_result.status := v_job.status;
    v_result.cost := v_job.cost;
  else
    v_result.outcome := 'idempotency_mismatch';
    v_result.code := 'idempotency_key_reused';
    v_result.message := 'Idempotency-Key was used with another request';
  end if;
  return v_result;
end;
$$;

comment on function private.earlier_admission(uuid, public.job_type, jsonb, text) is
  'What an idempotency key was used for before; all columns null when it is new.';

revoke all on function private.earlier_admission(uuid, public.job_type, jsonb, text)
  from public, anon, authenticated, service_role;

create function private.refused(p_code text, p_field text, p_message text) returns public.admission_result
  language plpgsql immutable set search_path = ''
as $$
declare
  v_result public.admission_result;
begin
  v_result.outcome := 'invalid';
  v_result.code := p_code;
  v_result.field := p_field;
  v_result.message := p_message;
  return v_result;
end;
$$;

comment on function private.refused(text, text, text) is 'The outcome of a request that breaks a rule.';

revoke all on function private.refused(text, text, text) from public, anon, authenticated, service_role;

create function private.with_rate(p_result public.admission_result, p_check private.rate_check)
  returns public.admission_result
  language plpgsql immutable set search_path = ''
as $$
begin
  p_result.rate_limit := p_check.max_requests;
  p_result.rate_remaining := p_check.remaining;
  p_result.rate_window_seconds := p_check.window_seconds;
  p_result.retry_after_seconds := p_check.retry_after_seconds;
  return p_result;
end;
$$;

comment on function private.with_rate(public.admission_result, private.rate_check) is
  'An admission together with what is left of the caller''s rate limit.';

revoke all on function private.with_rate(public.admission_result, private.rate_check)
  from public, anon, authenticated, service_role;

create function private.admit_job(
  p_user_id uuid,
  p_job_type public.job_type,
  p_resource_id uuid,
  p_request jsonb,
  p_idempotency_key text,
  p_price_action text,
  p_pages integer,
  p_metadata jsonb,
  p_now timestamptz
) returns public.admission_result
  language plpgsql set search_path = ''
as $$
declare
  v_price record := private.price_of(p_price_action, p_pages);
  v_job_id uuid := private.uuid_v7();
  v_reservation public.reservation_result;
  v_result public.admission_result;
begin
  v_reservation := public.reserve_credits(
    p_user_id, v_price.cost, v_job_id, p_job_type::text, initcap(p_job_type::text),
    p_metadata || v_price.details
  );
  v_result.cost := v_price.cost;
  if v_reservation.outcome <> 'reserved' then
    v_result.outcome := v_reservation.outcome;
    v_result.required := v_price.cost;
    return v_result;
  end if;

  insert into public.generation_jobs (
    id, user_id, job_type, resource_id, pages_total, idempotency_key, request_digest, cost, next_attempt_at, created_at
  )
  values (
    v_job_id, p_user_id, p_job_type, p_resource_id, p_pages, p_idempotency_key,
    case when p_idempotency_key is not null then private.digest_of(p_job_type, p_request) end,
    v_price.cost, p_now, p_now
  );
  v_result.outcome := 'accepted';
  v_result.resource_id := p_resource_id;
  v_result.job_id := v_job_id;
  v_result.status := 'queued';
  return v_result;
end;
$$;

comment on function private.admit_job(uuid, public.job_type, uuid, jsonb, text, text, integer, jsonb, timestamptz) is
  'Price, reservation and job of an admission. With an idempotency key the caller has locked the account and made sure that the key is new.';

revoke all on function private.admit_job(uuid, public.job_type, uuid, jsonb, text, text, integer, jsonb, timestamptz)
  from public, anon, authenticated, service_role;
