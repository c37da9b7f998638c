-- Job claims: how one worker gets a job, and keeps it alive.
--
-- Invariants: see jobs. Every function here finds the owner first, then locks the account, then the job.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.lock_job(p_job_id uuid) returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
declare
  v_job public.generation_jobs;
begin
  select * into v_job from public.generation_jobs where id = p_job_id;
  if found then
    perform credits_private.lock_account(v_job.user_id);
    select * into v_job from public.generation_jobs where id = p_job_id for update;
  end if;
  return v_job;
end;
$$;

comment on function credits_private.lock_job(uuid) is 'Locks a job''s account and then the job; all columns null when there is none.';

create function credits_private.job_outcome(p_outcome text, p_job public.generation_jobs, p_charged numeric default null)
  returns public.job_result
  language sql immutable set search_path = ''
as $$
  select p_outcome, p_job.id, p_job.status, p_job.user_id, p_job.resource_id, p_charged;
$$;

comment on function credits_private.job_outcome(text, public.generation_jobs, numeric) is 'An outcome and the job it is about.';

create function credits_private.set_job_status(p_job public.generation_jobs, p_status public.job_status, p_error_code text default null)
  returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
begin
  update public.generation_jobs
  set
    status = p_status,
    stage = case when p_status in ('queued', 'generating') then stage end,
    lease_expires_at = case when p_status = 'generating' then lease_expires_at end,
    units_done = case when p_status = 'ready' then units_total else units_done end,
    error_code = p_error_code
  where id = p_job.id
  returning * into p_job;
  execute format(
    'select %s($1)', (select follow_function from credits_private.job_kinds where job_type = p_job.job_type)
  ) using p_job;
  return p_job;
end;
$$;

comment on function credits_private.set_job_status(public.generation_jobs, public.job_status, text) is
  'Moves a job to a status, and what it makes with it. The caller holds the locks.';

create function credits_private.job_request(p_job public.generation_jobs) returns jsonb
  language plpgsql stable set search_path = ''
as $$
declare
  v_request jsonb;
begin
  execute format(
    'select %s($1)', (select request_function from credits_private.job_kinds where job_type = p_job.job_type)
  ) into v_request using p_job;
  return v_request;
end;
$$;

comment on function credits_private.job_request(public.generation_jobs) is 'What the generation backend is asked for.';

create function credits_private.can_be_charged(p_job public.generation_jobs) returns boolean
  language sql stable set search_path = ''
as $$
  select r.status = 'reserved' or (r.settle_reason = 'expired' and a.available >= r.reserved_amount)
  from public.credit_usage_logs r
  join public.credit_accounts a on a.user_id = r.user_id
  where r.user_id = p_job.user_id and r.job_id = p_job.id;
$$;

comment on function credits_private.can_be_charged(public.generation_jobs) is
  'Whether a late confirm would find the credits of a job whose hold has expired. The caller holds the account''s lock.';

create function public.claim_job(p_job_id uuid default null, p_worker text default null, p_job_type text default null)
  returns public.job_claim_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_candidate record;
  v_now timestamptz := credits_private.clock();
  v_lease interval := (select lease from credits_private.job_settings where only_row);
  v_job public.generation_jobs;
  v_hold public.extension_result;
begin
  if p_job_type is not null and not exists (select from credits_private.job_kinds where job_type = p_job_type) then
    perform credits_private.refuse_argument('p_job_type', 'must be a kind of job');
  end if;

  -- A named job is found by its key alone: with its status beside it, a plan made while few jobs were queued would look
  -- for it among all that are.
  for v_candidate in
    select id, user_id from public.generation_jobs where id = p_job_id
    union all
    (
      select id, user_id
      from public.generation_jobs
      where p_job_id is null
        and status = 'queued'
        and next_attempt_at <= v_now
        and (p_job_type is null or job_type = p_job_type)
      order by next_attempt_at
      limit 1000
    )
  loop
    -- Whoever asks for any job leaves a busy account alone and looks further: that job stays due. All jobs of one busy
    -- user may be due first; the rate limits allow no thousand of them at once. Whoever names a job waits for it.
    if p_job_id is null then
      perform 1 from public.credit_accounts where user_id = v_candidate.user_id for no key update skip locked;
      continue when not found;
    else
      perform credits_private.lock_account(v_candidate.user_id);
    end if;
    select * into v_job from public.generation_jobs where id = v_candidate.id for update;
    continue when not found
      or v_job.status <> 'queued' -- rule: claimed-once
      or v_job.next_attempt_at > v_now
      or v_job.job_type <> p_job_type;
    v_hold := public.extend_reservation(v_job.user_id, v_job.id, v_lease + credits_private.hold());
    -- rule: can-be-charged
    if v_hold.outcome in ('expired', 'already_released') and not credits_private.can_be_charged(v_job) then
      -- Nobody is asked for what could not be paid for any more.
      perform credits_private.give_up_job(v_job, 'failed', 'reservation_expired', null);
      continue;
    end if;
    update public.generation_jobs
    set attempt = attempt + 1, worker = p_worker, status = 'generating', lease_expires_at = v_now + v_lease
    where id = v_job.id
    returning * into v_job;
    perform credits_private.begin_attempt(v_job);
    v_job := credits_private.set_job_status(v_job, 'generating');
    return row(
      'claimed', v_job.id, v_job.job_type, v_job.attempt, v_job.user_id, v_job.resource_id,
      credits_private.job_request(v_job), v_job.lease_expires_at
    )::public.job_claim_result;
  end loop;
  return row('none', p_job_id, null, null, null, null, null, null)::public.job_claim_result;
end;
$$;

comment on function public.claim_job(uuid, text, text) is
  'Hands one due job (or the one named) to one worker for the length of a lease and keeps its reservation alive; a job whose credits were swept and spent ends as failed instead. Outcomes: claimed (with the attempt to answer with), none. Not idempotent: each claim is a new attempt. Raises 22023 for an unknown p_job_type.';

revoke all on function public.claim_job(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.claim_job(uuid, text, text) to service_role;

create function public.heartbeat_job(
  p_job_id uuid,
  p_attempt integer,
  p_units_done integer default null,
  p_stage text default null
) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
begin
  if v_job.id is null then
    return row('not_found', p_job_id, null, null, null, null)::public.job_result;
  elsif v_job.status <> 'generating'
    or v_job.attempt is distinct from p_attempt then -- rule: heartbeat-fenced
    return credits_private.job_outcome('fenced', v_job);
  end if;
  perform public.extend_reservation(v_job.user_id, p_job_id);
  update public.generation_jobs
  set
    lease_expires_at = credits_private.clock() + (select lease from credits_private.job_settings where only_row),
    units_done = greatest(units_done, least(coalesce(p_units_done, 0), units_total)),
    stage = coalesce(left(p_stage, 100), stage)
  where id = p_job_id
  returning * into v_job;
  return credits_private.job_outcome('alive', v_job);
end;
$$;

comment on function public.heartbeat_job(uuid, integer, integer, text) is
  'A worker''s sign of life: renews the lease and the reservation, notes progress (which never goes back). Outcomes: alive, fenced (another attempt or the end came before: stop working), not_found. Idempotent.';

revoke all on function public.heartbeat_job(uuid, integer, integer, text)
  from public, anon, authenticated, service_role;
grant execute on function public.heartbeat_job(uuid, integer, integer, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
