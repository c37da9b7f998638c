-- Job endings: given up, failed, tried again, charged for, or cancelled.
--
-- Invariants
--   * Delivered means paid: a product stores its result only if charge_job() could charge it.
--   * An ended job never changes again.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.give_up_job(p_job public.generation_jobs, p_status public.job_status, p_error_code text, p_message text)
  returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
declare
  -- rule: failed-for-nothing
  v_settlement public.settlement_result := public.release_credits(p_job.user_id, p_job.id, p_error_code);
begin
  -- An operator may have confirmed it by hand: what is not delivered is not kept either.
  if v_settlement.outcome = 'already_confirmed' and v_settlement.charged > 0 -- rule: charged-by-hand-returns
    and exists (select from public.credit_accounts where user_id = p_job.user_id and erased_at is null) then
    perform credits_private.grant_batch(
      p_job.user_id, v_settlement.charged, 'adjustment', 'job:' || p_job.id || ':returned', null, 'Charged and not delivered'
    );
  end if;
  perform credits_private.end_attempt(p_job, p_error_code);
  update public.generation_jobs set error_message = left(p_message, 500) where id = p_job.id;
  return credits_private.set_job_status(p_job, p_status, p_error_code);
end;
$$;

comment on function credits_private.give_up_job(public.generation_jobs, public.job_status, text, text) is
  'Ends a job without a result and returns its credits. The caller holds the locks.';

create function credits_private.try_again_or_give_up(p_job public.generation_jobs, p_error_code text, p_message text)
  returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
declare
  v_settings credits_private.job_settings;
begin
  select * into v_settings from credits_private.job_settings where only_row;
  if p_job.attempt >= v_settings.max_attempts then -- rule: tried-at-most
    return credits_private.give_up_job(p_job, 'failed', p_error_code, p_message);
  end if;
  perform credits_private.end_attempt(p_job, p_error_code);
  perform public.extend_reservation(p_job.user_id, p_job.id);
  update public.generation_jobs
  set next_attempt_at = credits_private.clock()
    + v_settings.retry_delay * power(2, greatest(p_job.attempt - 1, 0)) -- rule: retried-later
  where id = p_job.id;
  return credits_private.set_job_status(p_job, 'queued');
end;
$$;

comment on function credits_private.try_again_or_give_up(public.generation_jobs, text, text) is
  'Queues a job for its next attempt, later each time, or ends it when it has had them all. The caller holds the locks.';

create function public.fail_job(
  p_job_id uuid,
  p_attempt integer,
  p_error_code text,
  p_message text default null,
  p_retryable boolean default false
) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
begin
  if v_job.id is null then
    return row('not_found', p_job_id, null, null, null, null)::public.job_result;
  elsif v_job.attempt is distinct from p_attempt then
    return credits_private.job_outcome('fenced', v_job);
  elsif v_job.status = 'failed' then
    return credits_private.job_outcome('already_failed', v_job);
  elsif v_job.status <> 'generating' then
    return credits_private.job_outcome('fenced', v_job);
  elsif p_retryable then
    v_job := credits_private.try_again_or_give_up(v_job, coalesce(p_error_code, 'failed'), p_message);
  else
    v_job := credits_private.give_up_job(v_job, 'failed', coalesce(p_error_code, 'failed'), p_message);
  end if;
  return credits_private.job_outcome(case v_job.status when 'queued' then 'requeued' else 'failed' end, v_job);
end;
$$;

comment on function public.fail_job(uuid, integer, text, text, boolean) is
  'An attempt failed: a retryable failure queues the job again while attempts are left, any other ends it and returns the credits in the same transaction. Outcomes: failed, requeued, already_failed, fenced (answered with another attempt, or the job has ended otherwise), not_found. Idempotent per attempt.';

revoke all on function public.fail_job(uuid, integer, text, text, boolean) from public, anon, authenticated, service_role;
grant execute on function public.fail_job(uuid, integer, text, text, boolean) to service_role;

create function credits_private.share_of(p_job public.generation_jobs, p_units integer) returns numeric
  language plpgsql immutable set search_path = ''
as $$
begin
  return trunc(p_job.cost * least(p_units, p_job.units_total) / p_job.units_total, 2); -- rule: share-of-price
end;
$$;

comment on function credits_private.share_of(public.generation_jobs, integer) is
  'What a job costs that delivers only so many of its units, rounded down to a hundredth.';

create function credits_private.settle_job(p_job public.generation_jobs, p_amount numeric default null)
  returns public.settlement_result
  language plpgsql set search_path = ''
as $$
declare
  v_usage public.usage_settlement;
