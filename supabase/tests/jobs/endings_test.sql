-- Point 6: delivered means paid, in one transaction; cancelled and deleted means the credits are back.
begin;
create extension if not exists pgtap with schema extensions;
select plan(84);
\ir ../helpers.psql
\ir ../everybody.psql

update public.rate_limit_policies set max_requests = 1000;
select pg_temp.price('story_page', 0.25), pg_temp.price('book_page', 0.10), pg_temp.price('book_page_with_image', 0.50);

-- A story of 4 pages for 1 credit, claimed; its ids are kept under its user's name.
create temp table job (name text primary key, id uuid, resource uuid);
create function pg_temp.order_story(p_name text, p_credits numeric default 10) returns void language sql as $$
  select public.grant_credits(pg_temp.id(p_name), p_credits, 'promotion', 'gift');
  insert into job
  select p_name, r.job_id, r.resource_id from public.create_story(pg_temp.id(p_name), '{"prompt": "A fox", "age_min": 3, "age_max": 6, "pages": 4}') r;
  select public.claim_job((select id from job where name = p_name));
$$;
create function pg_temp.job(p_name text) returns uuid language sql as $$ select id from job where name = p_name $$;
create function pg_temp.resource(p_name text) returns uuid language sql as $$ select resource from job where name = p_name $$;
create function pg_temp.state(p_name text) returns text language sql as $$
  select concat_ws(' | ', j.status, coalesce(s.status, b.status), r.status || ' ' || r.credits_used, a.available || ' ' || a.reserved, j.error_code)
  from public.generation_jobs j
  left join public.stories s on s.id = j.resource_id
  left join public.books b on b.id = j.resource_id
  join public.credit_usage_logs r on r.user_id = j.user_id and r.job_id = j.id
  join public.credit_accounts a on a.user_id = j.user_id
  where j.id = pg_temp.job(p_name)
$$;
create function pg_temp.pages(p_count integer) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object('text', 'Page ' || n, 'image_prompt', 'A fox')) from generate_series(1, p_count) n
$$;

-- Delivered means paid ---------------------------------------------------------------------------------------------

select pg_temp.order_story('ada');
select results_eq(
  $$select outcome, job_id, status::text, user_id, resource_id, charged from public.complete_story(pg_temp.job('ada'), 1, '  Fox ', pg_temp.pages(4))$$,
  $$values ('completed', pg_temp.job('ada'), 'ready', pg_temp.id('ada'), pg_temp.resource('ada'), 1.00)$$, 'Point 6: a delivered story'
);
select is(pg_temp.state('ada'), 'ready | ready | confirmed 1.00 | 9.00 0.00', 'Point 6: is paid for in the same transaction');
select results_eq(
  $$select title, pages, page_count from public.stories where id = pg_temp.resource('ada')$$,
  $$values ('Fox', pg_temp.pages(4), 4)$$, 'Point 6: and there to be read'
);
select is(units_done, 4, 'its progress is complete') from public.generation_jobs where id = pg_temp.job('ada');
select results_eq(
  $$select outcome, status::text from public.complete_story(pg_temp.job('ada'), 1, 'Other', pg_temp.pages(1))$$,
  $$values ('already_completed', 'ready')$$, 'Point 6: repeating it changes nothing'
);
select is(title, 'Fox', 'Point 6: nor the story') from public.stories where id = pg_temp.resource('ada');
select is((public.fail_job(pg_temp.job('ada'), 1, 'x')).outcome, 'fenced', 'Point 6: what is delivered cannot fail');
select is((public.complete_story(pg_temp.id('nothing'), 1, 'Fox', pg_temp.pages(1))).outcome, 'not_found', 'a job that is not there is not found');
select is((public.complete_book(pg_temp.job('ada'), 1, 'x', 1, 1)).outcome, 'not_found', 'a story is no book');

-- In proportion ----------------------------------------------------------------------------------------------------

select pg_temp.order_story('bob');
select is((public.complete_story(pg_temp.job('bob'), 1, repeat('x', 201), pg_temp.pages(3))).charged, 0.75, 'Point 6: fewer pages cost in proportion');
select is(pg_temp.state('bob'), 'ready | ready | confirmed 0.75 | 9.25 0.00', 'Point 6: the rest returns');
select results_eq(
  $$select page_count::integer, title from public.stories where id = pg_temp.resource('bob')$$,
  $$values (3, repeat('x', 200))$$, 'the story has what was delivered, and a long title is cut'
);
select pg_temp.price('story_page', 0.33);
select pg_temp.order_story('cid');
select pg_temp.price('story_page', 0.25);
select is((public.complete_story(pg_temp.job('cid'), 1, 'Fox', pg_temp.pages(1))).charged, 0.33, 'Point 6: at the price it was ordered at');

