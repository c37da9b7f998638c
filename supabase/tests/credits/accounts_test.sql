-- Accounts, batches and the append-only ledger: what every movement of credits rests on.
begin;
create extension if not exists pgtap with schema extensions;
select plan(31);
\ir ../helpers.psql

-- Spends p_amount for good and says from which batches, in the order they were taken.
create function pg_temp.spend(p_user uuid, p_amount numeric) returns text language plpgsql as $$
declare
  v_job uuid := gen_random_uuid();
begin
  perform public.reserve_credits(p_user, v_job, p_amount, 'test');
  perform public.confirm_credits(p_user, v_job);
  return (
    select string_agg(b.grant_key || ' ' || l.amount, ', ' order by l.entry)
    from public.credit_ledger l join public.user_credits b on b.user_id = l.user_id and b.id = l.batch_id
    where l.user_id = p_user and l.job_id = v_job and l.kind = 'reserve'
  );
end;
$$;

-- Point 3: the ledger is append-only ------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('ada'), 5, 'promotion', 'gift');

select throws_ok(s.statement, '23001', 'public.credit_ledger is append-only', format('Point 3: the owner cannot %s the ledger', s.verb))
from (
  values
    ('update', 'update public.credit_ledger set amount = 1'), ('delete from', 'delete from public.credit_ledger'),
    ('truncate', 'truncate public.credit_ledger'),
    ('update no row of', 'update public.credit_ledger set amount = 1 where false')
) s (verb, statement);
select throws_ok(
  format('set local role %I; %s', r.role, s.statement), '42501', null, format('Point 3: %s cannot %s the ledger', r.role, s.verb)
)
from (values ('anon'), ('authenticated'), ('service_role')) r (role)
cross join (
  values
    ('update', 'update public.credit_ledger set amount = 1'), ('delete from', 'delete from public.credit_ledger'),
    ('truncate', 'truncate public.credit_ledger'), ('insert into', 'insert into public.credit_ledger default values')
) s (verb, statement);
select results_eq(
  $$select entry, kind::text, amount::numeric, available_after::numeric, reserved_after::numeric, created_at
    from public.credit_ledger where user_id = pg_temp.id('ada')$$,
  $$values (1::bigint, 'grant', 5.00, 5.00, 0.00, '2030-01-01 12:00Z'::timestamptz)$$,
  'Point 3: a movement is one row with the balances after it'
);

-- Point 2: the order of spending ----------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('bob'), 1, 'promotion', 'never, older');
select public.grant_credits(pg_temp.id('bob'), 1, 'promotion', 'never, newer');
select public.grant_credits(pg_temp.id('bob'), 1, 'promotion', 'in March', '2030-03-01Z');
select public.grant_credits(pg_temp.id('bob'), 1, 'promotion', 'in February, older', '2030-02-01Z');
select public.grant_credits(pg_temp.id('bob'), 1, 'promotion', 'in February, newer', '2030-02-01Z');

select is(pg_temp.spend(pg_temp.id('bob'), 0.5), 'in February, older 0.50', 'Point 2: the batch that expires soonest is spent first');
select is(
  pg_temp.spend(pg_temp.id('bob'), 4.1),
  'in February, older 0.50, in February, newer 1.00, in March 1.00, never, older 1.00, never, newer 0.60',
  'Point 2: then the older of equals, and what never expires last'
);
select is(
  pg_temp.spend(pg_temp.id('bob'), 0.4), 'never, newer 0.40', 'Point 2: to the last hundredth'
);
select is_empty(
  $$select 1 from public.user_credits where user_id = pg_temp.id('bob') and (is_open or remaining_amount <> 0)$$,
  'a spent batch is closed'
);

-- Point 2: expiry before any sweep --------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('cid'), 3, 'promotion', 'short', '2030-01-01 12:10Z');
select public.grant_credits(pg_temp.id('cid'), 2, 'promotion', 'long');

set local test.clock = '2030-01-01 12:09:59.999999Z';
select is(
  (public.reserve_credits(pg_temp.id('cid'), pg_temp.id('in time'), 1, 'test')).outcome, 'reserved',
  'Point 2: a batch can be spent until the microsecond before it expires'
);
set local test.clock = '2030-01-01 12:10Z';
select is(
  pg_temp.spend(pg_temp.id('cid'), 2), 'long 2.00', 'Point 2: from the moment a batch expires another one is spent, although no sweep has run'
);
select is(
  (public.reserve_credits(pg_temp.id('cid'), pg_temp.id('too late'), 0.01, 'test')).outcome, 'insufficient_credits',
  'Point 2: and when there is no other, nothing'
);
select is(
  (select sum(amount) from public.credit_ledger where user_id = pg_temp.id('cid') and kind = 'expire'), 2.00,
  'Point 2: what expired is in the ledger'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

-- The sweep -------------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('dan'), 3, 'promotion', 'one', '2030-01-02Z');
select public.grant_credits(pg_temp.id('dan'), 4, 'promotion', 'two', '2030-01-02Z');
select public.grant_credits(pg_temp.id('eva'), 5, 'promotion', 'one', '2030-01-02 00:00:01Z');
set local test.clock = '2030-01-01 23:59:59.999999Z';
select is(public.expire_credits(), 0, 'expire_credits leaves what has not expired');
set local test.clock = '2030-01-02Z';
select is(public.expire_credits(), 2, 'expire_credits says how many batches it moved out');
select is(public.expire_credits(), 0, 'expire_credits is idempotent');
select results_eq(
  $$select user_id, available::numeric from public.credit_accounts where user_id in (pg_temp.id('dan'), pg_temp.id('eva')) order by available$$,
  $$values (pg_temp.id('dan'), 0.00), (pg_temp.id('eva'), 5.00)$$,
  'expire_credits empties what expired and nothing else'
);
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree after the sweep');

select * from finish();
rollback;
