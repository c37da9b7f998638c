-- What an operator hears of jobs, and which attempts need not be kept.
begin;
create extension if not exists pgtap with schema extensions;
select plan(16);
\ir ../helpers.psql

create function pg_temp.status(p_name text) returns text language sql as $$
  select concat_ws(' ', r.status, r.count, r.oldest at time zone 'UTC') from public.health_report() r where r.name = p_name;
$$;

insert into public.generation_jobs (id, user_id, job_type, resource_id, status, units_total, cost, lease_expires_at, next_attempt_at, created_at)
values
  (pg_temp.id('leased'), pg_temp.id('ada'), 'x', gen_random_uuid(), 'generating', 1, 1, '2030-01-01 12:02Z', '2030-01-01 12:00Z', '2030-01-01 12:00Z'),
  (pg_temp.id('due'), pg_temp.id('ada'), 'x', gen_random_uuid(), 'queued', 1, 1, null, '2030-01-01 12:30Z', '2030-01-01 12:01Z'),
  (pg_temp.id('done'), pg_temp.id('ada'), 'x', gen_random_uuid(), 'ready', 1, 1, null, '2029-01-01', '2029-01-01');

select is(pg_temp.status('jobs_stuck'), 'ok 0', 'jobs that are under way are well');
select is(pg_temp.status('jobs_undelivered'), 'ok 2 2030-01-01 12:00:00', 'and counted');
set local test.clock = '2030-01-01 12:07Z';
select is(pg_temp.status('jobs_stuck'), 'ok 0', 'a worker may be silent for five minutes');
set local test.clock = '2030-01-01 12:07:01Z';
select is(pg_temp.status('jobs_stuck'), 'warn 1 2030-01-01 12:02:00', 'and no longer');
set local test.clock = '2030-01-01 12:40:01Z';
select is(pg_temp.status('jobs_stuck'), 'warn 2 2030-01-01 12:02:00', 'so may a job that is due wait, for ten');
set local test.clock = '2030-01-01 13:02:01Z';
select is(pg_temp.status('jobs_stuck'), 'alarm 2 2030-01-01 12:02:00', 'after an hour it is an alarm');
set local test.clock = '2030-01-01 14:10Z';
select is(pg_temp.status('jobs_undelivered'), 'ok 2 2030-01-01 12:00:00', 'a job may be two hours old, and ten minutes');
set local test.clock = '2030-01-01 14:10:01Z';
select is(pg_temp.status('jobs_undelivered'), 'alarm 2 2030-01-01 12:00:00', 'and no older');

-- Attempts -----------------------------------------------------------------------------------------------------------

insert into public.job_attempts (job_id, attempt, user_id, job_type, begun_at, ended_at, outcome, charged, unpaid)
values
  (pg_temp.id('done'), 1, pg_temp.id('ada'), 'x', '2029-01-01', '2029-01-01', 'bad', 0, 1), (pg_temp.id('done'), 2, pg_temp.id('ada'), 'x', '2029-01-01', '2029-01-01', 'delivered', 1, 0),
  (pg_temp.id('leased'), 1, pg_temp.id('ada'), 'x', '2029-01-01', null, null, 0, 0),
  (pg_temp.id('due'), 1, pg_temp.id('ada'), 'x', '2030-01-01 12:00Z', '2030-01-01 12:01Z', 'delivered', 3, 0),
  (pg_temp.id('due'), 2, pg_temp.id('ada'), 'x', '2030-01-01 12:00Z', '2030-01-01 12:02Z', 'bad', 0, 3);
select is(pg_temp.status('unpaid_work'), 'ok 1 2030-01-01 12:02:00', 'work that nobody paid for is counted, of a day');
update public.job_attempts set unpaid = 3.01 where unpaid = 3;
select is(pg_temp.status('unpaid_work'), 'warn 1 2030-01-01 12:02:00', 'and a warning where it outweighs what came in');

select is(public.prune_job_attempts(), 0, 'as installed nothing is deleted');
select throws_ok('select public.prune_job_attempts(credits_private.clock())', '22023', 'p_before must be at least 60 days ago', 'nor is what is new');
select is(public.prune_job_attempts('2029-06-01', 1), 1, 'no more than was asked for');
select is(public.prune_job_attempts('2029-06-01'), 1, 'and the rest in the next step');
select is(count(*), 3::bigint, 'what has no end stays, and so does what is new') from public.job_attempts;
select public.change_setting('retention', 'job_attempts', 'keep_for', '60 days', 'test', 'test');
set local test.clock = '2030-03-10';
select is(public.prune_job_attempts(), 2, 'what the retention lets go is deleted');

select * from finish();
rollback;
