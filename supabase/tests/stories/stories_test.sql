-- Point 7: admission of a story: limit, rules, price, reservation and job in one call, and each way it is refused.
begin;
create extension if not exists pgtap with schema extensions;
select plan(69);
\ir ../helpers.psql
\ir ../everybody.psql

select pg_temp.price('story_page', 0.25);
update public.rate_limit_policies set max_requests = 5, window_minutes = 1 where action = 'story_create';

-- A good request with some fields changed; "left out" leaves one out.
create function pg_temp.request(p_changes jsonb default '{}') returns jsonb language sql as $$
  select jsonb_object_agg(f.key, f.value)
  from jsonb_each('{"prompt": "A fox finds a key", "age_min": 3, "age_max": 6, "pages": 4, "language": "en"}' || p_changes) f
  where f.value <> '"left out"'
$$;

-- Point 7: accepted ------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
create temp table accepted as select * from public.create_story(pg_temp.id('ada'), pg_temp.request(), 'key 1');

select results_eq(
  'select outcome, code, field, message, status::text, cost, required, rate_limit, rate_remaining, rate_window_seconds, retry_after_seconds from accepted',
  $$values ('accepted', null::text, null::text, null::text, 'queued', 1.00, null::numeric, 5, 4, 60, null::integer)$$,
  'Point 7: accepted, with its cost and what is left of the limit'
);
select results_eq(
  $$select s.user_id, s.job_id, s.status::text, s.prompt, s.age_min, s.age_max, s.language, s.page_count, s.title, s.pages, s.created_at
    from public.stories s join accepted a on a.resource_id = s.id$$,
  $$select pg_temp.id('ada'), job_id, 'queued', 'A fox finds a key', 3, 6, 'en', 4, null::text, null::jsonb, '2030-01-01 12:00Z'::timestamptz from accepted$$,
  'Point 7: the story is there'
);
select results_eq(
  $$select j.user_id, j.job_type::text, j.resource_id, j.status::text, j.units_total::integer, j.attempt, j.cost::numeric, j.next_attempt_at
    from public.generation_jobs j join accepted a on a.job_id = j.id$$,
  $$select pg_temp.id('ada'), 'story', resource_id, 'queued', 4, 0, 1.00, '2030-01-01 12:00Z'::timestamptz from accepted$$,
  'Point 7: its job is due'
);
select results_eq(
  $$select r.user_id, r.status::text, r.reserved_amount::numeric, r.expires_at, r.description
    from public.credit_usage_logs r join accepted a on a.job_id = r.id$$,
  $$values (pg_temp.id('ada'), 'reserved', 1.00, '2030-01-01 12:15Z'::timestamptz, 'Story')$$,
  'Point 7: and paid for by the reservation with its id'
);
select public.create_story(pg_temp.id('ada'), pg_temp.request('{"pages": "left out", "language": "left out"}'));
select results_eq(
  $$select page_count, language from public.stories where job_id <> (select job_id from accepted)$$,
  $$values (8, 'en')$$, 'Point 7: a story has 8 pages in English unless told'
);

select public.grant_credits(pg_temp.id('gil'), 10, 'promotion', 'gift');
select public.create_story(pg_temp.id('gil'), pg_temp.request('{"language": "es"}'));
select is(language, 'es', 'Point 7: or in another language') from public.stories where user_id = pg_temp.id('gil');
delete from public.generation_jobs where user_id = pg_temp.id('gil');

-- Point 7: idempotency ---------------------------------------------------------------------------------------------

select results_eq(
  $$select outcome, resource_id, job_id, status::text, cost from public.create_story(pg_temp.id('ada'), pg_temp.request(), 'key 1')$$,
  $$select 'already_accepted', resource_id, job_id, 'queued', 1.00 from accepted$$,
  'Point 7: the same key and request return the same job'
);
select is(
  (public.create_story(
    pg_temp.id('ada'), '{"language": "en", "pages": 4, "age_max": 6, "age_min": 3, "prompt": "A fox finds a key"}', 'key 1'
  )).outcome, 'already_accepted', 'Point 7: whatever the order of its fields'
);
select results_eq(
  $$select outcome, code, resource_id, job_id from public.create_story(pg_temp.id('ada'), pg_temp.request('{"pages": 5}'), 'key 1')$$,
  $$values ('idempotency_mismatch', 'idempotency_key_reused', null::uuid, null::uuid)$$,
  'Point 7: the same key with another request is refused'
);
select is(
  (public.create_book(pg_temp.id('ada'), pg_temp.request(), 'key 1')).outcome, 'idempotency_mismatch', 'Point 7: also when it is a request for a book'
);
select is((select count(*) from public.generation_jobs), 2::bigint, 'Point 7: none of them made a job');
select is(
  cardinality(hits), 3, 'Point 7: a repeated request does not count against the limit; V4: one that reuses a key does'
) from public.api_rate_limits where identifier = pg_temp.id('ada')::text and action = 'story_create';
select public.grant_credits(pg_temp.id('bob'), 10, 'promotion', 'gift');
select is(
  (public.create_story(pg_temp.id('bob'), pg_temp.request(), 'key 1')).outcome, 'accepted', 'Point 7: another user''s key is another key'
);
select pg_temp.price('story_page', 5);
select is(
  (public.create_story(pg_temp.id('ada'), pg_temp.request(), 'key 1')).cost, 1.00, 'Point 7: a repeated request keeps its price'
);
select pg_temp.price('story_page', 0.25);

