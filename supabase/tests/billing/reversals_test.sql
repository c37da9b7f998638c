-- Point 5, money back: what a refund or a dispute takes from whom, in which order, and how it comes back when it is undone.
begin;
create extension if not exists pgtap with schema extensions;
select plan(99);

create temp table now_is (at timestamptz);
insert into now_is values ('2026-03-01 12:00+00');
create or replace function credits_private.clock() returns timestamptz language plpgsql as 'begin return (select at from pg_temp.now_is); end';

create temp table people (name text primary key, id uuid not null, purchase uuid not null);
create function pg_temp.id(p_name text) returns uuid language sql as 'select id from pg_temp.people where name = p_name';

create function pg_temp.tell(p_type text, p_object jsonb) returns text language sql as $$
  select concat_ws(': ', e.outcome, e.reason) from public.apply_stripe_event(jsonb_build_object(
    'id', 'evt_' || gen_random_uuid(), 'object', 'event', 'type', p_type, 'created', 1772366400,
    'data', jsonb_build_object('object', p_object)
  )) e;
$$;

-- Somebody who has paid 10.00 usd for 10 credits, or what else is said.
create function pg_temp.buyer(p_name text, p_credits numeric default 10, p_cents integer default 1000) returns text language plpgsql as $$
declare
  v_purchase uuid := credits_private.uuid_v7();
  v_user uuid := gen_random_uuid();
begin
  insert into auth.users (id, email) values (v_user, p_name || '@example.com');
  insert into public.credit_purchases (id, user_id, credits, amount_cents, currency) values (v_purchase, v_user, p_credits, p_cents, 'usd');
  insert into pg_temp.people values (p_name, v_user, v_purchase);
  return pg_temp.tell('checkout.session.completed', jsonb_build_object(
    'id', 'cs_' || p_name, 'mode', 'payment', 'payment_status', 'paid', 'amount_total', p_cents, 'currency', 'usd',
    'payment_intent', 'pi_' || p_name, 'metadata', jsonb_build_object('purchase_id', v_purchase)
  ));
end;
$$;

create function pg_temp.refund(p_name text, p_cents integer, p_number integer default 1, p_status text default 'succeeded') returns text language sql as $$
  select pg_temp.tell(
    case p_status when 'failed' then 'refund.failed' else 'refund.created' end,
    jsonb_build_object('id', 're_' || p_name || p_number, 'amount', p_cents, 'status', p_status, 'payment_intent', 'pi_' || p_name)
  );
$$;

create function pg_temp.dispute(p_name text, p_type text, p_status text, p_cents integer default 1000, p_currency text default 'usd') returns text language sql as $$
  select pg_temp.tell('charge.dispute.' || p_type, jsonb_build_object(
    'id', 'dp_' || p_name, 'amount', p_cents, 'currency', p_currency, 'status', p_status, 'payment_intent', 'pi_' || p_name
  ));
$$;

create function pg_temp.spend(p_name text, p_amount numeric, p_confirm boolean default true) returns uuid language plpgsql as $$
declare
  v_job uuid := gen_random_uuid();
begin
  perform public.reserve_credits(pg_temp.id(p_name), v_job, p_amount, 'story');
  if p_confirm then
    perform public.confirm_credits(pg_temp.id(p_name), v_job);
  end if;
  return v_job;
end;
$$;

create function pg_temp.bonus(p_name text, p_amount numeric, p_expires timestamptz default null, p_key text default 'bonus') returns text language sql as $$
  select outcome from public.grant_credits(pg_temp.id(p_name), p_amount, 'promotion', p_key, p_expires);
$$;

-- available, reserved, debt; status, cents gone back, credits gone back
create function pg_temp.state(p_name text) returns text language sql as $$
  select format('%s %s %s; %s %s %s', a.available, a.reserved, a.debt, p.status, p.reversed_cents, p.revoked_credits)
  from pg_temp.people n
  join public.credit_accounts a on a.user_id = n.id
  join public.credit_purchases p on p.id = n.purchase
  where n.name = p_name;
$$;

-- Refunds ---------------------------------------------------------------------------------------------------------

