-- Point 6: how a job is claimed, kept alive, failed and tried again; and that an old attempt changes nothing.
begin;
create extension if not exists pgtap with schema extensions;
select plan(69);
\ir ../helpers.psql
\ir ../everybody.psql

update public.rate_limit_policies set max_requests = 1000;
update credits_private.job_settings set lease = '2 minutes', max_attempts = 3, retry_delay = '15 seconds';
update credits_private.credit_settings set reservation_max_lifetime = '2 hours';
select pg_temp.price('story_page', 0.25);

-- A story of 4 pages for 1 credit; the job's id is kept under its user's name.
create temp table job (name text primary key, id uuid);
create function pg_temp.order_story(p_name text) returns void language sql as $$
  select public.grant_credits(pg_temp.id(p_name), 10, 'promotion', 'gift');
  insert into job
  select p_name, r.job_id from public.create_story(pg_temp.id(p_name), '{"prompt": "A fox", "age_min": 3, "age_max": 6, "pages": 4}') r
$$;
create function pg_temp.job(p_name text) returns uuid language sql as $$ select id from job where name = p_name $$;
create function pg_temp.state(p_name text) returns text language sql as $$
  select concat_ws(' | ', j.status || ' ' || j.attempt, s.status, r.status, a.available || ' ' || a.reserved, j.error_code)
  from public.generation_jobs j
  join public.stories s on s.id = j.resource_id
  join public.credit_usage_logs r on r.user_id = j.user_id and r.job_id = j.id
  join public.credit_accounts a on a.user_id = j.user_id
  where j.id = pg_temp.job(p_name)
$$;

-- Claiming ---------------------------------------------------------------------------------------------------------

select is((public.claim_job()).outcome, 'none', 'no job, none claimed');
select pg_temp.order_story('ada');
select is((public.claim_job(pg_temp.job('ada'), null, 'book')).outcome, 'none', 'a worker of books gets no story, not even by its name');
select results_eq(
  $$select * from public.claim_job(null, 'worker 1')$$,
  $$
    select 'claimed', id, 'story', 1, user_id, resource_id,
      '{"prompt": "A fox", "age_min": 3, "age_max": 6, "pages": 4, "language": "en"}'::jsonb, '2030-01-01 12:02Z'::timestamptz
    from public.generation_jobs where id = pg_temp.job('ada')
  $$,
  'a due job is claimed for two minutes, with all that is needed to do it'
);
select is(pg_temp.state('ada'), 'generating 1 | generating | reserved | 9.00 1.00', 'its story says so');
select is((public.claim_job()).outcome, 'none', 'one worker at a time');
select is((public.claim_job(pg_temp.job('ada'))).outcome, 'none', 'also when the job is named');
select is(
  (select expires_at from public.credit_usage_logs where user_id = pg_temp.id('ada')), '2030-01-01 12:17Z'::timestamptz,
  'M6: claiming keeps the reservation alive for longer than the lease'
);

set local test.clock = '2030-01-01 12:00:01Z';
select pg_temp.order_story('bob');
set local test.clock = '2030-01-01 12:00:02Z';
select pg_temp.order_story('cid');
select is((public.claim_job(p_job_type => 'book')).outcome, 'none', 'a worker of books gets no story');
select throws_ok($$select public.claim_job(p_job_type => 'nothing known')$$, '22023', null, 'there are no other jobs');
select is((public.claim_job(pg_temp.id('nothing'))).outcome, 'none', 'a job that is not there is none');
select is((public.claim_job(pg_temp.job('cid'))).job_id, pg_temp.job('cid'), 'a named job is claimed out of turn');
select is((public.claim_job(p_job_type => 'story')).job_id, pg_temp.job('bob'), 'otherwise the one that was due first');

