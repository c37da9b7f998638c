-- M4: an exact sliding window, to the millisecond, on the test clock. Concurrency is tested on real connections.
begin;
create extension if not exists pgtap with schema extensions;
select plan(71);
\ir ../everybody.psql

create or replace function credits_private.clock() returns timestamptz language plpgsql volatile set search_path = ''
as $$ begin return current_setting('test.clock')::timestamptz; end $$;

-- Calls once at p_time (of 2030-01-01) and says what came of it: "2/3" allowed, "no, 5 s" refused.
create function pg_temp.call(p_time text, p_identifier text, p_max integer default 3, p_minutes integer default 1) returns text
  language plpgsql as $$
declare
  v_check jsonb;
begin
  perform set_config('test.clock', '2030-01-01 ' || p_time || 'Z', true);
  v_check := public.check_rate_limit(p_identifier, 'test', p_max, p_minutes);
  return case
    when (v_check ->> 'allowed')::boolean then format('%s/%s', v_check ->> 'current_count', v_check ->> 'limit')
    else format('no, %s s', v_check ->> 'retry_after_seconds')
  end;
end;
$$;
create function pg_temp.hits(p_identifier text) returns integer language sql as $$
  select cardinality(hits) from public.api_rate_limits where identifier = p_identifier and action = 'test'
$$;

-- What is answered -------------------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 12:00Z';
select is(
  public.check_rate_limit('shape', 'test', 2), '{"allowed": true, "current_count": 1, "remaining": 1, "limit": 2}'::jsonb, 'M4: an allowed call'
);
select is(
  public.check_rate_limit('shape', 'test', 2), '{"allowed": true, "current_count": 2, "remaining": 0, "limit": 2}'::jsonb, 'M4: the last allowed call'
);
select is(
  public.check_rate_limit('shape', 'test', 2), '{"allowed": false, "current_count": 2, "retry_after_seconds": 900, "limit": 2}'::jsonb,
  'M4: a denied call; the window is 15 minutes unless told'
);

-- The window slides ------------------------------------------------------------------------------------------------

select is(pg_temp.call(c.at, 'slide'), c.expected, format('M4: 3 a minute, at %s: %s', c.at, c.expected))
from (
  values
    (1, '12:00:00', '1/3'), (2, '12:00:20', '2/3'), (3, '12:00:40', '3/3'),
    (4, '12:00:40', 'no, 20 s'), (5, '12:00:59.001', 'no, 1 s'), (6, '12:00:59.999', 'no, 1 s'),
    (7, '12:01:00', '3/3'), (8, '12:01:00', 'no, 20 s'), (9, '12:01:19.999', 'no, 1 s'),
    (10, '12:01:20', '3/3'), (11, '12:01:30', 'no, 10 s'), (12, '12:01:40', '3/3'), (13, '12:03:00', '1/3')
) c (n, at, expected);
select is(pg_temp.hits('slide'), 3, 'M4: a key keeps no more times than its limit');

-- No boundary of clock minutes lets twice the limit through
select is(pg_temp.call(c.at, 'boundary'), c.expected, format('M4: across a full minute, at %s: %s', c.at, c.expected))
from (values ('12:00:59.999', '1/3'), ('12:00:59.999', '2/3'), ('12:00:59.999', '3/3'), ('12:01:00', 'no, 60 s'), ('12:01:59.998', 'no, 1 s'), ('12:01:59.999', '1/3')) c (at, expected);

-- Retry-After is honest --------------------------------------------------------------------------------------------

select pg_temp.call('13:00:00.250', 'honest', 1);
select is(pg_temp.call('13:00:00.500', 'honest', 1), 'no, 60 s', 'M4: 59.75 seconds are rounded up');
select is(pg_temp.call('13:00:59.500', 'honest', 1), 'no, 1 s', 'M4: one second before the wait is over a call is denied');
select is(pg_temp.call('13:01:00.500', 'honest', 1), '1/1', 'M4: after it a call is allowed');

-- A denied call is not recorded
select pg_temp.call('14:00:00', 'denied', 1);
select pg_temp.call('14:00:30', 'denied', 1) from generate_series(1, 5);
select is(pg_temp.call('14:01:00', 'denied', 1), '1/1', 'M4: denied calls do not prolong the wait');

-- Keys never share a limit -----------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 15:00Z';
select is((public.check_rate_limit('ab', 'c', 1) ->> 'allowed')::boolean, true, 'M4: ("ab", "c") has its own limit');
select is((public.check_rate_limit('a', 'bc', 1) ->> 'allowed')::boolean, true, 'M4: ("a", "bc") has another');
select is((public.check_rate_limit('ab', 'c', 1) ->> 'allowed')::boolean, false, 'M4: and each is used up on its own');
select is((public.check_rate_limit('ab', 'C', 1) ->> 'allowed')::boolean, true, 'M4: keys are exact');

-- Limits that change -----------------------------------------------------------------------------------------------

select pg_temp.call('16:00:00', 'tuned', 3), pg_temp.call('16:00:10', 'tuned', 3), pg_temp.call('16:00:20', 'tuned', 3);
select is(pg_temp.call('16:00:30', 'tuned', 2), 'no, 40 s', 'M4: a lowered limit holds at once');
select is(pg_temp.call('16:00:30', 'tuned', 4), '4/4', 'M4: a raised one, too');
select is(pg_temp.call('16:01:15', 'tuned', 2), 'no, 5 s', 'M4: the wait is the lowered limit''s');
select is(pg_temp.call('16:01:20', 'tuned', 2), '2/2', 'M4: and honest');
select is(pg_temp.hits('tuned'), 2, 'M4: what a lowered limit cannot need is dropped');

