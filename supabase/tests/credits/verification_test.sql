-- Point 3: verify_credits() proves that the books agree. Here every table is falsified, as only its owner could, and
-- each time the disagreement is reported with its user. A second user stays untouched and is never reported.
begin;
create extension if not exists pgtap with schema extensions;
select plan(39);
\ir ../helpers.psql

-- Two users with every kind of movement: grant, reserve, confirm, release, refund, expire, revoke, debt, repay.
create function pg_temp.live(p_user uuid) returns void language plpgsql as $$
begin
  perform set_config('test.clock', '2030-01-01 12:00Z', true);
  perform public.grant_credits(p_user, 5, 'promotion', 'short', '2030-01-01 13:00Z');
  perform public.grant_credits(p_user, 10, 'purchase', 'long');
  perform public.reserve_credits(p_user, pg_temp.id('wide'), 7, 'test');
  perform public.confirm_credits(p_user, pg_temp.id('wide'), 6);
  perform public.refund_job(p_user, pg_temp.id('wide'), 'sorry', 'test', 'test', 0.50);
  perform public.reserve_credits(p_user, pg_temp.id('released'), 1, 'test');
  perform public.release_credits(p_user, pg_temp.id('released'));
  perform public.adjust_credits(p_user, -10, 'taken', 'test', 'test');
  perform public.grant_credits(p_user, 4, 'promotion', 'short too', '2030-01-01 14:00Z');
  perform public.grant_credits(p_user, 3, 'promotion', 'long too');
  perform public.reserve_credits(p_user, pg_temp.id('late'), 1, 'test');
  perform set_config('test.clock', '2030-01-01 15:00Z', true);
  perform public.release_stale_reservations();
  perform public.confirm_credits(p_user, pg_temp.id('late'), 0.50);
  perform public.reserve_credits(p_user, pg_temp.id('open'), 1, 'test');
  perform public.grant_credits(p_user, 2, 'promotion', 'next');
end;
$$;
select pg_temp.live(pg_temp.id('ada')), pg_temp.live(pg_temp.id('bob'));

select is(
  (select array_agg(distinct kind order by kind)::text from public.credit_ledger),
  '{grant,reserve,confirm,release,refund,expire,revoke,debt,repay}', 'these books hold every movement but a reinstated purchase'
);
select is_empty('select * from public.verify_credits()', 'Point 3: they agree');

-- Falsifies, verifies and takes it back.
create function pg_temp.problems(p_sabotage text) returns text language plpgsql as $$
begin
  alter table public.credit_ledger disable trigger user;
  execute replace(p_sabotage, ':ada', quote_literal(pg_temp.id('ada')));
  raise exception using errcode = 'TTTTT', message = coalesce(
    (
      select string_agg(
        distinct regexp_replace(v.problem, '[0-9a-f-]{36}|[0-9]+', 'n', 'g')
        || case when v.user_id = pg_temp.id('ada') then '' else ' OF SOMEBODY ELSE' end, ', '
      )
      from public.verify_credits() v
    ),
    'nothing'
  );
exception when sqlstate 'TTTTT' then
  return sqlerrm;
end;
$$;

select is(pg_temp.problems(s.sql), s.expected, format('Point 3: %s', s.what))
from (
  values
    ('nothing falsified, nothing reported', 'select 1', 'nothing')
) s (what, sql, expected);