-- A sign of life ---------------------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 12:01:30Z';
select results_eq(
  $$select outcome, job_id, status::text, user_id from public.heartbeat_job(pg_temp.job('ada'), 1, 2, 'drawing')$$,
  $$values ('alive', pg_temp.job('ada'), 'generating', pg_temp.id('ada'))$$, 'a sign of life from the worker'
);
select results_eq(
  $$select lease_expires_at, units_done, units_total::integer, stage from public.generation_jobs where id = pg_temp.job('ada')$$,
  $$values ('2030-01-01 12:03:30Z'::timestamptz, 2, 4, 'drawing')$$, 'renews the lease and notes progress'
);
set local test.clock = '2030-01-01 12:03Z';
select public.heartbeat_job(pg_temp.job('ada'), 1, 1);
select results_eq(
  $$select units_done, stage, r.expires_at from public.generation_jobs j join public.credit_usage_logs r on r.id = j.id where j.id = pg_temp.job('ada')$$,
  $$values (2, 'drawing', '2030-01-01 12:18Z'::timestamptz)$$, 'M6: progress never goes back, and the reservation lives on'
);
select public.heartbeat_job(pg_temp.job('ada'), 1, 99);
select is(units_done, 4, 'progress never exceeds what was ordered') from public.generation_jobs where id = pg_temp.job('ada');
select is((public.heartbeat_job(pg_temp.job('ada'), a)).outcome, 'fenced', format('Point 6: attempt %s is fenced', coalesce(a::text, 'null')))
from unnest(array[0, 2, null]) a;
select is((public.heartbeat_job(pg_temp.id('nothing'), 1)).outcome, 'not_found', 'a job that is not there is not found');

-- Failing for good -------------------------------------------------------------------------------------------------

select is((public.fail_job(pg_temp.job('ada'), 2, 'x')).outcome, 'fenced', 'Point 6: another attempt cannot fail it');
select results_eq(
  $$select outcome, status::text from public.fail_job(pg_temp.job('ada'), 1, 'unsafe_prompt', 'The prompt is not for children')$$,
  $$values ('failed', 'failed')$$, 'Point 6: a failure ends the job'
);
select is(
  pg_temp.state('ada'), 'failed 1 | failed | refunded | 10.00 0.00 | unsafe_prompt', 'Point 6: and returns its credits in the same transaction'
);
select results_eq(
  $$select error_message, lease_expires_at, stage from public.generation_jobs where id = pg_temp.job('ada')$$,
  $$values ('The prompt is not for children', null::timestamptz, null::text)$$, 'L5: why it failed is kept'
);
select is((select error_code from public.stories where user_id = pg_temp.id('ada')), 'unsafe_prompt', 'its owner reads the code');
select is((public.fail_job(pg_temp.job('ada'), 1, 'again')).outcome, 'already_failed', 'Point 6: repeating it changes nothing');
select is((public.heartbeat_job(pg_temp.job('ada'), 1)).outcome, 'fenced', 'Point 6: a failed job has no sign of life');
select is(
  (public.complete_story(pg_temp.job('ada'), 1, 'Fox', '[{"text": "a"}]')).outcome, 'fenced', 'Point 6: nor is it delivered'
);
select is((public.fail_job(pg_temp.id('nothing'), 1, 'x')).outcome, 'not_found', 'a job that is not there is not found');

-- Failing and trying again -----------------------------------------------------------------------------------------

select results_eq(
  $$select outcome, status::text from public.fail_job(pg_temp.job('bob'), 1, 'backend_unavailable', null, true)$$,
  $$values ('requeued', 'queued')$$, 'a failure that may pass queues the job again'
);
select is(pg_temp.state('bob'), 'queued 1 | queued | reserved | 9.00 1.00', 'its credits stay held');
select is(
  (select expires_at from public.credit_usage_logs where user_id = pg_temp.id('bob')), '2030-01-01 12:18Z'::timestamptz, 'M6: for another 15 minutes'
);
select is((public.fail_job(pg_temp.job('bob'), 1, 'x', null, true)).outcome, 'fenced', 'Point 6: repeating it changes nothing');
select is((public.heartbeat_job(pg_temp.job('bob'), 1)).outcome, 'fenced', 'Point 6: the attempt that failed is over');
set local test.clock = '2030-01-01 12:03:14.999Z';
select is((public.claim_job()).outcome, 'none', 'the second attempt waits a quarter of a minute');
set local test.clock = '2030-01-01 12:03:15Z';
select is((public.claim_job()).attempt, 2, 'then it is due');
select is(
  (public.complete_story(pg_temp.job('bob'), 1, 'Old', '[{"text": "a"}]')).outcome, 'fenced', 'Point 6: an answer of the first attempt comes too late'
);
select public.fail_job(pg_temp.job('bob'), 2, 'backend_unavailable', null, true);
set local test.clock = '2030-01-01 12:03:44.999Z';
select is((public.claim_job()).outcome, 'none', 'the third attempt waits twice as long');
set local test.clock = '2030-01-01 12:03:45Z';
select is((public.claim_job()).attempt, 3, 'then it is due');
select is((public.fail_job(pg_temp.job('bob'), 3, 'backend_unavailable', null, true)).outcome, 'failed', 'there is no fourth');
select is(
  pg_temp.state('bob'), 'failed 3 | failed | refunded | 10.00 0.00 | backend_unavailable', 'Point 6: and the credits are back'
);
update credits_private.job_settings set max_attempts = 1;
select is((public.fail_job(pg_temp.job('cid'), 1, null, null, true)).outcome, 'failed', 'the number of attempts can be configured');
select is(error_code, 'failed', 'a failure without a code has one') from public.generation_jobs where id = pg_temp.job('cid');
update credits_private.job_settings set max_attempts = 3;