-- What cannot be stored --------------------------------------------------------------------------------------------

select pg_temp.order_story('dan');
select is(
  (public.complete_story(pg_temp.job('dan'), 1, c.title, c.pages::jsonb)).outcome, 'invalid', format('Point 6: %s is not stored', c.what)
)
from (
  values
    ('a story without a title', ' ', '[{"text": "a"}]'), ('a title of null', null, '[{"text": "a"}]'), ('a story without pages', 'Fox', '[]'),
    ('pages of null', 'Fox', null), ('what are no pages', 'Fox', '{"text": "a"}'), ('a page without text', 'Fox', '[{"text": "a"}, {}]'),
    ('a page of spaces', 'Fox', '[{"text": "  "}]'), ('a page of nothing that can be seen', 'Fox', '[{"text": "\u200b\u3164\u2800"}]'),
    ('a title of soft hyphens', repeat(U&'\00AD', 3), '[{"text": "a"}]'), ('a title with nothing in what is kept of it', repeat(U&'\200B', 200) || 'Fox', '[{"text": "a"}]'),
    ('a title of a tag', U&'\+0E0041', '[{"text": "a"}]'),
    ('a page of line ends', 'Fox', '[{"text": "\n"}]'), ('a title of a tab', E'\t', '[{"text": "a"}]'), ('a page of numbers', 'Fox', '[{"text": 5}]'),
    ('more pages than were paid for', 'Fox', pg_temp.pages(5)::text)
) c (what, title, pages);
select is(pg_temp.state('dan'), 'generating | generating | reserved 1.00 | 9.00 1.00', 'Point 6: and changes nothing');
select is((public.complete_story(pg_temp.job('dan'), 2, 'Fox', pg_temp.pages(4))).outcome, 'fenced', 'Point 6: another attempt is fenced');

-- Late -------------------------------------------------------------------------------------------------------------

select pg_temp.order_story('eva'), pg_temp.order_story('fay', 1);
set local test.clock = '2030-01-01 12:30Z';
select is(public.release_stale_reservations(), 3, 'M6: the sweep takes the reservations of silent jobs');
select is((public.complete_story(pg_temp.job('eva'), 1, 'Fox', pg_temp.pages(4))).charged, 1.00, 'Point 6: a late delivery is charged if the credits are there');
select public.reserve_credits(pg_temp.id('fay'), pg_temp.id('other'), 1, 'test');
select is((public.complete_story(pg_temp.job('fay'), 1, 'Fox', pg_temp.pages(4))).outcome, 'expired', 'Point 6: and is not stored if they are gone');
select is(pg_temp.state('fay'), 'failed | failed | refunded 1.00 | 0.00 1.00 | reservation_expired', 'Point 6: delivered means paid');
select is(pages, null, 'Point 6: there is nothing to read') from public.stories where id = pg_temp.resource('fay');

select is(
  (public.confirm_credits(pg_temp.id('fay'), pg_temp.job('fay'))).outcome, 'already_released', 'Point 6: and nothing can be charged for it any more'
);
select pg_temp.order_story('leo');
select public.confirm_credits(pg_temp.id('leo'), pg_temp.job('leo'));
select is((public.complete_story(pg_temp.job('leo'), 1, 'Fox', pg_temp.pages(3))).charged, 1.00, 'Point 6: what an operator charged by hand is delivered');
select is(pg_temp.state('leo'), 'ready | ready | confirmed 1.00 | 9.00 0.00', 'Point 6: and not charged again');

select pg_temp.order_story('mia');
select public.confirm_credits(pg_temp.id('mia'), pg_temp.job('mia'));
select public.cancel_job(pg_temp.id('mia'), pg_temp.job('mia'));
select public.cancel_job(pg_temp.id('mia'), pg_temp.job('mia'));
select is(pg_temp.state('mia'), 'cancelled | cancelled | confirmed 1.00 | 10.00 0.00 | cancelled', 'Point 6: what an operator charged and nobody delivers is given back, once');

