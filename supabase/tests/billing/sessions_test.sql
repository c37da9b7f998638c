-- What was paid: discounts, taxes, modes and projects; a payment that is held; a purchase that a restore lost.
begin;
create extension if not exists pgtap with schema extensions;
select plan(50);

create function pg_temp.person() returns uuid language sql as $$
  insert into auth.users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.com') returning id;
$$;

-- A purchase of 30 credits for 27.00 usd by a new user.
create function pg_temp.purchase() returns uuid language sql as $$
  insert into public.credit_purchases (user_id, credits, amount_cents, currency) values (pg_temp.person(), 30, 2700, 'usd') returning id;
$$;

create function pg_temp.session(p_purchase uuid, p_changes jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object(
    'id', 'cs_' || p_purchase, 'object', 'checkout.session', 'mode', 'payment', 'status', 'complete', 'payment_status', 'paid',
    'amount_subtotal', 2700, 'amount_total', 2700, 'currency', 'usd', 'payment_intent', 'pi_' || p_purchase,
    'metadata', jsonb_build_object('purchase_id', p_purchase)
  ) || p_changes;
$$;

create function pg_temp.tell(p_type text, p_object jsonb, p_id text default null) returns text language sql as $$
  select concat_ws(': ', e.outcome, e.reason) from public.apply_stripe_event(jsonb_build_object(
    'id', coalesce(p_id, 'evt_' || gen_random_uuid()), 'object', 'event', 'type', p_type, 'created', 1772366400,
    'data', jsonb_build_object('object', p_object)
  ), null, '{}', '{ours,older}') e;
$$;

create function pg_temp.completed(p_purchase uuid, p_changes jsonb default '{}', p_id text default null) returns text language sql as $$
  select pg_temp.tell('checkout.session.completed', pg_temp.session(p_purchase, p_changes), p_id);
$$;

-- status, cents paid, credits granted and still there
create function pg_temp.state(p_purchase uuid) returns text language sql as $$
  select format('%s %s: %s', p.status, p.paid_cents, coalesce((select sum(c.remaining_amount) from public.user_credits c where c.user_id = p.user_id), 0))
  from public.credit_purchases p where p.id = p_purchase;
$$;

-- Discounts and taxes ---------------------------------------------------------------------------------------------

create temp table sold (what text, total bigint, subtotal bigint, discount bigint, allowed boolean, outcome text, state text, id uuid default pg_temp.purchase());
insert into sold (what, total, subtotal, discount, allowed, outcome, state)
values
  ('a code that its page took', 1350, 2700, 1350, true, 'applied', 'paid 1350: 30.00'),
  ('a code that its page had no field for', 1350, 2700, 1350, false, 'held: amount_too_small', 'processing 0: 0'),
  ('a code for a price that is too low', 1200, 2600, 1400, true, 'held: amount_too_small', 'processing 0: 0'),
  ('taxes on top', 3240, 2700, 0, false, 'applied', 'paid 3240: 30.00'),
  ('taxes within', 2700, 2700, 0, false, 'applied', 'paid 2700: 30.00'),
  ('taxes that make up for the price', 2700, 2250, 0, false, 'held: amount_too_small', 'processing 0: 0'),
  ('a code, and taxes on top', 1620, 2700, 1350, true, 'applied', 'paid 1620: 30.00'),
  ('a total below what it is made of', 100, 2700, 0, true, 'held: amount_too_small', 'processing 0: 0');
select is(
  pg_temp.completed(id, jsonb_build_object(
    'amount_total', total, 'amount_subtotal', subtotal, 'total_details', jsonb_build_object('amount_discount', discount), 'allow_promotion_codes', allowed
  )), outcome, what
) from sold;
select is(pg_temp.state(id), state, what || ': what was paid, and what it bought') from sold;

select is(pg_temp.tell('refund.created', jsonb_build_object('id', 're_half', 'amount', 675, 'status', 'succeeded', 'payment_intent', 'pi_' || id)), 'applied',
  'half of what was paid goes back') from sold where what = 'a code that its page took';
select is(pg_temp.state(id), 'partially_refunded 1350: 15.00', 'and takes half of the credits') from sold where what = 'a code that its page took';
select pg_temp.tell('refund.created', jsonb_build_object('id', 're_taxed', 'amount', 3240, 'status', 'succeeded', 'payment_intent', 'pi_' || id))
from sold where what = 'taxes on top';
select is(pg_temp.state(id), 'refunded 3240: 0.00', 'taxes go back with the price') from sold where what = 'taxes on top';

create temp table free as select pg_temp.purchase() as id;
create function pg_temp.for_free(p_changes jsonb default '{}') returns text language sql as $$
  select pg_temp.completed(id, '{"amount_total": 0, "total_details": {"amount_discount": 2700}, "allow_promotion_codes": true,
    "payment_status": "no_payment_required", "payment_intent": null}' || p_changes) from pg_temp.free;
$$;
select is(pg_temp.for_free('{"amount_total": 1}'), 'held: missing_field: data.object.payment_intent', 'what costs something has a payment');
select is(pg_temp.for_free(), 'applied', 'a code over everything has none');
select is(pg_temp.state(id), 'paid 0: 30.00', 'and buys the credits') from free;
select is(pg_temp.for_free(), 'applied', 'another event of it');
select is(pg_temp.state(id), 'paid 0: 30.00', 'buys nothing more') from free;

-- Amounts beyond what four bytes hold -----------------------------------------------------------------------------

create temp table dear as select pg_temp.purchase() as id;
update public.credit_purchases set amount_cents = 3000000000, currency = 'idr' where id = (select id from dear);
select is(pg_temp.completed(id, '{"amount_total": 3000000000, "amount_subtotal": 3000000000, "currency": "idr"}'), 'applied', 'thirty million rupiah') from dear;
select is(pg_temp.state(id), 'paid 3000000000: 30.00', 'are an amount') from dear;

-- Presentment -----------------------------------------------------------------------------------------------------

select pg_temp.completed(pg_temp.purchase(), '{"presentment_details": {"presentment_amount": 2500, "presentment_currency": "eur", "x": 1}}', 'evt_shown');
select is(payload #> '{data,object,presentment_details}', '{"presentment_amount": 2500, "presentment_currency": "eur"}'::jsonb, 'what the payer was shown is kept')
from public.stripe_events where id = 'evt_shown';

-- Whose it is -----------------------------------------------------------------------------------------------------

create temp table whose as select pg_temp.purchase() as id;
create function pg_temp.tagged(p_project text) returns text language sql as $$
  select pg_temp.completed(id, jsonb_build_object('metadata', jsonb_build_object('purchase_id', id, 'project', p_project))) from pg_temp.whose;
$$;
select is(pg_temp.tagged('staging'), 'ignored: other_project', 'what another project made is not ours');
select is(pg_temp.state(id), 'open 0: 0', 'and changes nothing') from whose;
select is(pg_temp.tagged('older'), 'applied', 'what we made under an earlier name is');
select is(
  pg_temp.tell('charge.refunded', '{"id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 1, "metadata": {"project": "staging"}}'), 'ignored: other_project',
  'a charge carries the tag too'
);

create temp table mode as select pg_temp.purchase() as live, pg_temp.purchase() as unknown;
update public.credit_purchases set livemode = true where id = (select live from mode);
select is(pg_temp.completed(live, '{"livemode": false}'), 'held: other_mode', 'test money for a purchase of live mode') from mode;
select is(pg_temp.completed(live, '{"livemode": true}'), 'applied', 'live money for it') from mode;
select pg_temp.completed(unknown, '{"livemode": true}') from mode;
select is(p.livemode, true, 'the mode is kept with the purchase') from public.credit_purchases p join mode on p.id = unknown;

-- Locks -----------------------------------------------------------------------------------------------------------

create temp table slow as select pg_temp.purchase() as id;
select is(pg_temp.completed(id, '{"payment_status": "unpaid"}'), 'held: unpaid', 'a session that is not paid yet') from slow;
select is_empty($$ select from public.stripe_payments where payment_intent_id = 'pi_' || (select id from slow) $$, 'locks no payment: another one''s holder may try it again');

-- A grant that was there already ----------------------------------------------------------------------------------

create temp table before as select pg_temp.purchase() as id;
select credits_private.grant_batch((select user_id from public.credit_purchases p where p.id = before.id), 3, 'purchase', 'purchase:' || id, null, 'By hand')
from before;
select is(pg_temp.completed(id), 'held: granted_before', 'a payment whose grant is not new') from before;
select is(pg_temp.state(id), 'processing 0: 3.00', 'is for an operator') from before;

-- A purchase that a restore lost ----------------------------------------------------------------------------------

create temp table lost as select credits_private.uuid_v7() as id, pg_temp.person() as user_id;
create function pg_temp.said(p_changes jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('metadata', jsonb_build_object(
    'purchase_id', id, 'user_id', user_id, 'credits', '30.00', 'amount', '2700', 'currency', 'usd', 'project', 'ours',
    'pack_id', (select p.id from public.credit_packs p where p.name = 'Family')
  ) || p_changes) from pg_temp.lost;
$$;
select is(pg_temp.completed(id, pg_temp.said(changes)), 'held: unknown_purchase', 'metadata that does not say enough: ' || changes::text)
from lost, jsonb_array_elements('[{"project": null}, {"amount": "0"}, {"amount": "2700.5"}, {"currency": null}, {"credits": "30"}, {"user_id": "ada"}]') changes;
select pg_temp.completed(id, pg_temp.said('{"project": null}'), 'evt_lost') from lost;
update public.stripe_events set payload = jsonb_set(payload, '{data,object,metadata,project}', '"ours"') where id = 'evt_lost';
select is(outcome, 'applied', 'replaying its event makes the purchase again') from public.replay_stripe_event('evt_lost', 'test', 'test');
select is(pg_temp.state(id), 'paid 2700: 30.00', 'and grants it') from lost;
select is(row(p.user_id, p.credits, p.amount_cents, p.currency, k.name)::text, row(lost.user_id, '30.00', 2700, 'usd', 'Family')::text, 'as it was')
from lost join public.credit_purchases p using (id) join public.credit_packs k on k.id = p.pack_id;
select is(pg_temp.completed(id, pg_temp.said()), 'applied', 'another event of it') from lost;
select is(pg_temp.state(id), 'paid 2700: 30.00', 'grants nothing more') from lost;

select results_eq(
  $$ select problem, expected, actual from public.verify_credits() $$,
  $$ select 'purchase ' || id || ': granted against what was bought', 0::numeric, 3::numeric from before $$,
  'the books agree, but for the grant by hand, which is reported'
);

select * from finish();
rollback;