begin
  if not exists (select from public.metered_jobs where user_id = p_job.user_id and job_id = p_job.id) then
    return public.confirm_credits(p_job.user_id, p_job.id, p_amount);
  end if;
  v_usage := public.settle_usage(p_job.user_id, p_job.id, credits_private.used_by(p_job)); -- rule: settled-by-usage
  return row(
    replace(v_usage.outcome, 'settled', 'confirmed'), p_job.id, v_usage.charged + v_usage.owed, v_usage.returned,
    v_usage.available, v_usage.reserved
  )::public.settlement_result;
end;
$$;

comment on function credits_private.settle_job(public.generation_jobs, numeric) is
  'Charges a job: p_amount of its price, or what it used where it is metered. As confirm_credits() answers.';

create function credits_private.charge_job(p_job public.generation_jobs, p_amount numeric) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_settlement public.settlement_result := credits_private.settle_job(p_job, p_amount);
begin
  -- An operator may have confirmed it by hand: what was charged must then be delivered, and is not charged again.
  if v_settlement.outcome in ('confirmed', 'confirmed_late', 'already_confirmed') then -- rule: charged-by-hand-delivers
    perform credits_private.end_attempt(p_job, 'delivered', v_settlement.charged);
    return v_settlement.charged;
  end if;
  perform credits_private.give_up_job(p_job, 'failed', 'reservation_expired', null);
  return null;
end;
$$;

comment on function credits_private.charge_job(public.generation_jobs, numeric) is
  'Charges a job that can be delivered; returns what was charged. Null when its credits are gone: then the job has ended as failed. The caller holds the locks.';

create function credits_private.may_complete(p_job public.generation_jobs, p_type text, p_attempt integer)
  returns text
  language sql immutable set search_path = ''
as $$
  select case
    when p_job.id is null or p_job.job_type <> p_type then 'not_found'
    when p_job.attempt is distinct from p_attempt then 'fenced' -- rule: answer-fenced
    when p_job.status = 'ready' then 'already_completed'
    when p_job.status <> 'generating' then 'fenced'
  end;
$$;

comment on function credits_private.may_complete(public.generation_jobs, text, integer) is
  'Why an answer changes nothing, or null when it may be stored.';

create function credits_private.charge_begun_work(p_job public.generation_jobs) returns boolean
  language plpgsql set search_path = ''
as $$
declare
  v_settlement public.settlement_result;
begin
  if p_job.status <> 'generating'
    or (select cancelled_work from credits_private.work_policy where only_row) <> 'charged' then -- rule: cancelled-counted
    return false;
  end if;
  v_settlement := credits_private.settle_job(p_job);
  if v_settlement.outcome not in ('confirmed', 'confirmed_late') then
    return false;
  end if;
  perform credits_private.end_attempt(p_job, 'cancelled', v_settlement.charged);
  return true;
end;
$$;

comment on function credits_private.charge_begun_work(public.generation_jobs) is
  'Whether a job that its owner gives up was charged, because it had been begun and the policy says so. The caller holds the locks.';

create function credits_private.cancel_if_alive(p_job_id uuid) returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
begin
  if v_job.status in ('queued', 'generating') and credits_private.charge_begun_work(v_job) then -- rule: cancelled-charged
    v_job := credits_private.set_job_status(v_job, 'cancelled', 'cancelled');
  elsif v_job.status in ('queued', 'generating') then
    v_job := credits_private.give_up_job(v_job, 'cancelled', 'cancelled', null);
  end if;
  return v_job;
end;
$$;

comment on function credits_private.cancel_if_alive(uuid) is 'Ends a job that has not ended and returns its credits, unless work on it had begun and the policy charges for that.';

create function public.cancel_job(p_user_id uuid, p_job_id uuid) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs;
  v_before public.job_status;
begin
  perform 1
  from public.generation_jobs
  where id = p_job_id
    and user_id = p_user_id; -- rule: own-job
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.job_result;
  end if;
  v_before := (credits_private.lock_job(p_job_id)).status;
  v_job := credits_private.cancel_if_alive(p_job_id);
  return credits_private.job_outcome(
    case
      when v_job.status <> 'cancelled' then 'already_ended'
      when v_before = 'cancelled' then 'already_cancelled'
      else 'cancelled'
    end,
    v_job
  );
end;
$$;

comment on function public.cancel_job(uuid, uuid) is
  'The owner gives a job up: its credits return in the same transaction. Once work on it has begun, that counts against the owner''s budget of unpaid work or, where the policy says so, is charged. Outcomes: cancelled, already_cancelled, already_ended (ready or failed: nothing changes), not_found. Idempotent.';

revoke all on function public.cancel_job(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.cancel_job(uuid, uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
