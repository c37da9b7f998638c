-- Reserving: what a hold takes, what it keeps, and what it refuses. How holds end is in credit_settlements_test.sql.
begin;
create extension if not exists pgtap with schema extensions;
select plan(47);
\ir ../helpers.psql

-- Point 1: a reservation holds -------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
select results_eq(
  $$select * from public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 2.50, 'story', 'A story')$$,
  $$values ('reserved', pg_temp.id('job'), 'reserved'::public.reservation_status, 2.50, null::numeric, 7.50, 2.50, '2030-01-01 12:15Z'::timestamptz)$$,
  'M6: a reservation holds for 15 minutes unless told, and returns the balances after it'
);
set local test.clock = '2030-01-01 12:01Z';
select results_eq(
  $$select * from public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 2.5, 'book', 'Another', '{"title": "x"}', '1 hour')$$,
  $$values ('already_reserved', pg_temp.id('job'), 'reserved'::public.reservation_status, 2.50, null::numeric, 7.50, 2.50, '2030-01-01 12:15Z'::timestamptz)$$,
  'H1: a job reserves once: the second time returns the first reservation'
);
select results_eq(
  $$select * from public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 1, 'story')$$,
  $$values ('different_amount', pg_temp.id('job'), 'reserved'::public.reservation_status, 2.50, null::numeric, 7.50, 2.50, '2030-01-01 12:15Z'::timestamptz)$$,
  'H1: with another amount it says so, and what is held'
);
select results_eq(
  $$select user_id, id, job_type, reserved_amount::numeric, credits_used::numeric, status::text, description, metadata, created_at
    from public.credit_usage_logs where job_id = pg_temp.id('job')$$,
  $$values (pg_temp.id('ada'), pg_temp.id('job'), 'story', 2.50, 2.50, 'reserved', 'A story', '{}'::jsonb, '2030-01-01 12:00Z'::timestamptz)$$,
  'H1: and changes nothing of it'
);
select is(
  (public.reserve_credits(pg_temp.id('ada'), pg_temp.id('long'), 1, 'story', p_ttl => '24 hours')).expires_at,
  '2030-01-02 12:01Z'::timestamptz, 'M6: the time to live can be chosen'
);

-- Point 1: too few credits -----------------------------------------------------------------------------------------

select results_eq(
  $$select * from public.reserve_credits(pg_temp.id('ada'), pg_temp.id('dear'), 6.51, 'story')$$,
  $$values ('insufficient_credits', null::uuid, null::public.reservation_status, null::numeric, 6.51, 6.50, 3.50, null::timestamptz)$$,
  'M3: too few credits: the outcome says what is required'
);
select is_empty($$select 1 from public.credit_usage_logs where job_id = pg_temp.id('dear')$$, 'Point 1: and nothing is kept of it');
select is(
  (public.reserve_credits(pg_temp.id('ada'), pg_temp.id('dear'), 6.50, 'story')).outcome, 'reserved',
  'Point 1: the last hundredth can be reserved, by the job that was refused before'
);
select results_eq(
  $$select outcome, available, reserved from public.reserve_credits(pg_temp.id('nobody'), pg_temp.id('job'), 1, 'story')$$,
  $$values ('insufficient_credits', null::numeric, null::numeric)$$,
  'Point 1: a user who never had credits has too few'
);
select is_empty($$select 1 from public.credit_accounts where user_id = pg_temp.id('nobody')$$, 'Point 1: and gets no account by asking');

-- Point 2: several batches -----------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('bob'), 1, 'promotion', 'a', '2030-02-01Z');
select public.grant_credits(pg_temp.id('bob'), 2, 'promotion', 'b', '2030-03-01Z');
select public.grant_credits(pg_temp.id('bob'), 3, 'promotion', 'c');
select is(
  (public.reserve_credits(pg_temp.id('bob'), pg_temp.id('wide'), 4.5, 'story')).outcome, 'reserved', 'Point 2: a reservation may take from several batches'
);
select is(
  (public.reserve_credits(pg_temp.id('bob'), pg_temp.id('wide'), 4.5, 'story')).outcome, 'already_reserved', 'H1: that one once, too'
);
select results_eq(
  $$select b.grant_key, c.remaining_amount::numeric from public.user_credits c join public.user_credits b using (user_id, id) where user_id = pg_temp.id('bob') order by id$$,
  $$values ('a', 0.00), ('b', 0.00), ('c', 1.50)$$,
  'Point 2: soonest to expire first'
);
select results_eq(
  $$
    select b.grant_key, l.amount::numeric
    from public.credit_usage_logs r
    join public.credit_ledger l on l.user_id = r.user_id and l.entry between r.first_entry and r.last_entry
    join public.user_credits b on b.user_id = l.user_id and b.id = l.batch_id
    where r.job_id = pg_temp.id('wide')
    order by l.entry
  $$,
  $$values ('a', 1.00), ('b', 2.00), ('c', 1.50)$$,
  'Point 3: what was taken from which batch is in the ledger'
);

-- Point 1: one reservation per user and job ------------------------------------------------------------------------

