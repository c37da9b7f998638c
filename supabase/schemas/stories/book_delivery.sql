-- Books as a kind of job: what the backend is asked for, what delivering stores, what deleting and erasing remove.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.book_request(p_job public.generation_jobs) returns jsonb
  language sql stable set search_path = ''
as $$
  select jsonb_build_object('story', b.content, 'title', b.title, 'with_images', b.with_images)
  from public.books b
  where b.id = p_job.resource_id;
$$;

comment on function credits_private.book_request(public.generation_jobs) is
  'What the generation backend is asked for: {story, title, with_images}.';

create function credits_private.follow_book(p_job public.generation_jobs) returns void
  language sql set search_path = ''
as $$
  update public.books
  set
    status = p_job.status, error_code = p_job.error_code,
    content = case when p_job.status in ('queued', 'generating') then content end
  where id = p_job.resource_id;
$$;

comment on function credits_private.follow_book(public.generation_jobs) is
  'Brings a book to the status of its job; what it is made of goes when the job has ended.';

insert into credits_private.job_kinds (job_type, policy, request_function, follow_function)
values ('book', 'book_generate', 'credits_private.book_request', 'credits_private.follow_book');

insert into credits_private.job_request_fields (job_type, position, field, kind, least, most, required, fallback)
values
  ('book', 1, 'with_images', 'boolean', null, null, true, null),
  ('book', 2, 'title', 'text', 1, 200, false, null),
  ('book', 3, 'story_id', 'uuid', null, null, true, null);

create function credits_private.book_files(p_user_id uuid, p_book_id uuid default null) returns text[]
  language sql stable set search_path = ''
as $$
  -- Also what an attempt stored that never counted. In the order of bytes, by which Storage's own index is made.
  select coalesce(array_agg(o.name order by o.name), '{}')
  from storage.objects o, concat_ws('/', p_user_id, p_book_id) folder
  where o.bucket_id = 'books'
    and o.name collate "C" > folder || '/'
    and o.name collate "C" < folder || '0'; -- rule: files-of-one
$$;

comment on function credits_private.book_files(uuid, uuid) is
  'Every file that is stored for a book, or for all books of a user.';

create function public.complete_book(
  p_job_id uuid,
  p_attempt integer,
  p_pdf_path text,
  p_page_count integer,
  p_byte_size integer,
  p_picture_count integer default null
) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
  v_refusal text := credits_private.may_complete(v_job, 'book', p_attempt);
  v_book public.books;
  v_pictures integer := least(coalesce(p_picture_count, p_page_count), p_page_count);
  v_charged numeric;
begin
  if v_refusal = 'already_completed'
    and p_pdf_path is distinct from (select pdf_path from public.books where id = v_job.resource_id) then -- rule: one-file
    -- Handed in twice at once: what was charged for is what the first one stored.
    return credits_private.job_outcome('fenced', v_job);
  elsif v_refusal is not null then
    return credits_private.job_outcome(v_refusal, v_job);
  elsif (
      p_pdf_path ~ format('^%s/%s/%s-[0-9a-f]{64}[.]pdf$', v_job.user_id, v_job.resource_id, p_attempt) -- rule: path-by-digest
    ) is not true
    or (p_page_count between 1 and v_job.units_total) is not true
    or (p_byte_size > 0) is not true
    or p_picture_count < 0 then
    return credits_private.job_outcome('invalid', v_job);
  end if;

  select * into strict v_book from public.books where id = v_job.resource_id;
  v_charged := credits_private.charge_job(
    v_job,
    greatest(credits_private.share_of(v_job, p_page_count) - (p_page_count - v_pictures) * v_book.picture_price, 0)
  );
  if v_charged is null then
    return credits_private.job_outcome('expired', credits_private.lock_job(p_job_id));
  end if;
  update public.books
  set
    pdf_path = p_pdf_path, pdf_bytes = p_byte_size, page_count = p_page_count,
    picture_count = case when with_images then v_pictures else 0 end
  where id = v_job.resource_id;
  v_job := credits_private.set_job_status(v_job, 'ready');
  return credits_private.job_outcome('completed', v_job, v_charged);
end;
$$;

comment on function public.complete_book(uuid, integer, text, integer, integer, integer) is
  'Makes a stored PDF the book and charges for the story pages in it, in one transaction. p_pdf_path must be {user_id}/{book_id}/{attempt}-{SHA-256 of the file in hex}.pdf, so that no other file can take its place; p_picture_count is how many of the pages have their picture, null for all: one without costs what a page without pictures cost when the book was ordered. Outcomes: completed, already_completed (with the same file), fenced (also by another file of the same attempt), invalid (path, counts or size cannot be: nothing changes), expired (its credits were gone: failed, nothing charged), not_found. Idempotent per attempt.';

revoke all on function public.complete_book(uuid, integer, text, integer, integer, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.complete_book(uuid, integer, text, integer, integer, integer) to service_role;

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
  perform credits_private.cancel_if_alive(v_book.job_id);
  delete from public.books where id = p_book_id;
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  return row('deleted', credits_private.book_files(p_user_id, p_book_id))::public.deletion_result;
end;
$$;

comment on function public.delete_book(uuid, uuid) is
  'Deletes a book of its owner; an unfinished one is cancelled first and its credits return. files are what the caller removes from the bucket. Outcomes: deleted, not_found (also when it was deleted before). Idempotent but for that.';

revoke all on function public.delete_book(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.delete_book(uuid, uuid) to service_role;

create function credits_private.erase_stories(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
declare
  v_files text[];
begin
  select array_agg('books/' || f) into v_files from unnest(credits_private.book_files(p_user_id)) f;
  delete from public.books where user_id = p_user_id;
  delete from public.stories where user_id = p_user_id;
  return v_files;
end;
$$;

comment on function credits_private.erase_stories(uuid) is
  'Erasure: deletes a user''s stories, their prompts included, and books; returns the files of the books.';

insert into credits_private.erasure_steps (position, step) values (60, 'credits_private.erase_stories');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
