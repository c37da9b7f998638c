-- M6 and point 2: where credits go back to, how long a hold can live, and what comes late. The single steps are in
-- credit_settlements_test.sql; here are the sequences.
begin;
create extension if not exists pgtap with schema extensions;
select plan(52);
\ir ../helpers.psql

create function pg_temp.batches(p_name text) returns text language sql as $$
  select string_agg(b.grant_key || ' ' || c.remaining_amount, ', ' order by id)
  from public.user_credits c join public.user_credits b using (user_id, id) where user_id = pg_temp.id(p_name)
$$;
create function pg_temp.balances(p_name text) returns text language sql as $$
  select format('%s available, %s held', available, reserved) from public.credit_accounts where user_id = pg_temp.id(p_name)
$$;
create function pg_temp.entries(p_name text) returns text language sql as $$
  select string_agg(kind || ' ' || amount, ', ' order by entry) from public.credit_ledger where user_id = pg_temp.id(p_name) and kind <> 'grant'
$$;

-- Point 2: last taken, first returned ------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id(u), 1, 'promotion', 'a', '2030-02-01Z'),
  public.grant_credits(pg_temp.id(u), 2, 'promotion', 'b', '2030-03-01Z'), public.grant_credits(pg_temp.id(u), 3, 'promotion', 'c'),
  public.reserve_credits(pg_temp.id(u), pg_temp.id('job'), 4.5, 'test')
from unnest('{ada,bob,cid}'::text[]) u;

select results_eq(
  $$select outcome, charged, returned, available, reserved from public.confirm_credits(pg_temp.id('ada'), pg_temp.id('job'), 2)$$,
  $$values ('confirmed', 2::numeric, 2.50, 4.00, 0.00)$$,
  'Point 2: part of a reservation over three batches is charged'
);
select is(pg_temp.batches('ada'), 'a 0.00, b 1.00, c 3.00', 'Point 2: the rest goes back to what was taken last');
select is(
  pg_temp.entries('ada'), 'reserve 1.00, reserve 2.00, reserve 1.50, release 1.50, release 1.00, confirm 2.00', 'Point 3: and no further'
);
select public.release_credits(pg_temp.id('bob'), pg_temp.id('job'));
select is(pg_temp.batches('bob'), 'a 1.00, b 2.00, c 3.00', 'Point 2: a release gives every batch its own credits back');
select is(
  pg_temp.entries('bob'), 'reserve 1.00, reserve 2.00, reserve 1.50, release 1.50, release 2.00, release 1.00', 'Point 3: each step is in the ledger'
);
select public.confirm_credits(pg_temp.id('cid'), pg_temp.id('job'));
select is(pg_temp.batches('cid'), 'a 0.00, b 0.00, c 1.50', 'Point 2: a whole confirmation gives nothing back');

-- Point 2: a batch that expired meanwhile --------------------------------------------------------------------------

select public.grant_credits(pg_temp.id(u), 5, 'promotion', 'short', '2030-01-01 12:10Z'),
  public.reserve_credits(pg_temp.id(u), pg_temp.id('job'), 4, 'test', p_ttl => '1 hour')
from unnest('{dan,eva,fay}'::text[]) u;
set local test.clock = '2030-01-01 12:10Z';

select results_eq(
  $$select outcome, returned, available, reserved from public.release_credits(pg_temp.id('dan'), pg_temp.id('job'))$$,
  $$values ('released', 4.00, 0.00, 0.00)$$,
  'Point 2: credits that return to an expired batch expire at once'
);
select is(pg_temp.entries('dan'), 'reserve 4.00, release 4.00, expire 5.00', 'Point 3: the ledger shows that they came back and expired');
select results_eq(
  $$select outcome, charged, returned, available from public.confirm_credits(pg_temp.id('eva'), pg_temp.id('job'), 3)$$,
  $$values ('confirmed', 3::numeric, 1.00, 0.00)$$,
  'Point 2: the rest of a partial confirmation, too'
);
select results_eq(
  $$select outcome, charged from public.confirm_credits(pg_temp.id('fay'), pg_temp.id('job'))$$,
  $$values ('confirmed', 4.00)$$,
  'Point 2: what was held before its batch expired can still be charged'
);