select is(
  (public.reserve_credits(pg_temp.id('bob'), pg_temp.id('job'), 1, 'story')).outcome, 'reserved',
  'M5: somebody else''s job of the same id is another reservation'
);
select is(
  (select reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada')), 10.00, 'M5: and leaves the first one alone'
);

-- I2: metadata -----------------------------------------------------------------------------------------------------

select public.grant_credits(pg_temp.id('cid'), 100, 'promotion', 'gift');
select public.reserve_credits(pg_temp.id('cid'), pg_temp.id(m.name), 1, 'story', null, m.given::jsonb)
from (
  values
    ('allowed', '{"prompt": "p", "total_cost": 1, "pricing_snapshot": {"a": 1}, "batches_consumed": [], "title": "t", "pages": 2, "with_images": true, "cost_per_page": 0.5}'),
    ('mixed', '{"title": "t", "email": "a@example.com", "Prompt": "x", "card": 1}'),
    ('none', '{"email": "a@example.com"}'), ('array', '["prompt"]'), ('text', '"prompt"'), ('null', null)
) m (name, given);
select is(
  (select metadata from public.credit_usage_logs where user_id = pg_temp.id('cid') and job_id = pg_temp.id(m.name)),
  m.kept::jsonb, format('I2: metadata keeps only the allowed keys (%s)', m.name)
)
from (
  values
    ('allowed', '{"prompt": "p", "total_cost": 1, "pricing_snapshot": {"a": 1}, "batches_consumed": [], "title": "t", "pages": 2, "with_images": true, "cost_per_page": 0.5}'),
    ('mixed', '{"title": "t"}'), ('none', '{}'), ('array', '{}'), ('text', '{}'), ('null', '{}')
) m (name, kept);
select public.grant_credits(pg_temp.id('dan'), 1, 'promotion', 'a');
select public.grant_credits(pg_temp.id('dan'), 1, 'promotion', 'b');
select public.reserve_credits(pg_temp.id('dan'), pg_temp.id('wide'), 2, 'story', null, '{"title": "t", "email": "x"}');
select is(
  (select metadata from public.credit_usage_logs where user_id = pg_temp.id('dan')), '{"title": "t"}'::jsonb,
  'I2: a reservation over several batches filters it too'
);

-- Bad arguments ----------------------------------------------------------------------------------------------------

select throws_like(
  format('select public.reserve_credits(%L, %L, %s, %L, null, ''{}'', %L)', a.user_id, a.job, a.amount, a.type, a.ttl),
  a.argument || ' must%', format('L1: reserve_credits refuses %s', a.what)
)
from (
  values
    ('no user', null::uuid, '1', pg_temp.id('j'), 'story', '1 hour', 'p_user_id'),
    ('no job', pg_temp.id('cid'), '1', null, 'story', '1 hour', 'p_job_id'),
    ('no job type', pg_temp.id('cid'), '1', pg_temp.id('j'), null, '1 hour', 'p_job_type'),
    ('an empty job type', pg_temp.id('cid'), '1', pg_temp.id('j'), '', '1 hour', 'p_job_type'),
    ('no amount', pg_temp.id('cid'), 'null', pg_temp.id('j'), 'story', '1 hour', 'p_amount'),
    ('an amount of 0', pg_temp.id('cid'), '0', pg_temp.id('j'), 'story', '1 hour', 'p_amount'),
    ('a negative amount', pg_temp.id('cid'), '-1', pg_temp.id('j'), 'story', '1 hour', 'p_amount'),
    ('three decimal places', pg_temp.id('cid'), '0.005', pg_temp.id('j'), 'story', '1 hour', 'p_amount'),
    ('NaN', pg_temp.id('cid'), '''NaN''', pg_temp.id('j'), 'story', '1 hour', 'p_amount'),
    ('infinity', pg_temp.id('cid'), '''infinity''', pg_temp.id('j'), 'story', '1 hour', 'p_amount'),
    ('minus infinity', pg_temp.id('cid'), '''-infinity''', pg_temp.id('j'), 'story', '1 hour', 'p_amount'),
    ('too much', pg_temp.id('cid'), '10000000000', pg_temp.id('j'), 'story', '1 hour', 'p_amount'),
    ('a time to live of 0', pg_temp.id('cid'), '1', pg_temp.id('j'), 'story', '0', 'p_ttl'),
    ('a negative time to live', pg_temp.id('cid'), '1', pg_temp.id('j'), 'story', '-1 s', 'p_ttl'),
    ('more than a day', pg_temp.id('cid'), '1', pg_temp.id('j'), 'story', '24 hours 1 s', 'p_ttl'),
    ('a month less and more', pg_temp.id('cid'), '1', pg_temp.id('j'), 'story', '-1 month 31 days', 'p_ttl'),
    ('a year less and more', pg_temp.id('cid'), '1', pg_temp.id('j'), 'story', '-1 year 360 days 1 hour', 'p_ttl')
) a (what, user_id, amount, job, type, ttl, argument);
select throws_ok(
  $$select public.reserve_credits(pg_temp.id('cid'), pg_temp.id('j'), 0.005, 'story')$$, '22023', null, 'L1: a bad argument raises 22023'
);
select throws_ok(
  format('select public.confirm_credits(%L, %L, %s)', pg_temp.id('cid'), pg_temp.id('mixed'), a),
  '22023', 'p_amount must be at least 0 with at most two decimal places', format('L1: confirm_credits refuses %s', a)
)
from unnest(array['-0.01', '0.005', '''NaN''', '''infinity''']) a;
select is_empty($$select 1 from public.credit_usage_logs where job_id = pg_temp.id('j')$$, 'a refused argument leaves nothing behind');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
