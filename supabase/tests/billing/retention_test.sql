-- Which of Stripe's events need not be kept.
begin;
create extension if not exists pgtap with schema extensions;
select plan(7);
\ir ../helpers.psql

insert into public.stripe_events (id, type, created_at, payload, outcome, reason, received_at)
select e.id, 'x', now(), '{}', e.outcome, e.reason, e.received_at
from (
  values
    ('evt_applied', 'applied', null, timestamptz '2029-01-01'), ('evt_ignored', 'ignored', 'not_ours', '2029-01-02'),
    ('evt_early', 'held', 'waits_for_payment', '2029-01-03'), ('evt_held', 'held', 'wrong_currency', '2029-01-04'),
    ('evt_new', 'applied', null, '2029-12-01')
) e (id, outcome, reason, received_at);

select is(public.prune_stripe_events(), 0, 'as installed nothing is deleted');
select throws_ok('select public.prune_stripe_events(credits_private.clock())', '22023', 'p_before must be at least 60 days ago', 'nor is what is new');
select is(public.prune_stripe_events('2029-06-01', 2), 2, 'no more than was asked for');
select is(public.prune_stripe_events('2029-06-01'), 1, 'and the rest in the next step');
select set_eq('select id from public.stripe_events', array['evt_held', 'evt_new'], 'what is held stays, and so does what is new');
select public.change_setting('retention', 'stripe_events', 'keep_for', '60 days', 'test', 'test');
select is(public.prune_stripe_events(), 0, 'as the retention says, it is kept');
set local test.clock = '2030-01-31';
select is(public.prune_stripe_events(), 1, 'and no longer');

select * from finish();
rollback;
