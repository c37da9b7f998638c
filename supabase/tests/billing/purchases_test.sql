-- Checkout: who buys what is written before Stripe is asked, and a second click finds the first one's session.
begin;
create extension if not exists pgtap with schema extensions;
select plan(53);

create temp table now_is (at timestamptz);
insert into now_is values ('2026-03-01 12:00+00');
create or replace function credits_private.clock() returns timestamptz language plpgsql as 'begin return (select at from pg_temp.now_is); end';

create function pg_temp.person() returns uuid language sql as $$
  insert into auth.users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.com') returning id;
$$;

create function pg_temp.pack(p_name text) returns uuid language sql as $$
  select id from public.credit_packs where name = p_name;
$$;

create temp table people as select pg_temp.person() as ada, pg_temp.person() as bob;
update public.rate_limit_policies set max_requests = 100, window_minutes = 1 where action = 'checkout';
delete from public.credit_packs;
insert into public.credit_packs (name, credits, amount_cents) values ('Starter', 10, 1000), ('Family', 30, 2700), ('Classroom', 120, 9600);

-- create_checkout -------------------------------------------------------------------------------------------------

create temp table first as select (public.create_checkout(ada, pg_temp.pack('Family'))).* from people;

select is(outcome, 'created', 'a checkout is created') from first;
select is(row(credits, amount_cents, currency, pack_name)::text, '(30.00,2700,usd,Family)', 'at the pack''s price') from first;
select is(stripe_session_id, null, 'with no session yet') from first;
select is(row(p.user_id, p.status, p.paid_cents, p.credits)::text, row(ada, 'open', 0, '30.00')::text, 'the purchase is written first')
from people, public.credit_purchases p join first f on f.purchase_id = p.id;
select is((select count(*) from public.user_credits), 0::bigint, 'and nothing is granted');

select is((public.create_checkout(ada, pg_temp.pack('Family'))).purchase_id, (select purchase_id from first),
  'a second click finds the same purchase') from people;
select isnt((public.create_checkout(bob, pg_temp.pack('Family'))).purchase_id, (select purchase_id from first),
  'somebody else gets their own') from people;
select isnt((public.create_checkout(ada, pg_temp.pack('Starter'))).purchase_id, (select purchase_id from first),
  'and so does another pack') from people;
insert into public.credit_packs (name, credits, amount_cents) select 'Twin', credits, amount_cents from public.credit_packs where name = 'Family';
select isnt((public.create_checkout(ada, pg_temp.pack('Twin'))).purchase_id, (select purchase_id from first),
  'even at the same price') from people;
select is((public.create_checkout(ada, gen_random_uuid())).outcome, 'unknown_pack', 'a pack that is not there') from people;
update public.credit_packs set active = false where name = 'Classroom';
select is((public.create_checkout(ada, pg_temp.pack('Classroom'))).outcome, 'unknown_pack', 'a pack that is not sold') from people;

-- attach_checkout_session -----------------------------------------------------------------------------------------

create function pg_temp.attach(p_user uuid, p_session text, p_purchase uuid default null) returns text language sql as $$
  select outcome from public.attach_checkout_session(
    p_user, coalesce(p_purchase, (select purchase_id from pg_temp.first)), p_session, '2026-03-02 12:00+00', false
  );
$$;

