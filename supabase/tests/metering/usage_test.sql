-- Metered work: its ceiling is held, what it used is charged, once, by the prices that it was ordered at.
begin;
create extension if not exists pgtap with schema extensions;
select plan(76);
\ir ../helpers.psql
\ir ../everybody.psql

create function pg_temp.card(p_price numeric, p_over_hold text default 'cap', p_action text default 'chat') returns text language sql as $$
  select outcome from public.save_rate_card(
    p_action,
    jsonb_build_array(
      jsonb_build_object('meter', 'token', 'price', p_price),
      jsonb_build_object('meter', 'image', 'price', 1, 'match', jsonb_build_object('model', 'm')),
      jsonb_build_object('meter', 'free', 'price', 0)
    ),
    null, p_over_hold, 'test', 'test'
  )
$$;
create function pg_temp.used(p_tokens numeric) returns jsonb language sql as $$
  select jsonb_build_array(jsonb_build_object('meter', 'token', 'quantity', p_tokens))
$$;
create function pg_temp.hold(p_user text, p_job text, p_usage jsonb, p_action text default 'chat') returns text language sql as $$
  select concat_ws(' ', r.outcome, r.amount, r.required)
  from public.reserve_metered(pg_temp.id(p_user), pg_temp.id(p_job), p_action, p_usage) r
$$;
-- cost charged returned owed absorbed
create function pg_temp.settle(p_user text, p_job text, p_usage jsonb) returns text language sql as $$
  select concat_ws(' ', s.outcome, s.cost, s.charged, s.returned, s.owed, s.absorbed)
  from public.settle_usage(pg_temp.id(p_user), pg_temp.id(p_job), p_usage) s
$$;
create function pg_temp.balance(p_user text) returns text language sql as $$
  select concat_ws(' ', available, reserved, debt) from public.credit_accounts where user_id = pg_temp.id(p_user)
$$;
create function pg_temp.rich(p_user text, p_amount numeric) returns void language sql as $$
  select public.grant_credits(pg_temp.id(p_user), p_amount, 'promotion', 'gift')
$$;

-- Admission --------------------------------------------------------------------------------------------------------

select pg_temp.rich('ada', 20);
select is(pg_temp.hold('ada', 'one', pg_temp.used(4)), 'not_offered', 'what has no card is not offered');
select pg_temp.card(1);
select is(pg_temp.hold('ada', 'one', pg_temp.used(4)), 'reserved 4.00', 'the ceiling is held');
select is(pg_temp.hold('ada', 'image', '[{"meter": "image", "quantity": 1, "model": "n"}]'), 'no_rate', 'an unknown model is refused');
select throws_ok(format('select pg_temp.hold(''ada'', ''bad'', %L)', u), '22023', null, 'refused: ' || u)
from (values ('[]'), ('[{"meter": "token"}]'), ('[{"meter": "token", "quantity": "1"}]')) b (u);
select is(pg_temp.hold('ada', 'much', pg_temp.used(17)), 'insufficient_credits 17.00', 'a ceiling that cannot be paid holds nothing');
select is(pg_temp.hold('ada', 'more', pg_temp.used(1e15)), 'insufficient_credits 1000000000000000.00', 'nor one that no account can hold');
select is(pg_temp.balance('ada'), '16.00 4.00 0.00', 'one job is held');
select pg_temp.card(2);
select is(pg_temp.hold('ada', 'one', pg_temp.used(4)), 'already_reserved 4.00', 'a repetition is priced as the job was');
select is(pg_temp.hold('ada', 'one', pg_temp.used(5)), 'different_amount 4.00', 'and another ceiling is another amount');
select is(pg_temp.hold('ada', 'two', pg_temp.used(4)), 'reserved 8.00', 'a new job has the new price');

-- Settled once, by its own prices -----------------------------------------------------------------------------------

