-- Job sweep and erasure: what becomes of jobs whose worker fell silent, and of those of a user who leaves.
--
-- Lock order: ARCHITECTURE.md.

create function public.requeue_stale_jobs() returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_lifetime interval := (
    select reservation_max_lifetime from credits_private.credit_settings where only_row
  );
  v_candidate record;
  v_job public.generation_jobs;
  v_count integer := 0;
begin
  for v_candidate in
    -- What is done to a job takes it out of this list, so that the first thousand never hide those behind them: a
    -- waiting job's hold is extended once, to the end of its lifetime.
    select j.id, j.user_id
    from public.generation_jobs j
    where (j.status = 'generating' and j.lease_expires_at <= v_now)
      or (
        j.status = 'queued'
        and (
          j.created_at <= v_now - v_lifetime
          or exists (
            select from public.credit_usage_logs r
            where r.user_id = j.user_id and r.job_id = j.id and r.settled_at is null
              and r.expires_at between v_now and v_now + credits_private.hold() - interval '3 minutes'
              and r.expires_at < r.created_at + v_lifetime
          )
        )
      )
    order by j.next_attempt_at
    limit 1000
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_candidate.user_id for no key update skip locked;
    continue when not found;
    select * into v_job from public.generation_jobs where id = v_candidate.id for update;
    continue when not found or v_job.status not in ('queued', 'generating') or v_job.lease_expires_at > v_now;
    begin
      if v_job.created_at <= v_now - v_lifetime then -- rule: waits-at-most
        v_job := credits_private.give_up_job(v_job, 'failed', 'timed_out', null);
        v_count := v_count + 1;
      elsif v_job.status = 'generating' then
        v_job := credits_private.try_again_or_give_up(v_job, 'lease_expired', null);
        v_count := v_count + 1;
      else
        perform public.extend_reservation(
          v_job.user_id,
          v_job.id,
          least(v_lifetime, interval '24 hours') -- rule: waiting-is-held
        );
      end if;
    exception when others then
      -- One account that fails must not keep everybody else's jobs.
      raise warning 'job % of user % was passed over: % (%)', v_job.id, v_job.user_id, sqlerrm, sqlstate; -- rule: requeue-goes-on
    end;
  end loop;
  perform credits_private.note_run('requeue_stale_jobs', v_count);
  return v_count;
end;
$$;

comment on function public.requeue_stale_jobs() is
  'Queues jobs whose worker has fallen silent, ends those that had all their attempts or are too old (their credits return), and keeps the reservations of waiting ones alive; returns how many it queued or ended. One that makes it fail is passed over with a warning. Idempotent.';

revoke all on function public.requeue_stale_jobs() from public, anon, authenticated, service_role;
grant execute on function public.requeue_stale_jobs() to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('requeue_stale_jobs', 1);

create function credits_private.erase_jobs(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
declare
  v_job_id uuid;
begin
  for v_job_id in
    select id from public.generation_jobs where user_id = p_user_id and status in ('queued', 'generating') order by id
  loop
    perform credits_private.cancel_if_alive(v_job_id);
  end loop;
  update public.generation_jobs
  set idempotency_key = null, request_digest = null, error_message = null, worker = null
  where user_id = p_user_id;
  return null;
end;
$$;

comment on function credits_private.erase_jobs(uuid) is
  'Erasure: cancels a user''s unfinished jobs and empties what the others say in words. The account is locked.';

insert into credits_private.erasure_steps (position, step) values (50, 'credits_private.erase_jobs');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