select is(pg_temp.buyer('ada'), 'applied', 'ada buys');
select is(pg_temp.refund('ada', 400), 'applied', 'a refund of a part');
select is(pg_temp.state('ada'), '6.00 0.00 0.00; partially_refunded 400 4.00', 'takes the matching part');
select is(reversed_at, '2026-03-01 12:00+00', 'and it is known since when') from public.credit_purchases where id = (select purchase from people where name = 'ada');
update now_is set at = '2026-03-01 13:00+00';
select is(pg_temp.refund('ada', 400), 'applied', 'more news of the same refund');
select is(pg_temp.state('ada'), '6.00 0.00 0.00; partially_refunded 400 4.00', 'takes nothing more');
select is(pg_temp.tell('charge.refunded', '{"id": "ch_ada", "amount_refunded": 400, "payment_intent": "pi_ada"}'), 'applied', 'the charge''s own news of it');
select is(pg_temp.state('ada'), '6.00 0.00 0.00; partially_refunded 400 4.00', 'takes nothing more either');
select is(reversed_at, '2026-03-01 12:00+00', 'nor moves the time') from public.credit_purchases where id = (select purchase from people where name = 'ada');
select pg_temp.refund('ada', 600, 2);
select is(reversed_at, '2026-03-01 13:00+00', 'which the next one does') from public.credit_purchases where id = (select purchase from people where name = 'ada');
update now_is set at = '2026-03-01 12:00+00';
select is(pg_temp.state('ada'), '0.00 0.00 0.00; refunded 1000 10.00', 'refunds add up');
select pg_temp.refund('ada', 500, 3);
select is(pg_temp.state('ada'), '0.00 0.00 0.00; refunded 1000 10.00', 'to what was paid and no further');
select is(array_agg(amount order by created_at, amount), array[4.00, 6.00]::public.credit_amount[], 'what was taken is on record')
from public.credit_revocations where user_id = pg_temp.id('ada');

select pg_temp.buyer('eve');
select pg_temp.tell('charge.refunded', '{"id": "ch_eve", "amount_refunded": 700, "payment_intent": "pi_eve"}');
select is(pg_temp.state('eve'), '3.00 0.00 0.00; partially_refunded 700 7.00', 'charge.refunded alone takes the part as well');
select pg_temp.refund('eve', 300, 1);
select pg_temp.refund('eve', 400, 2);
select is(pg_temp.state('eve'), '3.00 0.00 0.00; partially_refunded 700 7.00', 'and its refunds are not counted twice');
select pg_temp.refund('eve', 400, 2, 'failed');
select is(pg_temp.state('eve'), '7.00 0.00 0.00; partially_refunded 300 3.00', 'a refund that failed comes back');
select pg_temp.refund('eve', 400, 2);
select is(pg_temp.state('eve'), '7.00 0.00 0.00; partially_refunded 300 3.00', 'and late news of its success do not count');
select pg_temp.refund('eve', 700, 3, 'pending');
select is(pg_temp.state('eve'), '0.00 0.00 0.00; refunded 1000 10.00', 'a pending refund counts: the money is on its way');
select pg_temp.tell('refund.updated', '{"id": "re_eve3", "amount": 700, "status": "canceled", "payment_intent": "pi_eve"}');
select is(pg_temp.state('eve'), '7.00 0.00 0.00; partially_refunded 300 3.00', 'until it is canceled');

-- The rounding rule: a hundredth at most, and for the user --------------------------------------------------------

create temp table rounding (credits numeric, cents integer, refunded integer, taken numeric);
insert into rounding
values (10, 999, 333, 3.33), (30, 2700, 1, 0.01), (120, 9600, 1, 0.01), (1, 100, 1, 0.01), (1, 300, 1, 0.00), (1, 300, 299, 0.99), (1, 300, 300, 1.00),
  (33.33, 999, 998, 33.29), (33.33, 999, 999, 33.33), (0.01, 50, 49, 0.00), (0.01, 50, 50, 0.01);
