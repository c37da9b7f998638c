-- Job endings: delivered (and charged in the same transaction), cancelled, deleted, or given up by the sweep.
--
-- Invariants
--   * Delivered means paid: the result is stored only if its reservation could be charged.
--   * An ended job never changes again.
--
-- Lock order: account -> batches -> reservation -> job -> story or book.

create type public.deletion_result as (outcome text, pdf_paths text[]);

create function private.charge_job(p_job public.generation_jobs, p_pages integer, out paid boolean, out charged numeric)
  language plpgsql set search_path = ''
as $$
declare
  v_settlement public.settlement_result;
begin
  v_settlement := public.confirm_credits(
    p_job.id, p_job.user_id,
    case when p_pages < p_job.pages_total then trunc(p_job.cost * p_pages / p_job.pages_total, 2) end
  );
  -- An operator may have confirmed it by hand: what was charged must then be delivered, and is not charged again.
  paid := v_settlement.outcome in ('confirmed', 'confirmed_late', 'already_confirmed');
  charged := v_settlement.charged;
end;
$$;

comment on function private.charge_job(public.generation_jobs, integer) is
  'Charges a job for the pages it delivered, in proportion when they are fewer than were asked for.';

revoke all on function private.charge_job(public.generation_jobs, integer) from public, anon, authenticated, service_role;

create function private.may_complete(p_job public.generation_jobs, p_type public.job_type, p_attempt integer)
  returns text
  language sql immutable set search_path = ''
as $$
  select case
    when p_job.id is null or p_job.job_type <> p_type then 'not_found'
    when p_job.attempt is distinct from p_attempt then 'fenced'
    when p_job.status = 'ready' then 'already_completed'
    when p_job.status <> 'generating' then 'fenced'
  end;
$$;

comment on function private.may_complete(public.generation_jobs, public.job_type, integer) is
  'Why an answer changes nothing, or null when it may be stored.';

revoke all on function private.may_complete(public.generation_jobs, public.job_type, integer)
  from public, anon, authenticated, service_role;

create function private.well_formed_pages(p_pages jsonb, p_at_most integer) returns boolean
  language sql immutable set search_path = ''
as $$
  select case
    when jsonb_typeof(p_pages) is distinct from 'array' then false
    when jsonb_array_length(p_pages) not between 1 and p_at_most then false
    else (
      -- bool_and() would pass over the null of a page that has no text at all.
      select bool_and(coalesce(jsonb_typeof(page -> 'text') = 'string' and page ->> 'text' ~ '\S', false))
      from jsonb_array_elements(p_pages) page
    )
  end;
$$;

comment on function private.well_formed_pages(jsonb, integer) is
  'Whether pages are what a story needs: at least one, no more than were paid for, each with text.';

revoke all on function private.well_formed_pages(jsonb, integer) from public, anon, authenticated, service_role;

create function public.complete_story(p_job_id uuid, p_attempt integer, p_title text, p_pages jsonb)
  returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := private.lock_job(p_job_id);
  v_refusal text := private.may_complete(v_job, 'story', p_attempt);
  v_charge record;
begin
  if v_refusal is not null then
    return private.job_outcome(v_refusal, v_job);
  elsif (p_title ~ '\S') is not true or not private.well_formed_pages(p_pages, v_job.pages_total) then
    return private.job_outcome('invalid', v_job);
  end if;

  v_charge := private.charge_job(v_job, jsonb_array_length(p_pages));
  if not v_charge.paid then
    v_job := private.give_up_job(v_job, 'failed', 'reservation_expired', null);
    return private.job_outcome('expired', v_job);
  end if;
  update public.stories
  set title = left(btrim(p_title), 200), pages = p_pages, page_count = jsonb_array_length(p_pages)
  where id = v_job.resource_id;
  v_job := private.set_job_status(v_job, 'ready');
  return private.job_outcome('completed', v_job, v_charge.charged);
end;
$$;

comment on function public.complete_story(uuid, integer, text, jsonb) is
  'Stores a story and charges for the pages delivered, in one transaction. p_pages is [{text, image_prompt}]. Outcomes: completed; already_completed; fenced (answered with another attempt, or the job has ended otherwise); invalid (no title, no pages, more pages than were paid for, or one without text: nothing changes); expired (its credits were gone: failed, nothing charged); not_found. Idempotent per attempt.';