-- Books ------------------------------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 13:00Z';
insert into job
select 'book', r.job_id, r.resource_id
from public.create_book(pg_temp.id('ada'), jsonb_build_object('story_id', pg_temp.resource('ada'), 'with_images', true)) r;
select is(
  (public.claim_job(p_job_type => 'book')).request,
  jsonb_build_object(
    'title', 'Fox', 'with_images', true,
    'story', jsonb_build_object('title', 'Fox', 'language', 'en', 'age_min', 3, 'age_max', 6, 'pages', pg_temp.pages(4))
  ), 'a book is asked for with its story'
);
create function pg_temp.path(p_name text) returns text language sql as $$
  select format('%s/%s/1-%s.pdf', pg_temp.id(p_name), pg_temp.resource('book'), repeat('a', 64))
$$;
select is((public.complete_book(pg_temp.job('book'), 1, c.path, c.pages, c.bytes)).outcome, 'invalid', format('Point 6: %s is no book', c.what))
from (
  values
    ('somebody else''s file', pg_temp.path('eve'), 4, 9), ('another name', 'x.pdf', 4, 9), ('the file of another attempt', replace(pg_temp.path('ada'), '/1-', '/2-'), 4, 9), ('a file under another name', replace(pg_temp.path('ada'), 'aaaa', 'x'), 4, 9), ('a file without its digest', pg_temp.id('ada') || '/' || pg_temp.resource('book') || '.pdf', 4, 9), ('no file', null, 4, 9), ('no page', pg_temp.path('ada'), 0, 9),
    ('too many pages', pg_temp.path('ada'), 5, 9), ('pages of null', pg_temp.path('ada'), null, 9), ('an empty file', pg_temp.path('ada'), 4, 0)
) c (what, path, pages, bytes);
select is((public.complete_book(pg_temp.job('book'), 2, pg_temp.path('ada'), 4, 9)).outcome, 'fenced', 'Point 6: another attempt is fenced');
select is((public.complete_story(pg_temp.job('book'), 1, 'Fox', pg_temp.pages(1))).outcome, 'not_found', 'a book is no story');
select results_eq(
  $$select outcome, job_id, status::text, user_id, resource_id, charged from public.complete_book(pg_temp.job('book'), 1, pg_temp.path('ada'), 3, 9)$$,
  $$values ('completed', pg_temp.job('book'), 'ready', pg_temp.id('ada'), pg_temp.resource('book'), 1.50)$$, 'Point 6: a book is charged for its pages'
);
select is(pg_temp.state('book'), 'ready | ready | confirmed 1.50 | 7.50 0.00', 'Point 6: when it is delivered');
select results_eq(
  $$select pdf_path, pdf_bytes, page_count::integer, content from public.books where id = pg_temp.resource('book')$$,
  $$values (pg_temp.path('ada'), 9, 3, null::jsonb)$$, 'its file is known, and the copy of the story gone'
);
select is((public.complete_book(pg_temp.job('book'), 1, pg_temp.path('ada'), 4, 9)).outcome, 'already_completed', 'Point 6: repeating it changes nothing');
select is(
  (public.complete_book(pg_temp.job('book'), 1, replace(pg_temp.path('ada'), 'aaa', 'bbb'), 4, 9)).outcome, 'fenced', 'V9: another file of the same attempt is not the one that was paid for'
);
select is(pdf_path, pg_temp.path('ada'), 'V9: nor does it take its place') from public.books where id = pg_temp.resource('book');
create function pg_temp.order_book(p_name text) returns void language sql as $$
  insert into job
  select p_name, r.job_id, r.resource_id
  from public.create_book(pg_temp.id('ada'), jsonb_build_object('story_id', pg_temp.resource('ada'), 'with_images', true)) r;
  select public.claim_job((select id from job where name = p_name))
$$;
create function pg_temp.complete(p_name text, p_pages integer, p_bytes integer) returns text language sql as $$
  select (public.complete_book(pg_temp.job(p_name), 1, format('%s/%s/1-%s.pdf', pg_temp.id('ada'), pg_temp.resource(p_name), repeat('b', 64)), p_pages, p_bytes)).outcome
$$;
select pg_temp.order_book('small book'), pg_temp.order_book('late book');
select is(pg_temp.complete('small book', 1, 1), 'completed', 'Point 6: a book may be as small as can be');
select public.release_credits(pg_temp.id('ada'), pg_temp.job('late book'));
select is(pg_temp.complete('late book', 4, 9), 'expired', 'Point 6: a book whose credits are gone is not delivered');
select is(
  pg_temp.state('late book'), 'failed | failed | refunded 2.00 | 7.00 0.00 | reservation_expired', 'Point 6: nor paid for'
);
select is(pdf_path, null, 'Point 6: nor there to be read') from public.books where id = pg_temp.resource('late book');

-- Cancelling -------------------------------------------------------------------------------------------------------