select pg_temp.buyer(format('r%s-%s-%s', credits, cents, refunded), credits, cents) from rounding;
select pg_temp.refund(format('r%s-%s-%s', credits, cents, refunded), refunded) from rounding;
select is(p.revoked_credits::numeric, r.taken, format('%s of %s cents for %s credits take %s', r.refunded, r.cents, r.credits, r.taken))
from rounding r join people n on n.name = format('r%s-%s-%s', credits, cents, refunded) join public.credit_purchases p on p.id = n.purchase;

-- Whose credits go: the purchase's own, then others, then a debt --------------------------------------------------

select pg_temp.buyer('own');
select pg_temp.bonus('own', 5, '2026-03-02 12:00+00');
select pg_temp.refund('own', 700);
select is(array_agg(remaining_amount order by id)::text, '{3.00,5.00}', 'the own batch goes before one that expires sooner')
from public.user_credits where user_id = pg_temp.id('own');
select pg_temp.spend('own', 6);
select pg_temp.refund('own', 200, 2);
select is(pg_temp.state('own'), '0.00 0.00 0.00; partially_refunded 900 9.00', 'then what is left');
select pg_temp.refund('own', 100, 3);
select is(pg_temp.state('own'), '0.00 0.00 1.00; refunded 1000 10.00', 'then a debt');
select pg_temp.bonus('own', 0.4, null, 'little');
select is(pg_temp.state('own'), '0.00 0.00 0.60; refunded 1000 10.00', 'which the next grant pays');
select pg_temp.bonus('own', 5, null, 'much');
select is(pg_temp.state('own'), '4.40 0.00 0.00; refunded 1000 10.00', 'before anything becomes available');

select pg_temp.buyer('back');
select pg_temp.bonus('back', 5, '2026-03-02 12:00+00');
select pg_temp.spend('back', 8);
select pg_temp.refund('back', 1000);
select is(pg_temp.state('back'), '0.00 0.00 3.00; refunded 1000 10.00', 'other credits first: seven there, three owed');
select pg_temp.bonus('back', 1, null, 'later');
select pg_temp.refund('back', 1000, 1, 'failed');
select is(pg_temp.state('back'), '8.00 0.00 0.00; paid 0 0.00', 'undone: what is owed is forgiven, the rest is given back');
select is(sum(amount), 2.00, 'which the ledger calls by its name') from public.credit_ledger where user_id = pg_temp.id('back') and kind = 'forgive';
select pg_temp.bonus('back', 2, '2026-03-02 12:00+00', 'expiring');
select pg_temp.refund('back', 500, 2);
select is(remaining_amount::numeric, 2.00, 'and what was given back is the purchase''s own again')
from public.user_credits where user_id = pg_temp.id('back') and grant_key = 'expiring';

select pg_temp.buyer('late');
select pg_temp.bonus('late', 5, '2026-03-01 13:00+00');
select pg_temp.spend('late', 7);
update now_is set at = '2026-03-01 14:00+00';
select pg_temp.refund('late', 1000);
select is(pg_temp.state('late'), '0.00 0.00 2.00; refunded 1000 10.00', 'expired credits cannot pay');

-- Reservations in flight ------------------------------------------------------------------------------------------

select pg_temp.buyer('busy');
create temp table held as select pg_temp.spend('busy', 6, false) as job, pg_temp.spend('busy', 1, false) as other;
select pg_temp.refund('busy', 1000);
select is(pg_temp.state('busy'), '0.00 7.00 7.00; refunded 1000 10.00', 'a reservation in flight keeps its credits; they are owed');
select is((public.confirm_credits(pg_temp.id('busy'), job)).outcome, 'confirmed', 'it settles') from held;
select is(pg_temp.state('busy'), '0.00 1.00 7.00; refunded 1000 10.00', 'and the debt stays');
select is((public.release_credits(pg_temp.id('busy'), other)).outcome, 'released', 'what comes back unspent') from held;
select is(pg_temp.state('busy'), '0.00 0.00 6.00; refunded 1000 10.00', 'pays the debt at once');
select is((public.reserve_credits(pg_temp.id('busy'), gen_random_uuid(), 0.01, 'story')).outcome, 'insufficient_credits', 'nothing can be reserved in debt');

