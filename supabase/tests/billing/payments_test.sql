-- C2: what was paid must cover what is granted, once; anything else is held with its reason and grants nothing.
begin;
create extension if not exists pgtap with schema extensions;
select plan(79);

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
    'amount_total', 2700, 'currency', 'usd', 'payment_intent', 'pi_' || p_purchase, 'client_reference_id', p_purchase,
    'metadata', jsonb_build_object('purchase_id', p_purchase)
  ) || p_changes;
$$;

-- Tells a new event and returns what became of it.
create function pg_temp.tell(p_type text, p_object jsonb) returns text language sql as $$
  select concat_ws(': ', e.outcome, e.reason) from public.apply_stripe_event(jsonb_build_object(
    'id', 'evt_' || gen_random_uuid(), 'object', 'event', 'type', p_type, 'created', 1772366400,
    'data', jsonb_build_object('object', p_object)
  )) e;
$$;

create function pg_temp.completed(p_purchase uuid, p_changes jsonb default '{}') returns text language sql as $$
  select pg_temp.tell('checkout.session.completed', pg_temp.session(p_purchase, p_changes));
$$;

create function pg_temp.granted(p_purchase uuid) returns numeric language sql as $$
  select coalesce(sum(c.original_amount), 0) from public.credit_purchases p join public.user_credits c on c.user_id = p.user_id where p.id = p_purchase;
$$;

-- A paid session --------------------------------------------------------------------------------------------------

create temp table paid as select pg_temp.purchase() as id;
select is(pg_temp.completed(id), 'applied', 'C2: a paid session is applied') from paid;
select is(pg_temp.granted(id), 30.00, 'its credits are granted') from paid;
select is(row(p.status, p.paid_cents, p.stripe_session_id, p.stripe_payment_intent_id)::text,
  row('paid', 2700, 'cs_' || p.id, 'pi_' || p.id)::text, 'the purchase says so') from public.credit_purchases p, paid where p.id = paid.id;
select is(row(c.source, c.stripe_session_id, c.expires_at)::text, row('purchase', 'cs_' || p.id, null)::text,
  'the batch names its session and never expires')
from paid, public.credit_purchases p join public.user_credits c on c.user_id = p.user_id where p.id = paid.id;
select is(pg_temp.completed(id), 'applied', 'C2: another event for the same payment is applied') from paid;
select is(pg_temp.tell('checkout.session.async_payment_succeeded', pg_temp.session(id)), 'applied', 'whatever it is called') from paid;
select is(pg_temp.tell('checkout.session.expired', pg_temp.session(id, '{"payment_status": "unpaid"}')), 'applied', 'a late end of the session') from paid;
select is(pg_temp.tell('checkout.session.async_payment_failed', pg_temp.session(id, '{"payment_status": "unpaid"}')), 'applied', 'a late failure') from paid;
select is(pg_temp.granted(id) || ' ' || status, '30.00 paid', 'C2: and still it was granted once') from paid join public.credit_purchases using (id);

-- What a paid session must be -------------------------------------------------------------------------------------

create temp table bad (what text, changes jsonb, outcome text, purchase uuid default pg_temp.purchase());
insert into bad (what, changes, outcome)
values
  ('a cent too little', '{"amount_total": 2699}', 'held: amount_too_small'),
  ('nothing', '{"amount_total": 0}', 'held: amount_too_small'),
  ('a coupon over everything', '{"amount_total": 0, "payment_status": "no_payment_required", "payment_intent": null}', 'held: amount_too_small'),
  ('less than nothing', '{"amount_total": -2700}', 'held: invalid_field: data.object.amount_total'),
  ('parts of a cent', '{"amount_total": 2700.5}', 'held: invalid_field: data.object.amount_total'),
  ('an amount as text', '{"amount_total": "2700"}', 'held: invalid_field: data.object.amount_total'),
  ('an amount that JavaScript cannot hold', '{"amount_total": 9007199254740992}', 'held: invalid_field: data.object.amount_total'),
  ('no amount', '{"amount_total": null}', 'held: missing_field: data.object.amount_total'),
  ('another currency', '{"currency": "jpy"}', 'held: wrong_currency'),
  ('no currency', '{"currency": null}', 'held: missing_field: data.object.currency'),
  ('no payment', '{"payment_intent": null}', 'held: missing_field: data.object.payment_intent'),
  ('a payment that is no id', '{"payment_intent": {"id": "pi_1"}}', 'held: invalid_field: data.object.payment_intent'),
  ('no payment status', '{"payment_status": null}', 'held: missing_field: data.object.payment_status'),
  ('no session id', '{"id": null}', 'held: missing_field: data.object.id'),
  ('not paid', '{"payment_status": "unpaid"}', 'held: unpaid'),
  ('a status nobody knows', '{"payment_status": "perhaps"}', 'held: unknown_status: perhaps'),
  ('a subscription', '{"mode": "subscription"}', 'ignored'),
  ('a card kept for later', '{"mode": "setup"}', 'ignored');