select pg_temp.order_story('gus');
select is((public.cancel_job(pg_temp.id('eve'), pg_temp.job('gus'))).outcome, 'not_found', 'M5: nobody cancels somebody else''s job');
select is((public.cancel_job(pg_temp.id('gus'), pg_temp.job('gus'))).outcome, 'cancelled', 'Point 6: an owner gives a job up');
select is(pg_temp.state('gus'), 'cancelled | cancelled | refunded 1.00 | 10.00 0.00 | cancelled', 'Point 6: and the credits are back');
select is((public.cancel_job(pg_temp.id('gus'), pg_temp.job('gus'))).outcome, 'already_cancelled', 'Point 6: repeating it changes nothing');
select is((public.complete_story(pg_temp.job('gus'), 1, 'Fox', pg_temp.pages(4))).outcome, 'fenced', 'Point 6: a cancelled job is not delivered');
select is((public.fail_job(pg_temp.job('gus'), 1, 'x', null, true)).outcome, 'fenced', 'Point 6: nor tried again');
select is((public.cancel_job(pg_temp.id('ada'), pg_temp.job('ada'))).outcome, 'already_ended', 'Point 6: what is delivered cannot be cancelled');

-- Deleting ---------------------------------------------------------------------------------------------------------

select is((public.delete_story(pg_temp.id('eve'), pg_temp.resource('ada'))).outcome, 'not_found', 'H3: nobody deletes somebody else''s story');
select is((public.delete_book(pg_temp.id('eve'), pg_temp.resource('book'))).outcome, 'not_found', 'H3: or book');
select is((public.delete_story(pg_temp.id('ada'), pg_temp.resource('ada'))).outcome, 'deleted', 'an owner deletes a story');
select is(metadata ? 'prompt', false, 'and what they had asked for with it') from public.credit_usage_logs where id = pg_temp.job('ada');
select is(story_id, null, 'its book stays') from public.books where id = pg_temp.resource('book');
select is((public.delete_story(pg_temp.id('ada'), pg_temp.resource('ada'))).outcome, 'not_found', 'then it is gone');
insert into storage.objects (bucket_id, name)
values ('books', pg_temp.path('ada')), ('books', replace(pg_temp.path('ada'), '/1-', '/2-')), ('books', replace(pg_temp.path('ada'), '/1-', '0/1-'));
select results_eq(
  $$select * from public.delete_book(pg_temp.id('ada'), pg_temp.resource('book'))$$,
  $$values ('deleted', array[pg_temp.path('ada'), replace(pg_temp.path('ada'), '/1-', '/2-')])$$, 'a deleted book names its files, those of other attempts too'
);
select is(metadata ? 'title', false, 'and its title with it') from public.credit_usage_logs where id = pg_temp.job('book');
select is(a.available::numeric, 7.00, 'what was delivered stays paid for') from public.credit_accounts a where a.user_id = pg_temp.id('ada');
select pg_temp.order_story('hal');
select public.delete_story(pg_temp.id('hal'), pg_temp.resource('hal'));
select is(pg_temp.state('hal'), 'cancelled | refunded 1.00 | 10.00 0.00 | cancelled', 'Point 6: deleting an unfinished story returns its credits');
select is((public.complete_story(pg_temp.job('hal'), 1, 'Fox', pg_temp.pages(4))).outcome, 'fenced', 'Point 6: and what is delivered later is not charged');

select pg_temp.order_story('ida');
select public.complete_story(pg_temp.job('ida'), 1, 'Fox', pg_temp.pages(2));
insert into job
select 'ida''s book', r.job_id, r.resource_id
from public.create_book(pg_temp.id('ida'), jsonb_build_object('story_id', pg_temp.resource('ida'), 'with_images', false)) r;
select public.delete_story(pg_temp.id('ida'), pg_temp.resource('ida'));
select is(
  (public.claim_job(pg_temp.job('ida''s book'))).request #> '{story,pages}', pg_temp.pages(2), 'a story deleted meanwhile still becomes the book that was ordered'
);
insert into storage.objects (bucket_id, name)
values ('books', pg_temp.id('ida') || '/' || pg_temp.resource('ida''s book') || '/1-early.pdf');
select is(
  (public.delete_book(pg_temp.id('ida'), pg_temp.resource('ida''s book'))).files,
  array[pg_temp.id('ida') || '/' || pg_temp.resource('ida''s book') || '/1-early.pdf'], 'an unfinished book names the file that a worker may have stored already'
);
select is(
  pg_temp.state('ida''s book'), 'cancelled | refunded 0.20 | 9.50 0.00 | cancelled', 'Point 6: and its credits are back'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
