-- Stories: what a user asked for, and what was written.
--
-- Invariants
--   * Admission (rate limit, validation, price, reservation, job) is one transaction and returns its outcome, so
--     that a refusal keeps the record of having been asked (M4).
--   * Only the owner reads a story; only the functions write it.
--
-- Lock order: ARCHITECTURE.md.

create table public.stories (
  id uuid primary key default credits_private.uuid_v7(),
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
  book_refusal text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (status <> 'ready' or (title is not null and jsonb_typeof(pages) = 'array'))
);

comment on table public.stories is
  'Stories. pages is [{text, image_prompt}], null until ready; page_count what was asked for, then what was delivered; book_refusal why no book can be made of it, before it is ready as far as its prompt and its language say.';

create index stories_by_user on public.stories (user_id, id desc);

create trigger stories_touch before update on public.stories
  for each row execute function credits_private.touch_updated_at();

alter table public.stories enable row level security;

create policy "owners read their stories" on public.stories
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.stories from public, anon, authenticated, service_role;
grant select on public.stories to authenticated, service_role;

create view public.story_progress with (security_invoker = true) as
select
  s.id, s.user_id, s.title, s.status, s.prompt, s.age_min, s.age_max, s.language, s.page_count, s.pages, s.error_code,
  s.book_refusal is null as bookable, s.book_refusal, s.created_at, s.updated_at,
  jsonb_build_object(
    'id', j.id, 'status', j.status, 'stage', j.stage, 'pages_done', j.units_done, 'pages_total', j.units_total,
    'attempt', j.attempt, 'next_attempt_at', case when j.status = 'queued' then j.next_attempt_at end
  ) as job
from public.stories s
join public.generation_jobs j on j.id = s.job_id;

comment on view public.story_progress is
  'Stories and how far their jobs have come, as of one moment: what a caller who waits for a story asks for.';

revoke all on public.story_progress from public, anon, authenticated, service_role;
grant select on public.story_progress to authenticated, service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('stories', 'stories', 'deleted', 'content'), ('story_progress', 'stories', 'none', 'a view');

insert into public.credit_pricing (action, credits, unit, description)
values ('story_page', 0.25, 'page', 'A page of a story');

create table credits_private.story_settings (
  only_row boolean primary key default true check (only_row),
  priced_by text not null default 'page' check (priced_by in ('page', 'tokens')),
  input_tokens integer not null default 8000 check (input_tokens >= 1),
  output_tokens_per_page integer not null default 1000 check (output_tokens_per_page >= 1),
  model text
);

comment on table credits_private.story_settings is
  'Whether a story costs its pages, or its tokens by the rate card ''story''; then how many are held for, and of which model.';

insert into credits_private.story_settings default values;

alter table credits_private.story_settings enable row level security;

create policy "nobody but the functions" on credits_private.story_settings using (false);

revoke all on credits_private.story_settings from public, anon, authenticated, service_role;

insert into credits_private.setting_tables (setting_table, key_column) values ('credits_private.story_settings', null);

create function credits_private.story_ceiling(p_pages integer) returns jsonb
  language plpgsql stable set search_path = ''
as $$
begin
  return (
    select jsonb_build_array(
      jsonb_strip_nulls(jsonb_build_object('meter', 'input_tokens', 'quantity', s.input_tokens, 'model', s.model)),
      jsonb_strip_nulls(jsonb_build_object('meter', 'output_tokens', 'quantity', s.output_tokens_per_page * p_pages, 'model', s.model))
    )
    from credits_private.story_settings s
    where s.only_row
      and s.priced_by = 'tokens' -- rule: story-priced-by
  );
end;
$$;

comment on function credits_private.story_ceiling(integer) is
  'The most tokens that a story of so many pages may use; null where it costs its pages.';

create function credits_private.quote_story(p_pages integer) returns public.cost_estimate
  language plpgsql stable set search_path = ''
as $$
declare
  v_ceiling jsonb := credits_private.story_ceiling(p_pages);
  v_price record;
