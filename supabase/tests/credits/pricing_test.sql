-- I1: prices. A price change moves updated_at and never alters an open reservation.
begin;
create extension if not exists pgtap with schema extensions;
select plan(20);

create function pg_temp.id(p_name text) returns uuid language sql immutable return md5(p_name)::uuid;
create or replace function credits_private.clock() returns timestamptz language sql volatile set search_path = ''
as $$ select current_setting('test.clock')::timestamptz $$;
set local test.clock = '2030-01-01 12:00Z';

-- Prices -----------------------------------------------------------------------------------------------------------

select results_eq(
  'select action, credits::numeric, unit from public.credit_pricing order by action',
  $$values ('book_page', 0.10, 'page'), ('book_page_with_image', 0.50, 'page'), ('story_page', 0.25, 'page')$$,
  'the prices a new project starts with'
);
select results_eq(
  format('select cost from credits_private.price_of(%L, %s)', p.action, p.pages), format('values (%s::numeric)', p.cost),
  format('%s pages of %s cost %s', p.pages, p.action, p.cost)
)
from (values ('story_page', 1, 0.25), ('story_page', 8, 2.00), ('book_page', 60, 6.00), ('book_page_with_image', 3, 1.50)) p (action, pages, cost);
insert into public.credit_pricing (action, credits, unit, description) values ('flat', 3, 'each', 'A flat price');
select results_eq('select cost from credits_private.price_of(''flat'', 60)', 'values (3.00::numeric)', 'a price for each does not grow with the pages');
select throws_ok($$select credits_private.price_of('unknown', 1)$$, 'P0002', null, 'an action without a price is a bug, not free');

-- I1 ---------------------------------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 13:00Z';
update public.credit_pricing set credits = 0.30 where action = 'story_page';
select is(updated_at, '2030-01-01 13:00Z'::timestamptz, 'I1: updated_at moves on an update') from public.credit_pricing where action = 'story_page';
set local test.clock = '2030-01-01 14:00Z';
update public.credit_pricing set credits = 0.30 where action = 'story_page';
select is(updated_at, '2030-01-01 14:00Z'::timestamptz, 'I1: also when nothing else changes') from public.credit_pricing where action = 'story_page';
update public.credit_pricing set updated_at = '2000-01-01Z' where action = 'story_page';
select is(updated_at, '2030-01-01 14:00Z'::timestamptz, 'I1: and it cannot be set') from public.credit_pricing where action = 'story_page';
select isnt(updated_at, '2030-01-01 14:00Z'::timestamptz, 'I1: that of other prices stays') from public.credit_pricing where action = 'book_page';
select throws_ok(s, '23514', null, 'I1: a price is above 0, for each or by the page: ' || s)
from unnest(array[
  'update public.credit_pricing set credits = -1', 'update public.credit_pricing set credits = 0', 'update public.credit_pricing set credits = 0.004',
  'update public.credit_pricing set unit = ''word'''
]) s;

-- I1: the snapshot -------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
select is(
  (public.create_story(pg_temp.id('ada'), '{"prompt": "A fox", "age_min": 3, "age_max": 6, "pages": 4}')).cost, 1.20, 'I1: a story costs today''s price'
);
select is(
  (select metadata from public.credit_usage_logs),
  '{"prompt": "A fox", "total_cost": 1.20, "pages": 4, "cost_per_page": 0.30,
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