-- M6: the sweep ----------------------------------------------------------------------------------------------------

set local test.clock = '2030-01-02 12:00Z';
select public.grant_credits(pg_temp.id('gus'), 10, 'promotion', 'gift'), public.grant_credits(pg_temp.id('hal'), 10, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('gus'), pg_temp.id('short'), 1, 'test');
select public.reserve_credits(pg_temp.id('gus'), pg_temp.id('long'), 2, 'test', p_ttl => '20 minutes');
select public.reserve_credits(pg_temp.id('hal'), pg_temp.id('short'), 3, 'test');

set local test.clock = '2030-01-02 12:14:59.999999Z';
select is(public.release_stale_reservations(), 0, 'M6: the sweep leaves what has not expired');
set local test.clock = '2030-01-02 12:15Z';
select is(public.release_stale_reservations(), 2, 'M6: after 15 minutes it releases, and says how many');
select is(pg_temp.balances('gus'), '8.00 available, 2.00 held', 'M6: the credits are back');
select is(pg_temp.balances('hal'), '10.00 available, 0.00 held', 'M6: every user''s');
select is(public.release_stale_reservations(), 0, 'M6: it is idempotent');
select is(public.release_stale_reservations(11), 0, 'M6: a time to live of 11 minutes moves each deadline 4 minutes forward');
select is(public.release_stale_reservations(10), 1, 'M6: and one of 10 minutes moves it 5 minutes');
select results_eq(
  $$select outcome, charged from public.confirm_credits(pg_temp.id('gus'), pg_temp.id('long'))$$,
  $$values ('confirmed_late', 2.00)$$,
  'M6: a job that answers after such an early sweep is charged late'
);
select public.reserve_credits(pg_temp.id('gus'), pg_temp.id('patient'), 1, 'test');
set local test.clock = '2030-01-02 12:44:59.999Z';
select is(public.release_stale_reservations(30), 0, 'M6: a time to live of 30 minutes spares a reservation 15 minutes longer');
set local test.clock = '2030-01-02 12:45Z';
select is(public.release_stale_reservations(30), 1, 'M6: and no more');
select is(public.release_stale_reservations(1), 0, 'M6: one minute is the least it can be');
select throws_ok(
  format('select public.release_stale_reservations(%s)', m), '22023', 'p_ttl_minutes must be at least 1', format('M6: p_ttl_minutes %s is refused', m)
) from unnest(array['0', '-1']) m;

-- M6: extending up to the hard maximum ------------------------------------------------------------------------------

