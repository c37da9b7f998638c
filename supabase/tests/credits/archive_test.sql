-- Archiving: what is old leaves the ledger, and the books agree as before.
begin;
create extension if not exists pgtap with schema extensions;
select plan(35);
\ir ../helpers.psql
\ir ../everybody.psql

create function pg_temp.ledger(p_name text) returns text language sql as $$
  select string_agg(entry || ' ' || kind, ', ' order by entry) from public.credit_ledger where user_id = pg_temp.id(p_name);
$$;

create temp view balances as select user_id, available::numeric, reserved::numeric, debt::numeric, last_entry from public.credit_accounts;

-- Ada has a past: charged, refunded, released, expired, taken back, owed and repaid. Bob's only job is held.
select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift', '2030-01-02 12:00Z');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('one'), 4, 'story');
select public.confirm_credits(pg_temp.id('ada'), pg_temp.id('one'), 3);
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('two'), 2, 'book');
select public.release_credits(pg_temp.id('ada'), pg_temp.id('two'));
select public.refund_job(pg_temp.id('ada'), pg_temp.id('one'), 'sorry', 'test', 'test', 1);
set local test.clock = '2030-01-03 12:00Z';
select public.expire_credits();
select public.grant_credits(pg_temp.id('ada'), 5, 'promotion', 'more');
select public.adjust_credits(pg_temp.id('ada'), -8, 'taken', 'test', 'test');
select public.grant_credits(pg_temp.id('ada'), 20, 'promotion', 'next');
select public.grant_credits(pg_temp.id('bob'), 5, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('bob'), pg_temp.id('held'), 1, 'story');

-- Off, and never too soon --------------------------------------------------------------------------------------------

set local test.clock = '2031-01-01 12:00Z';
select is(public.archive_ledger(), 0, 'as installed nothing is archived');
select throws_ok(
  'select public.archive_ledger(credits_private.clock() - interval ''59 days 23 hours'')', '22023', 'p_before must be at least 60 days ago',
  'what is younger than 60 days stays'
);
select is(public.archive_ledger('2030-01-01 12:00Z'), 0, 'what is not older stays');

-- Archived -----------------------------------------------------------------------------------------------------------

create temp table before as select * from balances;
create temp table rows as select * from public.credit_ledger;
create temp table whole as select user_id, count(*) from public.credit_ledger group by user_id;
select is(
  public.archive_ledger('2030-06-01'), (select count(*)::integer from rows where user_id = pg_temp.id('ada')) + 1,
  'what is older is archived, before what is held'
);
select is(pg_temp.ledger('ada'), null, 'all of it');
select is(pg_temp.ledger('bob'), '2 reserve', 'of what is held, nothing');
select set_eq(
  'select * from public.credit_ledger_archive union all select * from public.credit_ledger', 'select * from rows',
  'no row is lost, and none is changed'
);
select set_eq('select * from balances', 'select * from before', 'balances stay');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');
select set_eq(
  $$select job_type, month, reservations, charged::numeric, refunded::numeric from public.credit_usage_months where user_id = pg_temp.id('ada')$$,
  $$values ('story', '2030-01-01'::date, 1::bigint, 3.00, 1.00), ('book', '2030-01-01', 1, 0.00, 0.00)$$,
  'what became of reservations is kept by month and kind'
);
select is_empty($$select 1 from public.credit_usage_logs where user_id = pg_temp.id('ada')$$, 'and they are gone');
select is(public.archive_ledger('2030-06-01'), 0, 'once');

-- Life goes on -------------------------------------------------------------------------------------------------------

select is((public.refund_job(pg_temp.id('ada'), pg_temp.id('one'), 'late', 'test', 'test')).outcome, 'not_found', 'what is archived is not refunded');
select is((public.confirm_credits(pg_temp.id('bob'), pg_temp.id('held'))).outcome, 'confirmed_late', 'what is held is charged');
select is((public.reserve_credits(pg_temp.id('ada'), pg_temp.id('one'), 1, 'story')).outcome, 'reserved', 'credits are spent');
select public.confirm_credits(pg_temp.id('ada'), pg_temp.id('one'));
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');
set local test.clock = '2032-01-01 12:00Z';
select isnt(public.archive_ledger('2031-06-01'), 0, 'a year later the next is archived');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');
select is(entry, (select last_entry from public.credit_accounts where user_id = pg_temp.id('ada')), 'the checkpoint moves on')
from public.credit_checkpoints where user_id = pg_temp.id('ada');