select is(pg_temp.completed(purchase, changes), outcome, 'C2: ' || what) from bad;
select is(pg_temp.granted(purchase), 0::numeric, 'C2: grants nothing: ' || what) from bad;

select is(pg_temp.completed(id, '{"amount_total": 5400}'), 'applied', 'more money (a quantity of two, taxes) is enough') from (select pg_temp.purchase() as id) p;
select is((select sum(original_amount) from public.user_credits), 60.00, 'and buys what the purchase says, no more');

-- Who it is for ---------------------------------------------------------------------------------------------------

create temp table pair as select pg_temp.purchase() as ada, pg_temp.purchase() as bob;
select is(pg_temp.completed(ada, jsonb_build_object('metadata', jsonb_build_object('purchase_id', ada, 'credits', '9999', 'user_id', gen_random_uuid()))),
  'applied', 'edited metadata is no reason to refuse') from pair;
select is(pg_temp.granted(ada), 30.00, 'but it is the purchase that says who gets how much') from pair;
select is(pg_temp.completed(bob, jsonb_build_object('id', 'cs_' || ada)), 'applied',
  'ada''s session with bob''s purchase id is still ada''s') from pair;
select is(pg_temp.granted(bob), 0::numeric, 'and gives bob nothing') from pair;
select is(pg_temp.completed(ada, '{"id": "cs_second", "payment_intent": "pi_second"}'), 'held: session_mismatch',
  'a second session for a paid purchase is held: somebody paid twice') from pair;
select is(pg_temp.granted(ada), 30.00, 'and grants nothing') from pair;
select is(pg_temp.tell(type, pg_temp.session(ada, '{"id": "cs_third", "payment_intent": null, "payment_status": "unpaid"}')), 'ignored',
  'a second session in which nobody paid means nothing: ' || type)
from pair, unnest('{checkout.session.completed,checkout.session.expired,checkout.session.async_payment_failed}'::text[]) type;
select is(pg_temp.completed(gen_random_uuid()), 'held: unknown_purchase', 'a purchase nobody made');
select is(pg_temp.completed(gen_random_uuid(), '{"client_reference_id": "x", "metadata": {"purchase_id": "x"}}'), 'held: unknown_purchase', 'an id that is none');
select is(pg_temp.completed(gen_random_uuid(), '{"client_reference_id": null, "metadata": {}}'), 'ignored: not_ours', 'a session of something else');
select is(pg_temp.completed(pg_temp.purchase(), '{"metadata": {}}'), 'ignored: not_ours', 'a session whose payer wrote the reference');

create temp table gone as select pg_temp.purchase() as id;
delete from auth.users where id = (select user_id from public.credit_purchases join gone using (id));
select is(pg_temp.completed(id), 'held: user_gone', 'a user whom Auth does not know any more') from gone;
create temp table erased as select pg_temp.purchase() as id;
select outcome from erased join public.credit_purchases using (id) cross join lateral public.erase_user(user_id, 'test', 'test');
select is(pg_temp.completed(id), 'held: user_gone', 'an erased user') from erased;

-- Sessions made elsewhere: 100 cents a credit ---------------------------------------------------------------------

create temp table buyer as select pg_temp.person() as id;
create function pg_temp.elsewhere(p_credits text, p_cents integer, p_changes jsonb default '{}') returns text language sql as $$
  select pg_temp.completed(gen_random_uuid(), jsonb_build_object(
    'client_reference_id', null, 'amount_total', p_cents,
    'metadata', jsonb_build_object('user_id', (select id from pg_temp.buyer), 'credits', p_credits)
  ) || p_changes);
$$;
create temp table metadata (credits text, cents integer, changes jsonb, outcome text);
insert into metadata
values
  ('12', 1200, '{}', 'applied'), ('12.5', 1250, '{}', 'applied'), ('0.01', 1, '{}', 'applied'),
  ('12', 1199, '{}', 'held: amount_too_small'), ('12.34', 1233, '{}', 'held: amount_too_small'),
  ('12', 1200, '{"currency": "jpy"}', 'held: wrong_currency'), ('12', 1200, '{"payment_status": "unpaid"}', 'held: unpaid'),
  ('0', 1200, '{}', 'held: unknown_purchase'), ('-12', 1200, '{}', 'held: unknown_purchase'),
  ('12.345', 1235, '{}', 'held: unknown_purchase'), ('99999999', 1200, '{}', 'held: unknown_purchase'),
  ('1e3', 100000, '{}', 'held: unknown_purchase'), ('NaN', 1200, '{}', 'held: unknown_purchase'),
  ('12', 1200, '{"metadata": {"credits": "12"}}', 'held: unknown_purchase'),
  ('12', 1200, '{"metadata": {"credits": "12", "user_id": "ada"}}', 'held: unknown_purchase');