select matches(pg_temp.problems(s.sql), s.expected, format('Point 3: verify_credits reports %s', s.what))
from (
  values
    ('an account with more available', 'update public.credit_accounts set available = available + 1 where user_id = :ada', 'account available against its batches, account available against the ledger'),
    ('an account with less reserved', 'update public.credit_accounts set reserved = reserved - 1 where user_id = :ada', 'account reserved against its reservations, account reserved against the ledger'),
    ('an account with a debt', 'update public.credit_accounts set debt = 1 where user_id = :ada', 'account debt against its debts, account debt against the ledger, available although there is a debt'),
    ('an account that counts wrong', 'update public.credit_accounts set last_entry = last_entry + 1 where user_id = :ada', '^account last_entry against the ledger$'),
    ('a batch with less left', 'update public.user_credits set remaining_amount = remaining_amount - 0.01 where user_id = :ada and grant_key = ''next''', 'account available against its batches, batch n: remaining_amount against the ledger'),
    ('a batch that was larger', 'update public.user_credits set original_amount = original_amount + 1 where user_id = :ada and grant_key = ''long too''', '^batch n: original_amount against the ledger$'),
    ('a batch that holds more than was granted', 'update public.user_credits set remaining_amount = 100 where user_id = :ada and grant_key = ''next''', 'batch n: holds more than was granted'),
    ('a batch from nowhere', 'insert into public.user_credits (user_id, source, grant_key, original_amount, remaining_amount) values (:ada, ''promotion'', ''x'', 1, 1)', 'batch n: original_amount against the ledger, batch n: remaining_amount against the ledger'),
    ('a batch that is gone', 'delete from public.user_credits where user_id = :ada and grant_key = ''next''', 'account available against its batches'),
    ('a debt that grew', 'update public.credit_debts set original_amount = 10, remaining_amount = 10 where user_id = :ada', 'account debt against its debts, debts made against the ledger'),
    ('a debt that is gone', 'delete from public.credit_debts where user_id = :ada', '^debts made against the ledger$'),
    ('a revocation that grew', 'update public.credit_revocations set amount = 100 where user_id = :ada', '^revocations against the ledger$'),
    ('a revocation with another debt', 'update public.credit_revocations set debt_amount = 0 where user_id = :ada', '^debts of revocations against the ledger$'),
    ('a revocation that is gone', 'delete from public.credit_revocations where user_id = :ada', 'revocations against the ledger'),
    ('a refund that grew', 'update public.credit_refunds set amount = 1 where user_id = :ada', '^refunds against the ledger$'),
    ('a refund that its reservation does not know', 'update public.credit_usage_logs set refunded_amount = 0 where user_id = :ada', '^reservation n: refunded against the ledger$'),
    ('a reservation that holds more', 'update public.credit_usage_logs set reserved_amount = 2 where user_id = :ada and status = ''reserved''', 'account reserved against its reservations, .*: held against the ledger'),
    ('a reservation that was charged more', 'update public.credit_usage_logs set credits_used = 6.01 where user_id = :ada and credits_used = 6', '^reservation n: charged against the ledger$'),
    ('a reservation that was charged more than it reserved', 'update public.credit_usage_logs set credits_used = 8 where user_id = :ada and credits_used = 6', 'charged more than it reserved'),
    ('a reservation that was settled and never charged', 'update public.credit_usage_logs set status = ''confirmed'', settled_at = now() where user_id = :ada and status = ''reserved''', 'reservation n: charged against the ledger, reservation n: held against the ledger'),
    ('a settled reservation without its time', 'update public.credit_usage_logs set settled_at = null where user_id = :ada and credits_used = 6', '^reservation n: settled_at$'),
    ('a reservation that points to other credits', 'update public.credit_usage_logs set last_entry = last_entry - 1 where user_id = :ada and credits_used = 6', '^reservation n: allocation against the ledger$'),
    ('a reservation that points to credits of others, too', 'update public.credit_usage_logs set last_entry = last_entry + 1 where user_id = :ada and status = ''reserved''', '^reservation n: last_entry against the ledger$'),
    ('a reservation that shows more than it holds', 'update public.credit_usage_logs set credits_used = 0.50 where user_id = :ada and status = ''reserved''', '^reservation n: credits_used of what was not charged$'),
    ('a reservation that is gone', 'delete from public.credit_usage_logs where user_id = :ada and status = ''reserved''', 'account reserved against its reservations, .*reservation n: is missing'),
    ('a ledger entry with another amount', 'update public.credit_ledger set amount = amount + 1 where user_id = :ada and entry = 1', 'ledger entry n: available_after'),
    ('a ledger entry of another kind', 'update public.credit_ledger set kind = ''expire'' where user_id = :ada and kind = ''release'' and entry < 10', 'ledger entry n: available_after.*ledger entry n: reserved_after'),
    ('a ledger entry with another balance', 'update public.credit_ledger set debt_after = 9 where user_id = :ada and entry = 3', '^ledger entry n: debt_after$'),
    ('a ledger entry of another batch', 'update public.credit_ledger set batch_id = batch_id + 1000 where user_id = :ada and entry = 1', 'batch n: original_amount against the ledger'),
    ('a ledger entry of another reservation', 'update public.credit_ledger set job_id = gen_random_uuid() where user_id = :ada and kind = ''confirm'' and amount = 6', 'charged against the ledger.*is missing'),
    ('a ledger entry that is gone', 'delete from public.credit_ledger where user_id = :ada and entry = 2', 'ledger entry n: numbering has a gap'),
    ('a ledger that lost its last entry', 'delete from public.credit_ledger l where l.user_id = :ada and l.entry = (select max(entry) from public.credit_ledger m where m.user_id = l.user_id)', 'account last_entry against the ledger'),
    ('an account that is gone', 'alter table public.user_credits drop constraint user_credits_user_id_fkey; alter table public.credit_debts drop constraint credit_debts_user_id_fkey; alter table public.credit_revocations drop constraint credit_revocations_user_id_fkey; alter table public.credit_refunds drop constraint credit_refunds_user_id_fkey; delete from public.credit_accounts where user_id = :ada', 'account is missing')
) s (what, sql, expected);

select is_empty(
  $$select * from public.verify_credits(pg_temp.id('bob'))$$, 'Point 3: one user can be verified on their own'
);

-- With sequential scans switched off, only what no index can answer is still read from end to end.
create function pg_temp.scans(p_user uuid) returns bigint language plpgsql set enable_seqscan = off as $$
declare
  v_before bigint := pg_temp.scans_so_far();
begin
  perform public.verify_credits(p_user);
  return pg_temp.scans_so_far() - v_before;
end;
$$;
create function pg_temp.scans_so_far() returns bigint language sql as $$
  select sum(pg_stat_get_xact_numscans(r::regclass)) from unnest(array[
    'public.credit_accounts', 'public.user_credits', 'public.credit_debts', 'public.credit_ledger',
    'public.credit_revocations', 'public.credit_refunds', 'public.credit_usage_logs'
  ]) r
$$;
select is(pg_temp.scans(pg_temp.id('bob')), 0::bigint, 'Point 3: one user is verified by their own rows, however many others have');
select is(pg_temp.scans(null), 0::bigint, 'Point 3: all users are, one after the other, with no room for all rows at once');

select * from finish();
rollback;
