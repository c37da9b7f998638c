-- H4 and point 7: admission of a book, made of a ready story of the same owner; and who reads its file.
begin;
create extension if not exists pgtap with schema extensions;
select plan(60);
\ir ../helpers.psql
\ir ../everybody.psql

-- A ready story of so many pages, put there without a job.
create function pg_temp.story(p_name text, p_owner text, p_pages integer, p_status public.job_status default 'ready') returns void
  language sql as $$
  insert into public.stories (id, user_id, job_id, status, prompt, age_min, age_max, language, page_count, title, pages)
  select pg_temp.id(p_name), pg_temp.id(p_owner), gen_random_uuid(), p_status, 'A fox', 3, 6, 'en', p_pages, 'Fox',
    coalesce(jsonb_agg(jsonb_build_object('text', 'Page ' || n)), '[]')
  from generate_series(1, p_pages) n
$$;
create function pg_temp.request(p_story text, p_changes jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('story_id', pg_temp.id(p_story), 'with_images', true) || p_changes
$$;
select pg_temp.story('fox', 'ada', 4), pg_temp.story('empty', 'ada', 0), pg_temp.story('one', 'ada', 1), pg_temp.story('long', 'ada', 60),
  pg_temp.story('too long', 'ada', 61), pg_temp.story('unfinished', 'ada', 4, 'generating');
select public.grant_credits(pg_temp.id('ada'), 100, 'promotion', 'gift'), public.grant_credits(pg_temp.id('eve'), 100, 'promotion', 'gift');
update public.rate_limit_policies set max_requests = 1000;
select pg_temp.price('book_page', 0.10), pg_temp.price('book_page_with_image', 0.50);

-- Point 7: accepted ------------------------------------------------------------------------------------------------

create temp table accepted as select * from public.create_book(pg_temp.id('ada'), pg_temp.request('fox'), 'key 1');
select results_eq(
  'select outcome, code, field, message, status::text, cost, required, rate_remaining from accepted',
  $$values ('accepted', null::text, null::text, null::text, 'queued', 2.00, null::numeric, 999)$$,
  'Point 7: accepted, with its cost'
);
select results_eq(
  $$select user_id, job_id, story_id, status::text, title, with_images, page_count::integer, pdf_path, created_at, content
    from public.books where id = (select resource_id from accepted)$$,
  $$select pg_temp.id('ada'), job_id, pg_temp.id('fox'), 'queued', 'Fox', true, 4, null::text, '2030-01-01 12:00Z'::timestamptz,
      (select jsonb_build_object('title', title, 'pages', pages, 'language', language, 'age_min', age_min, 'age_max', age_max) from public.stories where id = pg_temp.id('fox'))
    from accepted$$,
  'Point 7: the book is there, with the story as it is now'
);
select results_eq(
  $$select job_type::text, resource_id, units_total::integer, status::text, cost::numeric from public.generation_jobs where id = (select job_id from accepted)$$,
  $$select 'book', resource_id, 4, 'queued', 2.00 from accepted$$, 'Point 7: its job is due'
);
select results_eq(
  $$select reserved_amount::numeric, metadata - 'pricing_snapshot', metadata #>> '{pricing_snapshot,action}' from public.credit_usage_logs where id = (select job_id from accepted)$$,
  $$values (2.00, '{"total_cost": 2.00}'::jsonb, 'book_page_with_image')$$, 'I2: its reservation says what it was computed from'
);
select results_eq(
  $$select outcome, cost from public.create_book(pg_temp.id('ada'), pg_temp.request('fox', '{"with_images": false}'))$$,
  $$values ('accepted', 0.40)$$, 'I1: a book without pictures costs less'
);
select is(
  (select title from public.books where id = (select resource_id from accepted a)), 'Fox', 'a book has its story''s title unless told'
);
create temp table titled as select * from public.create_book(pg_temp.id('ada'), pg_temp.request('fox', '{"title": "Mine"}'));
select is((select title from public.books where id = (select resource_id from titled)), 'Mine', 'or the one it was given');

-- H4: pages --------------------------------------------------------------------------------------------------------

create temp table held as select reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada');
select results_eq(
  $$select outcome, code, field, message, job_id from public.create_book(pg_temp.id('ada'), pg_temp.request('empty'))$$,
  $$values ('invalid', 'invalid_field', 'page_count', 'Book must have at least one page', null::uuid)$$, 'H4: a book needs at least one page'
);
select results_eq(
  $$select outcome, code, field, message, job_id from public.create_book(pg_temp.id('ada'), pg_temp.request('too long'))$$,
  $$values ('invalid', 'invalid_field', 'page_count', 'Book must have at most 60 pages', null::uuid)$$, 'H4: and has at most 60'
);
select results_eq(
  $$select reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada')$$, 'select * from held', 'H4: nothing is reserved'
);
select is_empty(
  $$select 1 from public.books where story_id in (pg_temp.id('empty'), pg_temp.id('too long'))$$, 'H4: nothing is made'
);
select is((public.create_book(pg_temp.id('ada'), pg_temp.request('one'))).cost, 0.50, 'H4: one page is enough');
select is((public.create_book(pg_temp.id('ada'), pg_temp.request('long'))).cost, 30.00, 'H4: 60 pages are not too many');
select throws_ok(
  format('update public.books set page_count = %s', n), '23514', null, format('H4: no book can have %s pages', n)
) from unnest(array[0, -1]) n;

-- V2: what no book holds -----------------------------------------------------------------------------------------

create function pg_temp.told(p_pages text[]) returns text language plpgsql as $$
declare
  v_result public.admission_result;
begin
  update public.stories
  set pages = (select jsonb_agg(jsonb_build_object('text', t) order by n) from unnest(p_pages) with ordinality p (t, n))
  where id = pg_temp.id('one');
  v_result := public.create_book(pg_temp.id('ada'), pg_temp.request('one', '{"with_images": false}'));
  return concat_ws(' ', v_result.outcome, v_result.code, v_result.field, v_result.message);
end;
$$;
create temp table held_for as select reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada');
select is(pg_temp.told(c.pages), c.answer, format('V2: %s', c.what))
from (
  values
    (array['a', repeat(E'a\n', 100)], 'invalid page_too_long story_id Page 2 is too long for a book', '101 lines are too many for a page'),
    (array[repeat('x', 3201)], 'invalid page_too_long story_id Page 1 is too long for a book', 'so are 3,201 characters'),
    (array[repeat(E'a\n', 3000)], 'invalid page_too_long story_id Page 1 is too long for a book', 'so are 3,000 lines'),
    (array_fill(repeat('x', 1057), array[60]), 'invalid book_too_long story_id The story is too long for a book', 'no book has 2,040 lines')
) c (pages, answer, what);
select results_eq(
  $$select reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada')$$, 'select * from held_for', 'V2: nothing is reserved for it'
);
select is(pg_temp.told(c.pages), 'accepted', format('V2: %s', c.what))
from (
  values
    (array[repeat(E'a\n', 99) || 'a'], '100 lines fit on a page'), (array[repeat('x', 3200)], 'so do 3,200 characters'),
    (array[repeat(' x', 3200)], 'spaces not counted'), (array[repeat('x', 33) || E'\n' || repeat('🦊', 32 * 97)], 'an emoji is one character'),
    (array_fill(repeat('x', 1280), array[50]), 'a book has 2,000 lines')
) c (pages, what);

-- Rules ------------------------------------------------------------------------------------------------------------

select results_eq(
  format('select outcome, code, field from public.create_book(pg_temp.id(%L), %L)', c.who, c.request),
  format('values (%L, %L, %L)', c.outcome, c.code, c.field), format('Point 7: %s', c.what)
)
from (
  values
    ('ada', pg_temp.request('unfinished'), 'invalid', 'story_not_ready', 'story_id', 'a story that is not ready makes no book'),
    ('ada', pg_temp.request('nothing'), 'not_found', 'not_found', null, 'a story that is not there is not found'),
    ('eve', pg_temp.request('fox'), 'not_found', 'not_found', null, 'H3: somebody else''s story is not found'),
    ('ada', '{"with_images": true}', 'invalid', 'invalid_field', 'story_id', 'a story is required'),
    ('ada', '{"with_images": true, "story_id": "1"}', 'invalid', 'invalid_field', 'story_id', 'by its id'),
    ('ada', '{"with_images": true, "story_id": {"id": 1}}', 'invalid', 'invalid_field', 'story_id', 'an object is no id'),
    ('ada', pg_temp.request('fox') - 'with_images', 'invalid', 'invalid_field', 'with_images', 'with_images is required'),
    ('ada', pg_temp.request('fox', '{"with_images": "yes"}'), 'invalid', 'invalid_field', 'with_images', 'with_images is true or false'),
    ('ada', pg_temp.request('fox', '{"title": ""}'), 'invalid', 'invalid_field', 'title', 'a title is not empty'),
    ('ada', pg_temp.request('fox', '{"title": 5}'), 'invalid', 'invalid_field', 'title', 'a title is text'),
    ('ada', pg_temp.request('fox', jsonb_build_object('title', repeat('x', 201))), 'invalid', 'invalid_field', 'title', 'a title has at most 200 characters'),
    ('ada', pg_temp.request('fox', jsonb_build_object('title', repeat('x', 200))), 'accepted', null, null, '200 are not too many'),
    ('ada', pg_temp.request('fox', '{"title": null}'), 'accepted', null, null, 'a title of null is no title')
) c (who, request, outcome, code, field, what);
select is((public.create_book(pg_temp.id('ada'), b::jsonb)).outcome, 'invalid', format('Point 7: %s is no request', coalesce(b, 'null')))
from unnest(array[null, '[]', '"text"', 'null']) b;

-- Point 7: idempotency ---------------------------------------------------------------------------------------------

select results_eq(
  $$select outcome, resource_id, job_id, cost from public.create_book(pg_temp.id('ada'), pg_temp.request('fox'), 'key 1')$$,
  $$select 'already_accepted', resource_id, job_id, 2.00 from accepted$$, 'Point 7: the same key and request return the same job'
);
select is(
  (public.create_book(pg_temp.id('ada'), pg_temp.request('fox', '{"with_images": false}'), 'key 1')).outcome, 'idempotency_mismatch',
  'Point 7: the same key with another request is refused'
);

-- What is not offered ------------------------------------------------------------------------------------------------

update public.credit_pricing set active = false where action = 'book_page_with_image';
create temp table so_far as select reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada');
select results_eq(
  $$select outcome, job_id, required from public.create_book(pg_temp.id('ada'), pg_temp.request('fox'), 'key 2')$$,
  $$values ('not_offered', null::uuid, null::numeric)$$, 'a book whose price is not active is refused'
);
select results_eq(
  $$select reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada')$$, 'select * from so_far', 'and nothing is held for it'
);
select results_eq(
  $$select outcome, job_id from public.create_book(pg_temp.id('ada'), pg_temp.request('fox'), 'key 1')$$,
  $$select 'already_accepted', job_id from accepted$$, 'Point 7: one that was accepted before keeps its answer'
);
select is(
  (public.create_book(pg_temp.id('ada'), pg_temp.request('fox', '{"with_images": false}'))).outcome, 'accepted', 'another kind of book is still made'
);
select pg_temp.price('book_page_with_image', 0.50);
select is(
  (public.create_book(pg_temp.id('ada'), pg_temp.request('fox'), 'key 2')).outcome, 'accepted', 'and so is this one, once it is offered'
);

-- M3, M4 -----------------------------------------------------------------------------------------------------------

select pg_temp.story('poor', 'bob', 4);
select results_eq(
  $$select outcome, required from public.create_book(pg_temp.id('bob'), pg_temp.request('poor'))$$,
  $$values ('insufficient_credits', 2.00)$$, 'M3: too few credits: the outcome says what is required'
);
select is_empty($$select 1 from public.books where user_id = pg_temp.id('bob')$$, 'M3: and nothing is made');
update public.rate_limit_policies set max_requests = 3 where action = 'book_generate';
select is(
  array(select (public.create_book(pg_temp.id('zoe'), '{}')).outcome from generate_series(1, 4)),
  '{invalid,invalid,invalid,rate_limited}', 'M4: three books a minute, and a refused request is counted'
);
select is((public.create_book(pg_temp.id('bob'), '{}')).rate_remaining, 1, 'M4: so is one refused for lack of credits');

-- H3: the file -----------------------------------------------------------------------------------------------------

insert into storage.objects (bucket_id, name)
values ('books', pg_temp.id('ada') || '/a.pdf'), ('books', pg_temp.id('eve') || '/a.pdf'), ('books', 'a.pdf');
create function pg_temp.files(p_role text, p_name text) returns text[] language plpgsql as $$
declare
  v_names text[];
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', pg_temp.id(p_name))::text, true);
  perform set_config('role', p_role, true);
  select array_agg(name) into v_names from storage.objects;
  reset role;
  return v_names;
end;
$$;
select is(public, false, 'H3: the bucket is private') from storage.buckets where id = 'books';
select is(pg_temp.files('authenticated', 'ada'), null, 'Point 6: an owner does not see a file before its book is paid for');
update public.books set pdf_path = pg_temp.id('ada') || '/a.pdf' where job_id = (select job_id from accepted);
select is(pg_temp.files('authenticated', 'ada'), null, 'Point 6: nor while it is not ready');
update public.books set status = 'ready' where job_id = (select job_id from accepted);
select is(pg_temp.files('authenticated', 'ada'), array[pg_temp.id('ada') || '/a.pdf'], 'H3: an owner sees the file of their book and no other');
select is(pg_temp.files('anon', 'ada'), null, 'H3: anon sees none');
select is_empty(
  $$select policyname from pg_policies where schemaname = 'storage' and tablename = 'objects' and cmd <> 'SELECT'$$, 'H3: nobody writes files with a token of their own'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