-- Disputes --------------------------------------------------------------------------------------------------------

select pg_temp.buyer('lost');
select is(pg_temp.dispute('lost', 'created', 'needs_response', 400), 'applied', 'a dispute takes the credits while it lasts');
select is(pg_temp.dispute('lost', 'created', 'needs_response', 1000), 'applied', 'and the most that Stripe has said of it');
select is(pg_temp.state('lost'), '0.00 0.00 0.00; disputed 1000 10.00', 'all of them');
select pg_temp.dispute('lost', 'funds_withdrawn', 'needs_response');
select pg_temp.dispute('lost', 'closed', 'lost');
select is(pg_temp.state('lost'), '0.00 0.00 0.00; disputed 1000 10.00', 'and for good when it is lost');
select pg_temp.dispute('lost', 'funds_reinstated', 'lost');
select is(pg_temp.state('lost'), '0.00 0.00 0.00; disputed 1000 10.00', 'even if Stripe gives a part back that had been refunded');
select pg_temp.dispute('lost', 'closed', 'won');
select is(pg_temp.state('lost'), '10.00 0.00 0.00; paid 0 0.00', 'a bank that changes its mind is believed');
select pg_temp.dispute('lost', 'closed', 'lost');
select is(pg_temp.state('lost'), '10.00 0.00 0.00; paid 0 0.00', 'whichever of the two came first');

select pg_temp.buyer('won');
select pg_temp.spend('won', 4);
select pg_temp.dispute('won', 'created', 'needs_response');
select is(pg_temp.state('won'), '0.00 0.00 4.00; disputed 1000 10.00', 'what was spent is owed');
select pg_temp.dispute('won', 'funds_reinstated', 'won');
select is(pg_temp.state('won'), '6.00 0.00 0.00; paid 0 0.00', 'until the dispute is won');
select pg_temp.refund('won', 1000);
select is(pg_temp.state('won'), '0.00 0.00 4.00; refunded 1000 10.00', 'a refund after a won dispute counts');

select pg_temp.buyer('part');
select pg_temp.refund('part', 300);
select pg_temp.dispute('part', 'created', 'under_review', 700);
select is(pg_temp.state('part'), '0.00 0.00 0.00; disputed 1000 10.00', 'a refund and a dispute add up');
select pg_temp.dispute('part', 'closed', 'won', 700);
select is(pg_temp.state('part'), '7.00 0.00 0.00; partially_refunded 300 3.00', 'and come apart');

select pg_temp.buyer('asks');
select pg_temp.dispute('asks', 'created', 'warning_needs_response');
select is(pg_temp.state('asks'), '10.00 0.00 0.00; paid 0 0.00', 'an inquiry takes nothing');
select pg_temp.dispute('asks', 'funds_withdrawn', 'needs_response');
select is(pg_temp.state('asks'), '0.00 0.00 0.00; disputed 1000 10.00', 'until funds are withdrawn');
select pg_temp.buyer('abroad');
select is(pg_temp.dispute('abroad', 'created', 'needs_response', 1, 'eur'), 'applied', 'a dispute in another currency than its payment');
select is(pg_temp.state('abroad'), '0.00 0.00 0.00; disputed 1000 10.00', 'takes everything');
select is(pg_temp.dispute('abroad', 'closed', 'won', 1, 'eur'), 'applied', 'until it is closed');
select is(pg_temp.state('abroad'), '10.00 0.00 0.00; paid 0 0.00', 'and won');

-- In the order in which Stripe says that they happened, whatever the order of arrival.
create function pg_temp.later(p_name text, p_type text, p_status text, p_day integer) returns text language sql as $$
  select concat_ws(': ', e.outcome, e.reason) from public.apply_stripe_event(jsonb_build_object(
    'id', 'evt_' || gen_random_uuid(), 'object', 'event', 'type', 'charge.dispute.' || p_type, 'created', 1772366400 + p_day * 86400,
    'data', jsonb_build_object('object', jsonb_build_object(
      'id', 'dp_' || p_name, 'amount', 1000, 'currency', 'usd', 'status', p_status, 'payment_intent', 'pi_' || p_name
    ))
  )) e;
