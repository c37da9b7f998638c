-- H1: what a job was charged can be given back, in parts, once per key, to the batches it came from.
begin;
create extension if not exists pgtap with schema extensions;
select plan(29);
\ir ../helpers.psql
\ir ../everybody.psql

-- Ada pays 6 from two batches, of which the first expires at 13:00; 1 of the 7 she had reserved has returned.
select set_config('test.clock', '2030-01-01 12:00Z', true);
select public.grant_credits(pg_temp.id('ada'), 5, 'promotion', 'short', '2030-01-01 13:00Z');
select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'long');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 7, 'test');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('held'), 1, 'test');
select public.confirm_credits(pg_temp.id('ada'), pg_temp.id('job'), 6);

create function pg_temp.refund(p_key text, p_amount numeric default null, p_job text default 'job', p_user text default 'ada')
  returns table (outcome text, charged numeric, returned numeric, available numeric)
  language sql
as $$
  select r.outcome, r.charged, r.returned, r.available
  from public.refund_job(pg_temp.id(p_user), pg_temp.id(p_job), p_key, 'a page was blank', 'test', p_amount) r
$$;

create function pg_temp.left_of(p_key text) returns numeric language sql as $$
  select remaining_amount from public.user_credits where user_id = pg_temp.id('ada') and grant_key = p_key
$$;

select throws_like(
  format('select public.refund_job(pg_temp.id(%L), pg_temp.id(%L), %L, %L, ''test'', %s)', 'ada', 'job', a.key, a.reason, a.amount),
  a.argument || ' must%', format('L1: refund_job refuses %s', a.what)
)
from (
  values
    ('', 'why', '1', 'p_refund_key', 'an empty key'),
    ('k', '', '1', 'p_reason', 'no reason'),
    ('k', 'why', '0', 'p_amount', 'nothing'),
    ('k', 'why', '-1', 'p_amount', 'less than nothing'),
    ('k', 'why', '1.001', 'p_amount', 'a third decimal place'),
    ('k', 'why', '6.01', 'p_amount', 'more than was charged')
) a (key, reason, amount, argument, what);

