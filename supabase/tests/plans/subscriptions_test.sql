-- Plans: what is known of subscriptions, whose events are ours, who may subscribe, and what operators see.
begin;
create extension if not exists pgtap with schema extensions;
select plan(75);
\ir ../helpers.psql
\ir stripe.psql

select pg_temp.person(n) from unnest(array['ada', 'bob', 'cat', 'dan', 'eve']) n;
select pg_temp.plan('basic', 10);
select pg_temp.plan('pro', 30);
select pg_temp.plan('gone', 30);
update public.plans set active = false where name = 'gone';
select pg_temp.at('2030-01-01 12:00Z');
create function pg_temp.said(p_name text, p_status text, p_at text, p_more jsonb default '{}') returns text language sql as $$
  select pg_temp.tell('customer.subscription.updated', pg_temp.subscription(p_name, 'basic', p_status, '2030-01-01 12:00Z', '2030-02-01 12:00Z', p_more), p_at);
$$;
create function pg_temp.status(p_id text) returns text language sql as $$ select status from public.subscriptions where id = p_id $$;

-- Facts ------------------------------------------------------------------------------------------------------------

select is(pg_temp.said('ada', 'incomplete', '2030-01-01 12:00Z'), 'applied', 'a subscription is kept');
select is(pg_temp.said('ada', 'past_due', '2030-01-03Z'), 'applied', 'what is said later');
select is(pg_temp.said('ada', 'active', '2030-01-02Z'), 'applied', 'and what was said before');
select is(pg_temp.status('sub_ada'), 'past_due', 'the latest counts');
select pg_temp.said('ada', 'trialing', '2030-01-03Z');
select is(pg_temp.status('sub_ada'), 'past_due', 'of one second, the furthest');
select pg_temp.said('ada', 'active', '2030-01-03Z');
select is(pg_temp.status('sub_ada'), 'active', 'who paid in the second in which a payment failed has paid');
select pg_temp.said('ada', 'past_due', '2030-01-03Z');
select is(pg_temp.status('sub_ada'), 'active', 'in whichever order the two are told');
select pg_temp.said('ada', 'canceled', '2030-01-02 12:00Z');
select is(pg_temp.status('sub_ada'), 'canceled', 'what is over is over, whenever it was said');
select pg_temp.said('ada', 'active', '2030-01-09Z');
select is(pg_temp.status('sub_ada'), 'canceled', 'and stays so');
select is(pg_temp.said('ada', 'resting', '2030-01-09Z'), 'held: unknown_status: resting', 'a status that nobody knows is held');
select is(pg_temp.said('zoe', 'active', '2030-01-09Z'), 'held: unknown_customer', 'a plan of a customer that is not ours is held');
select is(pg_temp.tell('customer.subscription.created', pg_temp.subscription('bob', 'tea', 'active', '2030-01-01Z', '2030-02-01Z')), 'ignored: not_ours', 'what is of no plan is not ours');
select is(pg_temp.said('bob', 'active', '2030-01-01 12:00Z', '{"anchor": "x"}'), 'held: invalid_field: data.object.anchor', 'what is damaged is held');

-- Invoices that are not ours ---------------------------------------------------------------------------------------