$$;
select pg_temp.buyer('appeal');
select pg_temp.later('appeal', 'created', 'needs_response', 1), pg_temp.later('appeal', 'closed', 'won', 20);
select is(pg_temp.state('appeal'), '10.00 0.00 0.00; paid 0 0.00', 'a dispute is won');
select pg_temp.later('appeal', 'funds_reinstated', 'won', 20);
select is(pg_temp.later('appeal', 'funds_withdrawn', 'appeal_needs_response', 30), 'applied', 'and appealed');
select is(pg_temp.state('appeal'), '0.00 0.00 0.00; disputed 1000 10.00', 'which takes the credits again');
select pg_temp.later('appeal', 'funds_reinstated', 'won', 20);
select is(pg_temp.state('appeal'), '0.00 0.00 0.00; disputed 1000 10.00', 'older news changes nothing');
select pg_temp.later('appeal', 'closed', 'lost', 40);
select is(pg_temp.state('appeal'), '0.00 0.00 0.00; disputed 1000 10.00', 'and for good when the appeal is lost');
select pg_temp.later('appeal', 'closed', 'won', 20);
select is(pg_temp.state('appeal'), '0.00 0.00 0.00; disputed 1000 10.00', 'whatever comes late');

select pg_temp.buyer('appeal won');
select pg_temp.later('appeal won', 'funds_withdrawn', 'appeal_under_review', 30), pg_temp.later('appeal won', 'closed', 'won', 20);
select is(pg_temp.state('appeal won'), '0.00 0.00 0.00; disputed 1000 10.00', 'an appeal that is told before what it appeals');
select pg_temp.later('appeal won', 'closed', 'won', 40), pg_temp.later('appeal won', 'funds_reinstated', 'won', 40);
select is(pg_temp.state('appeal won'), '10.00 0.00 0.00; paid 0 0.00', 'and is won');

select pg_temp.buyer('again');
select pg_temp.later('again', 'created', 'needs_response', 1), pg_temp.later('again', 'funds_reinstated', 'under_review', 5);
select is(pg_temp.state('again'), '10.00 0.00 0.00; paid 0 0.00', 'what is reinstated before the end counts no more');
select pg_temp.later('again', 'funds_withdrawn', 'under_review', 9);
select is(pg_temp.state('again'), '0.00 0.00 0.00; disputed 1000 10.00', 'until it is withdrawn again');

select pg_temp.buyer('new word');
select is(pg_temp.later('new word', 'closed', 'settled_by_moon', 3), 'held: unknown_status: settled_by_moon', 'a status that nobody knows yet is for an operator');
select is(pg_temp.state('new word'), '10.00 0.00 0.00; paid 0 0.00', 'and takes nothing');

-- What comes back has the expiry that it had ----------------------------------------------------------------------

create function pg_temp.batches(p_name text) returns text language sql as $$
  select string_agg(format('%s until %s', b.remaining_amount, coalesce(to_char(b.expires_at at time zone 'UTC', 'MM-DD HH24:MI'), 'ever')), ', ' order by b.id)
  from public.user_credits b where b.user_id = pg_temp.id(p_name) and b.remaining_amount > 0;
$$;
select pg_temp.buyer('ends');
update public.user_credits set expires_at = '2026-04-01 12:00+00' where user_id = pg_temp.id('ends');
select pg_temp.refund('ends', 1000);
select pg_temp.refund('ends', 1000, 1, 'failed');
select is(pg_temp.batches('ends'), '10.00 until 04-01 12:00', 'credits come back with the expiry that they had');
select pg_temp.refund('ends', 1000, 2);
update now_is set at = '2026-04-02 12:00+00';
select pg_temp.refund('ends', 1000, 2, 'failed');
select is(pg_temp.batches('ends'), '10.00 until 04-03 12:00', 'and for a day where it has passed');
update now_is set at = '2026-03-01 14:00+00';

