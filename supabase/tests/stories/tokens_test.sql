-- A story that is priced by tokens: its most is held, what the delivering attempt used is charged.
begin;
create extension if not exists pgtap with schema extensions;
select plan(24);
\ir ../helpers.psql
\ir ../everybody.psql

update public.rate_limit_policies set max_requests = 1000;
select public.change_setting('story_settings', null, 'priced_by', 'tokens', 'test', 'test');
select public.change_setting('story_settings', null, 'input_tokens', '1000', 'test', 'test');
select public.change_setting('story_settings', null, 'output_tokens_per_page', '500', 'test', 'test');
select public.grant_credits(pg_temp.id('ada'), 20, 'promotion', 'gift');
create temp table orders (name text, job_id uuid);
create function pg_temp.order_story(p_name text) returns text language plpgsql as $$
declare
  v_result public.admission_result := public.create_story(pg_temp.id('ada'), '{"prompt": "A fox", "age_min": 3, "age_max": 6, "pages": 2}');
begin
  insert into orders values (p_name, v_result.job_id);
  return concat_ws(' ', v_result.outcome, v_result.cost, v_result.required);
end;
$$;
create function pg_temp.job(p_name text) returns uuid language sql as $$ select job_id from orders where name = p_name $$;
create function pg_temp.deliver(p_name text, p_attempt integer default 1) returns text language sql as $$
  select concat_ws(' ', outcome, charged) from public.complete_story(pg_temp.job(p_name), p_attempt, 'Fox', '[{"text": "a"}]')
$$;
create function pg_temp.balance() returns text language sql as $$
  select concat_ws(' ', available, reserved) from public.credit_accounts where user_id = pg_temp.id('ada')
$$;

create function pg_temp.quote() returns text language sql as $$
  select concat_ws(' ', outcome, cost, version, over_hold) from public.read_estimate(pg_temp.id('ada'), 'story', null, 2)
$$;

select is(pg_temp.order_story('none'), 'not_offered', 'without a card it is not offered');
select is(pg_temp.quote(), 'not_offered', 'nor has it a price');
select public.save_rate_card('story', '[
  {"meter": "input_tokens", "price": 0.1, "per": 1000}, {"meter": "output_tokens", "price": 1, "per": 1000},
  {"meter": "output_tokens", "price": 2, "per": 1000, "match": {"model": "large"}}
]', p_reason => 'test');
select is(pg_temp.quote(), 'ok 1.10 1 cap', 'what it costs before it is ordered is what will be held');
select is(pg_temp.order_story('one'), 'accepted 1.10', 'the most that it may use is held');
select public.claim_job(pg_temp.job('one')), public.note_job_usage(pg_temp.job('one'), 1, 9, 90000, 90000);
select public.fail_job(pg_temp.job('one'), 1, 'backend_unavailable', null, true);
set local test.clock = '2030-01-01 12:01Z';
select public.claim_job(pg_temp.job('one')), public.note_job_usage(pg_temp.job('one'), 2, 1, 500, 100, p_model => 'large');
select is(pg_temp.deliver('one', 2), 'completed 0.25', 'what the delivering attempt used is charged, by its model');
select is(pg_temp.balance(), '19.75 0.00', 'the rest has returned');
select is((select charged::numeric from public.job_attempts where job_id = pg_temp.job('one') and attempt = 2), 0.25, 'the attempt says so');
select is(pg_temp.order_story('unsaid'), 'accepted 1.10', 'another one');
select public.claim_job(pg_temp.job('unsaid')), public.note_job_usage(pg_temp.job('unsaid'), 1, 1, 0);
select is(pg_temp.deliver('unsaid'), 'completed 1.00', 'what the backend does not say is what was held for; zero is zero');
select is(pg_temp.order_story('failed'), 'accepted 1.10', 'a third');
select public.claim_job(pg_temp.job('failed')), public.fail_job(pg_temp.job('failed'), 1, 'unsafe_prompt');
select is(pg_temp.balance(), '18.75 0.00', 'what fails costs nothing');
select public.change_setting('story_settings', null, 'model', 'unknown', 'test', 'test');
select public.save_rate_card('story', '[{"meter": "input_tokens", "price": 0.1}, {"meter": "output_tokens", "price": 1, "match": {"model": "large"}}]', p_reason => 'test');
select is(pg_temp.order_story('unknown'), 'not_offered', 'a model that no rate knows is not offered');
select public.change_setting('story_settings', null, 'priced_by', 'page', 'test', 'test'), pg_temp.price('story_page', 0.5);
select is(pg_temp.quote(), 'ok 1.00', 'and so is its price, which is fixed');
select is(pg_temp.order_story('pages'), 'accepted 1.00', 'by the page again');
update public.credit_pricing set active = false where action = 'story_page';
select is(pg_temp.quote(), 'not_offered', 'a story that is not offered has none');

-- Tokens within tokens ---------------------------------------------------------------------------------------------

select public.change_setting('story_settings', null, 'priced_by', 'tokens', 'test', 'test'), public.change_setting('story_settings', null, 'model', null, 'test', 'test');
select public.save_rate_card('story', '[
  {"meter": "input_tokens", "price": 0.1, "per": 1000}, {"meter": "output_tokens", "price": 1, "per": 1000},
  {"meter": "cached_input_tokens", "price": 0.01, "per": 1000}, {"meter": "reasoning_tokens", "price": 0.5, "per": 1000, "match": {"model": "thinker"}}
]', null, 'available', 'test', 'test');
create function pg_temp.used(p_name text, p_model text, p_cached bigint, p_reasoning bigint) returns text language plpgsql as $$
begin
  perform pg_temp.order_story(p_name);
  perform public.claim_job(pg_temp.job(p_name));
  perform public.note_job_usage(pg_temp.job(p_name), 1, 1, 1000, 400, null, p_model, p_cached, p_reasoning);
  perform pg_temp.deliver(p_name);
  return (
    select string_agg(concat_ws(' ', meter, quantity::numeric::integer), ', ' order by line) || ': ' || trim_scale(sum(cost))
    from public.usage_lines where job_id = pg_temp.job(p_name)
  );
end;
$$;
select is(pg_temp.used('plain', 'thinker', null, null), 'input_tokens 1000, output_tokens 400: 0.5', 'neither cached nor reasoned, as far as is said');
select is(
  pg_temp.used('parts', 'thinker', 800, 300), 'input_tokens 200, cached_input_tokens 800, output_tokens 100, reasoning_tokens 300: 0.278',
  'each token is counted once, at the price of its kind'
);
select is(pg_temp.used('other', 'other', 800, 300), 'input_tokens 200, cached_input_tokens 800, output_tokens 400: 0.428', 'a kind that has no price for the model counts as the others');
select is(pg_temp.used('wrong', 'thinker', 5000, 5000), 'input_tokens 0, cached_input_tokens 1000, output_tokens 0, reasoning_tokens 400: 0.21', 'a part is never more than the whole');
select is((select sum(charged)::numeric from public.metered_jobs where job_id in (select job_id from orders where name in ('plain', 'parts', 'other', 'wrong'))), 1.42, 'and so it is charged');
select is(
  (select concat_ws(' ', cached_input_tokens, reasoning_tokens) from public.job_attempts where job_id = pg_temp.job('parts')), '800 300', 'the attempt says so'
);
select throws_ok(format('select public.note_job_usage(gen_random_uuid(), 1, 1, p_cached_input_tokens => %s, p_reasoning_tokens => %s)', c, r), '22023', null, 'less than none') from (values (-1, 0), (0, -1)) b (c, r);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
