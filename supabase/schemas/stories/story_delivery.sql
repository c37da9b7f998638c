-- Stories as a kind of job: what the backend is asked for, what delivering stores, what deleting removes.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.story_request(p_job public.generation_jobs) returns jsonb
  language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'prompt', s.prompt, 'age_min', s.age_min, 'age_max', s.age_max, 'pages', s.page_count, 'language', s.language
  )
  from public.stories s
  where s.id = p_job.resource_id;
$$;

comment on function credits_private.story_request(public.generation_jobs) is
  'What the generation backend is asked for: {prompt, age_min, age_max, pages, language}.';

create function credits_private.follow_story(p_job public.generation_jobs) returns void
  language sql set search_path = ''
as $$
  update public.stories set status = p_job.status, error_code = p_job.error_code where id = p_job.resource_id;
$$;

comment on function credits_private.follow_story(public.generation_jobs) is 'Brings a story to the status of its job.';

insert into credits_private.job_kinds (job_type, policy, request_function, follow_function)
values ('story', 'story_create', 'credits_private.story_request', 'credits_private.follow_story');

-- The longest prompt, the most pages, the ages: here and nowhere else.
insert into credits_private.job_request_fields (job_type, position, field, kind, least, most, required, fallback)
values
  ('story', 1, 'prompt', 'text', 3, 1000, true, null),
  ('story', 2, 'age_min', 'integer', 2, 12, true, null),
  ('story', 3, 'age_max', 'integer', 2, 12, true, null),
  ('story', 4, 'pages', 'integer', 1, 60, false, '8'),
  ('story', 5, 'language', 'language', null, null, false, '"en"');

create function credits_private.well_formed_pages(p_pages jsonb, p_at_most integer) returns boolean
  language sql immutable set search_path = ''
as $$
  select case
    when jsonb_typeof(p_pages) is distinct from 'array' then false
    when jsonb_array_length(p_pages) not between 1 and p_at_most then false
    else (
      -- bool_and() would pass over the null of a page that has no text at all.
      -- rule: page-has-text
      select bool_and(coalesce(jsonb_typeof(page -> 'text') = 'string' and credits_private.visible_length(page ->> 'text') > 0, false))
      from jsonb_array_elements(p_pages) page
    )
  end;
$$;

comment on function credits_private.well_formed_pages(jsonb, integer) is
  'Whether pages are what a story needs: at least one, no more than were paid for, each with text.';

create function public.complete_story(p_job_id uuid, p_attempt integer, p_title text, p_pages jsonb)
  returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
  v_refusal text := credits_private.may_complete(v_job, 'story', p_attempt);
  v_title text := left(btrim(p_title), 200);
  v_charged numeric;
begin
  if v_refusal is not null then
    return credits_private.job_outcome(v_refusal, v_job);
  elsif (credits_private.visible_length(v_title) > 0) is not true -- rule: title-has-text
    or not credits_private.well_formed_pages(p_pages, v_job.units_total)
  then
    return credits_private.job_outcome('invalid', v_job);
  end if;

  v_charged := credits_private.charge_job(v_job, credits_private.share_of(v_job, jsonb_array_length(p_pages)));
  if v_charged is null then -- rule: story-paid
    return credits_private.job_outcome('expired', credits_private.lock_job(p_job_id));
  end if;
  update public.stories
  set
    book_refusal = (credits_private.check_settable(null, v_title, p_pages)).message, -- rule: known-refusal
    title = v_title, pages = p_pages, page_count = jsonb_array_length(p_pages)
  where id = v_job.resource_id;
  v_job := credits_private.set_job_status(v_job, 'ready');
  return credits_private.job_outcome('completed', v_job, v_charged);
end;
$$;

comment on function public.complete_story(uuid, integer, text, jsonb) is
  'Stores a story and charges for the pages delivered, in one transaction. p_pages is [{text, image_prompt}]. Outcomes: completed; already_completed; fenced (answered with another attempt, or the job has ended otherwise); invalid (no title, no pages, more pages than were paid for, or one without text: nothing changes); expired (its credits were gone: failed, nothing charged); not_found. Idempotent per attempt.';

revoke all on function public.complete_story(uuid, integer, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.complete_story(uuid, integer, text, jsonb) to service_role;

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
  perform credits_private.cancel_if_alive(v_job_id); -- rule: deleted-is-cancelled
  delete from public.stories where id = p_story_id; -- rule: deleted-is-gone
  -- Somebody else may have deleted it while this waited.
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  return row('deleted', '{}')::public.deletion_result;
end;
$$;

comment on function public.delete_story(uuid, uuid) is
  'Deletes a story of its owner, its prompt included; an unfinished one is cancelled first and its credits return. Books made of it stay. Outcomes: deleted, not_found (also when it was deleted before). Idempotent but for that.';

revoke all on function public.delete_story(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.delete_story(uuid, uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