select pg_temp.buyer('mixed');
select pg_temp.bonus('mixed', 5, '2026-03-09 12:00+00');
select pg_temp.spend('mixed', 6), pg_temp.bonus('mixed', 3, '2026-03-08 12:00+00', 'more');
select pg_temp.refund('mixed', 1000);
select is(pg_temp.batches('mixed'), '2.00 until 03-08 12:00', 'of two kinds, the others'' credits are taken after the purchase''s own');
select pg_temp.refund('mixed', 1000, 1, 'failed'), pg_temp.refund('mixed', 200, 2);
select is(pg_temp.batches('mixed'), '2.00 until 03-08 12:00, 7.00 until ever, 1.00 until 03-08 12:00', 'each comes back as it was');

-- Early fraud warnings ---------------------------------------------------------------------------------------------

create function pg_temp.warn(p_name text) returns text language sql as $$
  select pg_temp.tell('radar.early_fraud_warning.created', jsonb_build_object('id', 'issfr_' || p_name, 'charge', 'ch', 'payment_intent', 'pi_' || p_name));
$$;
create function pg_temp.clear(p_name text) returns text language sql as $$
  select outcome from public.clear_fraud_warning((select purchase from pg_temp.people where name = p_name), 'test', 'test');
$$;
select pg_temp.buyer('warned'), pg_temp.bonus('warned', 5), pg_temp.spend('warned', 2);
select is(pg_temp.warn('warned'), 'ignored', 'a fraud warning means nothing');
select is(pg_temp.state('warned'), '13.00 0.00 0.00; paid 0 0.00', 'and takes nothing');
update credits_private.billing_settings set freeze_on_fraud_warning = true;
select is(pg_temp.warn('warned'), 'applied', 'unless an operator wants it to');
select is(pg_temp.state('warned'), '5.00 0.00 0.00; paid 0 8.00', 'then it freezes what is left of the purchase, and nothing else');
select is_empty('select * from public.verify_credits()', 'and the books agree');
select is(reason, 'fraud_warning', 'and says why') from public.credit_revocations where user_id = pg_temp.id('warned');
select is(pg_temp.clear('warned'), 'cleared', 'an operator clears it');
select is(pg_temp.state('warned'), '13.00 0.00 0.00; paid 0 0.00', 'and everything is back');
select is(pg_temp.clear('warned'), 'not_frozen', 'once');
select is(count(*), 1::bigint, 'and it is noted who did') from public.operator_actions where action = 'clear_fraud_warning' and user_id = pg_temp.id('warned');
select pg_temp.warn('warned'), pg_temp.refund('warned', 500);
select is(pg_temp.state('warned'), '8.00 0.00 0.00; partially_refunded 500 5.00', 'a refund takes its own part, and no more is frozen');
select pg_temp.warn('warned');
select is(pg_temp.state('warned'), '8.00 0.00 0.00; partially_refunded 500 5.00', 'a warning that comes after it freezes nothing');
select is(pg_temp.clear('warned'), 'not_frozen', 'and waits for nobody');
select pg_temp.buyer('accused'), pg_temp.warn('accused'), pg_temp.dispute('accused', 'created', 'needs_response');
select is(pg_temp.state('accused'), '0.00 0.00 0.00; disputed 1000 10.00', 'a dispute takes the place of its warning');
select pg_temp.dispute('accused', 'closed', 'won');
select is(pg_temp.state('accused'), '10.00 0.00 0.00; paid 0 0.00', 'and when it is won, nothing stays frozen');
select is(pg_temp.tell('radar.early_fraud_warning.created', '{"id": "issfr_1", "payment_intent": "pi_nobody"}'), 'held: waits_for_payment', 'a warning of a payment that is not known');
select throws_ok('select public.clear_fraud_warning(gen_random_uuid(), ''test'', ''test'')', '22023', 'p_purchase_id is no purchase', 'a purchase that nobody made');

select is_empty('select * from public.verify_credits()', 'the books agree');
select pg_temp.buyer('returned'), pg_temp.refund('returned', 400), pg_temp.refund('returned', 400, 1, 'failed');
select is(reversed_at, null, 'what went back and came again has no time') from public.credit_purchases where id = (select purchase from people where name = 'returned');

select * from finish();
rollback;
