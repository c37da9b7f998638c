-- Plans: what a refund or a dispute of an invoice takes.
begin;
create extension if not exists pgtap with schema extensions;
select plan(40);
\ir ../helpers.psql
\ir stripe.psql

select pg_temp.person(n) from unnest(array['ada', 'bob', 'cat', 'dan', 'eve', 'fay', 'gus', 'hal', 'ida', 'joe', 'kim']) n;
select pg_temp.plan('basic', 10);
select pg_temp.plan('saver', 10, 'month', '{"rollover_cap": 6}');
select pg_temp.plan('yearly', 10, 'year', '{"drip": "month"}');
create function pg_temp.refund(p_payment text, p_cents bigint, p_id text default null, p_status text default 'succeeded') returns text language sql as $$
  select pg_temp.tell('refund.created', jsonb_build_object('id', coalesce(p_id, 're_' || p_payment), 'object', 'refund', 'payment_intent', p_payment, 'amount', p_cents, 'status', p_status));
$$;
create function pg_temp.dispute(p_payment text, p_status text, p_at text, p_currency text default 'usd') returns text language sql as $$
  select pg_temp.tell('charge.dispute.closed', jsonb_build_object('id', 'du_' || p_payment, 'object', 'dispute', 'payment_intent', p_payment, 'amount', 1000, 'currency', p_currency, 'status', p_status), p_at);
$$;
create function pg_temp.debt(p_name text) returns numeric language sql as $$ select debt::numeric from public.credit_accounts where user_id = pg_temp.id(p_name) $$;

-- From the invoice's own batch first -------------------------------------------------------------------------------