select results_eq(
  $$select * from pg_temp.refund('x', null, 'job', 'eve')$$,
  $$values ('not_found', null::numeric, null::numeric, null::numeric)$$, 'M5: somebody else''s job is not found'
);
select results_eq(
  $$select * from pg_temp.refund('x', null, 'held')$$,
  $$values ('nothing_charged', 0.00, 0::numeric, 8.00)$$, 'what is still held is released, not refunded'
);
select results_eq(
  $$select * from pg_temp.refund('one', 0.50)$$,
  $$values ('refunded', 5.50, 0.50, 8.50)$$, 'a part comes back'
);
select is(pg_temp.left_of('long'), 8.50, 'H1: to the batch that was taken from last');
select results_eq(
  $$select * from pg_temp.refund('one', 0.50)$$,
  $$values ('already_refunded', 5.50, 0.50, 8.50)$$, 'H1: the same key again changes nothing'
);
select results_eq(
  $$select * from pg_temp.refund('one', 5)$$,
  $$values ('already_refunded', 5.50, 0.50, 8.50)$$, 'H1: nor with another amount: the first is answered'
);
select results_eq(
  $$select * from pg_temp.refund('one', 0.50, 'held')$$,
  $$values ('key_used', 0.00, 0.00, 8.50)$$, 'nor for another job, and says so'
);
select results_eq(
  $$select * from pg_temp.refund('two', 2)$$,
  $$values ('refunded', 3.50, 2.00, 10.50)$$, 'the next part comes back'
);
select is(
  array[pg_temp.left_of('long'), pg_temp.left_of('short')], array[9.00, 1.50], 'H1: it goes on where the first one ended'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select set_config('test.clock', '2030-01-01 13:00Z', true);
select throws_like(
  $$select * from pg_temp.refund('three', 3.51)$$, 'p_amount must not exceed what is still charged%', 'all parts together are what was charged'
);
select results_eq(
  $$select * from pg_temp.refund('three')$$,
  $$values ('refunded', 0.00, 3.50, 9.00)$$, 'all the rest comes back'
);
select is(pg_temp.left_of('short'), 0.00, 'Point 2: what returns to a batch that has expired expires at once');
select results_eq(
  $$select * from pg_temp.refund('four')$$,
  $$values ('nothing_charged', 0.00, 0::numeric, 9.00)$$, 'then there is nothing left to give back'
);
select results_eq(
  $$
    select kind::text, l.amount::numeric, l.job_id = pg_temp.id('job'), f.refund_key, f.reason
    from public.credit_ledger l join public.credit_refunds f on l.reference = 'refund:' || f.id
    where l.user_id = pg_temp.id('ada') order by entry
  $$,
  $$values
    ('refund', 0.50, true, 'one', 'a page was blank'), ('refund', 0.50, true, 'two', 'a page was blank'),
    ('refund', 1.50, true, 'two', 'a page was blank'), ('refund', 3.50, true, 'three', 'a page was blank')
  $$,
  'each step is in the ledger, with its job and its refund'
);
select is(
  (select (i ->> 'refunded_amount')::numeric from public.read_usage(pg_temp.id('ada')) u, jsonb_array_elements(u.items) i where i ->> 'job_id' = pg_temp.id('job')::text)
    + (select refunded_amount from public.credit_usage_logs where job_id = pg_temp.id('job')), 12.00, 'the owner sees it in the usage'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- A late confirm took other credits than the reservation had held: those are the ones that return.
select public.reserve_credits(pg_temp.id('bob'), pg_temp.id('none'), 1, 'test');
select public.grant_credits(pg_temp.id('bob'), 4, 'promotion', 'first', '2030-01-01 13:10Z');
select public.reserve_credits(pg_temp.id('bob'), pg_temp.id('late'), 4, 'test');
select set_config('test.clock', '2030-01-01 14:00Z', true);
select public.release_stale_reservations();
select public.grant_credits(pg_temp.id('bob'), 4, 'promotion', 'second');
select public.confirm_credits(pg_temp.id('bob'), pg_temp.id('late'), 3);
select results_eq(
  $$select * from pg_temp.refund('late', null, 'late', 'bob')$$,
  $$values ('refunded', 0.00, 3.00, 4.00)$$, 'after a late confirm its own credits return'
);

-- Debts first.
select public.grant_credits(pg_temp.id('cid'), 3, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('cid'), pg_temp.id('cids'), 3, 'test');
select public.confirm_credits(pg_temp.id('cid'), pg_temp.id('cids'));
select public.adjust_credits(pg_temp.id('cid'), -2, 'owed', 'taken back', 'test');
select results_eq(
  $$select * from pg_temp.refund('sorry', null, 'cids', 'cid')$$,
  $$values ('refunded', 0.00, 3.00, 1.00)$$, 'Point 4: debts are paid first'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select public.grant_credits(pg_temp.id('dan'), 3, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('dan'), pg_temp.id('dans'), 3, 'test');
select public.confirm_credits(pg_temp.id('dan'), pg_temp.id('dans'));
select public.grant_credits(pg_temp.id('dan'), 9999999999.99, 'promotion', 'all there can be');
select throws_like(
  $$select * from pg_temp.refund('much', null, 'dans', 'dan')$$, 'p_amount must leave the account with at most%', 'L1: no account holds more than there can be'
);
select public.erase_user(pg_temp.id('dan'), 'test', 'test');
select throws_like(
  $$select * from pg_temp.refund('gone', null, 'dans', 'dan')$$, 'p_user_id belongs to an erased user%', 'Point 10: nothing for an erased user'
);
select public.erase_user(pg_temp.id('ada'), 'test', 'test');
select results_eq(
  $$select distinct reason, refund_key = 'erased:' || id from public.credit_refunds where user_id = pg_temp.id('ada')$$,
  $$values ('erased', true)$$, 'Point 10: reasons and keys are emptied'
);

select * from finish();
rollback;
