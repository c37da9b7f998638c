-- V10: a token is good for up to an hour; whoever was deleted or banned meanwhile is refused, and nothing is written.
begin;
create extension if not exists pgtap with schema extensions;
select plan(9);
\ir ../helpers.psql

insert into auth.users (id, email) values (pg_temp.id('ada'), 'ada@example.com'), (pg_temp.id('bob'), 'bob@example.com'), (pg_temp.id('cid'), 'cid@example.com');
update auth.users set banned_until = '2030-01-01 12:00:01Z' where id = pg_temp.id('bob');
update auth.users set banned_until = '2030-01-01 12:00Z' where id = pg_temp.id('cid');

select is((public.read_balance(pg_temp.id('ada'))).outcome, 'ok', 'V10: whoever is there may ask');
select is((public.read_balance(pg_temp.id('cid'))).outcome, 'ok', 'V10: so may whoever was banned until now');
select throws_ok($$select public.read_balance(pg_temp.id('bob'))$$, 'PT401', 'the user is gone', 'V10: whoever is banned may not');
select throws_ok($$select public.read_usage(pg_temp.id('bob'))$$, 'PT401', null, 'V10: not for the history either');
select throws_ok(
  $$select public.create_checkout(pg_temp.id('bob'), (select id from public.credit_packs limit 1))$$, 'PT401', null, 'V10: and buys nothing'
);
delete from auth.users where id = pg_temp.id('ada');
select throws_ok($$select public.read_balance(pg_temp.id('ada'))$$, 'PT401', null, 'V10: nor may whoever was deleted');
select throws_ok($$select public.read_balance(gen_random_uuid())$$, 'PT401', null, 'V10: or was never there');
select throws_ok('select public.read_balance(null)', 'PT401', null, 'V10: or is nobody');
select results_eq(
  'select identifier from public.api_rate_limits order by 1',
  $$select id::text from unnest(array[pg_temp.id('ada'), pg_temp.id('cid')]) id order by 1$$, 'V10: and no refusal is counted'
);

select * from finish();
rollback;