update credits_private.credit_settings set reservation_max_lifetime = '2 hours';
set local test.clock = '2030-01-03 12:00Z';
select public.grant_credits(pg_temp.id('ida'), 10, 'promotion', 'gift'), public.reserve_credits(pg_temp.id('ida'), pg_temp.id('job'), 6, 'test');
select is(
  (public.extend_reservation(pg_temp.id('ida'), pg_temp.id('job'), '1 minute')).expires_at, '2030-01-03 12:15Z'::timestamptz,
  'M6: extending never shortens'
);
set local test.clock = '2030-01-03 12:10Z';
select results_eq(
  $$select * from public.extend_reservation(pg_temp.id('ida'), pg_temp.id('job'))$$,
  $$values ('extended', pg_temp.id('job'), '2030-01-03 12:25Z'::timestamptz)$$,
  'M6: a job that is alive extends its reservation'
);
set local test.clock = '2030-01-03 12:24:59.999Z';
select is(public.release_stale_reservations(), 0, 'M6: the sweep leaves an extended reservation');
select is(
  (public.extend_reservation(pg_temp.id('ida'), pg_temp.id('job'), '1 hour 35 minutes 0.001 seconds')).outcome, 'extended', 'M6: two hours are granted'
);
set local test.clock = '2030-01-03 13:50Z';
select results_eq(
  $$select outcome, expires_at from public.extend_reservation(pg_temp.id('ida'), pg_temp.id('job'))$$,
  $$values ('limit_reached', '2030-01-03 14:00Z'::timestamptz)$$,
  'M6: no reservation is extended beyond two hours after it was made'
);
set local test.clock = '2030-01-03 14:00Z';
select is(
  (public.extend_reservation(pg_temp.id('ida'), pg_temp.id('job'))).outcome, 'expired', 'M6: then it is over'
);
select is(public.release_stale_reservations(), 1, 'M6: and swept');
update credits_private.credit_settings set reservation_max_lifetime = '1 hour';
select public.reserve_credits(pg_temp.id('ida'), pg_temp.id('job 2'), 6, 'test');
select is(
  (public.extend_reservation(pg_temp.id('ida'), pg_temp.id('job 2'), '24 hours')).expires_at, '2030-01-03 15:00Z'::timestamptz,
  'M6: the maximum lifetime can be configured'
);
select throws_ok(
  format('select public.extend_reservation(pg_temp.id(''ida''), pg_temp.id(''job 2''), %s)', t), '22023',
  'p_ttl must be above 0 and at most 24 hours', format('M6: a p_ttl of %s is refused', t)
) from unnest(array['''0''', '''-1 minute''', '''24 hours 1 second''']) t;
select is(
  (public.extend_reservation(pg_temp.id('ida'), pg_temp.id('job 2'), null)).expires_at, '2030-01-03 15:00Z'::timestamptz,
  'M6: no time to live is the usual one, which shortens nothing'
);

-- Point 1: what comes late ------------------------------------------------------------------------------------------

set local test.clock = '2030-01-04 12:00Z';
select public.grant_credits(pg_temp.id('jan'), 6, 'promotion', 'old', '2030-01-04 12:10Z'),
  public.reserve_credits(pg_temp.id('jan'), pg_temp.id('job'), 6, 'test');
set local test.clock = '2030-01-04 12:15Z';
select public.release_stale_reservations();
select is(
  (public.confirm_credits(pg_temp.id('jan'), pg_temp.id('job'))).outcome, 'expired', 'Point 2: swept credits that expired pay for no late confirmation'
);
select public.grant_credits(pg_temp.id('jan'), 5.99, 'purchase', 'new');
select is(
  (public.confirm_credits(pg_temp.id('jan'), pg_temp.id('job'))).outcome, 'expired', 'Point 1: a late confirmation takes all or nothing'
);
select public.grant_credits(pg_temp.id('jan'), 1, 'purchase', 'newer');
select results_eq(
  $$select outcome, charged, returned, available, reserved from public.confirm_credits(pg_temp.id('jan'), pg_temp.id('job'))$$,
  $$values ('confirmed_late', 6.00, 0.00, 0.99, 0.00)$$,
  'Point 1: it takes other credits as well, when there are enough'
);
select is(pg_temp.batches('jan'), 'old 0.00, new 0.00, newer 0.99', 'Point 2: in the usual order');
select results_eq(
  $$select outcome, charged from public.confirm_credits(pg_temp.id('jan'), pg_temp.id('job'), 1)$$,
  $$values ('already_confirmed', 6.00)$$,
  'Point 1: repeated, it returns what was charged late'
);

select public.grant_credits(pg_temp.id('kim'), 8, 'promotion', 'gift'), public.reserve_credits(pg_temp.id('kim'), pg_temp.id('job'), 6, 'test'),
  public.reserve_credits(pg_temp.id('kim'), pg_temp.id('other job'), 1, 'test');
