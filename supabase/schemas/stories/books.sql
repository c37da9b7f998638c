-- Books: a story made into a PDF.
--
-- Invariants
--   * A book has at least one page and no more than a story can have (H4), made of a ready story of the same owner.
--   * The PDF is in the private bucket `books` at {user_id}/{book_id}/{attempt}-{sha256}.pdf, a path that no other file
--     can have, and only its owner reads it, once it is paid for.
--   * A picture that could not be made is not charged for: the page has an ornament, and costs what a page without costs.
--
-- Lock order: ARCHITECTURE.md.

create table public.books (
  id uuid primary key default credits_private.uuid_v7(),
  user_id uuid not null,
  job_id uuid not null unique,
  story_id uuid references public.stories (id) on delete set null,
  status public.job_status not null default 'queued',
  title text not null,
  with_images boolean not null,
  content jsonb,
  page_count integer not null check (page_count >= 1),
  picture_count integer,
  picture_price public.credit_amount not null default 0,
  pdf_path text,
  pdf_bytes integer,
  error_code text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (status <> 'ready' or pdf_path is not null)
);

comment on table public.books is
  'Books. content is the story as it was when the book was ordered, so that a story deleted meanwhile still becomes the book that was paid for; it goes once the book is ready. picture_count is how many pages have their picture, picture_price what a page without one costs less.';

create index books_by_user on public.books (user_id, id desc);
create index books_by_story on public.books (story_id);

create trigger books_touch before update on public.books
  for each row execute function credits_private.touch_updated_at();

alter table public.books enable row level security;

create policy "owners read their books" on public.books
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.books from public, anon, authenticated, service_role;
grant select on public.books to service_role;
grant select (
  id, user_id, job_id, story_id, status, title, with_images, page_count, picture_count, pdf_path, pdf_bytes, error_code,
  created_at, updated_at
) on public.books to authenticated;

