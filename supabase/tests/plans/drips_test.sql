-- Plans: a yearly price grants month by month, always from the anchor, by the sweep or when somebody needs it.
begin;
create extension if not exists pgtap with schema extensions;
select plan(46);
\ir ../helpers.psql
\ir stripe.psql

select pg_temp.person(n) from unnest(array['ada', 'bob', 'cat', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida']) n;
select pg_temp.plan('yearly', 10, 'year', '{"drip": "month", "rollover_cap": 4}');
select pg_temp.plan('lump', 100, 'year');
create function pg_temp.standing(p_name text, p_status text, p_anchor text default '2030-01-31 12:00Z') returns text language sql as $$
  select pg_temp.tell('customer.subscription.updated', pg_temp.subscription(p_name, 'yearly', p_status, '2030-01-31 12:00Z', '2031-01-31 12:00Z',
    jsonb_build_object('anchor', pg_temp.epoch(p_anchor))));
$$;
create function pg_temp.next(p_id text) returns timestamptz language sql as $$ select next_grant_at from public.subscription_invoices where id = p_id $$;

-- From the anchor --------------------------------------------------------------------------------------------------

select pg_temp.at('2030-01-31 12:00Z');
select is(pg_temp.standing('ada', 'active'), 'applied', 'a yearly subscription from the last of January');
select pg_temp.paid('in_a', 'ada', 'yearly', '2030-01-31 12:00Z', '2031-01-31 12:00Z');
select is(row(pg_temp.has('ada'), pg_temp.next('in_a'))::text, row(10.00, '2030-02-28 12:00Z'::timestamptz)::text, 'the first month at once, the next on the last of February');
select is(expires_at, '2030-02-28 15:00Z'::timestamptz, 'a month''s credits end with the grace after it') from public.user_credits where user_id = pg_temp.id('ada');
select pg_temp.at('2030-02-28 11:59:59Z');
select is(public.grant_plan_credits(), 0, 'nothing comes before it is due');
select pg_temp.at('2030-02-28 12:00Z');
select is(public.grant_plan_credits(), 1, 'the sweep grants it');
select is(row(pg_temp.has('ada'), pg_temp.next('in_a'))::text, row(14.00, '2030-03-31 12:00Z'::timestamptz)::text, 'what is left rolls over up to the cap, and March has its 31st again');
select is(public.grant_plan_credits(), 0, 'once');
select pg_temp.at('2030-03-31 12:00Z');
select is(pg_temp.spend('ada', 'a1', 15), 'insufficient_credits', 'more than there would be');
select is(pg_temp.has('ada'), 14::numeric, 'who asks for more than there is gets what is due first');
select is(pg_temp.next('in_a'), '2030-04-30 12:00Z'::timestamptz, 'so that nothing waits for the sweep');
select is(pg_temp.spend('ada', 'a2', 14), 'reserved', 'and can spend it');
select pg_temp.at('2030-04-30 12:00Z');
select is(pg_temp.spend('ada', 'a3', 10), 'reserved', 'also the moment it is due');
select pg_temp.at('2030-07-15 12:00Z');
select is(public.grant_plan_credits(), 1, 'months that nobody could be given in time are not made up for');
select is(row(pg_temp.has('ada'), pg_temp.next('in_a'))::text, row(10.00, '2030-07-31 12:00Z'::timestamptz)::text, 'the month that is running is');
select is(max(expires_at), '2030-07-31 15:00Z'::timestamptz, 'until it ends') from public.user_credits where user_id = pg_temp.id('ada');
select pg_temp.at(m::text), public.grant_plan_credits() from generate_series('2030-07-31 12:00Z'::timestamptz, '2031-05-31 12:00Z', interval '1 day') m;
select is(row(count(*), max(due_at))::text, row(11, '2030-12-31 12:00Z'::timestamptz)::text, 'a year has twelve months at most')
from public.plan_grants where invoice_id = 'in_a' and kind = 'credits';
select is(pg_temp.next('in_a'), null, 'and then nothing is due') from public.subscription_invoices where id = 'in_a';
select is(granted::numeric, 110.00, 'but for those that nobody could be given') from public.subscription_invoices where id = 'in_a';

-- A leap day -------------------------------------------------------------------------------------------------------

select pg_temp.at('2029-02-28 12:30Z');
select pg_temp.tell('customer.subscription.created', pg_temp.subscription('bob', 'yearly', 'active', '2029-02-28 12:00Z', '2030-02-28 12:00Z', jsonb_build_object('anchor', pg_temp.epoch('2028-02-29 12:00Z'))));
select pg_temp.paid('in_b', 'bob', 'yearly', '2029-02-28 12:00Z', '2030-02-28 12:00Z');
select is(pg_temp.next('in_b'), '2029-03-29 12:00Z'::timestamptz, 'a subscription of the 29th of February is due on the 29th');
select pg_temp.paid('in_c', 'cat', 'yearly', '2029-02-28 12:00Z', '2030-02-28 12:00Z');
select is(pg_temp.next('in_c'), '2029-03-28 12:00Z'::timestamptz, 'as long as the anchor is not known, by the period');
select pg_temp.tell('customer.subscription.created', pg_temp.subscription('cat', 'yearly', 'active', '2029-02-28 12:00Z', '2030-02-28 12:00Z', jsonb_build_object('anchor', pg_temp.epoch('2028-02-29 12:00Z'))));
select is(pg_temp.next('in_c'), '2029-03-29 12:00Z'::timestamptz, 'and by the anchor once it is');

-- Standing ---------------------------------------------------------------------------------------------------------

select pg_temp.at('2030-01-31 12:00Z');
select pg_temp.standing('dan', 'active');
select pg_temp.paid('in_d', 'dan', 'yearly', '2030-01-31 12:00Z', '2031-01-31 12:00Z');
select pg_temp.at('2030-02-20 12:00Z');
select pg_temp.standing('dan', 'past_due');
select pg_temp.at('2030-03-01 12:00Z');
select is(public.grant_plan_credits(), 0, 'nothing comes while a payment is overdue');
select is(pg_temp.spend('dan', 'd1', 1), 'insufficient_credits', 'whoever asks');
select pg_temp.at('2030-03-02 12:00Z');
select pg_temp.standing('dan', 'active');
select is(pg_temp.has('dan'), 10::numeric, 'a standing that is good again grants the month that is running');
select pg_temp.at('2030-03-03 12:00Z');
select pg_temp.standing('dan', 'canceled');
select is(pg_temp.has('dan'), 10::numeric, 'who cancels keeps the credits of the month');
select pg_temp.at('2030-03-31 15:00Z');
select is(pg_temp.spend('dan', 'd2', 1), 'insufficient_credits', 'until it ends');
select is(public.grant_plan_credits(), 0, 'and gets no others');
select is(pg_temp.next('in_d'), null, 'for good');
select pg_temp.at('2030-03-04 12:00Z');
select pg_temp.standing('dan', 'active');
select is(status, 'canceled', 'what is over stays over') from public.subscriptions where id = 'sub_dan';

-- A year at once, and a year that another one follows ---------------------------------------------------------------

select pg_temp.at('2030-01-31 12:00Z');
select pg_temp.paid('in_e', 'eve', 'lump', '2030-01-31 12:00Z', '2031-01-31 12:00Z');
select is(row(pg_temp.has('eve'), pg_temp.next('in_e'))::text, row(100.00, null::timestamptz)::text, 'a plan may grant its year at once');
select pg_temp.paid('in_f', 'fay', 'yearly', '2030-01-31 12:00Z', '2031-01-31 12:00Z');
select pg_temp.at('2030-02-10 12:00Z');
select pg_temp.paid('in_f2', 'fay', 'lump', '2030-02-10 12:00Z', '2031-02-10 12:00Z', '{"billing_reason": "subscription_update"}');
select pg_temp.at('2030-02-28 12:00Z');
select is(public.grant_plan_credits(), 0, 'a plan that was left grants no more');
select is(pg_temp.has('fay'), 100::numeric, 'beside the one that followed it');

-- Whatever takes more ----------------------------------------------------------------------------------------------

select pg_temp.at('2030-01-31 12:00Z');
select pg_temp.paid('in_i', 'ida', 'yearly', '2030-01-31 12:00Z', '2031-01-31 12:00Z');
select pg_temp.at('2030-02-28 11:59Z');
select is((public.reserve_credits(pg_temp.id('ida'), pg_temp.id('i1'), 8, 'test')).outcome, 'reserved', 'a hold that is there when the next credits come');
select pg_temp.at('2030-02-28 12:00Z');
select is((public.add_to_reservation(pg_temp.id('ida'), pg_temp.id('i1'), 5, 0)).outcome, 'added', 'grows by what is due');
select pg_temp.at('2030-03-31 11:59Z');
select public.save_rate_card('test', '[{"meter": "units", "price": 1, "per": 1}]', p_over_hold => 'available', p_reason => 'a test', p_actor => 'test');
select is((public.reserve_metered(pg_temp.id('ida'), pg_temp.id('i2'), 'test', '[{"meter": "units", "quantity": 2}]')).outcome, 'reserved', 'work that used more than it was held for');
select pg_temp.at('2030-03-31 12:00Z');
select is((u).charged, 12::numeric, 'takes what is due')
from public.settle_usage(pg_temp.id('ida'), pg_temp.id('i2'), '[{"meter": "units", "quantity": 12}]') u;
select is(pg_temp.next('in_i'), '2030-04-30 12:00Z'::timestamptz, 'without the sweep');

-- The sweep --------------------------------------------------------------------------------------------------------

select pg_temp.at('2030-01-31 12:00Z');
select pg_temp.paid('in_g', 'gus', 'yearly', '2030-01-31 12:00Z', '2031-01-31 12:00Z');
select pg_temp.paid('in_h', 'hal', 'yearly', '2030-01-31 12:00Z', '2031-01-31 12:00Z');
alter table public.user_credits add constraint no_luck check (user_id <> pg_temp.id('gus') or created_at < '2030-02-01Z') not valid;
select pg_temp.at('2030-02-28 12:00Z');
select is(public.grant_plan_credits(), 1, 'one that fails does not stop the others');
select is(pg_temp.has('hal'), 14::numeric, 'who get theirs');
select is(last_count, 1, 'the sweep notes its run') from credits_private.sweeps where sweep = 'grant_plan_credits';
alter table public.user_credits drop constraint no_luck;
select public.erase_user(pg_temp.id('gus'), 'asked', 'test');
select is(pg_temp.next('in_g'), null, 'nothing is due to whoever is erased');
select is(public.grant_plan_credits(), 0, 'and they get nothing');
update public.subscription_invoices set next_grant_at = '2030-02-28 12:00Z' where id = 'in_h';
select is(public.grant_plan_credits(), 0, 'what is due twice comes once');
select is(pg_temp.has('hal'), 14::numeric, 'and ends nothing');
insert into public.subscription_invoices (id, user_id, subscription_id, status, billing_reason, stripe_price_id, version_id, quantity, period_start, period_end, currency, total_cents, grants, grant_size, next_grant_at, decision, created_at)
select 'in_many_' || n, pg_temp.id('hal'), 'sub_' || n, 'paid', 'x', 'price_yearly', pg_temp.id('yearly 1'), 1, '2030-01-01Z', '2030-01-02Z', 'usd', 0, 1, 1, '2030-01-01Z', 'full', now() from generate_series(1, 1001) n;
select public.grant_plan_credits();
select is(count(*), 1::bigint, 'a call does a thousand') from public.subscription_invoices where id like 'in_many_%' and next_grant_at is not null;
delete from public.subscription_invoices where id like 'in_many_%';

select is_empty('select * from public.verify_credits()', 'the books agree');
select * from finish();
rollback;
