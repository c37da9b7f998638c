-- Customers at Stripe: one for each user and mode, and none of anybody who was erased. And what a buyer asks about a payment.
begin;
create extension if not exists pgtap with schema extensions;
select plan(37);
\ir ../helpers.psql

insert into auth.users (id, email) select pg_temp.id(name), name || '@example.com' from unnest('{ada,bob,cid}'::text[]) name;

create function pg_temp.keep(p_name text, p_customer text, p_livemode boolean default false, p_gone text default null) returns text language sql as $$
  select concat_ws(' ', r.outcome, r.customer_id) from public.keep_stripe_customer(pg_temp.id(p_name), p_customer, p_livemode, p_gone) r
$$;
create function pg_temp.used(p_name text, p_livemode boolean default false) returns text language sql as $$
  select string_agg(customer_id, ' ') from public.stripe_customers
  where user_id = pg_temp.id(p_name) and livemode = p_livemode and erase_at is null
$$;
create function pg_temp.to_delete() returns text language sql as $$
  select string_agg(customer_id, ' ' order by customer_id) from public.stripe_customers where erase_at is not null and erased_at is null
$$;
create function pg_temp.erase(p_name text) returns text language sql as $$
  select concat_ws(' ', r.outcome, array_to_string(r.pending, ' '), r.files::text) from public.erase_user(pg_temp.id(p_name)) r
$$;

-- One for each user and mode ---------------------------------------------------------------------------------------

select is(pg_temp.keep('ada', 'cus_ada'), 'kept cus_ada', 'a customer is kept');
select is(pg_temp.keep('ada', 'cus_ada'), 'already_kept cus_ada', 'again: the same');
select is(pg_temp.keep('bob', 'cus_bob'), 'kept cus_bob', 'another user has another');
select is(pg_temp.keep('ada', 'cus_live', true), 'kept cus_live', 'a live customer is another than that of test mode');
select is(pg_temp.used('ada') || ' ' || pg_temp.used('ada', true), 'cus_ada cus_live', 'each in its mode');
select is(pg_temp.to_delete(), null, 'none is to be deleted');
select is(pg_temp.keep('ada', 'cus_spare'), 'already_kept cus_ada', 'whoever comes second with another uses the first');
select is(pg_temp.to_delete(), 'cus_spare', 'and the spare one is to be deleted at Stripe');
select is(pg_temp.keep('cid', 'cus_ada'), 'not_found', 'nobody gets another''s customer');
select is(pg_temp.used('cid'), null, 'and nothing is kept of that');

-- One that Stripe does not have any more ----------------------------------------------------------------------------

select is(pg_temp.keep('bob', 'cus_bob2', false, 'cus_ada'), 'already_kept cus_bob', 'only one''s own customer can be gone');
select is(pg_temp.used('ada'), 'cus_ada', 'another''s stays in use');
select is(pg_temp.keep('bob', 'cus_bob3', false, 'cus_bob'), 'kept cus_bob3', 'one that is gone makes room for the next');
select is(pg_temp.keep('bob', 'cus_bob3', false, 'cus_bob'), 'already_kept cus_bob3', 'again: the same');
select is(pg_temp.to_delete(), 'cus_bob2 cus_spare', 'and nobody has to delete it');
select throws_ok(
  format('select public.keep_stripe_customer(%s)', args), '22023', null, 'a bad argument is refused: ' || args
) from unnest(array['null, ''cus'', false', format('%L, '''', false', pg_temp.id('ada')), format('%L, ''cus'', null', pg_temp.id('ada'))]) args;

-- Erasure ----------------------------------------------------------------------------------------------------------

select is(pg_temp.erase('ada'), 'erased cus_ada cus_live cus_spare {}', 'an erasure says which customers are still to be deleted');
select is(coalesce(pg_temp.used('ada'), '') || coalesce(pg_temp.used('ada', true), ''), '', 'none is used any more');
select is(pg_temp.used('bob'), 'cus_bob3', 'another''s is');
select is((public.complete_customer_erasure('cus_bob3')).outcome, 'not_found', 'one that is in use is not deleted');
select is((public.complete_customer_erasure('cus_nobody')).outcome, 'not_found', 'nor one that is not there');
set local test.clock = '2030-01-02 12:00Z';
select is((public.complete_customer_erasure('cus_ada')).outcome, 'erased', 'that one is deleted is noted');
set local test.clock = '2030-01-03 12:00Z';
select is((public.complete_customer_erasure('cus_ada')).outcome, 'already_erased', 'once');
select is(erased_at, '2030-01-02 12:00Z', 'with the time at which it was') from public.stripe_customers where customer_id = 'cus_ada';
select is(pg_temp.erase('ada'), 'already_erased cus_live cus_spare {}', 'asked again, the others are pending');
select public.complete_customer_erasure(c) from unnest('{cus_live,cus_spare}'::text[]) c;
select is(pg_temp.erase('ada'), 'already_erased  {}', 'and in the end none');
select is(pg_temp.keep('ada', 'cus_late'), 'user_gone', 'a customer that was made meanwhile is not used');
select is(pg_temp.to_delete(), 'cus_bob2 cus_late', 'but to be deleted as well');

-- What a buyer may ask ---------------------------------------------------------------------------------------------

insert into public.credit_purchases (id, user_id, credits, amount_cents, currency, stripe_session_id)
values (pg_temp.id('purchase'), pg_temp.id('bob'), 10, 1000, 'usd', 'cs_bob');
create function pg_temp.refresh(p_name text, p_purchase text default 'purchase') returns text language sql as $$
  select concat_ws(' ', r.outcome, r.status, r.stripe_session_id) from public.refresh_checkout(pg_temp.id(p_name), pg_temp.id(p_purchase)) r
$$;
update public.rate_limit_policies set max_requests = 2 where action in ('checkout_refresh', 'portal');
select is(pg_temp.refresh('bob'), 'found open cs_bob', 'a buyer''s purchase, with its session');
select is(pg_temp.refresh('cid'), 'not_found', 'nobody else finds it');
select is(pg_temp.refresh('bob', 'other'), 'not_found', 'nor anybody one that is not there');
select is(pg_temp.refresh('bob'), 'rate_limited', 'and not without a limit');
select is(
  array(select (public.open_portal(pg_temp.id('bob'))).outcome from generate_series(1, 3)), '{ok,ok,rate_limited}', 'so are visits to the portal limited'
);
select throws_ok(format(call, pg_temp.id('ada')), 'PT401', 'the user is gone', 'whoever is gone asks nothing: ' || call)
from unnest(array['select public.open_portal(%L)', 'select public.refresh_checkout(%1$L, %1$L)']) call;

select * from finish();
rollback;
