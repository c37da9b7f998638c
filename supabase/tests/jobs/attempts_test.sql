-- V1: work that was begun and not paid for has a budget, and every attempt has its line in the operator's books.
begin;
create extension if not exists pgtap with schema extensions;
select plan(33);
\ir ../helpers.psql
\ir ../everybody.psql

update public.rate_limit_policies set max_requests = 1000;
update credits_private.work_policy set unpaid_budget = 8, unpaid_window = '1 day', max_unfinished = 3;
select pg_temp.price('story_page', 1);

create function pg_temp.at(p_time text) returns void language sql as $$ select set_config('test.clock', '2030-01-' || p_time || 'Z', true) $$;
create temp table last_order (name text primary key, id uuid);
create function pg_temp.order_story(p_name text, p_key text default null) returns text language plpgsql as $$
declare
  v_result public.admission_result;
begin
  perform public.grant_credits(pg_temp.id(p_name), 100, 'promotion', 'gift');
  v_result := public.create_story(pg_temp.id(p_name), '{"prompt": "A fox", "age_min": 3, "age_max": 6, "pages": 4}', p_key);
  if v_result.job_id is not null then
    insert into last_order values (p_name, v_result.job_id) on conflict (name) do update set id = excluded.id;
  end if;
  return concat_ws(' ', v_result.outcome, v_result.retry_after_seconds);
end;
$$;
create function pg_temp.job(p_name text) returns uuid language sql as $$ select id from last_order where name = p_name $$;
create function pg_temp.begin(p_name text) returns integer language sql as $$ select (public.claim_job(pg_temp.job(p_name))).attempt $$;
create function pg_temp.cancel(p_name text) returns text language sql as $$
  select (public.cancel_job(pg_temp.id(p_name), pg_temp.job(p_name))).outcome
$$;
create function pg_temp.unpaid(p_name text) returns numeric language sql as $$
  select coalesce(sum(unpaid), 0)::numeric from public.job_attempts where user_id = pg_temp.id(p_name)
$$;

-- The budget -------------------------------------------------------------------------------------------------------

select pg_temp.at('02 12:00');
select is(pg_temp.order_story('ada'), 'accepted', 'V1: a first order');
select is(pg_temp.cancel('ada'), 'cancelled', 'V1: given up before anybody began');
select is(pg_temp.unpaid('ada'), 0::numeric, 'V1: costs nothing');
select pg_temp.order_story('ada'), pg_temp.begin('ada'), pg_temp.cancel('ada');
select is(pg_temp.unpaid('ada'), 4.00, 'V1: given up after work began: what it would have cost');
select pg_temp.at('02 13:00');
select is(pg_temp.order_story('ada'), 'accepted', 'V1: while the budget lasts, orders are taken');
select pg_temp.begin('ada'), pg_temp.cancel('ada');
select pg_temp.at('02 13:30');
select is(pg_temp.order_story('ada', 'key'), 'unpaid_work 81000', 'V1: then not until the first of it is a day old');
select is(
  (select available::numeric || ' ' || reserved from public.credit_accounts where user_id = pg_temp.id('ada')), '100.00 0.00',
  'V1: and nothing is held meanwhile'
);
select is(pg_temp.order_story('bob'), 'accepted', 'V1: nobody else is concerned');
select pg_temp.at('03 11:59:59');
select is(pg_temp.order_story('ada', 'key'), 'unpaid_work 1', 'V1: to the second');
select pg_temp.at('03 12:00');
select is(pg_temp.order_story('ada', 'key'), 'accepted', 'V1: and then one may again, under the same key');
select pg_temp.begin('ada');
select is((public.complete_story(pg_temp.job('ada'), 1, 'Fox', '[{"text": "a"}]')).charged, 1.00, 'V1: what is delivered');
select is(pg_temp.unpaid('ada'), 8.00, 'V1: is paid for, and counts no more');

-- Whose fault ------------------------------------------------------------------------------------------------------

select pg_temp.order_story('cid'), pg_temp.begin('cid');
select is((public.fail_job(pg_temp.job('cid'), 1, 'backend_unavailable', null, true)).outcome, 'requeued', 'V1: where the backend is away');
select is(pg_temp.unpaid('cid'), 0::numeric, 'V1: nobody pays for that');
select is(outcome, 'backend_unavailable', 'V1: but it is noted') from public.job_attempts where job_id = pg_temp.job('cid') and attempt = 1;
select pg_temp.at('03 12:05');
select is(pg_temp.begin('cid'), 2, 'V1: a second attempt');
select is((public.fail_job(pg_temp.job('cid'), 2, 'bad_generation')).outcome, 'failed', 'V1: that ends as the model could not do it');
select is(pg_temp.unpaid('cid'), 4.00, 'V1: counts');
select is((public.fail_job(pg_temp.job('cid'), 2, 'bad_generation')).outcome, 'already_failed', 'V1: reported again');
select is(pg_temp.unpaid('cid'), 4.00, 'V1: it counts once');
select is((public.delete_story(pg_temp.id('bob'), (select resource_id from public.generation_jobs where id = pg_temp.job('bob')))).outcome, 'deleted', 'V1: what is deleted before anybody began');
select is(pg_temp.unpaid('bob'), 0::numeric, 'V1: costs nothing either');

-- Unfinished work --------------------------------------------------------------------------------------------------

select is(pg_temp.order_story('dan'), 'accepted', 'V1: one of three') from generate_series(1, 3);
select is(pg_temp.order_story('dan'), 'unfinished_work 15', 'V1: no more than so many at once');
select is(pg_temp.cancel('dan'), 'cancelled', 'V1: once one has ended');
select is(pg_temp.order_story('dan'), 'accepted', 'V1: there is room');

-- Charged instead --------------------------------------------------------------------------------------------------

update credits_private.work_policy set cancelled_work = 'charged';
select pg_temp.order_story('eva'), pg_temp.begin('eva'), pg_temp.cancel('eva');
select results_eq(
  $$
    select j.status::text, r.status::text, r.credits_used::numeric, a.available::numeric, t.unpaid::numeric, t.charged::numeric
    from public.generation_jobs j
    join public.credit_usage_logs r on r.user_id = j.user_id and r.job_id = j.id
    join public.credit_accounts a on a.user_id = j.user_id
    join public.job_attempts t on t.job_id = j.id
    where j.id = pg_temp.job('eva')
  $$,
  $$values ('cancelled', 'confirmed', 4.00, 96.00, 0.00, 4.00)$$, 'V1: a policy can charge for work that was begun'
);
select is_empty('select * from public.verify_credits()', 'Point 3: and the books agree');

-- What it cost -----------------------------------------------------------------------------------------------------

select is((public.note_job_usage(pg_temp.job('cid'), 2, 2, 812, 2011, 3)).outcome, 'noted', 'V1: what an attempt cost is noted');
select is((public.note_job_usage(pg_temp.job('cid'), 2, 1, 800, 0, 3)).outcome, 'noted', 'V1: an older report changes nothing');
set local timezone = 'Pacific/Auckland';
select results_eq(
  $$
    select day, attempts, delivered, credits_charged, credits_unpaid, model_calls, input_tokens, output_tokens, pictures
    from public.work_costs where user_id = pg_temp.id('cid')
  $$,
  $$values ('2030-01-03'::date, 2::bigint, 0::bigint, 0.00, 4.00, 2::bigint, 812::numeric, 2011::numeric, 3::bigint)$$,
  'V1: an operator sees it by day, user and kind of job'
);

select * from finish();
rollback;
