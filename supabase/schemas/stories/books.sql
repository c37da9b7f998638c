-- Books: a story made into a PDF.
--
-- Invariants
--   * A book has 1 to 60 pages (H4), made of a ready story of the same owner.
--   * The PDF is in the private bucket `books` at {user_id}/{book_id}.pdf, and only its owner reads it, once it is
--     paid for.
--
-- Lock order: rate limit -> account -> batches -> reservation -> job -> book.

create table public.books (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null,
  job_id uuid not null unique,
  story_id uuid references public.stories (id) on delete set null,
  status public.job_status not null default 'queued',
  title text not null,
  with_images boolean not null,
  content jsonb,
  page_count public.page_count not null,
  pdf_path text,
  pdf_bytes integer,
  error_code text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (status <> 'ready' or pdf_path is not null)
);

comment on table public.books is
  'Books. content is the story as it was when the book was ordered, so that a story deleted meanwhile still becomes the book that was paid for; it goes once the book is ready.';

create index books_by_user on public.books (user_id, id desc);
create index books_by_story on public.books (story_id);

create trigger books_touch before update on public.books
  for each row execute function private.touch_updated_at();

alter table public.books enable row level security;

create policy "owners read their books" on public.books
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.books from public, anon, authenticated, service_role;
grant select on public.books to service_role;
grant select (
  id, user_id, job_id, story_id, status, title, with_images, page_count, pdf_path, pdf_bytes, error_code,
  created_at, updated_at
) on public.books to authenticated;

create view public.book_progress with (security_invoker = true) as
select
  b.id, b.user_id, b.story_id, b.title, b.status, b.with_images, b.page_count, b.error_code, b.created_at, b.updated_at,
  jsonb_build_object(
    'id', j.id, 'status', j.status, 'stage', j.stage, 'pages_done', j.pages_done, 'pages_total', j.pages_total,
    'attempt', j.attempt
  ) as job
from public.books b
join public.generation_jobs j on j.id = b.job_id;

comment on view public.book_progress is
  'Books and how far their jobs have come, as of one moment: what a caller who waits for a book asks for.';

revoke all on public.book_progress from public, anon, authenticated, service_role;
grant select on public.book_progress to authenticated, service_role;

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('books', 'books', false, 52428800, array['application/pdf'])
on conflict (id) do nothing;

-- A file is there before its book is paid for, and its path is easily guessed.
create policy "owners read their book files" on storage.objects
  for select to authenticated
  using (
    bucket_id = 'books'
    and exists (
      select from public.books b
      where b.user_id = (select auth.uid()) and b.status = 'ready' and b.pdf_path = objects.name
    )
  );

create function private.check_book(p_request jsonb, p_story public.stories)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_result public.admission_result;
  v_pages integer := case when jsonb_typeof(p_story.pages) = 'array' then jsonb_array_length(p_story.pages) end;
begin
  if jsonb_typeof(p_request -> 'with_images') is distinct from 'boolean' then
    return private.refused('invalid_field', 'with_images', 'with_images must be true or false');
  elsif coalesce(jsonb_typeof(p_request -> 'title'), 'null') not in ('string', 'null')
    or length(p_request ->> 'title') not between 1 and 200 then
    return private.refused('invalid_field', 'title', 'title must have 1 to 200 characters');
  elsif p_story.id is null then
    v_result.outcome := 'not_found';
    v_result.code := 'not_found';
    v_result.message := 'Story not found';
    return v_result;
  elsif p_story.status <> 'ready' then
    return private.refused('story_not_ready', 'story_id', 'Story is not ready');
  elsif v_pages < 1 then
    return private.refused('invalid_field', 'page_count', 'Book must have at least one page');
  elsif v_pages > 60 then
    return private.refused('invalid_field', 'page_count', 'Book must have at most 60 pages');
  end if;
  return null;
end;
$$;

comment on function private.check_book(jsonb, public.stories) is 'The first rule a book request breaks, or null.';

revoke all on function private.check_book(jsonb, public.stories) from public, anon, authenticated, service_role;

create function public.create_book(p_user_id uuid, p_request jsonb, p_idempotency_key text default null)
  returns public.admission_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check private.rate_check;
  v_result public.admission_result;
  v_story public.stories;
  v_book_id uuid := private.uuid_v7();
  v_images boolean;
  v_title text;
  v_now timestamptz := private.clock();
begin
  if p_idempotency_key is not null then
    v_result := private.earlier_admission(p_user_id, 'book', p_request, p_idempotency_key);
    if v_result.outcome is not null then
      return v_result;
    end if;
  end if;
  v_check := private.consume_policy(p_user_id, 'book_generate');
  if not v_check.allowed then
    v_result.outcome := 'rate_limited';
    return private.with_rate(v_result, v_check);
  end if;
  select * into v_story
  from public.stories
  where id = private.as_uuid(p_request ->> 'story_id') and user_id = p_user_id;
  v_result := private.check_book(p_request, v_story);
  if v_result.outcome is not null then
    return private.with_rate(v_result, v_check);
  end if;

  if p_idempotency_key is not null then
    perform private.lock_account(p_user_id);
    v_result := private.earlier_admission(p_user_id, 'book', p_request, p_idempotency_key);
    if v_result.outcome is not null then
      return private.with_rate(v_result, v_check);
    end if;
  end if;
  v_images := (p_request -> 'with_images')::boolean;
  v_title := coalesce(p_request ->> 'title', v_story.title);
  v_result := private.admit_job(
    p_user_id, 'book', v_book_id, p_request, p_idempotency_key,
    case when v_images then 'book_page_with_image' else 'book_page' end, jsonb_array_length(v_story.pages),
    jsonb_build_object('title', v_title, 'with_images', v_images), v_now
  );
  if v_result.outcome = 'accepted' then
    insert into public.books (id, user_id, job_id, story_id, title, with_images, content, page_count, created_at)
    values (
      -- Its owner may have deleted the story while this waited for the account.
      v_book_id, p_user_id, v_result.job_id, (select s.id from public.stories s where s.id = v_story.id), v_title, v_images,
      jsonb_build_object(
        'title', v_story.title, 'pages', v_story.pages, 'language', v_story.language,
        'age_min', v_story.age_min, 'age_max', v_story.age_max
      ),
      jsonb_array_length(v_story.pages), v_now
    );
  end if;
  return private.with_rate(v_result, v_check);
end;
$$;

comment on function public.create_book(uuid, jsonb, text) is
  'Admits a book of a ready story in one transaction. p_request is {story_id, title = the story''s, with_images}. Outcomes: accepted; already_accepted; idempotency_mismatch; rate_limited; insufficient_credits (required says how much); not_found (no such story of this user); invalid (code, field, message). Idempotent by p_idempotency_key; a refused request counts against the rate limit.';

revoke all on function public.create_book(uuid, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.create_book(uuid, jsonb, text) to service_role;
