-- M1, M2: what credits-api reads. Balances without what has expired; usage in pages, without metadata.
begin;
create extension if not exists pgtap with schema extensions;
select plan(43);
\ir ../helpers.psql
\ir ../everybody.psql

create function pg_temp.balance(p_name text) returns text language sql as $$
  select format('%s %s', (r).balance, (r).reserved) from (select public.read_balance(pg_temp.id(p_name)) r offset 0) b
$$;

-- The balance ------------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'long'), public.grant_credits(pg_temp.id('ada'), 5, 'promotion', 'short', '2030-01-01 13:00Z');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 6.50, 'test', p_ttl => '24 hours');
select is(pg_temp.balance('ada'), '8.50 6.50', 'what can be spent and what is held');
select public.grant_credits(pg_temp.id('ada'), 3, 'promotion', 'also short', '2030-01-01 13:00Z');
select is(pg_temp.balance('ada'), '11.50 6.50', 'a grant shows at once');
set local test.clock = '2030-01-01 13:00Z';
select is(pg_temp.balance('ada'), '8.50 6.50', 'Point 2: expired credits are not shown, swept or not');
select public.expire_credits();
select is(pg_temp.balance('ada'), '8.50 6.50', 'Point 2: the sweep changes nothing one can see');
select is(pg_temp.balance('nobody'), '0 0', 'a user without credits has none');
select is((public.read_balance(pg_temp.id('nobody'))).debt, 0::numeric, 'and owes none');
insert into public.credit_accounts (user_id, debt) values (pg_temp.id('owing'), 2.50);
insert into public.credit_debts (user_id, reference, original_amount, remaining_amount) values (pg_temp.id('owing'), 'test', 2.50, 2.50);
select is((public.read_balance(pg_temp.id('owing'))).debt, 2.50::numeric, 'what is owed is said');

-- M4: rate limits --------------------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 14:00Z';
update public.rate_limit_policies set max_requests = 30, window_minutes = 1 where action in ('balance', 'usage');
create function pg_temp.read(p_kind text) returns text language plpgsql as $$
declare
  v record;
begin
  if p_kind = 'balance' then
    select * into v from public.read_balance(pg_temp.id('bob'));
  else
    select * into v from public.read_usage(pg_temp.id('bob'));
  end if;
  return concat_ws(' ', v.outcome, v.rate_limit, v.rate_remaining, v.rate_window_seconds, v.retry_after_seconds);
end;
$$;
select is(
  array(select distinct left(pg_temp.read(k), 5) from generate_series(1, 30)), '{"ok 30"}', format('M4: 30 readings of %s a minute are allowed', k)
) from unnest('{balance,usage}'::text[]) k;
select is(pg_temp.read(k), 'rate_limited 30 0 60 60', format('M4: another reading of %s is not', k)) from unnest('{balance,usage}'::text[]) k;
select is(
  (public.read_balance(pg_temp.id('cid'))).outcome, 'ok', 'M4: one user''s readings are not another''s'
);
set local test.clock = '2030-01-01 14:01Z';
select is(pg_temp.read(k), 'ok 30 29 60', format('M4: a minute later %s can be read again', k)) from unnest('{balance,usage}'::text[]) k;

-- M2: what usage shows ---------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('dan'), 1000, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('dan'), pg_temp.id('job'), 1.50, 'story', 'A story', '{"prompt": "secret"}');
select is(
  (public.read_usage(pg_temp.id('dan'))).items,
  jsonb_build_array(jsonb_build_object(
    'id', pg_temp.id('job'), 'job_id', pg_temp.id('job'), 'job_type', 'story', 'credits_used', 1.50, 'refunded_amount', 0.00, 'status', 'reserved',
    'description', 'A story', 'created_at', '2030-01-01T14:01:00+00:00'
  )),
  'M2: usage shows these fields, metadata not among them'
);
select is(
  (public.read_usage(pg_temp.id('cid'))).items, '[]'::jsonb, 'H3: and one''s own only'
);
select is((public.read_usage(pg_temp.id('cid'))).next_cursor, null, 'M1: an empty list has no next page');

