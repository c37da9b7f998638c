-- Settings are changed by a name, a value, who and why.
begin;
create extension if not exists pgtap with schema extensions;
select plan(17);
\ir ../helpers.psql

create function pg_temp.change(p_table text, p_row text, p_column text, p_value text) returns text language sql as $$
  select concat_ws(' ', r.outcome, r.setting, r.old_value, r.new_value)
  from public.change_setting(p_table, p_row, p_column, p_value, 'why', 'Eve') r;
$$;

select public.change_setting('rate_limit_policies', 'balance', 'max_requests', '30', 'as this test begins', 'test');
select is(
  pg_temp.change('rate_limit_policies', 'balance', 'max_requests', '31'), 'changed rate_limit_policies.balance.max_requests 30 31',
  'a value of a row is changed'
);
select is(
  pg_temp.change('rate_limit_policies', 'balance', 'max_requests', '31'), 'unchanged rate_limit_policies.balance.max_requests 31 31',
  'once'
);
select is(max_requests, 31, 'it is in force') from public.rate_limit_policies where action = 'balance';
select isnt(max_requests, 31, 'and nobody else''s is') from public.rate_limit_policies where action = 'usage';
select matches(pg_temp.change('credit_settings', null, 'signup_bonus_lifetime', '30 days'), '^changed', 'a table of one row has no key');
select matches(pg_temp.change('credit_settings', null, 'signup_bonus_lifetime', null), '^changed', 'a value can be none');
select is(
  (select details from public.operator_actions where subject = 'rate_limit_policies.balance.max_requests' and actor = 'Eve'),
  '{"old": "30", "new": "31"}'::jsonb, 'what it was before is kept'
);
select throws_ok(format('select pg_temp.change(%L, %L, %L, %L)', a.tab, a.key, a.col, a.value), '22023', a.message, a.message || ': ' || a.what)
from (
  values
    ('credit_accounts', null, 'available', '5', 'p_table is none of the tables of settings', 'balances'),
    ('nothing', null, 'x', '5', 'p_table is none of the tables of settings', 'unknown'),
    ('credit_settings', null, 'only_row', 'false', 'p_column is no setting of credit_settings', 'its only row'),
    ('rate_limit_policies', 'balance', 'action', 'x', 'p_column is no setting of rate_limit_policies', 'a key'),
    ('credit_settings', null, 'nothing', 'x', 'p_column is no setting of credit_settings', 'unknown'),
    ('rate_limit_policies', 'nothing', 'max_requests', '5', 'p_row names no row of rate_limit_policies', 'unknown'),
    ('credit_settings', null, 'signup_bonus_amount', 'many', 'p_value is refused by signup_bonus_amount', 'no number'),
    ('credit_settings', null, 'signup_bonus_amount', '-1', 'p_value is refused by signup_bonus_amount', 'below zero'),
    ('retention', 'ledger', 'keep_for', '59 days', 'p_value is refused by keep_for', 'too short'),
    ('credit_settings', null, 'signup_bonus_when', 'x'' where false; --', 'p_value is refused by signup_bonus_when', 'SQL')
) a (tab, key, col, value, message, what);

select * from finish();
rollback;