select pg_temp.at('2030-01-01 12:00Z');
select public.grant_credits(pg_temp.id('ada'), 5, 'promotion', 'gift', '2030-01-02Z');
select pg_temp.paid('in_a', 'ada', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select is(pg_temp.refund('pi_in_a', 400), 'applied', 'a part goes back');
select is(pg_temp.has('ada'), 11::numeric, 'the matching part of the credits does');
select is(remaining_amount::numeric, 5.00, 'not of others') from public.user_credits where user_id = pg_temp.id('ada') and source = 'promotion';
select is(pg_temp.refund('pi_in_a', 400), 'applied', 'said twice');
select is(pg_temp.has('ada'), 11::numeric, 'it takes once');
select is(pg_temp.refund('pi_in_a', 600, 're_2'), 'applied', 'all of it');
select is(pg_temp.has('ada'), 5::numeric, 'takes all');
select pg_temp.paid('in_b', 'bob', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select pg_temp.spend('bob', 'b', 8);
select is(pg_temp.dispute('pi_in_b', 'needs_response', '2030-01-02Z'), 'applied', 'a dispute after most was spent');
select is(row(pg_temp.has('bob'), pg_temp.debt('bob'))::text, '(0.00,8.00)', 'leaves a debt');
select is(pg_temp.dispute('pi_in_b', 'won', '2030-01-03Z'), 'applied', 'and when it is won');
select is(row(pg_temp.has('bob'), pg_temp.debt('bob'))::text, '(2.00,0.00)', 'everything is as it was');
select is(max(expires_at), '2030-02-01 15:00Z'::timestamptz, 'with the expiry it had') from public.user_credits where user_id = pg_temp.id('bob') and is_open;
select is(pg_temp.dispute('pi_in_b', 'lost', '2030-01-04Z'), 'applied', 'an appeal that is lost');
select is(row(pg_temp.has('bob'), pg_temp.debt('bob'))::text, '(0.00,8.00)', 'takes it again');
select is_empty('select * from public.verify_credits()', 'the books agree');

-- What has expired is gone already ---------------------------------------------------------------------------------

select pg_temp.at('2030-01-01 12:00Z');
select pg_temp.paid('in_c', 'cat', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select pg_temp.spend('cat', 'c', 3);
select pg_temp.at('2030-02-01 13:00Z');
select pg_temp.paid('in_c2', 'cat', 'basic', '2030-02-01 12:00Z', '2030-03-01 12:00Z');
select pg_temp.refund('pi_in_c', 1000);
select is(row(pg_temp.has('cat'), pg_temp.debt('cat'))::text, '(7.00,0.00)', 'a refund of the month before takes what was spent of it, not what expired');
select is(row(reversed_credits, taken_credits)::text, '(10.00,3.00)', 'and says so') from public.subscription_invoices where id = 'in_c';
select is(pg_temp.tell('refund.failed', '{"id": "re_pi_in_c", "payment_intent": "pi_in_c", "amount": 1000, "status": "failed"}'), 'applied', 'a refund that the bank returns');
select is(pg_temp.has('cat'), 10::numeric, 'gives back what it took, not what expired');
select pg_temp.at('2030-01-01 12:00Z');
select pg_temp.paid('in_d', 'dan', 'saver', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select pg_temp.at('2030-02-01 13:00Z');
select pg_temp.paid('in_d2', 'dan', 'saver', '2030-02-01 12:00Z', '2030-03-01 12:00Z');
select is(pg_temp.has('dan'), 16::numeric, 'six have rolled over');
select pg_temp.refund('pi_in_d', 1000);
select is(pg_temp.has('dan'), 10::numeric, 'those go with what they came from');
select pg_temp.at('2030-01-01 12:00Z');
select pg_temp.paid('in_e', 'eve', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select pg_temp.refund('pi_in_e', 500);
select pg_temp.at('2030-02-01 15:00Z');
select public.expire_credits();
select pg_temp.refund('pi_in_e', 500, null, 'succeeded');
select is(row(pg_temp.has('eve'), taken_credits)::text, '(0,5.00)', 'nothing comes back because the rest expired') from public.subscription_invoices where id = 'in_e';

select pg_temp.at('2030-01-01 12:00Z');
select pg_temp.paid('in_k', 'kim', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select public.grant_credits(pg_temp.id('kim'), 10, 'migration', 'bought');
select pg_temp.at('2030-02-01 15:00Z');
select pg_temp.refund('pi_in_k', 1000);
select is(pg_temp.has('kim'), 10::numeric, 'what has expired counts as gone before any sweep, so that what was bought stays');

-- A year: what is still to come goes first -------------------------------------------------------------------------

select pg_temp.at('2030-01-01 12:00Z');
select pg_temp.paid('in_f', 'fay', 'yearly', '2030-01-01 12:00Z', '2031-01-01 12:00Z', '{"total": 12000}');
select pg_temp.refund('pi_in_f', 11500);
select is(row(pg_temp.has('fay'), reversed_credits, taken_credits)::text, '(5.00,115.00,5.00)', 'what is to come goes first, then what came') from public.subscription_invoices where id = 'in_f';
select pg_temp.at('2030-02-01 12:00Z');
select is(public.grant_plan_credits(), 0, 'the months that went back do not come');
select pg_temp.paid('in_g', 'gus', 'yearly', '2030-01-01 12:00Z', '2031-01-01 12:00Z', '{"total": 12000}');
select pg_temp.at('2030-02-01 12:00Z');
select pg_temp.refund('pi_in_g', 10500);
select is(pg_temp.has('gus'), 10::numeric, 'as long as what is to come suffices, nothing is taken');
select pg_temp.at('2030-03-01 12:00Z');
select public.grant_plan_credits();
select is(pg_temp.has('gus'), 5::numeric, 'the last month that was paid for comes in part');
select is_empty('select * from public.verify_credits()', 'the books agree');

-- Whatever comes first ---------------------------------------------------------------------------------------------

select pg_temp.at('2030-01-01 12:00Z');
select is(pg_temp.refund('pi_in_h', 500), 'held: waits_for_payment', 'a refund before its invoice waits');
select pg_temp.paid('in_h', 'hal', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select is(row(pg_temp.has('hal'), (select string_agg(outcome, ',') from public.stripe_events where payment_intent_id = 'pi_in_h'))::text, '(5.00,applied)', 'and has its effect then');
select is(pg_temp.tell('invoice_payment.paid', '{"id": "inpay_1", "object": "invoice_payment", "invoice": "in_i", "payment_intent": "pi_i1", "amount": 600}'), 'applied', 'a payment before its invoice');
select is(pg_temp.refund('pi_i1', 600), 'held: waits_for_payment', 'and its refund');
select pg_temp.paid('in_i', 'ida', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', '{"payments": []}');
select is(pg_temp.has('ida'), 4::numeric, 'count when the invoice comes');
select pg_temp.tell('invoice_payment.paid', '{"id": "inpay_2", "object": "invoice_payment", "invoice": "in_i", "payment_intent": "pi_i2", "amount": 400}');
select pg_temp.dispute('pi_i2', 'lost', '2030-01-05Z', 'eur');
select is(row(pg_temp.has('ida'), reversed_cents)::text, '(0.00,1000)', 'a second payment counts beside the first; in another currency all of it is disputed') from public.subscription_invoices where id = 'in_i';
select is(pg_temp.tell('invoice_payment.paid', '{"id": "inpay_3", "object": "invoice_payment", "invoice": "in_x"}'), 'ignored', 'a payment without an intent is none');
select is(pg_temp.tell('credit_note.created', '{"id": "cn_1", "object": "credit_note", "invoice": "in_h", "amount": 500}'), 'ignored', 'a credit note takes nothing');
select is(pg_temp.has('hal'), 5::numeric, 'from nobody');

select pg_temp.paid('in_j', 'joe', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select public.erase_user(pg_temp.id('joe'), 'asked', 'test');
select is(pg_temp.refund('pi_in_j', 1000), 'applied', 'a refund of somebody erased');
select is(row(reversed_cents, taken_credits)::text, '(1000,0.00)', 'is accounted for, and takes nothing') from public.subscription_invoices where id = 'in_j';

select is_empty('select * from public.verify_credits()', 'the books agree');
select * from finish();
rollback;