select is(pg_temp.attach(bob, 'cs_bob'), 'not_found', 'another user''s purchase does not exist for bob') from people;
select is(pg_temp.attach(ada, 'cs_ada', gen_random_uuid()), 'not_found', 'nor does one that is not there') from people;
select is(stripe_session_id, null, 'and nothing was attached') from public.credit_purchases where id = (select purchase_id from first);
select is(pg_temp.attach(ada, 'cs_ada'), 'attached', 'its owner attaches a session') from people;
select is(pg_temp.attach(ada, 'cs_ada'), 'already_attached', 'again: nothing changes') from people;
select is(pg_temp.attach(ada, 'cs_other'), 'not_found', 'a purchase has one session') from people;
select throws_ok(format('select pg_temp.attach(%L, '''')', ada), '22023', 'p_session_id must not be empty', 'an empty session is refused')
from people;

create function pg_temp.again() returns public.checkout_result language sql as $$
  select public.create_checkout(ada, pg_temp.pack('Family')) from pg_temp.people;
$$;

select is(r.stripe_session_id, 'cs_ada', 'a second click gets the open session')
from pg_temp.again() r;

-- When the open purchase cannot be used any more ------------------------------------------------------------------

update now_is set at = '2026-03-02 11:54:59+00';
select is((pg_temp.again()).purchase_id, (select purchase_id from first), 'usable until five minutes before its end');
update now_is set at = '2026-03-02 11:55:00+00';
select isnt((pg_temp.again()).purchase_id, (select purchase_id from first), 'then a new one is made');
create temp table second as select * from pg_temp.again();
select is(stripe_session_id, null, 'which has no session') from second;
update now_is set at = '2026-03-03 10:49:59+00';
select is((pg_temp.again()).purchase_id, (select purchase_id from second), 'without a session: as long as the idempotency key holds');
update now_is set at = '2026-03-03 10:50:00+00';
select isnt((pg_temp.again()).purchase_id, (select purchase_id from second), 'and no longer');

create temp table third as select * from pg_temp.again();
update public.credit_packs set amount_cents = 2800 where name = 'Family';
select is(r.amount_cents, 2800::bigint, 'a new price makes a new purchase') from pg_temp.again() r;
select is(amount_cents, 2700::bigint, 'and leaves the old one as it was agreed') from public.credit_purchases where id = (select purchase_id from third);
update public.credit_packs set credits = 31 where name = 'Family';
select is(r.credits, 31.00, 'so do other credits') from pg_temp.again() r;
update public.credit_packs set currency = 'eur', stripe_price_id = 'price_1' where name = 'Family';
select is(row(r.currency, r.stripe_price_id)::text, '(eur,price_1)', 'and another currency') from pg_temp.again() r;
create temp table fourth as select * from pg_temp.again();
update public.credit_purchases set status = 'processing' where id = (select purchase_id from fourth);
select isnt((pg_temp.again()).purchase_id, (select purchase_id from fourth), 'a purchase that is being paid is not offered again');

-- Other currencies -------------------------------------------------------------------------------------------------

insert into public.credit_pack_prices (pack_id, currency, amount_cents, stripe_price_id)
values (pg_temp.pack('Family'), 'jpy', 4000, 'price_jpy'), (pg_temp.pack('Family'), 'kwd', 8500, null);
create function pg_temp.costs(p_currency text) returns text language sql as $$
  select row(r.outcome, r.amount_cents, r.currency, r.stripe_price_id, r.credits)::text
  from pg_temp.people, public.create_checkout(ada, pg_temp.pack('Family'), p_currency) r;
$$;
select is(pg_temp.costs('jpy'), '(created,4000,jpy,price_jpy,31.00)', 'a pack has a price in other currencies');
select is(pg_temp.costs('kwd'), '(created,8500,kwd,,31.00)', 'one for each');
select is(pg_temp.costs('eur'), '(created,2800,eur,price_1,31.00)', 'its own by name');
select is(pg_temp.costs(null), '(created,2800,eur,price_1,31.00)', 'or because nobody asks for another');
select is(pg_temp.costs('gbp'), '(unknown_pack,,,,)', 'and in others it is not sold');
update now_is set at = at + interval '1 minute';

-- Ending one ------------------------------------------------------------------------------------------------------

create temp table fifth as select * from pg_temp.again();
create function pg_temp.finish(p_user uuid, p_complete boolean default false) returns text language sql as $$
  select outcome from public.end_checkout(p_user, (select purchase_id from pg_temp.fifth), p_complete);
$$;
select is(pg_temp.finish(bob), 'not_open', 'nobody ends another''s checkout') from people;
select is((pg_temp.again()).purchase_id, (select purchase_id from fifth), 'it stays open');
select is(pg_temp.finish(ada), 'ended', 'its owner does') from people;
select is(p.status, 'expired', 'a page that nobody can pay') from public.credit_purchases p join fifth on p.id = fifth.purchase_id;
select is(pg_temp.finish(ada, true), 'not_open', 'once') from people;
select isnt((pg_temp.again()).purchase_id, (select purchase_id from fifth), 'and the next checkout makes another purchase');
update public.credit_purchases set status = 'open' where id = (select purchase_id from fifth);
select pg_temp.finish(ada, true) from people;
select is(p.status, 'processing', 'a page that its buyer has gone through') from public.credit_purchases p join fifth on p.id = fifth.purchase_id;

-- Rate limit ------------------------------------------------------------------------------------------------------

create temp table carol as select pg_temp.person() as id;
update public.rate_limit_policies set max_requests = 2 where action = 'checkout';
select is((public.create_checkout(id, pg_temp.pack('Starter'))).rate_remaining, 1, 'one of two is left') from carol;
select is((public.create_checkout(id, pg_temp.pack('Starter'))).outcome, 'created', 'the second is the last') from carol;
create temp table limited as select (public.create_checkout(id, pg_temp.pack('Starter'))).* from carol;
select is(row(outcome, purchase_id, rate_limit, rate_remaining, rate_window_seconds, retry_after_seconds)::text,
  '(rate_limited,,2,0,60,60)', 'the third says when to come back') from limited;
select is((select count(*) from public.credit_purchases p join carol on p.user_id = carol.id), 1::bigint, 'and wrote nothing');
update now_is set at = at + interval '1 minute';
select is((public.create_checkout(id, pg_temp.pack('Starter'))).outcome, 'created', 'after that time it may') from carol;

-- Who may ---------------------------------------------------------------------------------------------------------

select throws_ok(q.call, '42501', null, q.role || ' may not: ' || q.call)
from (values ('authenticated'), ('anon')) r (role)
cross join lateral (values
  (r.role, format('set local role %I; select public.create_checkout(gen_random_uuid(), gen_random_uuid())', r.role)),
  (r.role, format('set local role %I; select public.attach_checkout_session(gen_random_uuid(), gen_random_uuid(), ''cs'', now(), false)', r.role)),
  (r.role, format('set local role %I; select public.end_checkout(gen_random_uuid(), gen_random_uuid(), true)', r.role))
) q (role, call);
set local role service_role;
select throws_ok('select public.create_checkout(gen_random_uuid(), gen_random_uuid())', 'PT401', 'the user is gone', 'service_role may, for whoever is there');

select * from finish();
rollback;