select is(array_agg(pg_temp.elsewhere(credits, cents, changes) order by ctid), array_agg(outcome order by ctid), 'metadata that says enough, too little, or nothing')
from metadata;
select is(pg_temp.elsewhere('12', 1200, jsonb_build_object('metadata', jsonb_build_object('user_id', id))), 'ignored: not_ours', 'a user and no credits')
from buyer;
select is((select sum(original_amount) from public.user_credits join buyer on user_id = buyer.id), 24.51, 'and exactly what was covered is granted');
select is(pg_temp.completed(gen_random_uuid(), '{"client_reference_id": null, "metadata": {"credits": "1", "user_id": "00000000-0000-4000-8000-000000000000"}}'),
  'held: user_gone', 'for a user who does not exist');
select is(pg_temp.elsewhere('12', 1200, jsonb_build_object('metadata', jsonb_build_object('purchase_id', gen_random_uuid(), 'user_id', id, 'credits', '12'))),
  'held: unknown_purchase', 'metadata that names a purchase is not read as made elsewhere') from buyer;

-- Delayed payment methods -----------------------------------------------------------------------------------------

create function pg_temp.states(p_purchase uuid) returns text language sql as $$
  select p.status || ', ' || pg_temp.granted(p.id) || ', ' || (select count(*) from public.stripe_events h where h.purchase_id = p.id and h.outcome = 'held') || ' held, ' || (select count(*) from public.held_stripe_events h where h.purchase_id = p.id) || ' listed'
  from public.credit_purchases p where p.id = p_purchase;
$$;
create temp table delayed as select pg_temp.purchase() as arrives, pg_temp.purchase() as fails;
select is(pg_temp.completed(arrives, '{"payment_status": "unpaid"}'), 'held: unpaid', 'a delayed payment grants nothing yet') from delayed;
select is(pg_temp.states(arrives), 'processing, 0, 1 held, 0 listed', 'and the purchase is being paid') from delayed;
select is(pg_temp.tell('checkout.session.async_payment_succeeded', pg_temp.session(arrives)), 'applied', 'when the money arrives') from delayed;
select is(pg_temp.states(arrives), 'paid, 30.00, 0 held, 0 listed', 'it is granted, and nothing is held any more') from delayed;
select pg_temp.completed(fails, '{"payment_status": "unpaid"}') from delayed;
select is(pg_temp.tell('checkout.session.async_payment_failed', pg_temp.session(fails, '{"payment_status": "unpaid"}')), 'applied', 'when it does not') from delayed;
select is(pg_temp.states(fails), 'failed, 0, 0 held, 0 listed', 'the purchase has failed') from delayed;
create temp table ended as select pg_temp.purchase() as id;
select pg_temp.tell('checkout.session.expired', pg_temp.session(id, '{"payment_status": "unpaid", "payment_intent": null}')) from ended;
select is(pg_temp.states(id), 'expired, 0, 0 held, 0 listed', 'nobody paid in time') from ended;
select pg_temp.completed(id) from ended;
select is(pg_temp.states(id), 'paid, 30.00, 0 held, 0 listed', 'and still money that came counts') from ended;

select is_empty('select * from public.verify_credits()', 'the books agree');
-- The bonus with the first payment ---------------------------------------------------------------------------------

update credits_private.credit_settings set signup_bonus_amount = 5, signup_bonus_when = 'first_payment';
create temp table first_one as select pg_temp.purchase() as id;
create temp table payer as select id, user_id from public.credit_purchases join first_one using (id);
update auth.users set email_confirmed_at = now() where id = (select user_id from payer);
select is(pg_temp.granted(id), 0::numeric, 'F3: where the bonus comes with a payment, it does not come before') from payer;
select pg_temp.completed(id) from payer;
select is(pg_temp.granted(id), 35.00, 'F3: it comes with the first one') from payer;
insert into public.credit_purchases (user_id, credits, amount_cents, currency) select user_id, 30, 2700, 'usd' from payer;
select pg_temp.completed(p.id) from public.credit_purchases p join payer using (user_id) where p.id <> payer.id;
select is(pg_temp.granted(id), 65.00, 'F3: and with no other') from payer;

select * from finish();
rollback;
