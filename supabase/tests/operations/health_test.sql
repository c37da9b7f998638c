-- The health report: each check is ok where all is well, and says so where it is not.
begin;
create extension if not exists pgtap with schema extensions;
select plan(26);
\ir ../helpers.psql
\ir ../everybody.psql

create function pg_temp.status(p_name text) returns text language sql as $$
  select concat_ws(' ', r.status, r.count, r.oldest at time zone 'UTC') from public.health_report() r where r.name = p_name;
$$;

select is_empty(
  $$select name, status from public.health_report() where status = 'alarm'$$, 'nothing alarms where nothing has happened'
);
select is(pg_temp.status('schedules'), 'warn ' || count(*), 'sweeps that never ran are a warning') from credits_private.sweeps;

-- Sweeps -------------------------------------------------------------------------------------------------------------

select public.release_stale_reservations(), public.expire_credits(), public.cleanup_rate_limits();
do $$
declare
  v_sweep text;
begin
  for v_sweep in select sweep from credits_private.sweeps loop
    execute format('select public.%I()', v_sweep);
  end loop;
end;
$$;
select is_empty(
  'select sweep from credits_private.sweeps where last_run_at is distinct from credits_private.clock() or last_count is distinct from 0',
  'every sweep notes its run, and how much it did'
);
select is(pg_temp.status('schedules'), 'ok 0', 'sweeps that run are well');
set local test.clock = '2030-01-01 12:08Z';
select is(pg_temp.status('schedules'), 'ok 0', 'eight minutes later, too');
set local test.clock = '2030-01-01 12:08:01Z';
select matches(pg_temp.status('schedules'), '^alarm [12] 2030-01-01 12:00:00', 'then those of each minute have fallen silent');
set local test.clock = '2030-01-01 12:00Z';

-- Credits ------------------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 2, 'test');
select is(pg_temp.status('books'), 'ok 0', 'the books agree');
set local test.clock = '2030-01-01 12:25Z';
select is(pg_temp.status('reservations_overdue'), 'ok 0', 'a hold may be ten minutes overdue');
set local test.clock = '2030-01-01 12:25:01Z';
select is(pg_temp.status('reservations_overdue'), 'alarm 1 2030-01-01 12:15:00', 'and no longer');
select public.adjust_credits(pg_temp.id('ada'), -20, 'taken', 'test', 'test');
select is(pg_temp.status('debts'), 'ok 1 2030-01-01 12:25:01', 'a debt is counted');
set local test.clock = '2030-01-08 12:25:02Z';
select is(pg_temp.status('debts'), 'warn 1 2030-01-01 12:25:01', 'and a warning after a week');
update public.credit_accounts set available = available + 1 where user_id = pg_temp.id('ada');
select matches(pg_temp.status('books'), '^alarm [2-9]', 'books that disagree are an alarm');
insert into public.credit_accounts (user_id, available) select gen_random_uuid(), 1 from generate_series(1, 501);
select matches(pg_temp.status('books'), '^alarm [2-8]\d', 'in a sample of many, too');
delete from public.credit_accounts where user_id <> pg_temp.id('ada');
update public.credit_accounts set available = available - 1 where user_id = pg_temp.id('ada');

-- Stripe's events ----------------------------------------------------------------------------------------------------

insert into public.stripe_events (id, type, created_at, payload, outcome, reason, received_at)
values
  ('evt_delayed', 'x', now(), '{}', 'held', 'unpaid', '2030-01-05 12:00Z'), ('evt_early', 'x', now(), '{}', 'held', 'waits_for_payment', '2030-01-02 12:00Z'),
  ('evt_done', 'x', now(), '{}', 'applied', null, '2030-01-01 12:00Z');
set local test.clock = '2030-01-19 12:00Z';
select is(pg_temp.status('held_events'), 'warn 1 2030-01-05 12:00:00', 'money that is on its way is waited for');
set local test.clock = '2030-01-19 12:00:01Z';
select is(pg_temp.status('held_events'), 'alarm 1 2030-01-05 12:00:00', 'for two weeks');
update public.stripe_events set reason = 'wrong_currency', received_at = '2030-01-19 11:00Z' where id = 'evt_delayed';
select is(pg_temp.status('held_events'), 'warn 1 2030-01-19 11:00:00', 'what is held is a warning');
set local test.clock = '2030-01-20 11:00:01Z';
select is(pg_temp.status('held_events'), 'alarm 1 2030-01-19 11:00:00', 'and an alarm after a day');

-- Users, and what grows ----------------------------------------------------------------------------------------------

insert into public.users_to_erase (user_id, deleted_at) values (pg_temp.id('bob'), '2030-01-20 11:00Z');
select is(pg_temp.status('users_to_erase'), 'warn 1 2030-01-20 11:00:00', 'whom Auth alone deleted is a warning');
set local test.clock = '2030-02-03 11:00:01Z';
select is(pg_temp.status('users_to_erase'), 'alarm 1 2030-01-20 11:00:00', 'and an alarm after two weeks');
select set_eq(
  $$select table_name from public.table_sizes() where bytes >= 0 and estimated_rows >= 0$$,
  $$select oid::regclass::text from pg_class where relkind = 'r' and relnamespace in ('public'::regnamespace, 'credits_private'::regnamespace)$$,
  'every table has its size'
) from set_config('search_path', 'extensions', true);
set local search_path = "$user", public, extensions;
create or replace function public.table_sizes() returns setof public.table_size language sql stable security definer set search_path = ''
as $$ values ('public.credit_ledger', 10000000::bigint, 0::bigint), ('public.api_rate_limits', 1000000, 0) $$;
select is(pg_temp.status('growth'), 'ok 10000000', 'ten million rows are well');
select is(pg_temp.status('rate_limits'), 'ok 1000000', 'so are a million keys of limits');
create or replace function public.table_sizes() returns setof public.table_size language sql stable security definer set search_path = ''
as $$ values ('public.credit_ledger', 10000001::bigint, 0::bigint), ('public.api_rate_limits', 1000001, 0) $$;
select is(pg_temp.status('growth'), 'warn 10000001', 'more is a warning');
select is(pg_temp.status('rate_limits'), 'warn 1000001', 'here, too');

-- A check that fails -------------------------------------------------------------------------------------------------

create or replace function credits_private.probe_debts() returns credits_private.finding language sql set search_path = ''
as 'select credits_private.finding((1 / 0)::bigint, null, false, false)';
select matches(status || ': ' || advice, 'alarm: .*division by zero', 'a check that fails is an alarm and says why') from public.health_report() where name = 'debts';
select is(pg_temp.status('reservations_overdue'), 'alarm 1 2030-01-01 12:15:00', 'and the others go on');

select * from finish();
rollback;
