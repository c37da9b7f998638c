-- Grants, adjustments and debts: credits come in once per key, and what was spent cannot be taken back unnoticed.
begin;
create extension if not exists pgtap with schema extensions;
select plan(58);
\ir ../helpers.psql

create function pg_temp.balances(p_name text) returns text language sql as $$
  select format('%s available, %s held, %s owed', available, reserved, debt)
  from public.credit_accounts where user_id = pg_temp.id(p_name)
$$;

-- Point 1: a grant key grants once --------------------------------------------------------------------------------

select results_eq(
  $$select outcome, amount, debt_paid, available, reserved, debt from public.grant_credits(pg_temp.id('ada'), 5.50, 'purchase', 'k', null, 'First')$$,
  $$values ('granted', 5.50, 0::numeric, 5.50, 0.00, 0.00)$$,
  'Point 1: granted, with the balances after it'
);
select results_eq(
  $$select outcome, amount, debt_paid, available from public.grant_credits(pg_temp.id('ada'), 9, 'promotion', 'k', '2031-01-01Z', 'Second')$$,
  $$values ('already_granted', 5.50, 0::numeric, 5.50)$$,
  'Point 1: a key used before grants nothing and returns the first amount'
);
select is(
  (select batch_id from public.grant_credits(pg_temp.id('ada'), 5.50, 'purchase', 'k')),
  (select id from public.user_credits where user_id = pg_temp.id('ada')),
  'Point 1: a repeated grant names the first batch'
);
select results_eq(
  $$select c.source::text, c.original_amount::numeric, c.remaining_amount::numeric, b.description, c.expires_at from public.user_credits c join public.user_credits b using (user_id, id) where user_id = pg_temp.id('ada')$$,
  $$values ('purchase', 5.50, 5.50, 'First', null::timestamptz)$$,
  'Point 1: the repeated grants left the batch as it was'
);
select is(
  (public.grant_credits(pg_temp.id('bob'), 1, 'promotion', 'k')).outcome, 'granted', 'Point 1: another user may have the same key'
);
select is((public.grant_credits(pg_temp.id('ada'), 1, s, 'from ' || s)).outcome, 'granted', 'a batch may come from ' || s)
from unnest('{purchase,signup_bonus,promotion,adjustment}'::text[]) s;

-- Bad arguments ---------------------------------------------------------------------------------------------------

