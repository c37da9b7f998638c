-- L3: one signup bonus per user, ever; and a bonus never makes a sign-up fail.
begin;
create extension if not exists pgtap with schema extensions;
select plan(15);
\ir ../helpers.psql

update credits_private.credit_settings set signup_bonus_amount = 10;

create function pg_temp.bonuses(p_name text) returns text language sql as $$
  select format('%s bonus of %s', count(*), coalesce(sum(original_amount), 0))
  from public.user_credits where user_id = pg_temp.id(p_name) and source = 'signup_bonus'
$$;

-- Only a confirmed e-mail -----------------------------------------------------------------------------------------

insert into auth.users (id, email) values (pg_temp.id('ada'), 'ada@example.com');
select is(pg_temp.bonuses('ada'), '0 bonus of 0', 'L3: no bonus before the e-mail is confirmed');
update auth.users set email_confirmed_at = now() where id = pg_temp.id('ada');
select is(pg_temp.bonuses('ada'), '1 bonus of 10.00', 'L3: the bonus comes when the e-mail is confirmed');
select is(
  (select expires_at from public.user_credits where user_id = pg_temp.id('ada')), null::timestamptz, 'L3: it does not expire unless told'
);
insert into auth.users (id, email, email_confirmed_at) values (pg_temp.id('bob'), 'bob@example.com', now());
select is(pg_temp.bonuses('bob'), '1 bonus of 10.00', 'L3: a user who is confirmed at sign-up has it at once');

-- Once for ever ---------------------------------------------------------------------------------------------------

update auth.users set email = 'ada@elsewhere.example' where id = pg_temp.id('ada');
update auth.users set email_confirmed_at = now() + interval '1 day' where id = pg_temp.id('ada');
select is(pg_temp.bonuses('ada'), '1 bonus of 10.00', 'L3: an e-mail change brings no other');
update auth.users set email_confirmed_at = null where id = pg_temp.id('ada');
update auth.users set email_confirmed_at = now() where id = pg_temp.id('ada');
select is(pg_temp.bonuses('ada'), '1 bonus of 10.00', 'L3: a repeated confirmation brings no other');
update credits_private.credit_settings set signup_bonus_amount = 25;
update auth.users set email_confirmed_at = null where id = pg_temp.id('ada');
update auth.users set email_confirmed_at = now() where id = pg_temp.id('ada');
select is(pg_temp.bonuses('ada'), '1 bonus of 10.00', 'L3: nor does a new amount');

-- Configurable ----------------------------------------------------------------------------------------------------

update credits_private.credit_settings set signup_bonus_lifetime = '30 days';
insert into auth.users (id, email, email_confirmed_at) values (pg_temp.id('cid'), 'cid@example.com', now());
select is(pg_temp.bonuses('cid'), '1 bonus of 25.00', 'L3: the amount can be configured');
select is(
  (select expires_at from public.user_credits where user_id = pg_temp.id('cid')), '2030-01-31 12:00Z'::timestamptz,
  'L3: so can how long it lives'
);
update credits_private.credit_settings set signup_bonus_amount = 0;
insert into auth.users (id, email, email_confirmed_at) values (pg_temp.id('dan'), 'dan@example.com', now());
select is(pg_temp.bonuses('dan'), '0 bonus of 0', 'L3: an amount of 0 switches it off');
select throws_ok(
  'insert into credits_private.credit_settings (only_row) values (false)', '23514', null, 'L3: there is one row of settings'
);

-- A failing bonus -------------------------------------------------------------------------------------------------

update credits_private.credit_settings set signup_bonus_amount = 10;
create function pg_temp.fail() returns trigger language plpgsql as $$ begin raise 'no bonus today'; end $$;
create trigger fail before insert on public.user_credits for each row execute function pg_temp.fail();
set local client_min_messages = error;
select lives_ok(
  $$insert into auth.users (id, email, email_confirmed_at) values (pg_temp.id('eva'), 'eva@example.com', now())$$,
  'L3: a failing bonus does not make a sign-up fail'
);
insert into auth.users (id, email) values (pg_temp.id('fay'), 'fay@example.com');
select lives_ok(
  $$update auth.users set email_confirmed_at = now() where id = pg_temp.id('fay')$$,
  'L3: a failing bonus does not make a confirmation fail'
);
select is(
  (select count(*) from auth.users where id in (pg_temp.id('eva'), pg_temp.id('fay')) and email_confirmed_at is not null), 2::bigint,
  'L3: both users are there'
);
select is_empty('select * from public.verify_credits()', 'Point 3: a bonus that failed left nothing behind');

select * from finish();
rollback;
