-- F3: one signup bonus a mailbox, however its address is written, whoever leaves and returns.
begin;
create extension if not exists pgtap with schema extensions;
select plan(30);
\ir ../helpers.psql

update credits_private.credit_settings set signup_bonus_amount = 10;

create function pg_temp.sign_up(p_name text, p_email text) returns integer language plpgsql as $$
begin
  insert into auth.users (id, email, email_confirmed_at) values (pg_temp.id(p_name), p_email, now());
  return (select count(*) from public.user_credits where user_id = pg_temp.id(p_name) and source = 'signup_bonus');
end;
$$;

-- One mailbox ------------------------------------------------------------------------------------------------------

select is(pg_temp.sign_up('eve', 'eve.adams@gmail.com'), 1, 'F3: the first address of a mailbox has its bonus');
select is(pg_temp.sign_up(email, email), 0, format('F3: %s is the same mailbox', email))
from unnest(array[
  'eve.adams+1@gmail.com', 'e.v.e.a.d.a.m.s@gmail.com', 'EVEADAMS@gmail.com', 'Eve.Adams+Two+Three@GoogleMail.com', 'eveadams@gmail.com.',
  ' eve.adams@gmail.com', 'ｅveadams@gmail.com'
]) email;
select is(pg_temp.sign_up(email, email), 1, format('F3: %s is another', email))
from unnest(array[
  'eve.adams@example.com', 'eve.adams@outlook.com', 'eveadams@outlook.com', 'eve.adams2@gmail.com', 'eve@gmail.com', 'adams.eve@gmail.com', 'bob-one@example.com',
  'bob-two@example.com', 'bob@yahoo.com', 'ada@me.com'
]) email;
select is(pg_temp.sign_up(email, email), 0, format('F3: %s is one of those', email))
from unnest(array['eve.adams+x@example.com', 'eveadams@example.com', 'BOB-one@EXAMPLE.com', 'bob-shop@yahoo.com', 'ada+1@icloud.com']) email;

-- Leaving and returning --------------------------------------------------------------------------------------------

delete from auth.users where id = pg_temp.id('eve');
select is(pg_temp.sign_up('eve again', 'eve.adams@gmail.com'), 0, 'F3: deleted in Auth and back: no other bonus');
select public.erase_user(pg_temp.id('eve again'), 'test', 'test');
select is(pg_temp.sign_up('eve once more', 'eve.adams@gmail.com'), 0, 'F3: erased and back: no other bonus');
select is(pg_temp.sign_up('hal', 'hal@example.com'), 1, 'F3: somebody else');
update auth.users set email = 'hal@elsewhere.example' where id = pg_temp.id('hal');
select is(pg_temp.sign_up('hal again', 'hal@example.com'), 0, 'F3: an address that a change has freed brings no other');

-- What is remembered -----------------------------------------------------------------------------------------------

select is_empty(
  $$select 1 from credits_private.bonus_mailboxes where octet_length(mailbox_hash) <> 32 or encode(mailbox_hash, 'escape') ~ 'example|gmail'$$,
  'F3: of a mailbox only a hash is kept'
);
select is_empty(
  $$
    select 1 from credits_private.bonus_mailboxes
    where mailbox_hash = sha256(convert_to('hal@example.com', 'UTF8'))
  $$, 'F3: which nobody makes without the key'
);

-- With the first payment -------------------------------------------------------------------------------------------

update credits_private.credit_settings set signup_bonus_when = 'first_payment';
select is(pg_temp.sign_up('pia', 'pia@example.com'), 0, 'F3: where the bonus comes with a payment, confirming an address brings none');

select * from finish();
rollback;