select throws_like(
  format('select public.grant_credits(%L, %s, %L, %L, %L)', a.user_id, a.amount, a.source, a.key, a.expires_at),
  a.argument || ' must%', format('L1: grant_credits refuses %s', a.what)
)
from (
  values
    ('no user', null::uuid, '1', 'promotion', 'x', null, 'p_user_id'),
    ('no amount', pg_temp.id('x'), 'null', 'promotion', 'x', null, 'p_amount'),
    ('an amount of 0', pg_temp.id('x'), '0', 'promotion', 'x', null, 'p_amount'),
    ('a negative amount', pg_temp.id('x'), '-1', 'promotion', 'x', null, 'p_amount'),
    ('three decimal places', pg_temp.id('x'), '1.001', 'promotion', 'x', null, 'p_amount'),
    ('NaN', pg_temp.id('x'), '''NaN''', 'promotion', 'x', null, 'p_amount'),
    ('infinity', pg_temp.id('x'), '''infinity''', 'promotion', 'x', null, 'p_amount'),
    ('too much', pg_temp.id('x'), '10000000000', 'promotion', 'x', null, 'p_amount'),
    ('no source', pg_temp.id('x'), '1', null, 'x', null, 'p_source'),
    ('an unknown source', pg_temp.id('x'), '1', 'theft', 'x', null, 'p_source'),
    ('no key', pg_temp.id('x'), '1', 'promotion', null, null, 'p_grant_key'),
    ('an empty key', pg_temp.id('x'), '1', 'promotion', '', null, 'p_grant_key'),
    ('an expiry that is now', pg_temp.id('x'), '1', 'promotion', 'x', '2030-01-01 12:00Z', 'p_expires_at')
) a (what, user_id, amount, source, key, expires_at, argument);
select throws_ok(
  $$select public.grant_credits(pg_temp.id('x'), 1.001, 'promotion', 'x')$$, '22023', null, 'L1: a bad argument raises 22023'
);
select public.grant_credits(pg_temp.id('rich'), 9999999999.98, 'promotion', 'all');
select public.reserve_credits(pg_temp.id('rich'), pg_temp.id('mansion'), 9999999999, 'test');
select throws_ok(
  $$select public.grant_credits(pg_temp.id('rich'), 0.02, 'promotion', 'more')$$, '22023',
  'p_amount must leave the account with at most 9999999999.99', 'L1: no more than fits, with what is held and may come back'
);
select is((public.grant_credits(pg_temp.id('rich'), 0.01, 'promotion', 'rest')).outcome, 'granted', 'L1: what just fits is granted');
select is(
  (public.release_credits(pg_temp.id('rich'), pg_temp.id('mansion'))).available, 9999999999.99, 'L1: and what was held comes back'
);
select throws_like(
  format('select public.adjust_credits(%L, %s, %L, %L, ''test'')', a.user_id, a.amount, a.key, a.reason),
  a.argument || ' must%', format('L1: adjust_credits refuses %s', a.what)
)
from (
  values
    ('no user', null::uuid, '-1', 'x', 'why', 'p_user_id'),
    ('no amount', pg_temp.id('x'), 'null', 'x', 'why', 'p_amount'),
    ('an amount of 0', pg_temp.id('x'), '0', 'x', 'why', 'p_amount'),
    ('three decimal places', pg_temp.id('x'), '-1.001', 'x', 'why', 'p_amount'),
    ('NaN', pg_temp.id('x'), '''NaN''', 'x', 'why', 'p_amount'),
    ('minus infinity', pg_temp.id('x'), '''-infinity''', 'x', 'why', 'p_amount'),
    ('no key', pg_temp.id('x'), '-1', '', 'why', 'p_adjustment_key'),
    ('no reason', pg_temp.id('x'), '-1', 'x', '', 'p_reason')
) a (what, user_id, amount, key, reason, argument);
select is_empty($$select 1 from public.credit_accounts where user_id = pg_temp.id('x')$$, 'a refused argument leaves nothing behind');
select results_eq(
  $$select outcome, amount, available from public.adjust_credits(pg_temp.id('gus'), 0.50, 'sorry', 'a page was blank', 'test')$$,
  $$values ('granted', 0.50, 0.50)$$, 'a positive adjustment is a grant'
);

-- Point 5: what was spent becomes a debt, and the next credits pay it first ----------------------------------------

select public.grant_credits(pg_temp.id('cid'), 10, 'purchase', 'bought');
select public.reserve_credits(pg_temp.id('cid'), pg_temp.id('job'), 8, 'test');
select public.confirm_credits(pg_temp.id('cid'), pg_temp.id('job'));

