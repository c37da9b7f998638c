-- Point 4, the inbox: every event is kept once with what became of it; what was held can be seen and tried again.
begin;
create extension if not exists pgtap with schema extensions;
select plan(111);

create temp table now_is (at timestamptz);
insert into now_is values ('2026-03-01 12:00+00');
create or replace function credits_private.clock() returns timestamptz language plpgsql as 'begin return (select at from pg_temp.now_is); end';

create function pg_temp.event(p_id text, p_type text, p_object jsonb) returns jsonb language sql as $$
  select jsonb_build_object('id', p_id, 'object', 'event', 'type', p_type, 'created', 1772366400, 'data', jsonb_build_object('object', p_object));
$$;

create function pg_temp.tell(p_id text, p_type text, p_object jsonb) returns text language sql as $$
  select concat_ws(': ', e.outcome, e.reason) from public.apply_stripe_event(pg_temp.event(p_id, p_type, p_object)) e;
$$;

create function pg_temp.replay(p_id text) returns text language sql as $$
  select concat_ws(': ', e.outcome, e.reason) from public.replay_stripe_event(p_id, 'test', 'test') e;
$$;

-- A purchase of 10 credits for 10.00 usd; its session is cs_NAME and its payment pi_NAME.
create temp table shop (name text primary key, id uuid, user_id uuid);
create function pg_temp.purchase(p_name text) returns void language sql as $$
  with person as (
    insert into auth.users (id, email) values (gen_random_uuid(), p_name || '@example.com') returning id
  ), purchase as (
    insert into public.credit_purchases (user_id, credits, amount_cents, currency) select id, 10, 1000, 'usd' from person returning id, user_id
  )
  insert into pg_temp.shop select p_name, id, user_id from purchase;
$$;

