-- I1: what stories and books cost, and that a price change never alters an open reservation.
begin;
create extension if not exists pgtap with schema extensions;
select plan(7);
\ir ../helpers.psql
\ir ../everybody.psql

set local test.clock = '2030-01-01 14:00Z';

select results_eq(
  'select action, credits::numeric, unit, active from public.credit_pricing where action ~ ''^(story|book)_'' order by action',
  $$values ('book_page', 0.10, 'page', true), ('book_page_with_image', 0.50, 'page', false), ('story_page', 0.25, 'page', true)$$,
  'the prices a new project starts with, pictures not offered among them'
);
select results_eq(
  $$
    select action, max_requests, window_minutes from public.rate_limit_policies
    where action in ('book_generate', 'story_create') order by action
  $$,
  $$values ('book_generate', 3, 1), ('story_create', 5, 1)$$,
  'M4: and the limits'
);
select pg_temp.price('story_page', 0.30);

-- I1: the snapshot -------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
select is(
  (public.create_story(pg_temp.id('ada'), '{"prompt": "A fox", "age_min": 3, "age_max": 6, "pages": 4}')).cost, 1.20, 'I1: a story costs today''s price'
);
select is(
  (select metadata from public.credit_usage_logs),
  '{"total_cost": 1.20,
    "pricing_snapshot": {"action": "story_page", "credits": 0.30, "unit": "page", "as_of": "2030-01-01T14:00:00+00:00"}}'::jsonb,
  'I1: and its reservation keeps that price'
);
create temp table before as select * from public.credit_usage_logs;
update public.credit_pricing set credits = 9;
select results_eq('select * from public.credit_usage_logs', 'select * from before', 'I1: a price change leaves an open reservation alone');
select public.claim_job();
select is(
  (public.complete_story((select id from public.generation_jobs), 1, 'Fox', '[{"text": "a"}, {"text": "b"}, {"text": "c"}]')).charged, 0.90,
  'I1: and what is delivered is charged at the price it was ordered at'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