select results_eq(
  $$select outcome, amount, debt_paid, available, debt from public.adjust_credits(pg_temp.id('cid'), -5, 'oops', 'chargeback', 'test')$$,
  $$values ('granted', -5::numeric, 0::numeric, 0.00, 3.00)$$,
  'Point 5: a negative adjustment takes what is there, and the rest becomes a debt'
);
select results_eq(
  $$select outcome, amount, debt_paid, available, debt from public.adjust_credits(pg_temp.id('cid'), -5, 'oops', 'chargeback', 'test')$$,
  $$values ('already_granted', -5.00, 0::numeric, 0.00, 3.00)$$,
  'Point 5: an adjustment key adjusts once'
);
select results_eq(
  $$select outcome, amount from public.adjust_credits(pg_temp.id('cid'), 5, 'oops', 'chargeback', 'test')$$,
  $$values ('already_granted', -5.00)$$, 'Point 5: whatever its sign'
);
select results_eq(
  $$select outcome, amount, debt_paid from public.adjust_credits(pg_temp.id('cid'), -10, 'bought', 'chargeback', 'test')$$,
  $$values ('already_granted', 10.00, 0::numeric)$$, 'Point 5: and a grant''s key is used, too'
);
select public.adjust_credits(pg_temp.id('cid'), -0.50, 'second', 'more', 'test');
select is(pg_temp.balances('cid'), '0.00 available, 0.00 held, 3.50 owed', 'Point 5: debts add up');
select is(
  (public.reserve_credits(pg_temp.id('cid'), pg_temp.id('job 2'), 0.01, 'test')).outcome, 'insufficient_credits',
  'Point 5: nothing can be spent while there is a debt'
);
select results_eq(
  $$select outcome, amount, debt_paid, available, debt from public.grant_credits(pg_temp.id('cid'), 3.20, 'purchase', 'again')$$,
  $$values ('granted', 3.20, 3.20, 0.00, 0.30)$$,
  'Point 5: new credits pay the debt first'
);
select results_eq(
  $$
    select r.revocation_key, d.remaining_amount::numeric
    from public.credit_debts d join public.credit_revocations r on d.reference = 'adjustment:' || r.id
    where d.user_id = pg_temp.id('cid') order by d.id
  $$,
  $$values ('oops', 0.00), ('second', 0.30)$$,
  'Point 5: the oldest debt is paid first'
);
select results_eq(
  $$select debt_paid, available, debt from public.grant_credits(pg_temp.id('cid'), 1, 'promotion', 'gift')$$,
  $$values (0.30, 0.70, 0.00)$$,
  'Point 5: only what is left becomes available'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree after debts and repayments');

-- Point 5: credits that come back pay a debt too -------------------------------------------------------------------

select public.grant_credits(pg_temp.id('dan'), 10, 'purchase', 'bought');
select public.reserve_credits(pg_temp.id('dan'), pg_temp.id('held'), 10, 'test');
select public.adjust_credits(pg_temp.id('dan'), -4, 'oops', 'chargeback', 'test');
select is(pg_temp.balances('dan'), '0.00 available, 10.00 held, 4.00 owed', 'Point 5: what is held cannot be taken back, so it is owed');
select public.release_credits(pg_temp.id('dan'), pg_temp.id('held'));
select is(pg_temp.balances('dan'), '6.00 available, 0.00 held, 0.00 owed', 'Point 5: released credits pay the debt first');

-- Keys of the system's own -----------------------------------------------------------------------------------------

select throws_ok(
  format('select public.grant_credits(pg_temp.id(''eva''), 1, ''promotion'', %L)', k), '22023', 'p_grant_key must not begin as the system''s own keys do',
  format('nobody grants under the key %s but the system', k)
) from unnest(array['purchase:' || gen_random_uuid(), 'job:x:returned', 'signup_bonus', 'erased:1']) k;
select throws_ok(
  $$select public.adjust_credits(pg_temp.id('eva'), -1, 'purchase:x:1', 'by hand', 'test')$$, '22023', null, 'nor adjusts'
);

-- Adjustments in the ledger ---------------------------------------------------------------------------------------

select public.adjust_credits(pg_temp.id('eva'), 2, 'plus', 'goodwill', 'test');
select public.adjust_credits(pg_temp.id('eva'), -1.25, 'minus', 'mistake', 'test');
select results_eq(
  $$
    select l.kind::text, l.amount::numeric, coalesce(b.grant_key, r.revocation_key), l.reference ~ 'plus|minus'
    from public.credit_ledger l
    left join public.user_credits b on l.kind = 'grant' and b.user_id = l.user_id and b.id = l.batch_id
    left join public.credit_revocations r on l.reference = 'adjustment:' || r.id
    where l.user_id = pg_temp.id('eva') order by l.entry
  $$,
  $$values ('grant', 2.00, 'plus', false), ('revoke', 1.25, 'minus', false)$$,
  'Point 3: the ledger leads to both signs of an adjustment, and repeats none of its words'
);
select results_eq(
  $$select amount::numeric, debt_amount::numeric, reason from public.credit_revocations where user_id = pg_temp.id('eva')$$,
  $$values (1.25, 0.00, 'mistake')$$,
  'Point 3: a negative adjustment keeps its reason'
);
select is(
  (select description from public.user_credits where user_id = pg_temp.id('eva')), 'goodwill', 'Point 3: a positive adjustment keeps its reason'
);
select public.grant_credits(pg_temp.id('fay'), 5, 'promotion', 'short', '2030-01-01 13:00Z');
set local test.clock = '2030-01-01 13:00Z';
select is(
  (public.adjust_credits(pg_temp.id('fay'), -2, 'late', 'mistake', 'test')).debt, 2.00, 'Point 2: expired credits pay for no adjustment'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
