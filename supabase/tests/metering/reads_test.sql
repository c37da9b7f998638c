-- M4: what users ask about prices and usage is counted, and an estimate is what will be held.
begin;
create extension if not exists pgtap with schema extensions;
select plan(29);
\ir ../helpers.psql
\ir ../everybody.psql

select public.save_rate_card('chat', '[{"meter": "token", "price": 0.25}]', null, 'available', 'test', 'test');
update public.rate_limit_policies set max_requests = 3, window_minutes = 1 where action in ('estimate', 'usage_summary', 'usage_csv');

-- Limits -----------------------------------------------------------------------------------------------------------

create function pg_temp.read(p_kind text, p_user text default 'bob') returns text language plpgsql as $$
declare
  v record;
begin
  case p_kind
    when 'estimates' then v := public.read_estimate(pg_temp.id(p_user), 'chat', '[{"meter": "token", "quantity": 3}]');
    when 'summaries' then v := public.usage_summary(pg_temp.id(p_user));
    when 'lines' then v := public.read_usage_lines(pg_temp.id(p_user));
  end case;
  return concat_ws(' ', v.outcome, v.rate_limit, v.rate_remaining, v.rate_window_seconds, v.retry_after_seconds);
end;
$$;
create temp table kinds (kind) as values ('estimates'), ('summaries'), ('lines');
select is(
  array(select pg_temp.read(kind) from generate_series(1, 3)), '{ok 3 2 60,ok 3 1 60,ok 3 0 60}', format('M4: %s within the limit', kind)
) from kinds;
select is(pg_temp.read(kind), 'rate_limited 3 0 60 60', format('M4: %s beyond it', kind)) from kinds;
select is(pg_temp.read(kind, 'cid'), 'ok 3 2 60', format('M4: %s of somebody else', kind)) from kinds;
select is((public.usage_summary(pg_temp.id('bob'))).items, null, 'M4: a refusal says nothing');
select is((public.read_estimate(pg_temp.id('bob'), 'chat', '[{"meter": "token", "quantity": 3}]')).cost, null, 'M4: not a price either');
select is(
  (public.read_usage_lines(pg_temp.id('bob'), 1, '0-00000000-0000-0000-0000-000000000000')).outcome, 'ok', 'M4: pages of a list that was begun are no readings of their own'
);
set local test.clock = '2030-01-01 12:01Z';
select is(pg_temp.read(kind), 'ok 3 2 60', format('M4: %s a minute later', kind)) from kinds;

-- Estimates --------------------------------------------------------------------------------------------------------

update public.rate_limit_policies set max_requests = 60 where action = 'estimate';
create function pg_temp.estimate(p_action text, p_usage jsonb, p_units integer default null) returns text language sql as $$
  select concat_ws(' ', outcome, cost, version, over_hold, message) from public.read_estimate(pg_temp.id('ada'), p_action, p_usage, p_units)
$$;
select is(pg_temp.estimate('chat', '[{"meter": "token", "quantity": 3}]'), 'ok 0.75 1 available', 'what usage costs, by which card, and what becomes of more');
select is(pg_temp.estimate('chat', '[{"meter": "image", "quantity": 3}]'), 'no_rate image', 'what has no price');
select is(pg_temp.estimate('song', '[{"meter": "token", "quantity": 3}]'), 'not_offered', 'what has no card');
select is(pg_temp.estimate('chat', '[]'), 'invalid', 'no usage');
select is(pg_temp.estimate('chat', null, 3), 'not_offered', 'units of what is not sold by units');
create function credits_private.quote_test(p_units integer) returns public.cost_estimate language sql as $$
  select row(case when p_units < 9 then 'ok' else 'not_offered' end, 'test', null, p_units * 2, null)::public.cost_estimate
$$;
insert into credits_private.quotes (action, quote) values ('test', 'credits_private.quote_test');
select is(pg_temp.estimate('test', null, 3), 'ok 6', 'units of what is');
select is(pg_temp.estimate('test', null, 9), 'not_offered', 'the product has the last word');
select is(pg_temp.estimate('test', u, n), 'invalid', format('no estimate of %s and %s', coalesce(u::text, 'no usage'), n))
from (values (null::jsonb, 0), (null, 1001), ('[{"meter": "token", "quantity": 3}]'::jsonb, 3)) b (u, n);

-- Whoever is gone, Auth has the last word --------------------------------------------------------------------------

create or replace function credits_private.require_user(p_user_id uuid) returns void language plpgsql set search_path = '' as 'begin raise sqlstate ''PT401''; end';
select throws_ok(format('select pg_temp.read(%L)', kind), 'PT401', null, format('V10: no %s for whoever is gone', kind)) from kinds;
select lives_ok(
  $$select public.read_usage_lines(pg_temp.id('bob'), 1, '0-00000000-0000-0000-0000-000000000000')$$, 'a list that was begun goes on'
);

select * from finish();
rollback;