-- In steps -----------------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('cid'), 1, 'promotion', n::text) from generate_series(1, 3) n;
select public.grant_credits(pg_temp.id('dan'), 1, 'promotion', n::text) from generate_series(1, 3) n;
set local test.clock = '2033-01-01 12:00Z';
select is(public.archive_ledger('2032-06-01', 2), 2, 'no more than was asked for');
select is(
  coalesce(pg_temp.ledger('cid'), '') || coalesce(pg_temp.ledger('dan'), ''), '3 grant1 grant, 2 grant, 3 grant', 'a user after the other, the oldest first'
);
select is(
  (select sum(n) from (select public.archive_ledger('2032-06-01', 2) from generate_series(1, 4)) s (n)), 4::bigint, 'and the rest in the next steps'
);
select public.change_setting('retention', 'ledger', 'keep_for', '1 year', 'test', 'test');
select public.grant_credits(pg_temp.id('cid'), 1, 'promotion', 'last');
set local test.clock = '2034-01-01 12:00Z';
select is(public.archive_ledger(), 0, 'what is a year old is kept for a year');
select public.grant_credits(pg_temp.id('cid'), 1, 'promotion', 'young');
set local test.clock = '2034-01-01 12:00:01Z';
select is(public.archive_ledger(), 1, 'and no longer');

-- A user with more than a step -----------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('eve'), 9, 'promotion', 'first');
select public.reserve_credits(pg_temp.id('eve'), pg_temp.id('long'), 2, 'story');
select public.grant_credits(pg_temp.id('eve'), 9, 'promotion', 'second');
select public.confirm_credits(pg_temp.id('eve'), pg_temp.id('long'), 2);
select public.grant_credits(pg_temp.id('eve'), 9, 'promotion', 'third');
select public.refund_job(pg_temp.id('eve'), pg_temp.id('long'), 'sorry', 'test', 'test', 1);
set local test.clock = '2036-01-01 12:00Z';
select is(credits_private.archivable_entry(pg_temp.id('eve'), '2035-06-01', 2), 1::bigint, 'what ends beyond the step stays whole');
select is(credits_private.archivable_entry(pg_temp.id('eve'), '2035-06-01', 4), 1::bigint, 'what is refunded beyond it, too');
select is(public.archive_ledger('2035-06-01', 6), 7, 'and goes with a step that holds all of it');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- What the archive says is checked -----------------------------------------------------------------------------------

select throws_ok('update public.credit_ledger_archive set amount = 0', '23001', null, 'Point 3: the archive cannot be changed');
select throws_ok('delete from public.credit_ledger_archive', '23001', null, 'Point 3: nor can a row be taken out of it');
truncate public.credit_ledger_archive;
select is_empty('select * from public.verify_credits()', 'Point 3: once exported it may be emptied, and the books agree');
create function pg_temp.noticed(p_sabotage text) returns boolean language plpgsql as $$
declare
  v_noticed boolean;
begin
  execute p_sabotage;
  v_noticed := exists (select from public.verify_credits(pg_temp.id('ada')));
  raise exception '%', v_noticed;
exception when raise_exception then
  return sqlerrm::boolean;
end;
$$;
select ok(pg_temp.noticed(s.sabotage), 'Point 3: verify_credits() notices: ' || s.sabotage)
from (
  values
    ($$update public.credit_archive_sums set amount = amount + 1 where user_id = pg_temp.id('ada') and kind = 'grant'$$),
    ($$update public.credit_checkpoints set entry = entry + 1 where user_id = pg_temp.id('ada')$$),
    ($$update public.credit_checkpoints set available = available + 1 where user_id = pg_temp.id('ada')$$),
    ($$delete from public.credit_usage_months where user_id = pg_temp.id('ada')$$)
) s (sabotage);

select * from finish();
rollback;