create view public.book_progress with (security_invoker = true) as
select
  b.id, b.user_id, b.story_id, b.title, b.status, b.with_images, b.page_count, b.picture_count, b.error_code, b.created_at, b.updated_at,
  jsonb_build_object(
    'id', j.id, 'status', j.status, 'stage', j.stage, 'pages_done', j.units_done, 'pages_total', j.units_total,
    'attempt', j.attempt, 'next_attempt_at', case when j.status = 'queued' then j.next_attempt_at end
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

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('books', 'stories', 'deleted', 'content; the files go through the Storage API'),
  ('book_progress', 'stories', 'none', 'a view');

-- Pictures are offered once an operator says that something paints them.
insert into public.credit_pricing (action, credits, unit, description, active)
values
  ('book_page', 0.10, 'page', 'A page of a book without pictures', true),
  ('book_page_with_image', 0.50, 'page', 'A page of a book with its picture', false);

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('book_generate', 3, 1);

create function credits_private.printed_lines(p_text text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  return (
    select coalesce(sum(greatest(ceil(length(replace(line, ' ', '')) / 32.0), 1)), 1) -- rule: line-length
    from string_to_table(p_text, E'\n') line
  );
end;
$$;

comment on function credits_private.printed_lines(text) is
  'How many lines a page''s text takes in a book: each paragraph at least one, and one for every 32 characters beside spaces. book/extent.ts of the generation backend has the same measure, and a test compares the two.';

create function credits_private.check_extent(p_result public.admission_result, p_pages jsonb)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_page integer;
  v_lines integer;
begin
  select min(number) filter (where lines > 100), sum(lines) into v_page, v_lines
  from (
    select number, credits_private.printed_lines(page ->> 'text') as lines
    from jsonb_array_elements(p_pages) with ordinality p (page, number)
  ) counted;
  if v_page is not null then -- rule: page-fits
    return credits_private.refused(
      p_result, 'page_too_long', 'story_id', format('Page %s is too long for a book', v_page)
    );
  elsif v_lines > 2000 then -- rule: book-fits
    return credits_private.refused(p_result, 'book_too_long', 'story_id', 'The story is too long for a book');
  end if;
  return p_result;
end;
$$;

comment on function credits_private.check_extent(public.admission_result, jsonb) is
  'Refuses pages that no book holds: more than 100 lines on one, more than 2,000 on all. Setting them would take longer than a function may.';

create function credits_private.unset_letter(p_text text) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  -- What the font of books lacks beside Latin, Greek and Cyrillic: a test compares it with the font, letter by letter.
  return substring(
    normalize(p_text, nfkc),
    -- rule: letters
    '[\u03E2-\u03EF\u0460\u0461\u0464-\u0471\u0476-\u0481\u0531-\u1AAF\u1ABF\u1AC0\u1ACC-\u1CFA\u1DD3-\u1DF4\u2132\u214E'
      '\u2C00-\u2C5F\u2C80-\u2C87\u2C89-\u2DFF\u2E2F\u3005-\u3007\u3021-\u302F\u3031-\uA6EF\uA79A-\uA79F\uA7BA-\uA7C3'
      '\uA7C7-\uA7F6\uA800-\uAB2F\uAB31-\uAB52\uAB54-\uAB63\uAB66-\uD7FF\uF900-\uFAFF\uFB1D-\uFDFD\uFE70-\uFEFC'
      '\U00010000-\U000100FA\U00010140-\U0001018F\U000101FE-\U0001088D\U0001088F-\U0001CFFF\U0001DF25-\U0001EFFF'
      '\U00020000-\U0003FFFF]'
  );
end;
$$;

comment on function credits_private.unset_letter(text) is
  'The first letter that a book cannot show, or null. A backend of your own with other fonts has another answer: replace this function.';

create function credits_private.check_settable(p_result public.admission_result, p_title text, p_pages jsonb)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_letter text;
begin
  select credits_private.unset_letter(concat_ws(' ', p_title, string_agg(page ->> 'text', ' ' order by number))) into v_letter
  from jsonb_array_elements(p_pages) with ordinality p (page, number);
  if v_letter is not null then -- rule: letters-fit
    return credits_private.refused(
      p_result, 'unsupported_script', 'story_id', format('No book can show the letter “%s”', v_letter)
    );
  end if;
  return credits_private.check_extent(p_result, p_pages);
end;
$$;

comment on function credits_private.check_settable(public.admission_result, text, jsonb) is
  'Refuses what no book can show: a letter that its font lacks, more than its pages hold.';

create function credits_private.check_book(p_result public.admission_result, p_story public.stories)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_pages integer := case when jsonb_typeof(p_story.pages) = 'array' then jsonb_array_length(p_story.pages) end;
  v_most integer;
begin
  select most into strict v_most
  from credits_private.job_request_fields
  where job_type = 'story' and field = 'pages';
  if p_story.id is null then
    p_result.outcome := 'not_found';
    p_result.code := 'not_found';
    p_result.message := 'Story not found';
  elsif p_story.status <> 'ready' then
    return credits_private.refused(p_result, 'story_not_ready', 'story_id', 'Story is not ready');
  elsif v_pages < 1 then -- rule: book-has-pages
    return credits_private.refused(p_result, 'invalid_field', 'page_count', 'Book must have at least one page');
  elsif v_pages > v_most then -- rule: book-at-most
    return credits_private.refused(
      p_result, 'invalid_field', 'page_count', format('Book must have at most %s pages', v_most)
    );
  else
    return credits_private.check_settable(p_result, p_story.title, p_story.pages);
  end if;
  return p_result;
end;
$$;

comment on function credits_private.check_book(public.admission_result, public.stories) is
  'Refuses a story that cannot become a book.';

create function public.create_book(p_user_id uuid, p_request jsonb, p_idempotency_key text default null)
  returns public.admission_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_result public.admission_result := credits_private.begin_admission(p_user_id, 'book', p_request, p_idempotency_key);
  v_book_id uuid := credits_private.uuid_v7();
  v_story public.stories;
  v_letter text;
  v_images boolean;
begin
  if v_result.outcome is not null then
    return v_result;
  end if;
  select * into v_story
  from public.stories
  where id = credits_private.as_uuid(p_request ->> 'story_id')
    and user_id = p_user_id; -- rule: own-story
  v_result := credits_private.check_book(v_result, v_story);
  if v_result.outcome is not null then
    return v_result;
  end if;

  v_letter := credits_private.unset_letter(p_request ->> 'title');
  if v_letter is not null then -- rule: title-letters
    return credits_private.refused(
      v_result, 'unsupported_script', 'title', format('No book can show the letter “%s”', v_letter)
    );
  end if;

  v_images := (p_request -> 'with_images')::boolean;
  v_result := credits_private.admit_job(
    v_result, p_user_id, 'book', v_book_id, p_request, p_idempotency_key,
    case when v_images then 'book_page_with_image' else 'book_page' end, jsonb_array_length(v_story.pages)
  );
  if v_result.outcome = 'accepted' then
    insert into public.books (
      id, user_id, job_id, story_id, title, with_images, picture_price, content, page_count, created_at
    )
    values (
      -- Its owner may have deleted the story while this waited for the account.
      v_book_id, p_user_id, v_result.job_id, (select s.id from public.stories s where s.id = v_story.id),
      coalesce(p_request ->> 'title', v_story.title), v_images,
      case when v_images then greatest(
        (credits_private.price_of('book_page_with_image', 1)).cost - (credits_private.price_of('book_page', 1)).cost, 0
      ) else 0 end,
      jsonb_build_object(
        'title', v_story.title, 'pages', v_story.pages, 'language', v_story.language,
        'age_min', v_story.age_min, 'age_max', v_story.age_max
      ),
      jsonb_array_length(v_story.pages), credits_private.clock()
    );
  end if;
  return v_result;
end;
$$;

comment on function public.create_book(uuid, jsonb, text) is
  'Admits a book of a ready story in one transaction. p_request is {story_id, title = the story''s, with_images}. Outcomes: accepted; already_accepted; idempotency_mismatch; rate_limited; insufficient_credits (required says how much); not_found (no such story of this user); not_offered (its price is not active); invalid (code, field, message). Idempotent by p_idempotency_key; a refused request counts against the rate limit.';

revoke all on function public.create_book(uuid, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.create_book(uuid, jsonb, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