-- A clock that runs backwards
select pg_temp.call('17:00:30', 'backwards', 2), pg_temp.call('17:00:00', 'backwards', 2);
select is(pg_temp.call('17:01:10', 'backwards', 1), 'no, 20 s', 'M4: a call after a clock was set back counts as made when the one before it was');
select is(pg_temp.call('17:01:29.999', 'backwards', 2), 'no, 1 s', 'M4: a clock set back shortens no window');
select is(pg_temp.call('17:01:30', 'backwards', 2), '1/2', 'M4: nor prolongs it');

-- Wide limits: more times than fit into one small row ----------------------------------------------------------------

select is(
  array(select pg_temp.call((interval '18:00' + n * interval '0.2 s')::text, 'wide', 150) from generate_series(0, 149) n),
  array(select n || '/150' from generate_series(1, 150) n), 'M4: 150 calls a minute are allowed, each counted'
);
select is(pg_temp.call(c.at, 'wide', 150), c.expected, format('M4: 150 a minute, at %s: %s', c.at, c.expected))
from (
  values
    ('18:00:30', 'no, 30 s'), ('18:00:59.999', 'no, 1 s'), ('18:01:00', '150/150'), ('18:01:00', 'no, 1 s'),
    ('18:01:00.199', 'no, 1 s'), ('18:01:00.200', '150/150'), ('18:01:29.800', '3/150'), ('18:02:00', '3/150'), ('18:10:00', '1/150')
) c (at, expected);
select is_empty(
  $$
    select n, answer
    from generate_series(0, 899) n, pg_temp.call((interval '20:00' + n * interval '0.2 s')::text, 'deep', 300) answer
    where answer <> least(n + 1, 300) || '/300'
  $$,
  'M4: 300 a minute, one as soon as another leaves, three minutes long: all are allowed'
);
select is(pg_temp.call('20:02:59.900', 'deep', 300), 'no, 1 s', 'M4: and not one between them: no time that counts was dropped');
select cmp_ok(
  (select count(*) from credits_private.rate_limit_chunks where identifier = 'deep'), '<=', 300 / 64 + 2::bigint,
  'M4: while those that no longer count were'
);
select pg_temp.call('19:00:00', 'narrowed', 100) from generate_series(1, 100);
select is(pg_temp.call('19:00:30', 'narrowed', 5), 'no, 30 s', 'M4: a wide limit that was narrowed holds at once');
select is(pg_temp.call('19:01:00', 'narrowed', 5), '1/5', 'M4: and its wait is honest');

-- Bad arguments ----------------------------------------------------------------------------------------------------

select throws_ok(
  format('select public.check_rate_limit(%s)', a.arguments), '22023', a.message, format('M4: check_rate_limit(%s) is refused', a.arguments)
)
from (
  values
    ('''x'', ''y'', 0', 'p_max_requests must be at least 1'), ('''x'', ''y'', -1', 'p_max_requests must be at least 1'),
    ('''x'', ''y'', null', 'p_max_requests must be at least 1'), ('''x'', ''y'', 1, 0', 'p_window_minutes must be between 1 and 1440'),
    ('''x'', ''y'', 1, 1441', 'p_window_minutes must be between 1 and 1440'), ('''x'', ''y'', 1, null', 'p_window_minutes must be between 1 and 1440'),
    (''''', ''y'', 1', 'p_identifier must not be empty'), ('null, ''y'', 1', 'p_identifier must not be empty'),
    ('''x'', '''', 1', 'p_action must not be empty'), ('''x'', null, 1', 'p_action must not be empty')
) a (arguments, message);
select is_empty($$select 1 from public.api_rate_limits where identifier = 'x'$$, 'M4: a refused argument leaves nothing behind');

-- Cleaning up ------------------------------------------------------------------------------------------------------

delete from public.api_rate_limits;
select pg_temp.call('12:00:00', 'old'), pg_temp.call('12:00:00.001', 'young');
set local test.clock = '2030-01-02 12:00:00.001Z';
select is(public.cleanup_rate_limits(), 1, 'M4: cleanup_rate_limits removes what is older than a day and says how many');
select is((select array_agg(identifier) from public.api_rate_limits), '{young}', 'M4: and nothing that a window can need');
select is(public.cleanup_rate_limits(), 0, 'M4: it is idempotent');

-- Policies ---------------------------------------------------------------------------------------------------------

set local test.clock = '2030-01-03 12:00Z';
update public.rate_limit_policies set max_requests = 2, window_minutes = 10 where action = 'balance';
select is(updated_at, '2030-01-03 12:00Z'::timestamptz, 'M4: a policy says when it was tuned') from public.rate_limit_policies where action = 'balance';
select is(
  (select array_agg(public.read_balance('00000000-0000-4000-8000-000000000001')::text) from generate_series(1, 3)),
  '{"(ok,0,0,0,2,1,600,)","(ok,0,0,0,2,0,600,)","(rate_limited,0,0,0,2,0,600,600)"}', 'M4: a policy can be tuned without a deploy'
);

delete from public.api_rate_limits;
insert into public.api_rate_limits (identifier, action, hits)
select n::text, 'unused', array['2029-01-01Z'::timestamptz] from generate_series(1, 10001) n;
select is(
  array(select public.cleanup_rate_limits() from generate_series(1, 3)), '{10000,1,0}', 'cleanup_rate_limits does a limited amount of work a call'
);

select * from finish();
rollback;
