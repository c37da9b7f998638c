-- Point 2: which batch is spent, and to which batch credits return. Whatever happens to batches, what their owner reads
-- of them is exact, the right one is spent, and verify_credits() agrees after each step.
begin;
create extension if not exists pgtap with schema extensions;
select plan(26);
\ir ../helpers.psql

-- What the owner reads of the batches.
create function pg_temp.batches() returns text language plpgsql as $$
declare
  v_read text;
begin
  set local role authenticated;
  perform set_config('request.jwt.claims', json_build_object('sub', pg_temp.id('ada'))::text, true);
  select string_agg(remaining_amount::text, ' ' order by id) into v_read from public.user_credits;
  reset role;
  return v_read;
end;
$$;
create function pg_temp.reserve(p_amount numeric, p_job text) returns text language sql
as $$ select (public.reserve_credits(pg_temp.id('ada'), pg_temp.id(p_job), p_amount, 'story')).outcome $$;
create function pg_temp.agree(p_after text) returns text language sql
as $$ select is_empty('select * from public.verify_credits()', 'Point 3: the books agree ' || p_after) $$;

select public.grant_credits(pg_temp.id('ada'), 10, 'purchase', 'long');
select is(pg_temp.batches(), '10.00', 'Point 2: a first batch');
select pg_temp.reserve(4, 'first');
select is(pg_temp.batches(), '6.00', 'Point 2: the owner reads what is left of it');
select pg_temp.agree('while an amount is held');

select is(pg_temp.reserve(4, 'first'), 'already_reserved', 'H1: a repeated job');
select is(pg_temp.batches(), '6.00', 'H1: moves nothing');
select is(
  (public.reserve_credits(pg_temp.id('ada'), pg_temp.id('dear'), 6.01, 'story')).outcome || ', ' || pg_temp.batches(),
  'insufficient_credits, 6.00', 'M3: nor does one that is refused'
);
select pg_temp.agree('after both');

select public.grant_credits(pg_temp.id('ada'), 2, 'promotion', 'short', '2030-01-01 13:00Z');
select is(pg_temp.batches(), '6.00 2.00', 'Point 2: a batch that expires sooner');
select pg_temp.reserve(1, 'second');
select is(pg_temp.batches(), '6.00 1.00', 'Point 2: is spent first');
select public.release_credits(pg_temp.id('ada'), pg_temp.id('first'));
select is(pg_temp.batches(), '10.00 1.00', 'Point 2: what comes back goes to its own batch, not to the one that is spent');
select pg_temp.agree('after a release beside it');
select public.release_credits(pg_temp.id('ada'), pg_temp.id('second'));
select is(pg_temp.batches(), '10.00 2.00', 'Point 2: or to that one where it came from it');

select pg_temp.reserve(2, 'all of it');
select is(pg_temp.batches(), '10.00 0.00', 'Point 2: a batch can be emptied');
select is(
  (select is_open from public.user_credits where user_id = pg_temp.id('ada') and grant_key = 'short'), false,
  'Point 2: and the empty one is closed'
);
select pg_temp.agree('after a batch was emptied');
select public.release_credits(pg_temp.id('ada'), pg_temp.id('all of it'));
select is(pg_temp.batches(), '10.00 2.00', 'Point 2: and filled again');

select pg_temp.reserve(1, 'in time');
set local test.clock = '2030-01-01 13:00Z';
select pg_temp.reserve(3, 'after it');
select is(pg_temp.batches(), '7.00 0.00', 'L1: a batch that has expired is not spent, swept or not');
select pg_temp.agree('after it expired');
select public.release_credits(pg_temp.id('ada'), pg_temp.id('in time'));
select is(pg_temp.batches(), '7.00 0.00', 'L1: what comes back to it expires');

select public.adjust_credits(pg_temp.id('ada'), -1.50, 'taken', 'test', 'test');
select is(pg_temp.batches(), '5.50 0.00', 'Point 3: a correction takes from what is left');
select is(pg_temp.reserve(0.50, 'after that'), 'reserved', 'Point 2: and the next reservation');
select is(pg_temp.batches(), '5.00 0.00', 'Point 2: from the rest');
select pg_temp.agree('after the correction');

select public.grant_credits(pg_temp.id('ada'), 4, 'promotion', 'brief', '2030-01-01 14:00Z');
select pg_temp.reserve(1, 'brief');
set local test.clock = '2030-01-01 14:00Z';
select public.release_credits(pg_temp.id('ada'), pg_temp.id('brief'));
select is(pg_temp.batches(), '5.00 0.00 0.00', 'L1: what comes back to an expired batch expires with it');
select is(public.expire_credits(), 0, 'L1: at once, so that the sweep finds nothing');
select pg_temp.agree('after that');

select * from finish();
rollback;
