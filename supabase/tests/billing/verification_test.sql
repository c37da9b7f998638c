-- verify_credits() proves that purchases, their grants and what was taken back agree: each is falsified, as only its owner could.
begin;
create extension if not exists pgtap with schema extensions;
select plan(16);

create temp table people (name text primary key, id uuid default gen_random_uuid(), purchase uuid default gen_random_uuid());
insert into people (name) values ('ada'), ('bob'), ('eve');
insert into auth.users (id, email) select id, name || '@example.com' from people;
insert into public.credit_purchases (id, user_id, credits, amount_cents, currency) select purchase, id, 10, 1000, 'usd' from people;

create function pg_temp.tell(p_type text, p_object jsonb) returns text language sql as $$
  select e.outcome from public.apply_stripe_event(jsonb_build_object(
    'id', 'evt_' || gen_random_uuid(), 'object', 'event', 'type', p_type, 'created', 1772366400, 'data', jsonb_build_object('object', p_object)
  )) e;
$$;
select is(array_agg(pg_temp.tell('checkout.session.completed', jsonb_build_object(
  'id', 'cs_' || name, 'mode', 'payment', 'payment_status', 'paid', 'amount_total', 1000, 'currency', 'usd', 'payment_intent', 'pi_' || name,
  'metadata', jsonb_build_object('purchase_id', purchase)
))), '{applied,applied,applied}', 'three purchases are paid') from people;
-- Of ada's a part goes back; of bob's, who had spent some, all goes back and returns; eve is erased, and then gets her money.
select pg_temp.tell('refund.created', '{"id": "re_ada", "amount": 400, "status": "succeeded", "payment_intent": "pi_ada"}');
select public.adjust_credits(id, -8, 'spent', 'as if spent', 'test') from people where name = 'bob';
select pg_temp.tell('refund.created', '{"id": "re_bob", "amount": 1000, "status": "succeeded", "payment_intent": "pi_bob"}');
select pg_temp.tell('refund.failed', '{"id": "re_bob", "amount": 1000, "status": "failed", "payment_intent": "pi_bob"}');
select outcome from people, public.erase_user(id, 'test', 'test') where name = 'eve';
select pg_temp.tell('refund.created', '{"id": "re_eve", "amount": 1000, "status": "succeeded", "payment_intent": "pi_eve"}');
select is_empty('select * from public.verify_credits()', 'the books agree');

-- What verify_purchases() says of a change, which is then undone.
create function pg_temp.problems(p_sabotage text) returns text language plpgsql as $$
begin
  execute p_sabotage;
  raise exception using errcode = 'TTTTT', message = (
    select string_agg(
      format('%s: %s', n.name, substr(v.problem, 48)), ', ' order by n.name, v.problem
    )
    from public.verify_credits() v join pg_temp.people n on n.id = v.user_id
    where v.problem like 'purchase %'
  );
exception when sqlstate 'TTTTT' then
  return sqlerrm;
end;
$$;

select is(pg_temp.problems(s.sql), s.expected, s.what)
from (
  values
    ('a purchase that is gone', $$delete from public.stripe_events where purchase_id = (select purchase from people where name = 'bob');
      delete from public.stripe_refunds where payment_intent_id = 'pi_bob'; delete from public.stripe_payments where payment_intent_id = 'pi_bob';
      delete from public.credit_purchases where id = (select purchase from people where name = 'bob')$$, 'bob: granted against what was bought, bob: is missing'),
    ('a payment that bought nothing', $$update public.user_credits set grant_key = 'other' where grant_key = 'purchase:' || (select purchase from people where name = 'bob')$$,
      'bob: granted against what was bought'),
    ('a grant that nobody paid for', $$update public.credit_purchases set paid_at = null where id = (select purchase from people where name = 'bob')$$,
      'bob: granted against what was bought'),
    ('another number of credits', $$update public.credit_purchases set credits = 11 where id = (select purchase from people where name = 'bob')$$,
      'bob: granted against what was bought'),
    ('a grant of somebody else''s', $$update public.credit_purchases set user_id = (select id from people where name = 'bob') where id = (select purchase from people where name = 'ada')$$,
      'ada: granted against what was bought, ada: is missing, bob: granted against what was bought, bob: taken back against its revocations'),
    ('a revocation that nothing asked for', $$insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason)
      select id, 'purchase:' || purchase || ':9', 1, 0, 'x' from people where name = 'ada'$$, 'ada: taken back against its revocations'),
    ('a revocation that is gone', $$delete from public.credit_revocations where user_id = (select id from people where name = 'ada')$$, 'ada: taken back against its revocations'),
    ('a refund that took nothing', $$update public.credit_purchases set revoked_credits = 0 where id = (select purchase from people where name = 'ada')$$,
      'ada: taken back against its revocations, ada: taken back against reversed_cents'),
    ('a refund that was not noticed', $$update public.stripe_refunds set amount_cents = 500 where id = 're_ada'$$, 'ada: reversed_cents against its payment'),
    ('of the erased, money', $$update public.stripe_refunds set amount_cents = 500 where id = 're_eve'$$, 'eve: reversed_cents against its payment')
) s (what, sql, expected);

select is_empty($$ select * from public.verify_credits((select id from people where name = 'bob')) $$, 'one user can be verified alone');
create or replace function credits_private.clock() returns timestamptz language sql set search_path = '' as 'select now() + interval ''1 year''';
select isnt(public.archive_ledger(now() + interval '1 day'), 0, 'a year later the movements are archived');
select is_empty('select * from public.verify_credits()', 'and what was taken back and forgiven is known all the same');
update public.credit_purchases set credits = 11 where id = (select purchase from people where name = 'ada');
select results_eq($$ select name from people where exists (select from public.verify_credits(id)) $$, array['ada'], 'and only their books are looked at');

select * from finish();
rollback;
