-- Point 10: erasing a user ends their jobs and deletes what they had written and made.
begin;
create extension if not exists pgtap with schema extensions;
select plan(18);
\ir ../helpers.psql

select pg_temp.price('book_page_with_image', 0.50);

-- Somebody with a story, an unfinished book, and a job that failed.
create function pg_temp.live(p_name text) returns void language plpgsql as $$
declare
  v_user uuid := pg_temp.id(p_name);
  v_story public.admission_result;
  v_book public.admission_result;
begin
  insert into auth.users (id, email) values (v_user, p_name || '@example.com');
  perform public.grant_credits(v_user, 20, 'promotion', 'gift');
  v_story := public.create_story(v_user, '{"prompt": "WORD the fox", "age_min": 3, "age_max": 6, "pages": 2}', 'WORD 1');
  perform public.claim_job(v_story.job_id, 'WORD');
  perform public.complete_story(v_story.job_id, 1, 'WORD', '[{"text": "WORD"}, {"text": "WORD"}]');
  v_book := public.create_book(v_user, jsonb_build_object('story_id', v_story.resource_id, 'with_images', true, 'title', 'WORD'), 'WORD 2');
  perform public.claim_job(v_book.job_id);
  insert into storage.objects (bucket_id, name)
  values ('books', format('%s/%s/1-left.pdf', v_user, v_book.resource_id)), ('books', format('%s0/other.pdf', v_user));
  v_story := public.create_story(v_user, '{"prompt": "WORD the cat", "age_min": 3, "age_max": 6, "pages": 2}');
  perform public.claim_job(v_story.job_id);
  perform public.fail_job(v_story.job_id, 1, 'refused', 'WORD is not allowed');
end;
$$;
select pg_temp.live('ada'), pg_temp.live('bob');
create temp table book as select job_id, id from public.books where user_id = pg_temp.id('ada');

-- How many rows of a table say WORD and are the user's.
create function pg_temp.saying(p_table text, p_name text) returns bigint language plpgsql as $$
declare
  v_count bigint;
begin
  execute format('select count(*) from public.%I t where t::text like ''%%WORD%%'' and t.user_id = %L', p_table, pg_temp.id(p_name)) into v_count;
  return v_count;
end;
$$;
select cmp_ok(pg_temp.saying(t, 'ada'), '>', 0::bigint, format('before: %s holds what the user said', t))
from unnest(array['stories', 'books', 'generation_jobs']) t;

create temp table before as select available::numeric, reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada');
select results_eq(
  $$select * from public.erase_user(pg_temp.id('ada'))$$,
  $$select 'erased', array['books/' || pg_temp.id('ada') || '/' || id || '/1-left.pdf'], '{}'::text[], '{}'::text[] from book$$,
  'Point 10: a user is erased, and the files to remove are named'
);
select is(pg_temp.saying(t, 'ada'), 0::bigint, format('Point 10: %s says nothing of what the user said', t))
from unnest(array['stories', 'books', 'generation_jobs']) t;
select cmp_ok(pg_temp.saying(t, 'bob'), '>', 0::bigint, format('Point 10: nobody else''s %s are touched', t))
from unnest(array['stories', 'books', 'generation_jobs']) t;
select results_eq(
  $$select status::text, idempotency_key from public.generation_jobs where id = (select job_id from book)$$,
  $$values ('cancelled', null::text)$$, 'Point 10: unfinished jobs are cancelled'
);
select results_eq(
  $$select a.available::numeric, a.reserved::numeric from public.credit_accounts a where a.user_id = pg_temp.id('ada')$$,
  'select available + reserved, 0.00 from before', 'Point 10: and what they held is back'
);
select is(
  (public.complete_book((select job_id from book), 1, pg_temp.id('ada') || '/' || (select id from book) || '/1-' || repeat('a', 64) || '.pdf', 2, 9)).outcome, 'fenced',
  'Point 10: a late answer changes nothing'
);
select throws_ok(
  $$select public.create_story(pg_temp.id('ada'), '{"prompt": "WORD again", "age_min": 3, "age_max": 6, "pages": 1}')$$, 'PT401', null,
  'Point 10: a token that is still good makes no new content'
);
select throws_ok(
  $$select public.create_story(pg_temp.id('ada'), '{"prompt": "WORD the fox", "age_min": 3, "age_max": 6, "pages": 2}', 'WORD 1')$$, 'PT401', null,
  'Point 10: nor hears of what it ordered before'
);
update auth.users set banned_until = 'infinity' where id = pg_temp.id('bob');
select throws_ok(
  $$select public.create_story(pg_temp.id('bob'), '{"prompt": "WORD the fox", "age_min": 3, "age_max": 6, "pages": 2}', 'WORD 1')$$, 'PT401', null,
  'V10: nor does whoever was banned meanwhile'
);
select is_empty($$select 1 from public.api_rate_limits where identifier = pg_temp.id('ada')::text$$, 'V3: and leaves no trace');
select is_empty('select * from public.verify_credits()', 'Point 10: the books still balance');

select * from finish();
rollback;
