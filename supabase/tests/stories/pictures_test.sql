-- Pictures that could not be made are not charged for: their share of the price goes back, and the owner can read it.
begin;
create extension if not exists pgtap with schema extensions;
select plan(14);
\ir ../helpers.psql
\ir ../everybody.psql

select pg_temp.price('story_page', 0.25), pg_temp.price('book_page', 0.10), pg_temp.price('book_page_with_image', 0.50);

-- A story of four pages, and a book of it whose job is claimed.
create function pg_temp.order_book(p_name text, p_images boolean) returns void language plpgsql as $$
declare
  v_story public.admission_result;
  v_book public.admission_result;
begin
  perform public.grant_credits(pg_temp.id(p_name), 10, 'promotion', 'gift');
  v_story := public.create_story(pg_temp.id(p_name), '{"prompt": "A fox", "age_min": 3, "age_max": 6, "pages": 4}');
  perform public.claim_job(v_story.job_id);
  perform public.complete_story(v_story.job_id, 1, 'Fox', '[{"text": "a"}, {"text": "b"}, {"text": "c"}, {"text": "d"}]');
  v_book := public.create_book(pg_temp.id(p_name), jsonb_build_object('story_id', v_story.resource_id, 'with_images', p_images));
  perform public.claim_job(v_book.job_id);
end;
$$;
create function pg_temp.deliver(p_name text, p_pages integer, p_pictures integer) returns text language sql as $$
  select r.outcome || ' ' || coalesce(r.charged::numeric(12, 2)::text, '-')
  from public.books b
  cross join lateral public.complete_book(b.job_id, 1, format('%s/%s/1-%s.pdf', b.user_id, b.id, repeat('a', 64)), p_pages, 9, p_pictures) r
  where b.user_id = pg_temp.id(p_name)
$$;
create function pg_temp.pictures(p_name text) returns integer language sql
as $$ select picture_count from public.books where user_id = pg_temp.id(p_name) $$;

select pg_temp.order_book(n, true) from unnest(array['all', 'told', 'two', 'none', 'short', 'more', 'negative', 'cheap']) n;
select pg_temp.order_book('plain', false);
update public.credit_pricing set credits = 9 where action like 'book%';

select is(pg_temp.deliver('all', 4, null), 'completed 2.00', 'a book that says nothing of pictures has them all');
select is(pg_temp.pictures('all'), 4, 'and so it reads');
select is(pg_temp.deliver('told', 4, 4), 'completed 2.00', 'one with all its pictures costs the same');
select is(pg_temp.deliver('two', 4, 2), 'completed 1.20', 'two pages without their picture cost what pages without pictures cost when it was ordered');
select is(pg_temp.pictures('two'), 2, 'and its owner can read how many it has');
select is(pg_temp.deliver('none', 4, 0), 'completed 0.40', 'a book without any costs what one without pictures costs');
select is(pg_temp.deliver('short', 3, 2), 'completed 1.10', 'pages that are missing are not charged for either');
select is(pg_temp.deliver('more', 4, 9), 'completed 2.00', 'no page has two pictures');
select is(pg_temp.deliver('negative', 4, -1), 'invalid -', 'fewer than none is no book');
select is(pg_temp.deliver('plain', 4, 0), 'completed 0.40', 'a book ordered without pictures lacks none');
select is(pg_temp.pictures('plain'), 0, 'and has none');
update public.books set picture_price = 100 where user_id = pg_temp.id('cheap');
select is(pg_temp.deliver('cheap', 4, 0), 'completed 0.00', 'nothing costs less than nothing');
select is(
  (select available::numeric from public.credit_accounts where user_id = pg_temp.id('two')), 10 - 1.00 - 1.20, 'what was not made is back'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
