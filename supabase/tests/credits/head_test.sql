-- Point 2: the batch to be spent first, the head, is kept on the account. Whatever happens to batches, what is read of
-- them is exact, the right one is spent, and verify_credits() agrees after each step.
begin;
create extension if not exists pgtap with schema extensions;
select plan(27);

create function pg_temp.id(p_name text) returns uuid language sql immutable return md5(p_name)::uuid;
create or replace function credits_private.clock() returns timestamptz language sql volatile set search_path = ''
as $$ select current_setting('test.clock')::timestamptz $$;
set local test.clock = '2030-01-01 12:00Z';

-- What the owner reads of the batches, and which one is on the account.
create function pg_temp.batches() returns text language plpgsql as $$
declare
  v_read text;
begin
  set local role authenticated;
  perform set_config('request.jwt.claims', json_build_object('sub', pg_temp.id('ada'))::text, true);
  select string_agg(remaining_amount::text, ' ' order by id) into v_read from public.user_credits;
  reset role;
  return v_read || ', head ' || coalesce(
    (
      select b.grant_key
      from public.credit_accounts a
      join public.credit_batches b on b.user_id = a.user_id and b.id = a.head_batch_id
      where a.user_id = pg_temp.id('ada')
    ),
    'none'
  );
end;
$$;
create function pg_temp.reserve(p_amount numeric, p_job text) returns text language sql
as $$ select (public.reserve_credits(pg_temp.id('ada'), pg_temp.id(p_job), p_amount, 'story')).outcome $$;
create function pg_temp.agree(p_after text) returns text language sql
as $$ select is_empty('select * from public.verify_credits()', 'Point 3: the books agree ' || p_after) $$;

select public.grant_credits(pg_temp.id('ada'), 10, 'purchase', 'long');
select is(pg_temp.batches(), '10.00, head long', 'Point 2: a first batch becomes the head');
select pg_temp.reserve(4, 'first');
select is(pg_temp.batches(), '6.00, head long', 'Point 2: the owner reads what is left of it');
select is(
  (select stored_remaining::numeric from public.credit_batches where user_id = pg_temp.id('ada')), 10.00,
  'Point 2: although the batch was not written'
);
select pg_temp.agree('while an amount is on the account');

select is(pg_temp.reserve(4, 'first'), 'already_reserved', 'H1: a repeated job');
select is(pg_temp.batches(), '6.00, head long', 'H1: moves nothing');
select is(
  (public.reserve_credits(pg_temp.id('ada'), pg_temp.id('dear'), 6.01, 'story')).outcome || ', ' || pg_temp.batches(),
  'insufficient_credits, 6.00, head long', 'M3: nor does one that is refused'
);
select pg_temp.agree('after both');

select public.grant_credits(pg_temp.id('ada'), 2, 'promotion', 'short', '2030-01-01 13:00Z');
select is(pg_temp.batches(), '6.00 2.00, head short', 'Point 2: a batch that expires sooner takes over');
select pg_temp.reserve(1, 'second');
select is(pg_temp.batches(), '6.00 1.00, head short', 'Point 2: and is spent first');
select public.release_credits(pg_temp.id('ada'), pg_temp.id('first'));
select is(pg_temp.batches(), '10.00 1.00, head short', 'Point 2: what comes back goes to its own batch, not to the head');
select pg_temp.agree('after a release beside the head');
select public.release_credits(pg_temp.id('ada'), pg_temp.id('second'));
select is(pg_temp.batches(), '10.00 2.00, head short', 'Point 2: and to the head where it came from it');

select pg_temp.reserve(2, 'all of it');
select is(pg_temp.batches(), '10.00 0.00, head long', 'Point 2: when the head is empty the next batch takes over');
select is(
  (select is_open from public.credit_batches where user_id = pg_temp.id('ada') and grant_key = 'short'), false,
  'Point 2: and the empty one is closed'
);
select pg_temp.agree('after the head was emptied');
select public.release_credits(pg_temp.id('ada'), pg_temp.id('all of it'));
select is(pg_temp.batches(), '10.00 2.00, head short', 'Point 2: a batch that is filled again takes over again');

select pg_temp.reserve(1, 'in time');
set local test.clock = '2030-01-01 13:00Z';
select pg_temp.reserve(3, 'after it');
select is(pg_temp.batches(), '7.00 0.00, head long', 'L1: a head that has expired is not spent, swept or not');
select pg_temp.agree('after the head expired');
select public.release_credits(pg_temp.id('ada'), pg_temp.id('in time'));
select is(pg_temp.batches(), '7.00 0.00, head long', 'L1: what comes back to it expires');

select public.adjust_credits(pg_temp.id('ada'), -1.50, 'taken', 'test');
select is(pg_temp.batches(), '5.50 0.00, head none', 'Point 3: a correction takes it off the account');
select is(pg_temp.reserve(0.50, 'after that'), 'reserved', 'Point 2: which the next reservation puts back');
select is(pg_temp.batches(), '5.00 0.00, head long', 'Point 2: with what is left');
select pg_temp.agree('after the correction');

select public.grant_credits(pg_temp.id('ada'), 4, 'promotion', 'brief', '2030-01-01 14:00Z');
select pg_temp.reserve(1, 'brief');
set local test.clock = '2030-01-01 14:00Z';
select public.release_credits(pg_temp.id('ada'), pg_temp.id('brief'));
select is(pg_temp.batches(), '5.00 0.00 0.00, head none', 'L1: what comes back to an expired head expires with it');
select is(public.expire_credits(), 0, 'L1: at once, so that the sweep finds nothing');
select pg_temp.agree('after that');

select * from finish();
rollback;
