-- Usage for its owner and for operators: sums, lines, months, and what is not well.
begin;
create extension if not exists pgtap with schema extensions;
select plan(30);
\ir ../helpers.psql
\ir ../everybody.psql

update public.rate_limit_policies set max_requests = 60 where action in ('usage_summary', 'usage_csv');
select public.save_rate_card(
  'chat', '[{"meter": "token", "price": 1}, {"meter": "image", "price": 2, "match": {"model": "m"}}]', null, 'debt', 'test', 'test'
);
select public.grant_credits(pg_temp.id('ada'), 50, 'promotion', 'gift');
create function pg_temp.use(p_job text, p_usage jsonb, p_held numeric default 100) returns text language sql as $$
  select public.reserve_metered(
    pg_temp.id('ada'), pg_temp.id(p_job), 'chat', jsonb_build_array(jsonb_build_object('meter', 'token', 'quantity', p_held))
  );
  select (public.settle_usage(pg_temp.id('ada'), pg_temp.id(p_job), p_usage)).outcome
$$;
create function pg_temp.status(p_name text) returns text language sql as $$
  select status || ' ' || count from public.health_report() where name = p_name
$$;
create function pg_temp.summary(p_by text, p_days integer default null) returns text language sql as $$
  select string_agg(concat_ws(':', i ->> 'key', i ->> 'jobs', i ->> 'credits'), ' ' order by n)
  from public.usage_summary(pg_temp.id('ada'), p_by, p_days) s, jsonb_array_elements(s.items) with ordinality x (i, n)
$$;

select is(pg_temp.status('usage_unpriced'), 'ok 0', 'all usage has its price');
select is(pg_temp.status('usage_absorbed'), 'ok 0', 'all usage is paid for');
select is(pg_temp.use('mixed', '[{"meter": "token", "quantity": 3.5}, {"meter": "image", "quantity": 2, "model": "m"}, {"meter": "image", "quantity": 1, "model": "n"}]', 10), 'settled', 'usage');
select is(pg_temp.status('usage_unpriced'), 'warn 1', 'a model that has none is a warning');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('fixed'), 4, 'story'), public.confirm_credits(pg_temp.id('ada'), pg_temp.id('fixed'));
select public.refund_job(pg_temp.id('ada'), pg_temp.id('fixed'), 'part', 'test', 'test', 1);
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('dropped'), 4, 'story'), public.release_credits(pg_temp.id('ada'), pg_temp.id('dropped'));
set local test.clock = '2030-01-01 23:59:59Z';
select is(pg_temp.use('night', '[{"meter": "token", "quantity": 1}]', 2), 'settled', 'usage before midnight');
set local test.clock = '2030-01-02 00:00Z';
select is(pg_temp.use('morning', '[{"meter": "token", "quantity": 1}]', 2), 'settled', 'and after it');
set local timezone = 'Pacific/Auckland';
select is(pg_temp.summary('day'), '2030-01-01:3:11.50 2030-01-02:1:1.00', 'by day of UTC, what came back left out');
select is(pg_temp.summary('day', 1), '2030-01-02:1:1.00', 'of one day');
select is(pg_temp.summary('action'), 'chat:3:9.50 story:1:3.00', 'by action');
select is(pg_temp.summary('model'), ':4:8.50 m:1:4.00 n:1:0.00', 'by model');
select throws_ok(format('select pg_temp.summary(%L)', b), '22023', null, 'by nothing else') from (values ('prompt'), (null)) b (b);
select is((public.usage_summary(pg_temp.id('eve'))).items, '[]', 'M5: nothing for somebody else');

-- Line by line -----------------------------------------------------------------------------------------------------

create function pg_temp.page(p_limit integer, p_cursor text default null, p_user text default 'ada') returns table (lines text, next_cursor text) language sql as $$
  select string_agg(concat_ws(':', i ->> 'action', i ->> 'meter', i ->> 'quantity', i ->> 'model', i ->> 'cost', i ->> 'job_charged'), ' ' order by n), l.next_cursor
  from public.read_usage_lines(pg_temp.id(p_user), p_limit, p_cursor) l left join lateral jsonb_array_elements(l.items) with ordinality x (i, n) on true group by l.next_cursor
$$;
create temp table pages as select * from pg_temp.page(3);
select matches((select lines from pages), '^chat:token:1.000000:1:1.00 chat:token:1.000000:1:1.00', 'the newest first');
create temp table all_lines as select * from pg_temp.page(100);
select ok(lines ~ 'story:4.00' and lines ~ 'chat:image:2.000000:m:4:7.50' and lines ~ 'chat:image:1.000000:n:0:7.50' and lines !~ 'dropped', 'a job at a fixed price has one line') from all_lines;
select is((select concat_ws(' ', p.lines, n.lines) from pages p, pg_temp.page(100, p.next_cursor) n), (select lines from all_lines), 'page after page gives all of them');
select is((select next_cursor from all_lines), null, 'the last page has no next one');
select is((public.read_usage_lines(pg_temp.id('ada'), 1, 'x')).outcome, 'invalid', 'a cursor that is none');
select is((select lines from pg_temp.page(100, null, 'eve')), '', 'M5: nothing for somebody else');

-- Who pays ---------------------------------------------------------------------------------------------------------

select public.change_setting('metering_settings', null, 'debt_ceiling', '0', 'test', 'test');
select is(pg_temp.use('huge', '[{"meter": "token", "quantity": 100}]', 1), 'settled', 'more than there is');
select is(pg_temp.status('usage_absorbed'), 'warn 1', 'what nobody pays is a warning');
select results_eq(
  $$select day, jobs, cost, charged, owed, absorbed from public.usage_margins order by day$$,
  $$values ('2030-01-01'::date, 2::bigint, 8.50::numeric, 8.50, 0.00, 0.00::numeric), ('2030-01-02', 2, 101.00, 38.50, 0.00, 62.50)$$, 'operators see who paid'
);

-- Months -----------------------------------------------------------------------------------------------------------

select is(public.prune_usage(), 0, 'as installed nothing is pruned');
select throws_ok('select public.prune_usage(credits_private.clock() - interval ''59 days'')', '22023', null, 'what is younger than 60 days stays');
select public.grant_credits(pg_temp.id('bob'), 5, 'promotion', 'gift'), public.reserve_metered(pg_temp.id('bob'), pg_temp.id('held'), 'chat', '[{"meter": "token", "quantity": 1}]');
set local test.clock = '2030-06-01';
select is(public.prune_usage('2030-01-01'), 0, 'what is not older stays');
select is(public.prune_usage('2030-03-01', 1), 1, 'at most so many');
select is(public.prune_usage('2030-03-01'), 3, 'then the others; what is held stays');
select results_eq(
  $$select month, action, model, meter, lines, quantity::numeric, cost::numeric from public.usage_months order by model, meter$$,
  $$values ('2030-01-01'::date, 'chat', '', 'token', 4::bigint, 105.5::numeric, 105.5::numeric), ('2030-01-01', 'chat', 'm', 'image', 1, 2, 4), ('2030-01-01', 'chat', 'n', 'image', 1, 1, 0)$$,
  'lines become sums'
);
select is_empty('select * from public.usage_lines', 'and are gone');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