-- M6: a worker falls silent ----------------------------------------------------------------------------------------

set local test.clock = '2030-01-02 12:00Z';
select pg_temp.order_story('dan'), pg_temp.order_story('eva');
select public.claim_job(pg_temp.job('dan'));
set local test.clock = '2030-01-02 12:01:59.999Z';
select is(public.requeue_stale_jobs(), 0, 'M6: a lease that lasts is left alone');
set local test.clock = '2030-01-02 12:02Z';
select is(public.requeue_stale_jobs(), 1, 'M6: a job whose lease ran out is queued again');
select is(pg_temp.state('dan'), 'queued 1 | queued | reserved | 9.00 1.00', 'M6: and its credits stay held');
select is(public.requeue_stale_jobs(), 0, 'M6: once');
select is((public.heartbeat_job(pg_temp.job('dan'), 1)).outcome, 'fenced', 'Point 6: the silent worker is fenced when it speaks again');
set local test.clock = '2030-01-02 12:03Z';
select public.claim_job(pg_temp.job('dan'));
set local test.clock = '2030-01-02 12:05Z';
select public.requeue_stale_jobs();
select is(
  (select expires_at from public.credit_usage_logs where user_id = pg_temp.id('eva')), '2030-01-02 14:00Z'::timestamptz,
  'M6: the reservation of a job that waits is kept alive, for as long as one can be'
);
set local test.clock = '2030-01-02 12:06Z';
select is((public.claim_job(pg_temp.job('dan'))).attempt, 3, 'M6: a third worker gets it');
set local test.clock = '2030-01-02 12:08Z';
select is(public.requeue_stale_jobs(), 1, 'M6: and when that one falls silent, too, it ends');
select is(pg_temp.state('dan'), 'failed 3 | failed | refunded | 10.00 0.00 | lease_expired', 'M6: its credits are back');

-- M6: the maximum lifetime -----------------------------------------------------------------------------------------

create function pg_temp.minutes(p_until timestamptz) returns integer language plpgsql as $$
declare
  v_ended integer := 0;
begin
  while credits_private.clock() < p_until loop
    perform set_config('test.clock', (credits_private.clock() + interval '1 minute')::text, true);
    v_ended := v_ended + public.requeue_stale_jobs() + public.release_stale_reservations();
  end loop;
  return v_ended;
end;
$$;
select is(pg_temp.minutes('2030-01-02 13:59Z'), 0, 'M6: a job that nobody takes waits nearly two hours, and the sweep spares it');
select is(pg_temp.state('eva'), 'queued 0 | queued | reserved | 9.00 1.00', 'M6: its credits held');
select is(pg_temp.minutes('2030-01-02 14:00Z'), 1, 'M6: then it ends');
select is(pg_temp.state('eva'), 'failed 0 | failed | refunded | 10.00 0.00 | timed_out', 'M6: and its credits are back');

-- First come, first served; and what a worker says of itself ---------------------------------------------------------

