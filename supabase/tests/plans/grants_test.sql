-- Plans: what a paid invoice grants, how a period's credits end, and what rolls over.
begin;
create extension if not exists pgtap with schema extensions;
select plan(62);
\ir ../helpers.psql
\ir stripe.psql

select pg_temp.person(n) from unnest(array['ada', 'bob', 'cat', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'joe', 'kim', 'leo', 'mia', 'ned', 'pat']) n;
select pg_temp.plan('basic', 10);
select pg_temp.plan('pro', 30);
select pg_temp.plan('saver', 10, 'month', '{"rollover_cap": 6}');
select pg_temp.plan('brief', 10, 'month', '{"rollover_cap": 6, "rollover_lifetime": "7 days"}');
select pg_temp.plan('patient', 40, 'month', '{"upgrade": "next_period"}');
select pg_temp.plan('tried', 10, 'month', '{"trial_credits": 3, "rollover_cap": 5}');
select pg_temp.at('2030-01-01 12:00Z');

-- Only what has been paid grants -----------------------------------------------------------------------------------

select is(pg_temp.tell('invoice.payment_failed', pg_temp.invoice('in_a1', 'ada', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', '{"status": "open"}')), 'applied', 'an invoice that is not paid is kept');
select is(pg_temp.has('ada'), 0::numeric, 'and grants nothing');
select is(pg_temp.paid('in_a1', 'ada', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', '{"total": 1, "billing_reason": "subscription_create"}'), 'applied', 'once it is paid');
select is(pg_temp.has('ada'), 10::numeric, 'the credits are the version''s, whatever was paid');
select is(pg_temp.paid('in_a1', 'ada', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z'), 'applied', 'said again by another event');
select is(pg_temp.has('ada'), 10::numeric, 'it grants once');
select is(pg_temp.tell('invoice.voided', pg_temp.invoice('in_a1', 'ada', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', '{"status": "void"}')), 'applied', 'paid stays paid');
select is(status, 'paid', 'whatever else is said') from public.subscription_invoices where id = 'in_a1';
select is(row(source, grant_key, expires_at)::text, row('plan', 'sub:sub_ada:' || pg_temp.epoch('2030-01-01 12:00Z'), '2030-02-01 15:00Z'::timestamptz)::text,
  'the batch ends three hours after the period, under a key of its period') from public.user_credits where user_id = pg_temp.id('ada');
select is(pg_temp.paid('in_a1b', 'ada', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z'), 'applied', 'a second invoice of the period');
select is(row(decision, pg_temp.has('ada'))::text, '(same_period,10.00)', 'grants nothing') from public.subscription_invoices where id = 'in_a1b';
select is(pg_temp.paid('in_b1', 'bob', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', '{"billing_reason": "manual"}'), 'applied', 'an invoice of another reason');
select is(pg_temp.has('bob'), 0::numeric, 'grants nothing');
select is(pg_temp.paid('in_b2', 'bob', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', jsonb_build_object('lines', jsonb_build_array(
  jsonb_build_object('price', 'price_basic', 'quantity', 3, 'amount', 3000, 'proration', false, 'start', pg_temp.epoch('2030-01-01 12:00Z'), 'end', pg_temp.epoch('2030-02-01 12:00Z')),
  jsonb_build_object('price', 'price_pro', 'quantity', 9, 'amount', 50, 'proration', true, 'start', pg_temp.epoch('2030-01-01 13:00Z'), 'end', pg_temp.epoch('2030-02-01 12:00Z'))))),
  'applied', 'the plan''s own line says how many');
select is(pg_temp.has('bob'), 30::numeric, 'times the quantity');
select throws_ok($$select public.grant_credits(pg_temp.id('ada'), 1, 'promotion', 'sub:sub_ada:1')$$, '22023', null, 'nobody makes such a key by hand');

-- What comes after -------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('ada'), 5, 'promotion', 'gift', '2030-03-01Z');
select public.grant_credits(pg_temp.id('ada'), 7, 'migration', 'bought');
select pg_temp.at('2030-02-01 11:59Z');
select is((public.reserve_credits(pg_temp.id('ada'), pg_temp.id('held'), 4, 'test', null, '{}', '24 hours')).outcome, 'reserved', 'four are held of the plan''s credits');
select pg_temp.at('2030-02-01 13:00Z');
select is(pg_temp.has('ada'), 18::numeric, 'within the grace the old credits can be spent');
select is(pg_temp.paid('in_a2', 'ada', 'basic', '2030-02-01 12:00Z', '2030-03-01 12:00Z'), 'applied', 'the next period is paid');
select is(pg_temp.has('ada'), 22::numeric, 'the rest of the old credits ends as the new ones come; others stay');
select results_eq($$select kind::text, amount::numeric from public.credit_ledger where user_id = pg_temp.id('ada') order by entry desc limit 2$$,
  $$values ('grant', 10.00), ('expire', 6.00)$$, 'in one transaction');
select is((public.confirm_credits(pg_temp.id('ada'), pg_temp.id('held'))).outcome, 'confirmed', 'what was held across the boundary is spent');
select is(reserved::numeric, 0.00, 'and nothing stays held') from public.credit_accounts where user_id = pg_temp.id('ada');
select pg_temp.at('2030-03-01 14:59Z');
select is(pg_temp.has('ada'), 17::numeric, 'an unpaid renewal leaves the old credits for the grace');
select pg_temp.at('2030-03-01 15:00Z');
select is(pg_temp.has('ada'), 7::numeric, 'and no longer');
select is(pg_temp.paid('in_a3', 'ada', 'basic', '2030-03-01 12:00Z', '2030-04-01 12:00Z'), 'applied', 'recovered while the period lasts');
select is(pg_temp.has('ada'), 17::numeric, 'it grants');
select pg_temp.at('2030-05-01 12:00Z');
select is(pg_temp.paid('in_a4', 'ada', 'basic', '2030-04-01 12:00Z', '2030-05-01 12:00Z'), 'applied', 'recovered once the period is over');
select is(pg_temp.has('ada'), 7::numeric, 'it does not');
select is_empty('select * from public.verify_credits()', 'the books agree');

-- Rollover ---------------------------------------------------------------------------------------------------------

select pg_temp.at('2030-01-01 12:00Z');
select pg_temp.paid('in_c1', 'cat', 'saver', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select public.grant_credits(pg_temp.id('cat'), 50, 'promotion', 'gift', '2030-12-01Z');
select pg_temp.at('2030-02-01 12:30Z');
select pg_temp.paid('in_c2', 'cat', 'saver', '2030-02-01 12:00Z', '2030-03-01 12:00Z');
select is(pg_temp.has('cat'), 66::numeric, 'of ten that are left six stay');
select is(pg_temp.spend('cat', 'c1', 12), 'reserved', 'twelve are spent, what ends first first');
select pg_temp.at('2030-03-01 12:30Z');
select pg_temp.paid('in_c3', 'cat', 'saver', '2030-03-01 12:00Z', '2030-04-01 12:00Z');
select is(pg_temp.has('cat'), 64::numeric, 'four are left, four stay; others'' credits are no part of it');
select is(pg_temp.paid('in_d1', 'dan', 'saver', '2030-03-01 12:00Z', '2030-04-01 12:00Z'), 'applied', 'somebody who holds all but one');
select public.reserve_credits(pg_temp.id('dan'), pg_temp.id('d held'), 9, 'test', null, '{}', '24 hours');
select pg_temp.at('2030-04-01 12:30Z');
select pg_temp.paid('in_d2', 'dan', 'saver', '2030-04-01 12:00Z', '2030-05-01 12:00Z');
select is(pg_temp.has('dan'), 11::numeric, 'what is held does not roll over');
select public.release_credits(pg_temp.id('dan'), pg_temp.id('d held'), 'x');
select is(pg_temp.has('dan'), 11::numeric, 'and has ended when it comes back');
select pg_temp.paid('in_e1', 'eve', 'brief', '2030-04-01 12:00Z', '2030-05-01 12:00Z');
select pg_temp.at('2030-05-01 12:30Z');
select pg_temp.paid('in_e2', 'eve', 'brief', '2030-05-01 12:00Z', '2030-06-01 12:00Z');
select is(pg_temp.has('eve'), 16::numeric, 'what rolls over may last for less');
select pg_temp.at('2030-05-08 12:30Z');
select is(pg_temp.has('eve'), 10::numeric, 'than the new credits');
select pg_temp.at('2030-05-31 12:00Z');
select is(pg_temp.has('eve'), 10::numeric, 'which are all there is');

-- Another plan -----------------------------------------------------------------------------------------------------

select pg_temp.at('2030-01-01 12:00Z');
select pg_temp.paid('in_f1', 'fay', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', '{"billing_reason": "subscription_create"}');
select pg_temp.at('2030-01-11 12:00Z');
select is(pg_temp.paid('in_f2', 'fay', 'pro', '2030-01-11 12:00Z', '2030-02-11 12:00Z', '{"billing_reason": "subscription_update"}'), 'applied', 'an upgrade at its full price');
select is(pg_temp.has('fay'), 30::numeric, 'begins a fresh cycle');
select pg_temp.paid('in_f3', 'fay', 'patient', '2030-01-12 12:00Z', '2030-02-12 12:00Z', '{"billing_reason": "subscription_update"}');
select is(pg_temp.has('fay'), 30::numeric, 'a plan may wait for the next period');
create function pg_temp.credited(p_id text, p_plan text, p_start text, p_end text, p_name text default 'gus') returns void language sql as $$
  select pg_temp.paid(p_id, p_name, p_plan, p_start, p_end, jsonb_build_object('billing_reason', 'subscription_update', 'lines',
    (pg_temp.invoice('x', p_name, p_plan, p_start, p_end) -> 'lines') || jsonb_build_array(jsonb_build_object('price', 'price_basic', 'quantity', 1, 'amount', -900, 'proration', true, 'start', 1, 'end', 2))));
$$;
select pg_temp.at('2030-01-01 12:00Z');
select pg_temp.paid('in_g1', 'gus', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', '{"billing_reason": "subscription_create"}');
select pg_temp.spend('gus', 'g1', 10);
select pg_temp.at('2030-01-02 12:00Z');
select pg_temp.credited('in_g2', 'pro', '2030-01-02 12:00Z', '2030-02-02 12:00Z');
select is(pg_temp.has('gus'), 20::numeric, 'an upgrade that credits unused time grants the difference');
select pg_temp.spend('gus', 'g2', 20);
select pg_temp.at('2030-01-03 12:00Z');
select pg_temp.credited('in_g3', 'basic', '2030-01-03 12:00Z', '2030-02-03 12:00Z');
select pg_temp.at('2030-01-04 12:00Z');
select pg_temp.credited('in_g4', 'pro', '2030-01-04 12:00Z', '2030-02-04 12:00Z');
select is(pg_temp.has('gus'), 0::numeric, 'up, down and up again earns nothing twice');
select pg_temp.paid('in_g5', 'gus', 'pro', '2030-01-05 12:00Z', '2030-02-04 12:00Z', '{"billing_reason": "subscription_update", "lines": [{"price": "price_pro", "quantity": 1, "amount": 900, "proration": true, "start": 1893844800, "end": 1896436800}]}');
select is(pg_temp.has('gus'), 0::numeric, 'a charge for the rest of a period grants nothing');

-- In another order -------------------------------------------------------------------------------------------------

select pg_temp.at('2030-02-01 12:30Z');
select pg_temp.paid('in_h2', 'hal', 'saver', '2030-02-01 12:00Z', '2030-03-01 12:00Z');
select pg_temp.spend('hal', 'h', 5);
select pg_temp.at('2030-02-01 12:40Z');
select pg_temp.paid('in_h1', 'hal', 'saver', '2030-01-11 12:00Z', '2030-02-11 12:00Z');
select is(pg_temp.has('hal'), 11::numeric, 'one that comes after its successor grants what would have rolled over');
select pg_temp.paid('in_h0', 'hal', 'saver', '2030-01-10 12:00Z', '2030-02-10 12:00Z');
select is(pg_temp.has('hal'), 11::numeric, 'and not more than that');
select pg_temp.at('2030-01-02 12:30Z');
select pg_temp.credited('in_p2', 'saver', '2030-01-02 12:00Z', '2030-02-02 12:00Z', 'pat');
select pg_temp.paid('in_p1', 'pat', 'saver', '2030-01-01 12:00Z', '2030-02-01 12:00Z', '{"billing_reason": "subscription_create"}');
select is(pg_temp.has('pat'), 10::numeric, 'a difference that came before what it is the difference to was all of it');
select is_empty('select * from public.verify_credits()', 'the books agree');

-- For nothing ------------------------------------------------------------------------------------------------------

create function pg_temp.line(p_plan text, p_amount integer, p_start text, p_end text) returns jsonb language sql as $$
  select jsonb_build_object('lines', jsonb_build_array(jsonb_build_object('price', 'price_' || p_plan, 'quantity', 2, 'amount', p_amount, 'proration', false,
    'start', pg_temp.epoch(p_start), 'end', pg_temp.epoch(p_end))));
$$;
select pg_temp.at('2030-01-01 12:00Z');
select pg_temp.paid('in_i1', 'ida', 'tried', '2030-01-01 12:00Z', '2030-01-15 12:00Z', '{"total": 0, "billing_reason": "subscription_create"}' || pg_temp.line('tried', 0, '2030-01-01 12:00Z', '2030-01-15 12:00Z'));
select is(pg_temp.has('ida'), 3::numeric, 'a trial grants the trial''s credits, whatever the quantity');
select pg_temp.at('2030-01-15 12:10Z');
select pg_temp.paid('in_i2', 'ida', 'tried', '2030-01-15 12:00Z', '2030-02-15 12:00Z');
select is(pg_temp.has('ida'), 10::numeric, 'which end with the first that are paid');
select pg_temp.paid('in_i3', 'ida', 'tried', '2030-01-16 12:00Z', '2030-01-30 12:00Z', '{"total": 0, "subscription": "sub_ida2"}' || pg_temp.line('tried', 0, '2030-01-16 12:00Z', '2030-01-30 12:00Z'));
select is(pg_temp.has('ida'), 10::numeric, 'a user has one trial');
select pg_temp.paid('in_j1', 'joe', 'basic', '2030-01-15 12:00Z', '2030-02-15 12:00Z', '{"total": 0, "discount": 1000}');
select is(pg_temp.has('joe'), 0::numeric, 'a discount of everything grants nothing');
select public.change_setting('plan_settings', null, 'grant_when_free', 'true', 'a test', 'test');
select pg_temp.paid('in_k1', 'kim', 'basic', '2030-01-15 12:00Z', '2030-02-15 12:00Z', '{"total": 0, "discount": 1000}');
select is(pg_temp.has('kim'), 10::numeric, 'unless the setting says so');
select pg_temp.paid('in_l1', 'leo', 'basic', '2030-01-15 12:00Z', '2030-02-15 12:00Z', '{"total": 1000, "payments": []}');
select is(pg_temp.has('leo'), 10::numeric, 'what the customer''s balance paid is paid');

-- A version is for ever --------------------------------------------------------------------------------------------

select throws_ok($$update public.plan_versions set credits = 99$$, '23001', null, 'a version never changes');
insert into public.plan_versions (id, plan_id, version, credits) select pg_temp.id('basic 2'), id, 2, 99 from public.plans where name = 'basic';
select is((public.change_setting('plan_prices', 'price_basic', 'version_id', pg_temp.id('basic 2')::text, 'a better offer', 'test')).outcome, 'changed', 'the price stands for another version');
select pg_temp.at('2030-02-15 12:10Z');
select pg_temp.paid('in_l2', 'leo', 'basic', '2030-02-15 12:00Z', '2030-03-15 12:00Z');
select is(pg_temp.has('leo'), 10::numeric, 'who had it keeps theirs');
select pg_temp.paid('in_m1', 'mia', 'basic', '2030-02-15 12:00Z', '2030-03-15 12:00Z');
select is(pg_temp.has('mia'), 99::numeric, 'newcomers get the other one');

-- Who is gone ------------------------------------------------------------------------------------------------------

select is((public.erase_user(pg_temp.id('ned'), 'asked', 'test')).outcome, 'erased', 'somebody is erased');
select is(pg_temp.paid('in_n1', 'ned', 'basic', '2030-02-15 12:00Z', '2030-03-15 12:00Z'), 'held: user_gone', 'what they pay is held');
select is_empty('select * from public.verify_credits()', 'the books agree at last');

select * from finish();
rollback;