begin
  if v_ceiling is not null then -- rule: quoted-as-held
    return public.estimate_cost('story', v_ceiling);
  end if;
  v_price := credits_private.price_of('story_page', p_pages);
  return row(
    case when v_price.offered then 'ok' else 'not_offered' end, 'story', null, v_price.cost, null
  )::public.cost_estimate;
end;
$$;

comment on function credits_private.quote_story(integer) is
  'What a story of so many pages costs, or what is held for it where it is priced by tokens.';

insert into credits_private.quotes (action, quote) values ('story', 'credits_private.quote_story');

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('story_create', 5, 1);

create function credits_private.foreseen_book_refusal(p_prompt text, p_language text) returns text
  language plpgsql immutable set search_path = ''
as $$
declare
  v_letter text := credits_private.unset_letter(p_prompt);
begin
  return case
    when v_letter is not null then format('No book can show the letter “%s”', v_letter)
    -- Languages of ISO 639-1, old codes too, that are written in other scripts than Latin, Greek and Cyrillic: a story in
    -- Thai may have been asked for in English.
    when p_language = any (
      -- rule: foreseen-script
      '{am,ar,as,bh,bn,bo,cr,dv,dz,fa,gu,he,hi,hy,ii,iu,iw,ja,ji,ka,km,kn,ko,ks,lo,ml,mr,my,ne,or,pa,pi,ps,sa,sd,si,ta,te,th,ti,ug,ur,yi,zh}'
    )
      then 'No book can be set in the script of this language'
  end;
end;
$$;

comment on function credits_private.foreseen_book_refusal(text, text) is
  'Why a story with this prompt in this language will be none that a book can be made of, or null.';

create function public.create_story(p_user_id uuid, p_request jsonb, p_idempotency_key text default null)
  returns public.admission_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_result public.admission_result := credits_private.begin_admission(p_user_id, 'story', p_request, p_idempotency_key);
  v_story_id uuid := credits_private.uuid_v7();
  v_age_min integer;
  v_age_max integer;
  v_pages integer;
  v_ceiling jsonb;
  v_language text;
begin
  if v_result.outcome = 'already_accepted' then
    select book_refusal into v_result.message from public.stories where id = v_result.resource_id;
  end if;
  if v_result.outcome is not null then
    return v_result;
  end if;
  -- What a browser says of its language, such as de-DE, is that language here.
  v_language := lower(split_part(credits_private.field_of('story', p_request, 'language'), '-', 1)); -- rule: base-language
  v_age_min := (p_request ->> 'age_min')::numeric;
  v_age_max := (p_request ->> 'age_max')::numeric;
  v_pages := credits_private.field_of('story', p_request, 'pages')::numeric;
  if v_age_max < v_age_min then
    return credits_private.refused(v_result, 'invalid_field', 'age_max', 'age_max must not be below age_min');
  end if;

  v_ceiling := credits_private.story_ceiling(v_pages);
  v_result := credits_private.admit_job(
    v_result, p_user_id, 'story', v_story_id, p_request, p_idempotency_key,
    case when v_ceiling is null then 'story_page' else 'story' end, v_pages, v_ceiling
  );
  if v_result.outcome = 'accepted' then
    v_result.message := credits_private.foreseen_book_refusal(p_request ->> 'prompt', v_language);
    insert into public.stories (
      id, user_id, job_id, prompt, age_min, age_max, language, page_count, book_refusal, created_at
    )
    values (
      v_story_id, p_user_id, v_result.job_id, p_request ->> 'prompt', v_age_min, v_age_max,
      v_language, v_pages, v_result.message, credits_private.clock()
    );
  end if;
  return v_result;
end;
$$;

comment on function public.create_story(uuid, jsonb, text) is
  'Admits a story in one transaction: rate limit, rules, price, reservation, job. p_request is {prompt, age_min, age_max, pages = 8, language = en}; of a language tag the base counts. Outcomes: accepted, with what is known of why it cannot become a book as message; already_accepted (the key''s first job); idempotency_mismatch (the key was used with another request); rate_limited; insufficient_credits (required says how much); not_offered (its price is not active); invalid (code, field, message). Idempotent by p_idempotency_key; a refused request counts against the rate limit.';

revoke all on function public.create_story(uuid, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.create_story(uuid, jsonb, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