-- M3: too few credits ----------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('cid'), 0.99, 'promotion', 'gift');
select results_eq(
  $$select outcome, required, cost, resource_id, job_id, rate_remaining from public.create_story(pg_temp.id('cid'), pg_temp.request(), 'key')$$,
  $$values ('insufficient_credits', 1.00, 1.00, null::uuid, null::uuid, 4)$$,
  'M3: too few credits: the outcome says what is required'
);
select is_empty($$select 1 from public.stories where user_id = pg_temp.id('cid')$$, 'M3: no story is kept');
select is_empty($$select 1 from public.generation_jobs where user_id = pg_temp.id('cid')$$, 'M3: no job either');
select is(
  cardinality(hits), 1, 'M4: a request refused for lack of credits counts against the limit'
) from public.api_rate_limits where identifier = pg_temp.id('cid')::text;
select public.grant_credits(pg_temp.id('cid'), 5, 'purchase', 'more');
select is(
  (public.create_story(pg_temp.id('cid'), pg_temp.request(), 'key')).outcome, 'accepted', 'Point 7: the key of a refused request can be used again'
);

-- M4: the rate limit -----------------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 13:00Z';
select public.grant_credits(pg_temp.id('dan'), 100, 'promotion', 'gift');
select is(
  array(select (public.create_story(pg_temp.id('dan'), pg_temp.request())).outcome from generate_series(1, 5)),
  array_fill('accepted'::text, array[5]), 'M4: five stories a minute'
);
select results_eq(
  $$select outcome, rate_limit, rate_remaining, rate_window_seconds, retry_after_seconds, job_id from public.create_story(pg_temp.id('dan'), pg_temp.request())$$,
  $$values ('rate_limited', 5, 0, 60, 60, null::uuid)$$, 'M4: and not a sixth'
);
select is((select count(*) from public.generation_jobs where user_id = pg_temp.id('dan')), 5::bigint, 'M4: which makes nothing');
set local test.clock = '2030-01-01 13:00:59.999Z';
select is((public.create_story(pg_temp.id('dan'), '{}')).outcome, 'rate_limited', 'M4: the limit comes before the rules');
set local test.clock = '2030-01-01 13:01Z';
select is((public.create_story(pg_temp.id('dan'), pg_temp.request())).outcome, 'accepted', 'M4: a minute later there is room');

-- Rules ------------------------------------------------------------------------------------------------------------

update public.rate_limit_policies set max_requests = 1000;
select public.grant_credits(pg_temp.id('eva'), 1000, 'promotion', 'gift');
select is(
  (select concat_ws(' ', r.outcome, r.code, r.field) from public.create_story(pg_temp.id('eva'), pg_temp.request(c.changes::jsonb)) r),
  'invalid invalid_field ' || c.field, format('Point 7: %s: the field is named', c.changes)
)
from (
  values
    ('{"prompt": "left out"}', 'prompt'), ('{"prompt": null}', 'prompt'), ('{"prompt": 5}', 'prompt'), ('{"prompt": "ab"}', 'prompt'),
    ('{"prompt": "  a  "}', 'prompt'), ('{"prompt": "\n\na\t\n"}', 'prompt'), ('{"prompt": ["abc"]}', 'prompt'),
    ('{"prompt": "a b"}', 'prompt'), ('{"prompt": "\u200b\u00ad\u3164\u2800 "}', 'prompt'),
    ('{"age_min": "left out"}', 'age_min'), ('{"age_min": 1}', 'age_min'), ('{"age_min": 13}', 'age_min'), ('{"age_min": 3.5}', 'age_min'),
    ('{"age_min": "3"}', 'age_min'), ('{"age_max": "left out"}', 'age_max'), ('{"age_max": 2}', 'age_max'), ('{"age_max": 13}', 'age_max'),
    ('{"pages": 0}', 'pages'), ('{"pages": -1}', 'pages'), ('{"pages": 61}', 'pages'), ('{"pages": 1.5}', 'pages'), ('{"pages": 1e30}', 'pages'),
    ('{"pages": true}', 'pages'), ('{"pages": "8"}', 'pages'), ('{"pages": [8]}', 'pages'), ('{"age_min": [3]}', 'age_min'),
    ('{"age_max": {"a": 6}}', 'age_max'), ('{"language": "eng"}', 'language'), ('{"language": "de_DE"}', 'language'), ('{"language": "e1"}', 'language')
) c (changes, field);
select is(
  (select r.outcome || ' ' || r.field from public.create_story(pg_temp.id('eva'), b::jsonb) r), 'invalid prompt', format('Point 7: %s is no request', coalesce(b, 'null'))
) from unnest(array[null, '[]', '"text"', 'null', '5']) b;
select is(
  (public.create_story(pg_temp.id('eva'), pg_temp.request(jsonb_build_object('prompt', repeat('x', n))))).outcome,
  case when n <= 1000 then 'accepted' else 'invalid' end, format('Point 7: a prompt of %s characters', n)
) from unnest(array[3, 1000, 1001]) n;
select is(
  (public.create_story(pg_temp.id('eva'), pg_temp.request(c::jsonb))).outcome, 'accepted', format('Point 7: %s is allowed', c)
) from unnest(array['{"pages": 1}', '{"pages": 60}', '{"age_min": 2, "age_max": 2}', '{"age_min": 12, "age_max": 12}', '{"age_min": 3.0}']) c;
select is(
  (select reserved::numeric from public.credit_accounts where user_id = pg_temp.id('eva')), 2 * 1.00 + 0.25 + 15.00 + 3 * 1.00,
  'Point 7: nothing is reserved for a request that was refused'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