select is(pg_temp.settle('eve', 'one', pg_temp.used(1)), 'not_found', 'M5: somebody else''s job is not found');
select is(pg_temp.settle('ada', 'one', pg_temp.used(2.5)), 'settled 2.50 2.50 1.50 0.00 0.00', 'what was used is charged, by the old price');
select is(pg_temp.settle('ada', 'one', pg_temp.used(2.5)), 'already_settled 2.50 2.50 1.50 0.00 0.00', 'once');
select is(pg_temp.settle('ada', 'one', pg_temp.used(4)), 'already_settled 2.50 2.50 1.50 0.00 0.00', 'whatever is said later');
select is(pg_temp.settle('eve', 'one', pg_temp.used(1)), 'not_found', 'M5: nor when it is settled');
select is(pg_temp.settle('ada', 'two', pg_temp.used(0)), 'settled 0.00 0.00 8.00 0.00 0.00', 'zero is a value');
select is(pg_temp.balance('ada'), '17.50 0.00 0.00', 'the rest has returned');
select results_eq(
  $$select meter, quantity::numeric, unit_price::numeric, per, cost::numeric, estimated from public.usage_lines where job_id = pg_temp.id('one')$$,
  $$values ('token', 2.5::numeric, 1::numeric, 1, 2.5::numeric, false)$$, 'what was used is kept, with its price'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- Missing is not zero -----------------------------------------------------------------------------------------------

select is(pg_temp.hold('ada', m.what, '[{"meter": "token", "quantity": 1}, {"meter": "image", "quantity": 1, "model": "m"}]'), 'reserved 3.00', 'held: ' || m.what)
from (values ('null'), ('no array'), ('only images'), ('malformed'), ('unknown model')) m (what);
select is(pg_temp.settle('ada', m.what, m.usage::jsonb), m.expected, 'missing is not zero: ' || m.what)
from (
  values
    ('null', null, 'settled 3.00 3.00 0.00 0.00 0.00'),
    ('no array', '{"token": 0}', 'settled 3.00 3.00 0.00 0.00 0.00'),
    ('only images', '[{"meter": "image", "quantity": 0, "model": "m"}]', 'settled 2.00 2.00 1.00 0.00 0.00'),
    ('malformed', '[{"meter": "token", "quantity": "none"}, {"meter": "image", "quantity": 0, "model": "m"}]', 'settled 2.00 2.00 1.00 0.00 0.00'),
    ('unknown model', '[{"meter": "token", "quantity": 0}, {"meter": "image", "quantity": 9, "model": "n"}]', 'settled 1.00 1.00 2.00 0.00 0.00')
) m (what, usage, expected);
select results_eq(
  $$select meter, quantity::numeric, unit_price::numeric, estimated from public.usage_lines where job_id = pg_temp.id('unknown model') order by line$$,
  $$values ('token', 0::numeric, 2::numeric, false), ('image', 9, null, false), ('image', 1, 1, true)$$,
  'what has no price is kept, and what was estimated counts'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- Free --------------------------------------------------------------------------------------------------------------

select is(pg_temp.hold('new', 'gratis', '[{"meter": "free", "quantity": 7}]'), 'reserved 0.00', 'what is free needs no credits, and no account');
select is(pg_temp.settle('new', 'gratis', '[{"meter": "free", "quantity": 9}]'), 'settled 0.00 0.00 0.00 0.00 0.00', 'and is charged 0');
select is((select quantity::numeric from public.usage_lines where job_id = pg_temp.id('gratis')), 9::numeric, 'and recorded');
select is(pg_temp.hold('new', 'dropped', '[{"meter": "free", "quantity": 7}]'), 'reserved 0.00', 'what is free');
select is((public.release_credits(pg_temp.id('new'), pg_temp.id('dropped'))).outcome, 'released', 'can be released');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- Above what is held ------------------------------------------------------------------------------------------------

select pg_temp.card(1, p, p) from (values ('cap'), ('available'), ('debt')) p (p);
select pg_temp.rich(u, 5) from (values ('cap'), ('available'), ('debt'), ('swept'), ('poor'), ('later')) u (u);
select is(pg_temp.hold(u, u || ' job', pg_temp.used(4), u), 'reserved 4.00', 'held: ' || u) from (values ('cap'), ('available'), ('debt')) u (u);
select is(pg_temp.settle(u, u || ' job', pg_temp.used(20)), expected, what)
from (
  values
    ('cap', 'settled 20.00 4.00 0.00 0.00 16.00', 'cap: nobody pays what is above'),
    ('available', 'settled 20.00 5.00 0.00 0.00 15.00', 'available: what is there pays'),
    ('debt', 'settled 20.00 5.00 0.00 10.00 5.00', 'debt: what is there, then a debt up to the ceiling')
) s (u, expected, what);
select is(pg_temp.balance(u), expected, 'after it: ' || u)
from (values ('cap', '1.00 0.00 0.00'), ('available', '0.00 0.00 0.00'), ('debt', '0.00 0.00 10.00')) b (u, expected);
select is(pg_temp.settle('debt', 'debt job', pg_temp.used(20)), 'already_settled 20.00 5.00 0.00 10.00 5.00', 'a debt is made once');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');
select public.grant_credits(pg_temp.id('debt'), 12, 'promotion', 'more');
select is(pg_temp.balance('debt'), '2.00 0.00 0.00', 'the next credits pay it');
select throws_ok($$select public.adjust_credits(pg_temp.id('debt'), -1, 'usage:x', 'test', 'test')$$, '22023', null, 'no operator''s key is one of usage');

-- Late, swept, given up ---------------------------------------------------------------------------------------------

select pg_temp.hold('swept', 'late', pg_temp.used(2), 'available'), pg_temp.hold('swept', 'covered', pg_temp.used(2), 'available');
select pg_temp.hold('poor', 'unpaid', pg_temp.used(4), 'available'), pg_temp.hold('later', 'given up', pg_temp.used(2), 'debt');
set local test.clock = '2030-01-01 12:15Z';
select is(pg_temp.settle('swept', 'late', pg_temp.used(1)), 'settled_late 1.00 1.00 1.00 0.00 0.00', 'late, and nobody has swept');
select public.release_stale_reservations();
select is(pg_temp.settle('swept', 'covered', pg_temp.used(3)), 'settled_late 3.00 3.00 0.00 0.00 0.00', 'after the sweep it is taken again, and more');
select public.adjust_credits(pg_temp.id('poor'), -2, 'taken', 'test', 'test');
select is(pg_temp.settle('poor', 'unpaid', pg_temp.used(6)), 'expired 0 4.00 0 0', 'what cannot be taken again is not charged');
select is_empty($$select * from public.usage_lines where job_id = pg_temp.id('unpaid')$$, 'and not recorded');
select public.grant_credits(pg_temp.id('poor'), 9, 'promotion', 'more');
select is(pg_temp.settle('poor', 'unpaid', pg_temp.used(4)), 'settled_late 4.00 4.00 0.00 0.00 0.00', 'until it can');
select public.release_credits(pg_temp.id('later'), pg_temp.id('given up'));
select is(pg_temp.settle('later', 'given up', pg_temp.used(50)), 'already_released 0 2.00 0 0', 'what its owner gave up is not charged');
select is(pg_temp.balance('later'), '5.00 0.00 0.00', 'nor owed');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- Grown, and confirmed by hand --------------------------------------------------------------------------------------

select pg_temp.rich('gus', 10);
select pg_temp.hold('gus', 'grown', pg_temp.used(2), 'cap'), pg_temp.hold('gus', 'by hand', pg_temp.used(2), 'cap'), pg_temp.hold('gus', 'none', '[{"meter": "free", "quantity": 1}]', 'cap');
select public.add_to_reservation(pg_temp.id('gus'), pg_temp.id('grown'), 3, 1), public.add_to_reservation(pg_temp.id('gus'), pg_temp.id('none'), 1, 1);
select is(pg_temp.settle('gus', 'grown', pg_temp.used(6)), 'settled 6.00 5.00 0.00 0.00 1.00', 'what was added counts as held');
select is(pg_temp.settle('gus', 'none', '[{"meter": "free", "quantity": 1}, {"meter": "token", "quantity": 0.491}]'), 'settled 0.50 0.50 0.50 0.00 0.00', 'also to what was free, and a cost is rounded up');
select public.confirm_credits(pg_temp.id('gus'), pg_temp.id('by hand'));
select is(pg_temp.settle('gus', 'by hand', pg_temp.used(9)), 'already_confirmed 2.00 0.00 0 0', 'what was confirmed by hand stays as it was');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- The books notice -------------------------------------------------------------------------------------------------

select pg_temp.rich('vic', 10);
select pg_temp.hold('vic', 'v', pg_temp.used(2), 'debt'), pg_temp.settle('vic', 'v', pg_temp.used(11));
create function pg_temp.notices(p_statement text) returns text language plpgsql as $$
declare
  v_problem text;
begin
  execute p_statement;
  select string_agg(regexp_replace(problem, '[0-9a-f-]{36}', 'n'), ', ' order by problem) into v_problem from public.verify_credits(pg_temp.id('vic')) where problem like 'usage%';
  raise exception using errcode = 'P0009', message = coalesce(v_problem, 'nothing');
exception when sqlstate 'P0009' then
  return sqlerrm;
end;
$$;
select is(pg_temp.notices(n.statement), n.expected, 'Point 3: noticed: ' || n.what)
from (
  values
    ('update public.usage_lines set cost = cost + 1 where job_id = pg_temp.id(''v'')', 'usage of n: cost against its lines', 'a line that costs more'),
    ('update public.metered_jobs set absorbed = absorbed + 1 where job_id = pg_temp.id(''v'')', 'usage of n: paid against its cost', 'what nobody paid'),
    ('update public.metered_jobs set charged = charged + 1, owed = owed - 1 where job_id = pg_temp.id(''v'')',
      'usage of n: charged against its reservation, usage of n: charged against the ledger, usage of n: owed against the ledger', 'a debt that was a charge'),
    ('delete from public.metered_jobs where job_id = pg_temp.id(''v'')', 'usage of n: cost against its lines, usage of n: has no job', 'lines of no job')
) n (statement, expected, what);

-- Archived, erased --------------------------------------------------------------------------------------------------

set local test.clock = '2030-06-01';
select is(
  credits_private.archivable_entry(pg_temp.id('vic'), '2030-03-01', (select entry::integer - 1 from public.credit_ledger where user_id = pg_temp.id('vic') and kind = 'debt')),
  1::bigint, 'a debt is not archived without its job, nor the job without it'
);
select ok(public.archive_ledger('2030-03-01') > 0, 'the ledger is archived');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');
select is(pg_temp.settle('ada', 'one', pg_temp.used(1)), 'already_settled 2.50 2.50 0.00 0.00', 'what is archived is still settled');
select is(pg_temp.hold('ada', 'one', pg_temp.used(2)), 'reserved 4.00', 'its id may be reserved anew, at today''s price');
select is(pg_temp.settle('ada', 'one', pg_temp.used(1)), 'settled 2.00 2.00 2.00 0.00 0.00', 'and settled');
select public.erase_user(pg_temp.id('debt'), 'test', 'test');
select is((select count(*) from public.usage_lines where user_id = pg_temp.id('debt')), 1::bigint, 'Point 10: amounts of an erased user stay');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