revoke all on function public.complete_story(uuid, integer, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.complete_story(uuid, integer, text, jsonb) to service_role;

create function public.complete_book(
  p_job_id uuid,
  p_attempt integer,
  p_pdf_path text,
  p_page_count integer,
  p_byte_size integer
) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := private.lock_job(p_job_id);
  v_refusal text := private.may_complete(v_job, 'book', p_attempt);
  v_charge record;
begin
  if v_refusal is not null then
    return private.job_outcome(v_refusal, v_job);
  elsif p_pdf_path is distinct from v_job.user_id || '/' || v_job.resource_id || '.pdf'
    or (p_page_count between 1 and v_job.pages_total) is not true
    or (p_byte_size > 0) is not true then
    return private.job_outcome('invalid', v_job);
  end if;

  v_charge := private.charge_job(v_job, p_page_count);
  if not v_charge.paid then
    v_job := private.give_up_job(v_job, 'failed', 'reservation_expired', null);
    return private.job_outcome('expired', v_job);
  end if;
  update public.books
  set pdf_path = p_pdf_path, pdf_bytes = p_byte_size, page_count = p_page_count
  where id = v_job.resource_id;
  v_job := private.set_job_status(v_job, 'ready');
  return private.job_outcome('completed', v_job, v_charge.charged);
end;
$$;

comment on function public.complete_book(uuid, integer, text, integer, integer) is
  'Makes a stored PDF the book and charges for the story pages in it, in one transaction. p_pdf_path must be {user_id}/{book_id}.pdf. Outcomes: completed, already_completed, fenced, invalid (path, page count or size cannot be: nothing changes), expired (its credits were gone: failed, nothing charged), not_found. Idempotent per attempt.';

revoke all on function public.complete_book(uuid, integer, text, integer, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.complete_book(uuid, integer, text, integer, integer) to service_role;

create function private.cancel_if_alive(p_job_id uuid) returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
declare
  v_job public.generation_jobs := private.lock_job(p_job_id);
begin
  if v_job.status in ('queued', 'generating') then
    v_job := private.give_up_job(v_job, 'cancelled', 'cancelled', null);
  end if;
  return v_job;
end;
$$;

comment on function private.cancel_if_alive(uuid) is 'Ends a job that has not ended and returns its credits.';

revoke all on function private.cancel_if_alive(uuid) from public, anon, authenticated, service_role;

create function public.cancel_job(p_user_id uuid, p_job_id uuid) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs;
  v_before public.job_status;
begin
  perform 1 from public.generation_jobs where id = p_job_id and user_id = p_user_id;
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.job_result;
  end if;
  v_before := (private.lock_job(p_job_id)).status;
  v_job := private.cancel_if_alive(p_job_id);
  return private.job_outcome(
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
  'The owner gives a job up: its credits return in the same transaction. Outcomes: cancelled, already_cancelled, already_ended (ready or failed: nothing changes), not_found. Idempotent.';

revoke all on function public.cancel_job(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.cancel_job(uuid, uuid) to service_role;

create function public.delete_story(p_user_id uuid, p_story_id uuid) returns public.deletion_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job_id uuid;
begin
  select job_id into v_job_id from public.stories where id = p_story_id and user_id = p_user_id;
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  perform private.cancel_if_alive(v_job_id);
  delete from public.stories where id = p_story_id;
  -- Somebody else may have deleted it while this waited.
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  update public.credit_usage_logs set metadata = metadata - 'prompt' where user_id = p_user_id and job_id = v_job_id;
  return row('deleted', '{}')::public.deletion_result;
end;
$$;

comment on function public.delete_story(uuid, uuid) is
  'Deletes a story of its owner, and its prompt from the history; an unfinished one is cancelled first and its credits return. Books made of it stay. Outcomes: deleted, not_found (also when it was deleted before). Idempotent but for that.';

revoke all on function public.delete_story(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.delete_story(uuid, uuid) to service_role;

create function public.delete_book(p_user_id uuid, p_book_id uuid) returns public.deletion_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_book public.books;
begin
  select * into v_book from public.books where id = p_book_id and user_id = p_user_id;
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  perform private.cancel_if_alive(v_book.job_id);
  delete from public.books where id = p_book_id;
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  update public.credit_usage_logs set metadata = metadata - 'title' where user_id = p_user_id and job_id = v_book.job_id;
  -- The path is named even when the book was never ready: a worker may have stored the file already.
  return row('deleted', array[v_book.user_id || '/' || v_book.id || '.pdf'])::public.deletion_result;
end;
$$;

comment on function public.delete_book(uuid, uuid) is
  'Deletes a book of its owner, and its title from the history; an unfinished one is cancelled first and its credits return. pdf_paths are the files that the caller removes from the bucket. Outcomes: deleted, not_found (also when it was deleted before). Idempotent but for that.';

revoke all on function public.delete_book(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.delete_book(uuid, uuid) to service_role;

create function public.requeue_stale_jobs() returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz := private.clock();
  v_lifetime interval := (select reservation_max_lifetime from private.credit_settings);
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
              and r.expires_at between v_now and v_now + interval '12 minutes'
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
    if v_job.created_at <= v_now - v_lifetime then
      v_job := private.give_up_job(v_job, 'failed', 'timed_out', null);
      v_count := v_count + 1;
    elsif v_job.status = 'generating' then
      v_job := private.try_again_or_give_up(v_job, 'lease_expired', null);
      v_count := v_count + 1;
    else
      perform public.extend_reservation(v_job.id, v_job.user_id, least(v_lifetime, interval '24 hours'));
    end if;
  end loop;
  return v_count;
end;
$$;

comment on function public.requeue_stale_jobs() is
  'Queues jobs whose worker has fallen silent, ends those that had all their attempts or are too old (their credits return), and keeps the reservations of waiting ones alive; returns how many it queued or ended. Idempotent.';

revoke all on function public.requeue_stale_jobs() from public, anon, authenticated, service_role;
grant execute on function public.requeue_stale_jobs() to service_role;