set local test.clock = '2030-01-02 14:00:02Z';
select pg_temp.order_story('late');
set local test.clock = '2030-01-02 14:00:01Z';
select pg_temp.order_story('soon');
set local test.clock = '2030-01-02 14:00:03Z';
select is((public.claim_job()).job_id, pg_temp.job('soon'), 'the job that was due first is claimed first');
select is((public.claim_job()).job_id, pg_temp.job('late'), 'then the next');
select public.heartbeat_job(pg_temp.job('soon'), 1, p_stage => repeat('x', 101));
select results_eq(
  $$select units_done, stage from public.generation_jobs where id = pg_temp.job('soon')$$,
  $$values (0, repeat('x', 100))$$, 'a sign of life without pages is no progress, and a long stage is cut'
);
select public.fail_job(pg_temp.job('late'), 1, null, repeat('x', 501));
select results_eq(
  $$select error_code, error_message from public.generation_jobs where id = pg_temp.job('late')$$,
  $$values ('failed', repeat('x', 500))$$, 'a failure without a code has one, and a long message is cut'
);

-- M6: one that fails ----------------------------------------------------------------------------------------------

select pg_temp.order_story('sick'), pg_temp.order_story('well');
update public.generation_jobs set created_at = '2029-12-31' where id in (pg_temp.job('sick'), pg_temp.job('well'));
create function pg_temp.refuse() returns trigger language plpgsql as $$ begin raise 'a damaged account'; end $$;
create trigger refuse before insert on public.credit_ledger for each row when (new.user_id = md5('sick')::uuid) execute function pg_temp.refuse();
set local client_min_messages = error;
select is(public.requeue_stale_jobs(), 1, 'M6: an account that makes the sweep fail keeps nobody else''s jobs');
select is(j.status::text || ' ' || o.status, 'queued failed', 'M6: and its own job stays') from public.generation_jobs j, public.generation_jobs o
where j.id = pg_temp.job('sick') and o.id = pg_temp.job('well');
drop trigger refuse on public.credit_ledger;
select is(public.requeue_stale_jobs(), 1, 'M6: until it can be ended');

-- M6: a long queue ------------------------------------------------------------------------------------------------

-- Written by hand, because ordering a thousand stories takes a second each time this file runs.
select public.grant_credits(pg_temp.id('crowd'), 1, 'promotion', 'gift');
insert into public.generation_jobs (id, user_id, job_type, resource_id, units_total, cost, created_at, next_attempt_at)
select pg_temp.id('crowd ' || n), pg_temp.id('crowd'), 'story', pg_temp.id('crowd ' || n), 1, 0.25, credits_private.clock(), credits_private.clock()
from generate_series(1, 1001) n;
insert into public.credit_usage_logs (
  user_id, job_id, job_type, reserved_amount, credits_used, status, metadata, first_entry, last_entry, expires_at, created_at
)
select user_id, id, 'story', cost, cost, 'reserved', '{}', 1, 1, created_at + interval '15 minutes', created_at
from public.generation_jobs where user_id = pg_temp.id('crowd');
set local test.clock = '2030-01-02 14:04Z';
select public.requeue_stale_jobs(), public.requeue_stale_jobs();
select is_empty(
  $$select 1 from public.credit_usage_logs where user_id = pg_temp.id('crowd') and expires_at < '2030-01-02 16:00Z'$$,
  'M6: the credits of every job that waits stay held, however many wait'
);
delete from public.generation_jobs where user_id = pg_temp.id('crowd');
delete from public.credit_usage_logs where user_id = pg_temp.id('crowd');

-- A job whose hold is gone -------------------------------------------------------------------------------------------

set local test.clock = '2030-01-03 12:00Z';
select pg_temp.order_story('rich'), pg_temp.order_story('poor'), pg_temp.order_story('given up');
set local test.clock = '2030-01-03 12:15Z';
select public.release_credits(pg_temp.id('given up'), pg_temp.job('given up'));
select public.release_stale_reservations();
select public.reserve_credits(pg_temp.id('poor'), pg_temp.id('other'), 9.5, 'test');
select is((public.claim_job(pg_temp.job('rich'))).outcome, 'claimed', 'a job whose credits were swept and are there is worth the work');
select is((public.claim_job(pg_temp.job('poor'))).outcome, 'none', 'one whose credits were spent meanwhile is not');
select is(
  pg_temp.state('poor'), 'failed 0 | failed | refunded | 0.50 9.50 | reservation_expired', 'and ends before anybody works on it'
);
select is((public.claim_job(pg_temp.job('given up'))).outcome, 'none', 'nor one whose credits an operator gave back');
select is_empty('select * from public.verify_credits()', 'Point 3: the books agree');

select * from finish();
rollback;