create function pg_temp.about(p_more jsonb) returns text language sql as $$
  select pg_temp.tell('invoice.paid', pg_temp.invoice('in_o', 'bob', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', p_more));
$$;
select is(pg_temp.about('{"subscription": null}'), 'ignored: not_ours', 'an invoice of no subscription');
select is(pg_temp.about('{"lines": []}'), 'held: unknown_price', 'one of our customer for a price of no plan needs somebody');
select is(pg_temp.about('{"lines": [], "billing_reason": "subscription_update"}'), 'ignored: not_ours', 'unless it only charges a difference');
select is(pg_temp.about('{"lines": [], "customer": "cus_zoe"}'), 'ignored: not_ours', 'or is somebody else''s');
select is(pg_temp.about('{"customer": "cus_zoe"}'), 'held: unknown_customer', 'a plan of a stranger');
select is(pg_temp.about('{"status": "odd"}'), 'held: unknown_status: odd', 'a status that nobody knows');
select is(pg_temp.about('{"total": "x"}'), 'held: invalid_field: data.object.total', 'a damaged one');
select is(pg_temp.has('bob'), 0::numeric, 'none of them grants');
select is(payload #> '{data,object,lines,0}', '{"price": "price_basic"}'::jsonb, 'of a line only what is used is kept') from public.stripe_events
where id = (select event_id from public.apply_stripe_event('{"id": "evt_words", "type": "invoice.paid", "created": 1, "data": {"object": {"id": "in_w", "object": "invoice", "customer_email": "a@b.c", "lines": [{"price": "price_basic", "description": "WORD"}, 7]}}}'));

-- One live subscription --------------------------------------------------------------------------------------------

select pg_temp.said('bob', 'active', '2030-01-01 12:00Z');
select is(pg_temp.said('bob', 'active', '2030-01-01 12:00Z', '{"id": "sub_bob2", "created": 1893499300}'), 'applied', 'a second one is kept');
select is(is_spare, true, 'as a spare') from public.subscriptions where id = 'sub_bob2';
select pg_temp.paid('in_bob2', 'bob', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z', '{"subscription": "sub_bob2"}');
select is(pg_temp.has('bob'), 10::numeric, 'what is paid for it counts');
select results_eq($$select subscription_id, problem from public.plan_differences()$$, $$values ('sub_bob2', 'second_subscription')$$, 'and an operator sees it');
select throws_ok($$update public.subscriptions set is_spare = false where id = 'sub_bob2'$$, '23505', null, 'there is one live subscription a user');
select pg_temp.said('bob', 'canceled', '2030-01-02Z');
select is(is_spare, false, 'when the first ends, the second is the one') from public.subscriptions where id = 'sub_bob2';

-- Who may subscribe ------------------------------------------------------------------------------------------------

create function pg_temp.start(p_name text, p_plan text, p_price text default null) returns text language sql as $$
  select concat_ws(' ', s.outcome, s.stripe_price_id, s.trial_days, s.stripe_session_id)
  from public.create_subscription_checkout(pg_temp.id(p_name), (select id from public.plans where name = p_plan), p_price) s;
$$;
update public.plan_prices set trial_days = 7 where stripe_price_id = 'price_basic';
select is(pg_temp.start('cat', 'basic'), 'created price_basic 7', 'somebody new, with a trial');
create temp table page as select id from public.subscription_checkouts where user_id = pg_temp.id('cat');
select is(pg_temp.start('cat', 'basic'), 'created price_basic 7', 'twice');
select is((select id from public.subscription_checkouts where user_id = pg_temp.id('cat')), (select id from page), 'is the same page');
select is((public.attach_subscription_session(pg_temp.id('dan'), id, 'cs_1')).outcome, 'not_found', 'nobody else''s') from page;
select is((public.attach_subscription_session(pg_temp.id('cat'), id, 'cs_1')).outcome, 'attached', 'its session is kept') from page;
select is((public.attach_subscription_session(pg_temp.id('cat'), id, 'cs_2')).outcome, 'not_found', 'no other takes its place') from page;
select is(pg_temp.start('cat', 'basic'), 'created price_basic 7 cs_1', 'and handed out');
select is(pg_temp.start('cat', 'pro'), 'other_price price_pro 0 cs_1', 'another plan has to take it back first');
select is((public.end_subscription_checkout(pg_temp.id('dan'), id)).outcome, 'not_found', 'which is its owner''s to do') from page;
select is((public.end_subscription_checkout(pg_temp.id('cat'), pg_temp.id('x'))).outcome, 'not_found', 'by its own id');
select is((public.end_subscription_checkout(pg_temp.id('cat'), id)).outcome, 'ended', 'then') from page;
select is(pg_temp.start('cat', 'pro'), 'created price_pro 0', 'it is the one');
select pg_temp.at('2030-01-02 12:00Z');
select is(pg_temp.start('cat', 'basic'), 'created price_basic 7', 'a page lasts a day');
select is(pg_temp.start('cat', 'gone'), 'unknown_plan', 'what is not offered');
select is(pg_temp.start('cat', 'basic', 'price_pro'), 'unknown_plan', 'a price of another plan');
select is(pg_temp.start('bob', 'basic'), 'already_subscribed price_basic', 'whoever has one is not offered another');
select is(pg_temp.start('ada', 'basic'), 'created price_basic 0', 'whoever had one has no trial');
update public.rate_limit_policies set max_requests = 1 where action in ('subscribe', 'subscription');
select pg_temp.start('dan', 'basic');
select is(pg_temp.start('dan', 'basic'), 'rate_limited', 'and not without a limit');

-- What a user has --------------------------------------------------------------------------------------------------

select pg_temp.at('2030-01-01 12:30Z');
select pg_temp.said('eve', 'active', '2030-01-01 12:30Z');
select pg_temp.paid('in_eve', 'eve', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select pg_temp.spend('eve', 'e', 4);
create temp table eves as select * from public.read_subscription(pg_temp.id('eve'));
select is(subscription - 'batches' - 'plan_id', jsonb_build_object('plan', 'basic', 'status', 'active', 'price_id', 'price_basic', 'interval', 'month',
  'period_start', '2030-01-01 12:00Z'::timestamptz, 'period_end', '2030-02-01 12:00Z'::timestamptz, 'cancel_at', null, 'trial_end', null,
  'next_credits_at', '2030-02-01 12:00Z'::timestamptz, 'next_credits', 10.00), 'the plan, and when credits come') from eves;
select is(subscription #> '{batches,0}', jsonb_build_object('kind', 'credits', 'amount', 10.00, 'remaining', 6.00, 'expires_at', '2030-02-01 15:00Z'::timestamptz,
  'created_at', '2030-01-01 12:30Z'::timestamptz), 'and what is left, until when') from eves;
select is((public.read_subscription(pg_temp.id('eve'))).outcome, 'rate_limited', 'not without a limit');
select pg_temp.at('2030-01-01 12:32Z');
select pg_temp.said('eve', 'active', '2030-01-01 12:31Z', jsonb_build_object('cancel_at', pg_temp.epoch('2030-02-01 12:00Z')));
select is(s.subscription -> 'next_credits_at', 'null', 'who has cancelled has nothing to come') from public.read_subscription(pg_temp.id('eve')) s;
select pg_temp.at('2030-01-01 12:34Z');
select is(s.subscription, null, 'whoever has none has none') from public.read_subscription(pg_temp.id('ada')) s;
select set_eq($$select name from public.plan_offers$$, $$values ('basic'), ('pro')$$, 'what is offered');

-- What operators see -----------------------------------------------------------------------------------------------

select pg_temp.paid('in_eve2', 'eve', 'basic', '2030-01-01 12:00Z', '2030-02-01 12:00Z');
select is(count(*), 1::bigint, 'a period that was paid twice') from public.plan_differences() where invoice_id = 'in_eve2' and problem = 'period_paid_twice';
select pg_temp.tell('refund.created', '{"id": "re_1", "payment_intent": "pi_in_eve2", "amount": 1000, "status": "succeeded"}');
select is_empty($$select 1 from public.plan_differences() where invoice_id = 'in_eve2'$$, 'until it went back');
select pg_temp.at('2030-01-04 12:59Z');
select pg_temp.said('dan', 'active', '2030-01-01 12:31Z');
select is_empty($$select 1 from public.plan_differences() where subscription_id = 'sub_dan'$$, 'Stripe may take three days to collect');
select pg_temp.at('2030-01-04 13:01Z');
select is(problem, 'live_without_paid_invoice', 'then an invoice is missing') from public.plan_differences() where subscription_id = 'sub_dan';
select is(row((f).count, (f).status)::text, row(1, 'warn')::text, 'the health report warns') from (select credits_private.probe_plans() as f) p;
update public.subscription_invoices set next_grant_at = '2030-01-04 11:59Z' where id = 'in_eve';
select is(problem, 'paid_not_granted', 'what is overdue') from public.plan_differences() where invoice_id = 'in_eve';
select is((credits_private.probe_plans()).status, 'alarm', 'is an alarm');
update public.subscription_invoices set next_grant_at = '2030-01-04 12:30Z' where id = 'in_eve';
select is_empty($$select 1 from public.plan_differences() where invoice_id = 'in_eve'$$, 'once it is for an hour');
update public.subscription_invoices set next_grant_at = null;
create function pg_temp.rows_read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(t) + pg_stat_get_xact_tuples_fetched(t))::bigint
  from unnest(array['public.subscriptions'::regclass, 'public.subscription_invoices'::regclass]) t;
$$;
insert into public.subscriptions (id, user_id, customer_id, stripe_price_id, quantity, status, anchor, period_start, period_end, created_at, said_at)
select 'sub_many_' || n, gen_random_uuid(), 'cus_many_' || n, 'price_basic', 1, 'active', '2030-01-01Z', '2030-01-01Z', '2030-02-01Z', '2030-01-01Z', '2030-01-01Z'
from generate_series(1, 3000) n;
insert into public.subscription_invoices (id, user_id, subscription_id, status, billing_reason, stripe_price_id, version_id, quantity, period_start, period_end, currency, total_cents, created_at)
select 'in_of_' || s.id, user_id, s.id, 'paid', 'x', 'price_basic', pg_temp.id('basic 1'), 1, s.period_start, s.period_end, 'usd', 1000, s.created_at
from public.subscriptions s where s.id like 'sub_many_%';
create temp table read_before as select pg_temp.rows_read() as rows;
select isnt_empty($$select 1 from public.plan_differences()$$, 'of thousands');
select cmp_ok(pg_temp.rows_read() - rows, '<', 100::bigint, 'a report reads no more than what differs') from read_before;
delete from public.subscription_invoices where id like 'in_of_sub_many_%';
delete from public.subscriptions where id like 'sub_many_%';

-- The proof --------------------------------------------------------------------------------------------------------

select is_empty('select * from public.verify_credits()', 'the books agree');
create function pg_temp.found(p_change text) returns text language plpgsql as $$
declare
  v_found text;
begin
  begin
    execute p_change;
    select string_agg(split_part(problem, ': ', 2), ', ' order by problem) into v_found from public.verify_credits() where problem like 'invoice %' or problem like '%of a plan' or problem like '%unpaid_since';
    raise exception using errcode = 'UNDO1';
  exception when sqlstate 'UNDO1' then
    return v_found;
  end;
end;
$$;
select is(pg_temp.found($$update public.subscription_invoices set granted = 11, grant_size = 11 where id = 'in_eve'$$), 'granted against its batches', 'a grant that is not there is found');
select is(pg_temp.found($$update public.subscription_invoices set grant_size = 9 where id = 'in_eve'$$), 'granted more than it paid for', 'one too large');
select is(pg_temp.found($$update public.subscription_invoices set status = 'open' where id = 'in_eve'$$), 'granted although it is not paid', 'one of nothing');
select is(pg_temp.found($$update public.subscription_invoices set decision = null where id = 'in_eve2'$$), 'paid and not decided', 'a payment without a decision');
select is(pg_temp.found($$update public.subscription_invoices set taken_credits = 1 where id = 'in_eve'$$), 'taken back against its revocations', 'a revocation that is not there');
select is(pg_temp.found($$update public.subscription_invoices set reversed_cents = 1 where id = 'in_eve'$$), 'reversed_cents against its payments, reversed_credits against reversed_cents', 'a reversal that is not there');
select is(pg_temp.found($$update public.plan_grants set amount = 9 where invoice_id = 'in_eve'$$), 'of a plan, granted against its batches', 'a batch that is another');
select is(pg_temp.found($$delete from public.plan_grants where invoice_id = 'in_eve'$$), 'of a plan, granted against its batches', 'a batch that nobody paid for');

select is(pg_temp.found($$update public.subscriptions set unpaid_since = null where id = 'sub_dan'$$), 'unpaid_since', 'a missing invoice that is not noted');

-- A customer that was deleted at Stripe ----------------------------------------------------------------------------

select is(pg_temp.tell('customer.deleted', '{"id": "cus_eve", "object": "customer"}'), 'applied', 'a customer is deleted at Stripe');
select isnt(erased_at, null, 'and not used again') from public.stripe_customers where customer_id = 'cus_eve';
select is(pg_temp.tell('customer.deleted', '{"id": "cus_zoe", "object": "customer"}'), 'ignored', 'or was never ours');
select pg_temp.said('eve', 'canceled', '2030-01-05Z');
select is(pg_temp.status('sub_eve'), 'canceled', 'what follows at Stripe still finds its user');

select * from finish();
rollback;