-- M1: pages --------------------------------------------------------------------------------------------------------

update public.rate_limit_policies set max_requests = 1000;
select public.grant_credits(pg_temp.id('eva'), 1000, 'promotion', 'gift');
-- Ids that say nothing about time, and three reservations at each moment.
do $$
begin
  for n in 1 .. 120 loop
    perform set_config('test.clock', (timestamptz '2030-01-01 14:01:00.000001Z' + n / 3 * interval '1.000003 seconds')::text, true);
    perform public.reserve_credits(pg_temp.id('eva'), pg_temp.id('job ' || n), 0.01, 'test');
  end loop;
end;
$$;
select is(
  jsonb_array_length((public.read_usage(pg_temp.id('eva'), l.given)).items), l.expected, format('M1: a limit of %s gives %s', coalesce(l.given::text, 'null'), l.expected)
)
from (values (null, 50), (-5, 1), (0, 1), (1, 1), (99, 99), (100, 100), (101, 100), (2147483647, 100)) l (given, expected);
select is(jsonb_array_length((public.read_usage(pg_temp.id('eva'))).items), 50, 'M1: the default is 50');

-- Every reservation, in pages of p_limit, as one list.
create function pg_temp.walk(p_limit integer) returns uuid[] language plpgsql as $$
declare
  v_page public.usage_result;
  v_ids uuid[] := '{}';
begin
  loop
    v_page := public.read_usage(pg_temp.id('eva'), p_limit, v_page.next_cursor);
    v_ids := v_ids || array(select (i ->> 'id')::uuid from jsonb_array_elements(v_page.items) i);
    if p_limit = 7 then
      -- Work goes on meanwhile: what is newer than the first page does not shift the pages after it.
      perform set_config('test.clock', '2030-01-01 14:30Z', true);
      perform public.reserve_credits(pg_temp.id('eva'), pg_temp.id('newest'), 0.01, 'test');
    end if;
    exit when v_page.next_cursor is null or cardinality(v_ids) > 1000;
  end loop;
  return v_ids;
end;
$$;
create temp table mine as
select
  array_agg(job_id order by created_at desc, job_id desc) as ids,
  array_agg((extract(epoch from created_at) * 1000000)::bigint || '-' || job_id order by created_at desc, job_id desc) as cursors
from public.credit_usage_logs where user_id = pg_temp.id('eva');
select is(pg_temp.walk(l), ids, format('M1: pages of %s have no gap and no repeat, newest first', l)) from mine, unnest('{1,40,60,100,7}'::integer[]) l;
select is(
  (public.read_usage(pg_temp.id('eva'), 100, cursors[20])).next_cursor, null, 'M1: a full page that ends the list has no next page'
) from mine;
select is((public.read_usage(pg_temp.id('eva'), 10, c)).outcome, 'invalid', format('M1: the cursor %s is none', quote_literal(c)))
from unnest(array[
  '', 'x', '1'' or true', '00000000-0000-7000-8000-000000000000', '-00000000-0000-7000-8000-000000000000',
  '1-00000000-0000-7000-8000-00000000000G', '999999999999999999-00000000-0000-7000-8000-000000000000', '1.5-00000000-0000-7000-8000-000000000000'
]) c;
select is((public.read_usage(pg_temp.id('eva'), 10, c)).outcome, 'ok', format('M1: the cursor %s is one', quote_literal(c)))
from unnest(array['0-00000000-0000-0000-0000-000000000000', '99999999999999999-ffffffff-ffff-ffff-ffff-ffffffffffff']) c;
select is(
  jsonb_array_length((public.read_usage(pg_temp.id('eva'), 10, '0-00000000-0000-0000-0000-000000000000')).items), 0, 'M1: behind the last there is nothing'
);

select * from finish();
rollback;
