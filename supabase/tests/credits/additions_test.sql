-- H1: a hold grows in full or not at all, once for each step, and what was added last returns first.
begin;
create extension if not exists pgtap with schema extensions;
select plan(30);
\ir ../helpers.psql
\ir ../everybody.psql

select public.grant_credits(pg_temp.id('ada'), 5, 'promotion', 'short', '2030-01-01 13:00Z');
select public.grant_credits(pg_temp.id('ada'), 5, 'promotion', 'long');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 5, 'test');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('other'), 1, 'test');

create function pg_temp.add(p_seq integer, p_amount numeric, p_job text default 'job', p_user text default 'ada') returns text language sql as $$
  select concat_ws(' ', r.outcome, r.amount, r.required, r.available, r.reserved)
  from public.add_to_reservation(pg_temp.id(p_user), pg_temp.id(p_job), p_amount, p_seq) r
$$;

create function pg_temp.left_of(p_key text) returns numeric language sql as $$
  select remaining_amount from public.user_credits where user_id = pg_temp.id('ada') and grant_key = p_key
$$;

select throws_ok(format('select pg_temp.add(%s, %s)', a.seq, a.amount), '22023', null, 'L1: refused: ' || a.what)
from (
  values ('1', '0', 'nothing'), ('1', '-1', 'less'), ('1', '0.001', 'a third decimal place'), ('1', 'null', 'no amount'), ('-1', '1', 'a step before the first'), ('null', '1', 'no step')
) a (seq, amount, what);
select is(pg_temp.add(1, 1, 'job', 'eve'), 'not_found', 'M5: somebody else''s job is not found');
select is(pg_temp.add(7, 2), 'added 7.00 2.00 8.00', 'the hold grows');
select is(pg_temp.add(7, 2), 'already_added 7.00 2.00 8.00', 'once');
select is(pg_temp.add(7, 2.01), 'different_amount 7.00 2.00 8.00', 'and with no other amount');
select is(pg_temp.add(3, 2.01), 'insufficient_credits 7.00 2.01 2.00 8.00', 'all or nothing');
select is(pg_temp.add(3, 1.50), 'added 8.50 0.50 9.50', 'steps may come in any order');
select is(
  (public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 5, 'test')).outcome, 'already_reserved',
  'the reservation is still the one of its first amount'
);
select is(
  (public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 8.5, 'test')).outcome, 'different_amount', 'and not of what it has grown to'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select results_eq(
  $$select outcome, charged, returned from public.confirm_credits(pg_temp.id('ada'), pg_temp.id('job'), 2.5)$$,
  $$values ('confirmed', 2.5, 6.00)$$, 'it is charged as any other'
);
select is(array[pg_temp.left_of('short'), pg_temp.left_of('long')], array[2.50, 4.00], 'last added, first returned, past the hold between');
select is(pg_temp.add(9, 1), 'already_confirmed 8.50 6.50 1.00', 'then it grows no more');
select is(pg_temp.add(7, 2), 'already_added 8.50 6.50 1.00', 'a repetition is still answered');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');
select is(
  (public.refund_job(pg_temp.id('ada'), pg_temp.id('job'), 'sorry', 'test', 'test')).returned, 2.50, 'all of it can be given back'
);
select is(pg_temp.left_of('short'), 5.00, 'to where it came from');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- The end of a hold ------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('bob'), 10, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('bob'), pg_temp.id('late'), 2, 'test');
select public.reserve_credits(pg_temp.id('bob'), pg_temp.id('gone'), 2, 'test');
select is(pg_temp.add(1, 1, 'late', 'bob'), 'added 3.00 5.00 5.00', 'a hold that grew');
select public.release_credits(pg_temp.id('bob'), pg_temp.id('gone'));
select is(pg_temp.add(1, 1, 'gone', 'bob'), 'already_released 2.00 7.00 3.00', 'what was released does not grow');
set local test.clock = '2030-01-01 12:15Z';
select is(pg_temp.add(2, 1, 'late', 'bob'), 'expired 3.00 7.00 3.00', 'nor does what has expired');
select public.release_stale_reservations();
select is(pg_temp.add(2, 1, 'late', 'bob'), 'expired 3.00 10.00 0.00', 'nor what was swept');
select results_eq(
  $$select outcome, charged, returned from public.confirm_credits(pg_temp.id('bob'), pg_temp.id('late'))$$,
  $$values ('confirmed_late', 3.00, 0.00)$$, 'a late confirmation takes all of it'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');
set local test.clock = '2030-01-01 13:00Z';
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('third'), 1, 'test');
select is(pg_temp.add(1, 5, 'third'), 'insufficient_credits 1.00 5 4.00 1.00', 'expired credits are added to nothing');

select * from finish();
rollback;