set local test.clock = '2030-01-04 12:30Z';
select public.release_stale_reservations();
select public.release_credits(pg_temp.id('kim'), pg_temp.id('job'), 'cancelled');
select is(
  (public.confirm_credits(pg_temp.id('kim'), pg_temp.id('job'))).outcome, 'already_released', 'Point 1: a release after the sweep is final'
);
select is(
  (public.confirm_credits(pg_temp.id('kim'), pg_temp.id('other job'))).outcome, 'confirmed_late', 'Point 1: for that reservation and no other'
);
select public.release_credits(pg_temp.id('kim'), pg_temp.id('job'), 'other reason');
select public.reserve_credits(pg_temp.id('kim'), pg_temp.id('job 2'), 6, 'test'), public.release_credits(pg_temp.id('kim'), pg_temp.id('job 2'), 'expired');
select is(
  (public.confirm_credits(pg_temp.id('kim'), pg_temp.id('job 2'))).outcome, 'already_released',
  'Point 1: no caller''s reason opens the way to a late confirmation'
);
select is(
  (select settle_reason from public.credit_usage_logs where user_id = pg_temp.id('kim') and job_id = pg_temp.id('job')), 'cancelled',
  'L5: why a reservation was released is kept, as it was said first'
);
-- M6: a user with many holds ----------------------------------------------------------------------------------------

set local test.clock = '2030-12-01 12:00Z';
select public.release_stale_reservations(), public.grant_credits(pg_temp.id('many'), 101, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('many'), pg_temp.id('hold ' || n), 1, 'test') from generate_series(1, 101) n;
set local test.clock = '2030-12-01 12:15Z';
select is(
  array(select public.release_stale_reservations() from generate_series(1, 3)), '{100,1,0}', 'M6: one user''s holds are released a hundred at a time'
);

-- M6: one account that fails stops no other -----------------------------------------------------------------------

set local test.clock = '2031-01-01 12:00Z';
select public.release_stale_reservations(), public.expire_credits();
select public.grant_credits(pg_temp.id(u), 5, 'promotion', 'broken', '2031-01-01 13:00Z'), public.reserve_credits(pg_temp.id(u), pg_temp.id('job 9'), 2, 'test')
from unnest('{broken,whole}'::text[]) u;
update public.credit_accounts set reserved = 0 where user_id = pg_temp.id('broken');
set local test.clock = '2031-01-01 12:15Z';
set local client_min_messages = error;
select is(public.release_stale_reservations(), 1, 'M6: a reservation that cannot be released is passed over');
select is(pg_temp.balances('whole'), '5.00 available, 0.00 held', 'M6: and the others are released');
update public.credit_accounts set available = 0, reserved = 2 where user_id = pg_temp.id('broken');
set local test.clock = '2031-01-01 13:00Z';
select is(public.expire_credits(), 1, 'so is a batch that cannot expire');
select is(pg_temp.balances('whole'), '0.00 available, 0.00 held', 'and the others expire');
update public.credit_accounts set available = 3 where user_id = pg_temp.id('broken');
reset client_min_messages;

select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- Limits of a call. These rows are written by hand and no books of anybody, so they come last. ------------------------

set local test.clock = '2031-02-01 12:00Z';
select public.release_stale_reservations(), public.expire_credits();
insert into public.credit_accounts (user_id, available) select pg_temp.id('crowd ' || n), 1 from generate_series(1, 1001) n;
insert into public.credit_usage_logs (
  user_id, job_id, job_type, reserved_amount, credits_used, status, metadata, first_entry, last_entry, expires_at
)
select pg_temp.id('crowd ' || n), pg_temp.id('crowd ' || n), 'test', 1, 1, 'reserved', '{}', 1, 0, '2031-02-01 11:00Z' from generate_series(1, 1001) n;
select is(
  array(select public.release_stale_reservations() from generate_series(1, 3)), '{1000,1,0}', 'M6: a sweep releases a limited number a call'
);
insert into public.user_credits (user_id, source, grant_key, original_amount, remaining_amount, expires_at)
select pg_temp.id('crowd ' || n), 'promotion', 'gift', 1, 1, '2031-02-01 11:00Z' from generate_series(1, 1001) n;
select is(array(select public.expire_credits() from generate_series(1, 3)), '{1000,1,0}', 'Point 2: so does the expiry of credits');

select * from finish();
rollback;
