-- Stories: what a user asked for, and what was written.
--
-- Invariants
--   * Admission (rate limit, validation, price, reservation, job) is one transaction and returns its outcome, so
--     that a refusal keeps the record of having been asked (M4).
--   * Only the owner reads a story; only the functions write it.
--
-- Lock order: rate limit -> account -> batches -> reservation -> job -> story.

create table public.stories (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null,
  job_id uuid not null unique,
  status public.job_status not null default 'queued',
  prompt text not null,
  age_min integer not null,
  age_max integer not null,
  language text not null,
  page_count integer not null,
  title text,
  pages jsonb,
  error_code text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (status <> 'ready' or (title is not null and jsonb_typeof(pages) = 'array'))
);

comment on table public.stories is
  'Stories. pages is [{text, image_prompt}], null until ready; page_count what was asked for, then what was delivered.';

create index stories_by_user on public.stories (user_id, id desc);

create trigger stories_touch before update on public.stories
  for each row execute function private.touch_updated_at();

alter table public.stories enable row level security;

create policy "owners read their stories" on public.stories
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.stories from public, anon, authenticated, service_role;
grant select on public.stories to authenticated, service_role;

create view public.story_progress with (security_invoker = true) as
select
  s.id, s.user_id, s.title, s.status, s.prompt, s.age_min, s.age_max, s.language, s.page_count, s.pages, s.error_code,
  s.created_at, s.updated_at,
  jsonb_build_object(
    'id', j.id, 'status', j.status, 'stage', j.stage, 'pages_done', j.pages_done, 'pages_total', j.pages_total,
    'attempt', j.attempt
  ) as job
from public.stories s
join public.generation_jobs j on j.id = s.job_id;

comment on view public.story_progress is
  'Stories and how far their jobs have come, as of one moment: what a caller who waits for a story asks for.';

revoke all on public.story_progress from public, anon, authenticated, service_role;
grant select on public.story_progress to authenticated, service_role;

create function private.check_story(p_request jsonb) returns public.admission_result
  language plpgsql immutable set search_path = ''
as $$
declare
  v_prompt text := p_request ->> 'prompt';
begin
  -- A strict path gives no answer for what is not a number, and no answer is a refusal.
  if jsonb_typeof(p_request -> 'prompt') is distinct from 'string' or length(btrim(v_prompt, E' \t\n\r')) < 3 then
    return private.refused('invalid_field', 'prompt', 'prompt must have at least 3 characters');
  elsif length(v_prompt) > 1000 then
    return private.refused('invalid_field', 'prompt', 'prompt must have at most 1000 characters');
  elsif (p_request @@ 'strict $.age_min >= 2 && $.age_min <= 12 && $.age_min == $.age_min.floor()') is not true then
    return private.refused('invalid_field', 'age_min', 'age_min must be between 2 and 12');
  elsif (
    p_request @@ 'strict $.age_max >= $.age_min && $.age_max <= 12 && $.age_max == $.age_max.floor()'
  ) is not true then
    return private.refused('invalid_field', 'age_max', 'age_max must be between age_min and 12');
  elsif p_request ->> 'pages' is not null
    and (p_request @@ 'strict $.pages >= 1 && $.pages <= 60 && $.pages == $.pages.floor()') is not true then
    return private.refused('invalid_field', 'pages', 'pages must be between 1 and 60');
  elsif coalesce(p_request ->> 'language', 'en') !~ '^[a-z]{2}$' then
    return private.refused('invalid_field', 'language', 'language must be a two-letter code (ISO 639-1)');
  end if;
  return null;
end;
$$;

comment on function private.check_story(jsonb) is 'The first rule a story request breaks, or null.';

revoke all on function private.check_story(jsonb) from public, anon, authenticated, service_role;

create function public.create_story(p_user_id uuid, p_request jsonb, p_idempotency_key text default null)
  returns public.admission_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check private.rate_check;
  v_result public.admission_result;
  v_story_id uuid := private.uuid_v7();
  v_pages integer;
  v_now timestamptz := private.clock();
begin
  if p_idempotency_key is not null then
    v_result := private.earlier_admission(p_user_id, 'story', p_request, p_idempotency_key);
    if v_result.outcome is not null then
      return v_result;
    end if;
  end if;
  v_check := private.consume_policy(p_user_id, 'story_create');
  if not v_check.allowed then
    v_result.outcome := 'rate_limited';
    return private.with_rate(v_result, v_check);
  end if;
  v_result := private.check_story(p_request);
  if v_result.outcome is not null then
    return private.with_rate(v_result, v_check);
  end if;

  if p_idempotency_key is not null then
    perform private.lock_account(p_user_id);
    v_result := private.earlier_admission(p_user_id, 'story', p_request, p_idempotency_key);
    if v_result.outcome is not null then
      return private.with_rate(v_result, v_check);
    end if;
  end if;
  v_pages := coalesce((p_request ->> 'pages')::numeric, 8);
  v_result := private.admit_job(
    p_user_id, 'story', v_story_id, p_request, p_idempotency_key, 'story_page', v_pages,
    jsonb_build_object('prompt', p_request ->> 'prompt'), v_now
  );
  if v_result.outcome = 'accepted' then
    insert into public.stories (
      id, user_id, job_id, prompt, age_min, age_max, language, page_count, created_at
    )
    values (
      v_story_id, p_user_id, v_result.job_id, p_request ->> 'prompt', (p_request ->> 'age_min')::numeric,
      (p_request ->> 'age_max')::numeric, coalesce(p_request ->> 'language', 'en'), v_pages, v_now
    );
  end if;
  return private.with_rate(v_result, v_check);
end;
$$;

comment on function public.create_story(uuid, jsonb, text) is
  'Admits a story in one transaction: rate limit, rules, price, reservation, job. p_request is {prompt, age_min, age_max, pages = 8, language = en}. Outcomes: accepted; already_accepted (the key''s first job); idempotency_mismatch (the key was used with another request); rate_limited; insufficient_credits (required says how much); invalid (code, field, message). Idempotent by p_idempotency_key; a refused request counts against the rate limit.';

revoke all on function public.create_story(uuid, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.create_story(uuid, jsonb, text) to service_role;
