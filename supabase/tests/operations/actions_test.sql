-- What operators do by hand is signed, has a reason and is kept; settings are changed by the same rules.
begin;
create extension if not exists pgtap with schema extensions;
select plan(32);
\ir ../helpers.psql
\ir ../everybody.psql

create function pg_temp.actions(out action text, out said text) returns setof record language sql as $$
  select a.action, concat_ws(' ', a.actor, a.reason, a.details ->> 'amount') from public.operator_actions a order by a.id;
$$;

insert into auth.users (id, email) values (pg_temp.id('ada'), 'ada@example.com');
select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 2, 'test');
select public.confirm_credits(pg_temp.id('ada'), pg_temp.id('job'));
insert into public.stripe_events (id, type, created_at, payload, outcome, reason)
values ('evt_1', 'x', now(), '{"id": "evt_1", "type": "nothing.known", "created": 1893499200, "data": {"object": {}}}', 'held', 'test'),
  ('evt_2', 'x', now(), '{}', 'held', 'test');

-- Nobody, and for no reason ------------------------------------------------------------------------------------------

create temp table repairs as
select * from (
  values
    ('adjust_credits', $$select public.adjust_credits(pg_temp.id('ada'), 1, 'up', %s, %s)$$),
    ('refund_job', $$select public.refund_job(pg_temp.id('ada'), pg_temp.id('job'), 'back', %s, %s)$$),
    ('replay_stripe_event', $$select public.replay_stripe_event('evt_1', %s, %s)$$),
    ('dismiss_stripe_event', $$select public.dismiss_stripe_event('evt_2', %s, %s)$$),
    ('clear_fraud_warning', $$select public.clear_fraud_warning(pg_temp.id('purchase'), %s, %s)$$),
    ('change_setting', $$select public.change_setting('credit_settings', null, 'signup_bonus_amount', '3', %s, %s)$$),
    ('erase_user', $$select public.erase_user(pg_temp.id('ada'), %s, %s)$$)
) r (name, statement);
select throws_ok(format(r.statement, '''why''', ''' '''), '22023', 'p_actor must not be empty', format('%s by an actor of nothing', r.name)) from repairs r;
select throws_ok(format(r.statement, '''''', '''Eve'''), '22023', 'p_reason must not be empty', format('%s without a reason', r.name)) from repairs r;
select is_empty('select * from pg_temp.actions()', 'what was refused is not noted');

-- What is done is noted, once ----------------------------------------------------------------------------------------

select lives_ok(format(r.statement, '''why''', '''Eve'''), format('%s', r.name))
from repairs r where r.name not in ('clear_fraud_warning', 'erase_user');
select lives_ok(format(r.statement, '''again''', '''Eve'''), format('%s again', r.name))
from repairs r where r.name in ('adjust_credits', 'refund_job', 'dismiss_stripe_event', 'change_setting');
select public.adjust_credits(pg_temp.id('ada'), -1, 'down', 'too much', 'Bob');
select set_eq(
  'select * from pg_temp.actions()',
  $$
    values ('adjust_credits', 'Eve why 1'), ('refund_job', 'Eve why 2.00'), ('replay_stripe_event', 'Eve why'),
      ('dismiss_stripe_event', 'Eve why'), ('change_setting', 'Eve why'), ('adjust_credits', 'Bob too much -1')
  $$,
  'each is noted once, with who, why and how much; repetitions change nothing and are not'
);
select public.erase_user(pg_temp.id('ada'), 'asked by letter', 'Eve');
select set_eq(
  $$select a.action, a.reason from public.operator_actions a where a.user_id = pg_temp.id('ada')$$,
  $$values ('adjust_credits', 'erased'), ('refund_job', 'erased'), ('erase_user', 'asked by letter')$$,
  'an erasure empties what was said about its user, and is noted itself'
);
insert into auth.users (id, email) values (pg_temp.id('bob'), 'bob@example.com');
select public.erase_user(pg_temp.id('bob'));
select results_eq(
  $$select actor, reason from public.operator_actions where user_id = pg_temp.id('bob')$$,
  $$values (session_user::text collate "default", 'not said')$$, 'whoever says nothing is known by the user of the database'
);
select throws_ok(s.statement, '23001', null, 'an action stays as it is: ' || s.statement)
from (
  values
    ('update public.operator_actions set actor = ''nobody'''), ('update public.operator_actions set reason = ''another'''),
    ('update public.operator_actions set reason = ''erased'', actor = ''nobody'''), ('delete from public.operator_actions'),
    ('truncate public.operator_actions')
) s (statement);

select * from finish();
rollback;