create function pg_temp.session(p_name text, p_changes jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object(
    'id', 'cs_' || p_name, 'mode', 'payment', 'payment_status', 'paid', 'amount_total', 1000, 'currency', 'usd',
    'payment_intent', 'pi_' || p_name, 'metadata', jsonb_build_object('purchase_id', (select id from pg_temp.shop where name = p_name))
  ) || p_changes;
$$;

create function pg_temp.available(p_name text) returns numeric language sql as $$
  select coalesce(sum(a.available), 0) from pg_temp.shop s join public.credit_accounts a using (user_id) where s.name = p_name;
$$;

-- Once ------------------------------------------------------------------------------------------------------------

select pg_temp.purchase('ada');
select is(pg_temp.tell('evt_1', 'checkout.session.completed', pg_temp.session('ada')), 'applied', 'an event is applied');
select is(pg_temp.tell('evt_1', 'checkout.session.completed', pg_temp.session('ada')), 'duplicate', 'its copy is a duplicate');
select is(pg_temp.tell('evt_1', 'checkout.session.completed', pg_temp.session('ada', '{"amount_total": 99}')), 'duplicate', 'whatever the copy says');
select is(pg_temp.tell('evt_1', 'refund.created', '{"id": "re_1", "amount": 1000, "status": "succeeded", "payment_intent": "pi_ada"}'), 'duplicate', 'or is');
select is(pg_temp.available('ada'), 10.00, 'and changes nothing');
select is(row(e.type, e.outcome, e.reason, e.created_at, e.payment_intent_id, e.received_at)::text,
  row('checkout.session.completed', 'applied', null, '2026-03-01 12:00+00'::timestamptz, 'pi_ada', '2026-03-01 12:00+00'::timestamptz)::text,
  'the event is kept with its outcome')
from public.stripe_events e where id = 'evt_1';
select is(payload, pg_temp.event('evt_1', 'checkout.session.completed', pg_temp.session('ada')), 'and whole') from public.stripe_events where id = 'evt_1';
select is(row(e.purchase_id, e.user_id)::text, row(shop.id, shop.user_id)::text, 'a duplicate still says whose it is')
from shop, public.apply_stripe_event(pg_temp.event('evt_1', 'x', '{}')) e where name = 'ada';

-- Whose it is -----------------------------------------------------------------------------------------------------

select pg_temp.purchase('mode');
create function pg_temp.from_whom(p_id text, p_said jsonb, p_livemode boolean, p_accounts text[] default '{}') returns text language sql as $$
  select concat_ws(': ', e.outcome, e.reason) from public.apply_stripe_event(
    pg_temp.event(p_id, 'checkout.session.completed', pg_temp.session('mode')) || p_said, p_livemode, p_accounts
  ) e;
$$;
select is(pg_temp.from_whom('evt_test', '{"livemode": false}', true), 'ignored: other_mode', 'a test event where live keys are used');
select is(pg_temp.from_whom('evt_live', '{"livemode": true}', false), 'ignored: other_mode', 'a live one where test keys are');
select is(pg_temp.from_whom('evt_test', '{"livemode": false}', true), 'duplicate: other_mode', 'and its copy');
select is(
  pg_temp.from_whom('evt_them', '{"livemode": true, "account": "acct_1"}', true), 'ignored: other_account', 'an event of a connected account'
);
select is(pg_temp.from_whom('evt_them_2', '{"livemode": true, "account": "acct_1"}', true, '{acct_2}'), 'ignored: other_account', 'that nobody named');
select is(pg_temp.available('mode'), 0::numeric, 'none of them buys anything');
select is(row(outcome, reason)::text, '(ignored,other_account)', 'all of them are kept') from public.stripe_events where id = 'evt_them_2';
select is(
  pg_temp.from_whom('evt_named', '{"livemode": true, "account": "acct_2"}', true, '{acct_1,acct_2}'), 'applied', 'one of an account that is named counts'
);
select pg_temp.purchase('ours');
select is(pg_temp.tell('evt_ours', 'checkout.session.completed', pg_temp.session('ours')), 'applied', 'where nobody says which mode, either does');

-- What cannot be applied ------------------------------------------------------------------------------------------

select pg_temp.purchase('full');
select public.grant_credits(user_id, 9999999999.99, 'promotion', 'all there is') from shop where name = 'full';
set local client_min_messages = error;
select is(
  pg_temp.tell('evt_full', 'checkout.session.completed', pg_temp.session('full')), 'held: error: 22023', 'what raises is kept, for an operator'
);
select is(row(p.status, p.paid_cents)::text, '(open,0)', 'and changes nothing') from public.credit_purchases p join shop using (id) where name = 'full';
select public.adjust_credits(user_id, -9999999999.99, 'room', 'made room', 'test') from shop where name = 'full';
select is(pg_temp.replay('evt_full'), 'applied', 'once there is room, it can be applied');
create function pg_temp.lost_race() returns trigger language plpgsql as $$ begin raise sqlstate '40001'; end $$;
create trigger lost_race before insert on public.user_credits for each row execute function pg_temp.lost_race();
select pg_temp.purchase('race');
select throws_ok(
  $$select pg_temp.tell('evt_race', 'checkout.session.completed', pg_temp.session('race'))$$, '40001', null, 'what another delivery can mend is left to it'
);
drop trigger lost_race on public.user_credits;
select is(pg_temp.tell('evt_race', 'checkout.session.completed', pg_temp.session('race')), 'applied', 'which then is the first');

-- What means nothing here -----------------------------------------------------------------------------------------

select is(pg_temp.tell('evt_' || t, t, '{"id": "x", "payment_intent": "pi_ada", "amount": 1000}'), 'ignored', t || ' is ignored')
from unnest(array['payment_intent.succeeded', 'charge.succeeded', 'charge.refund.updated', 'charge.dispute.updated', 'invoice.created',
  'checkout.session.reopened_by_magic', 'v1.nothing']) t;
select is(pg_temp.available('ada'), 10.00, 'and changes nothing');
select is((select count(*) from public.stripe_events where id not in ('evt_1', 'evt_ours', 'evt_race', 'evt_full') and reason is null and purchase_id is null), 7::bigint, 'but is kept');
select pg_temp.purchase('new');
select is(pg_temp.tell('evt_new', 'checkout.session.completed', pg_temp.session('new', '{"presentment_details": {"a": [1, {"b": null}]}, "livemode": "perhaps", "": 0}')),
  'applied', 'fields nobody knows are harmless');

-- What is no event ------------------------------------------------------------------------------------------------

select throws_ok(format('select public.apply_stripe_event(%L)', event), '22023', 'p_event must ' || message, 'no event: ' || event)
from (values
  ('{}', 'have an id'), ('{"id": ""}', 'have an id'), ('[]', 'have an id'), ('5', 'have an id'),
  ('{"id": "e"}', 'have a type'), ('{"id": "e", "type": "x"}', 'have created, a number of seconds'),
  ('{"id": "e", "type": "x", "created": "now"}', 'have created, a number of seconds'),
  ('{"id": "e", "type": "x", "created": 1, "data": {"object": 1}}', 'have data.object'),
  ('{"id": "e", "type": "x", "created": 1, "data": null}', 'have data.object')
) bad (event, message);
select throws_ok('select public.apply_stripe_event(null)', '22023', null, 'nor is nothing');

-- What is missing is named ----------------------------------------------------------------------------------------

create temp table whole (type text, object jsonb, fields text[]);
insert into whole
values
  ('charge.refunded', '{"amount_refunded": 1, "payment_intent": "pi_new"}', '{amount_refunded,payment_intent}'),
  ('refund.failed', '{"id": "re", "amount": 1, "status": "failed", "payment_intent": "pi_new"}', '{id,amount,status,payment_intent}'),
  ('charge.dispute.closed', '{"id": "dp", "amount": 1, "currency": "usd", "status": "won", "payment_intent": "pi_new"}', '{id,amount,currency,status,payment_intent}'),
  ('checkout.session.completed', pg_temp.session('new'), '{id,payment_status,amount_total,currency,payment_intent}');
select is(
  array_agg(pg_temp.tell('evt_null_' || type || field, type, object || jsonb_build_object(field, null))
    || ', ' || pg_temp.tell('evt_gone_' || type || field, type, object - field)
    || ', ' || pg_temp.tell('evt_odd_' || type || field, type, object || jsonb_build_object(field, '[]'::jsonb))),
  array_agg(format('held: missing_field: data.object.%1$s, held: missing_field: data.object.%1$s, held: invalid_field: data.object.%1$s', field)),
  type || ' without ' || array_to_string(fields, ', ')
)
from whole, unnest(fields) field group by type, fields;
select is(pg_temp.available('new'), 10.00, 'and changes nothing');
select is(pg_temp.tell('evt_negative', 'refund.created', '{"id": "re", "amount": -5, "status": "succeeded", "payment_intent": "pi_new"}'),
  'held: invalid_field: data.object.amount', 'a negative refund');
select is(pg_temp.replay('evt_negative'), 'held: invalid_field: data.object.amount', 'is held however often it is tried');

-- Money back before the money -------------------------------------------------------------------------------------

select pg_temp.purchase('early');
select is(pg_temp.tell('evt_r', 'refund.created', '{"id": "re_e", "amount": 400, "status": "succeeded", "payment_intent": "pi_early"}'), 'held: waits_for_payment', 'a refund of an unknown payment is held');
select is(pg_temp.tell('evt_d', 'charge.dispute.created', '{"id": "dp_e", "amount": 600, "currency": "usd", "status": "settled_by_moon", "payment_intent": "pi_early"}'), 'held: waits_for_payment', 'so is a dispute');
select is(pg_temp.tell('evt_b', 'charge.refunded', '{"id": "ch_e", "amount_refunded": 400, "payment_intent": "pi_early"}'), 'held: waits_for_payment', 'and a charge');
select is(pg_temp.tell('evt_c', 'checkout.session.completed', pg_temp.session('early')), 'applied', 'then the payment comes');
select is(pg_temp.available('early'), 6.00, 'and what was refunded is taken at once');
select results_eq($$ select id, outcome, reason from public.stripe_events where payment_intent_id = 'pi_early' order by id $$,
  $$ values ('evt_b', 'applied', null), ('evt_c', 'applied', null), ('evt_d', 'held', 'unknown_status: settled_by_moon'), ('evt_r', 'applied', null) $$, 'each has an outcome of its own then');
select is(pg_temp.tell('evt_r', 'refund.created', '{}'), 'duplicate', 'its next copy is a duplicate');

-- Money that bought nothing ---------------------------------------------------------------------------------------

select pg_temp.purchase('short');
select is(pg_temp.tell('evt_short_r', 'refund.created', '{"id": "re_s", "amount": 9, "status": "succeeded", "payment_intent": "pi_short"}'), 'held: waits_for_payment', 'part of it goes back before it comes');
select is(pg_temp.tell('evt_short', 'checkout.session.completed', pg_temp.session('short', '{"amount_total": 999}')), 'held: amount_too_small', 'too little is held');
select is(outcome, 'applied', 'what went back is held no longer') from public.stripe_events where id = 'evt_short_r';
select is(pg_temp.tell('evt_short_c', 'charge.refunded', '{"id": "ch_s", "amount_refunded": 999, "payment_intent": "pi_short"}'), 'applied', 'nor is the rest');
select is(pg_temp.available('short'), 0::numeric, 'nobody got or lost anything');
select is(pg_temp.replay('evt_short'), 'held: amount_too_small', 'and too little it stays');
update public.credit_purchases set amount_cents = 999 where id = (select id from shop where name = 'short');
select is(pg_temp.replay('evt_short'), 'applied', 'should an operator think it enough');
select is(status || ' ' || pg_temp.available('short'), 'refunded 0.00', 'what went back is not granted') from public.credit_purchases join shop using (id) where name = 'short';

-- Only what an effect is computed from is kept --------------------------------------------------------------------

select pg_temp.tell('evt_person', 'checkout.session.completed', '{
  "id": "cs_person", "payment_status": "paid", "customer_details": {"email": "a@example.com"}, "customer_email": "a@example.com",
  "metadata": {"credits": "5", "user_id": "x", "purchase_id": "y", "note": "for a@example.com"}}');
select is(payload #> '{data,object}', '{"id": "cs_person", "payment_status": "paid", "metadata": {"credits": "5", "user_id": "x", "purchase_id": "y"}}',
  'an event is kept without what it says about a person, held or not')
from public.stripe_events where id = 'evt_person';

-- Replay ----------------------------------------------------------------------------------------------------------

select pg_temp.purchase('fix');
update public.credit_purchases set currency = 'eur' where id = (select id from shop where name = 'fix');
select is(pg_temp.tell('evt_fix', 'checkout.session.completed', pg_temp.session('fix')), 'held: wrong_currency', 'an event is held');
select is(pg_temp.replay('evt_fix'), 'held: wrong_currency', 'tried again too early it stays so');
update public.credit_purchases set currency = 'usd', amount_cents = 1001 where id = (select id from shop where name = 'fix');
select is(pg_temp.replay('evt_fix'), 'held: amount_too_small', 'with today''s reason');
select is((select reason from public.held_stripe_events where id = 'evt_fix'), 'amount_too_small', 'which operators see');
update public.credit_purchases set amount_cents = 1000 where id = (select id from shop where name = 'fix');
update now_is set at = '2026-03-05 12:00+00';
select is(pg_temp.replay('evt_fix'), 'applied', 'once the reason is gone it is applied');
select is(pg_temp.available('fix'), 10.00, 'and has its effect');
select is(row(received_at, processed_at)::text, row('2026-03-01 12:00+00'::timestamptz, '2026-03-05 12:00+00'::timestamptz)::text, 'and the time of it')
from public.stripe_events where id = 'evt_fix';
select is(pg_temp.replay('evt_fix'), 'duplicate', 'again: nothing changes');
select is(pg_temp.replay('evt_invoice.created'), 'duplicate', 'an ignored event is not tried again');
select is(pg_temp.available('fix'), 10.00, 'nothing at all');
select is_empty($$ select * from public.held_stripe_events where id = 'evt_fix' $$, 'and it is held no longer');
select throws_ok($$ select public.replay_stripe_event('evt_nobody', 'test', 'test') $$, '22023', 'p_event_id is no event that was kept', 'an event that was never kept');

-- Dismissal -------------------------------------------------------------------------------------------------------

create function pg_temp.dismiss(p_id text) returns text language sql as $$
  select concat_ws(': ', e.outcome, e.reason) from public.dismiss_stripe_event(p_id, 'test', 'test') e;
$$;
select is(pg_temp.dismiss('evt_negative'), 'ignored', 'a held event that was dealt with elsewhere is dismissed');
select results_eq($$ select outcome, reason, processed_at from public.stripe_events where id = 'evt_negative' $$,
  $$ values ('ignored', null::text, '2026-03-05 12:00+00'::timestamptz) $$, 'and rests');
select is(pg_temp.dismiss('evt_negative'), 'duplicate', 'again: nothing changes');
select is(pg_temp.replay('evt_negative'), 'duplicate', 'nor is it tried again');
select is(pg_temp.dismiss('evt_fix'), 'duplicate', 'what was applied cannot be dismissed');
select is(outcome, 'applied', 'and stays applied') from public.stripe_events where id = 'evt_fix';
-- What resolves one resolves the others ---------------------------------------------------------------------------

select pg_temp.purchase('slow');
select pg_temp.tell('evt_slow', 'checkout.session.completed', pg_temp.session('slow', '{"payment_status": "unpaid"}'));
select is(pg_temp.tell('evt_slow_ok', 'checkout.session.async_payment_succeeded', pg_temp.session('slow', '{"amount_total": 9}')), 'held: amount_too_small', 'the success of a slow payment is held');
select is(pg_temp.dismiss('evt_slow_ok'), 'ignored', 'once an operator has dealt with it');
select is(outcome, 'ignored', 'nothing waits for it any more') from public.stripe_events where id = 'evt_slow';
select pg_temp.purchase('twice');
update public.credit_purchases set currency = 'eur' where id = (select id from shop where name = 'twice');
select pg_temp.tell('evt_twice_1', 'checkout.session.completed', pg_temp.session('twice')), pg_temp.tell('evt_twice_2', 'checkout.session.async_payment_succeeded', pg_temp.session('twice'));
select is(count(*), 2::bigint, 'two events of one payment are held') from public.held_stripe_events where id like 'evt_twice%';
update public.credit_purchases set currency = 'usd' where id = (select id from shop where name = 'twice');
select is(pg_temp.replay('evt_twice_2'), 'applied', 'when one of them can be applied');
select is(outcome, 'applied', 'so can the other') from public.stripe_events where id = 'evt_twice_1';
select is(pg_temp.available('twice'), 10.00, 'for one grant');

select throws_ok($$ select public.dismiss_stripe_event('evt_nobody', 'test', 'test') $$, '22023', 'p_event_id is no event that was kept', 'an event that was never kept');

-- A user who has gone ---------------------------------------------------------------------------------------------

select pg_temp.purchase('gone');
select pg_temp.tell('evt_gone', 'checkout.session.completed', pg_temp.session('gone'));
select is(outcome, 'erased', 'a buyer is erased') from shop cross join lateral public.erase_user(user_id, 'test', 'test') where name = 'gone';
select is(pg_temp.tell('evt_gone_again', 'checkout.session.async_payment_succeeded', pg_temp.session('gone')), 'applied', 'news of what was paid already');
select is(pg_temp.tell('evt_gone_refund', 'refund.created', '{"id": "re_g", "amount": 400, "status": "succeeded", "payment_intent": "pi_gone"}'), 'applied', 'there is nobody to take credits from');
select is(row(status, reversed_cents, revoked_credits)::text, '(partially_refunded,400,0.00)', 'and the money is accounted for') from public.credit_purchases where id = (select id from shop where name = 'gone');
select is(pg_temp.available('gone'), 10.00, 'while the credits stay as they were left');

select pg_temp.purchase('left');
select outcome from shop cross join lateral public.erase_user(user_id, 'test', 'test') where name = 'left';
select is(pg_temp.tell('evt_left', 'checkout.session.completed', pg_temp.session('left')), 'held: user_gone', 'who pays after their erasure');
select is(pg_temp.tell('evt_left_r', 'refund.created', '{"id": "re_l", "amount": 1000, "status": "succeeded", "payment_intent": "pi_left"}'), 'applied', 'gets the money back, and nothing is held for it');

-- Who may ---------------------------------------------------------------------------------------------------------

select throws_ok(format('set local role %I; %s', role, call), '42501', null, role || ' may not: ' || call)
from unnest(array['anon', 'authenticated']) role,
  unnest(array['select public.apply_stripe_event(''{}'')', 'select public.replay_stripe_event(''e'', ''test'', ''test'')', 'select public.dismiss_stripe_event(''e'', ''test'', ''test'')', 'select * from public.held_stripe_events']) call;
select throws_ok(format('set local role service_role; %s', call), '42501', null, 'nor service_role: ' || call)
from unnest(array['update public.stripe_events set outcome = ''applied''', 'select credits_private.apply_event(''{}'')', 'delete from public.credit_purchases']) call;
select lives_ok($$ set local role service_role; select public.apply_stripe_event(pg_temp.event('evt_service', 'x', '{}')); select * from public.held_stripe_events $$, 'service_role may take events in and see what is held');
reset role;

select is_empty('select * from public.verify_credits()', 'the books agree');
select * from finish();
rollback;
