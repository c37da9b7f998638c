-- Job attempts: what was begun for whom, what became of it, and what it cost the operator.
--
-- Invariants
--   * Every claim is an attempt, with an end as soon as it has one.
--   * Work that was begun and is not paid for counts against its user, unless the fault was ours: an attempt costs the
--     operator a model's work whoever gives up on it.
--   * Whoever has used up the day's budget of unpaid work orders nothing until enough of it is a day old.
--
-- Lock order: ARCHITECTURE.md. An attempt is written by whoever holds its job.

create table public.job_attempts (
  job_id uuid not null,
  attempt integer not null,
  user_id uuid not null,
  job_type text not null,
  begun_at timestamptz not null,
  ended_at timestamptz,
  outcome text,
  charged public.credit_amount not null default 0,
  unpaid public.credit_amount not null default 0,
  model_calls integer not null default 0 check (model_calls >= 0),
  input_tokens bigint check (input_tokens >= 0),
  output_tokens bigint check (output_tokens >= 0),
  pictures integer check (pictures >= 0),
  model text,
  cached_input_tokens bigint check (cached_input_tokens >= 0),
  reasoning_tokens bigint check (reasoning_tokens >= 0),
  primary key (job_id, attempt),
  check ((ended_at is null) = (outcome is null))
);

comment on table public.job_attempts is
  'Attempts at jobs. outcome is delivered, or the code that the attempt ended with. unpaid is what the job would have cost, where that counts against the budget of unpaid work; the figures about the model are what the backend said, null where it did not. cached_input_tokens are part of input_tokens, reasoning_tokens of output_tokens.';

create index job_attempts_unpaid on public.job_attempts (user_id, ended_at) where unpaid > 0;
create index job_attempts_by_time on public.job_attempts (begun_at);

alter table public.job_attempts enable row level security;

create policy "operators read attempts" on public.job_attempts for select to service_role using (true);

revoke all on public.job_attempts from public, anon, authenticated, service_role;
grant select on public.job_attempts to service_role;

create table credits_private.work_policy (
  only_row boolean primary key default true check (only_row),
  unpaid_budget public.credit_amount not null default 20,
  unpaid_window interval not null default '1 day' check (unpaid_window > interval '0'),
  max_unfinished integer not null default 20 check (max_unfinished >= 1),
  cancelled_work text not null default 'counted' check (cancelled_work in ('counted', 'charged')),
  our_faults text[] not null default array[
    'backend_unavailable', 'internal', 'lease_expired', 'model_not_configured', 'reservation_expired', 'timed_out'
  ]
);

comment on table credits_private.work_policy is
  'How much work a user may have begun and not paid for, in credits that it would have cost, in any interval of unpaid_window; how many jobs may be unfinished at once; whether a job that its owner gives up after it was begun counts against that budget or is charged; and the ends of an attempt that count against nobody.';

insert into credits_private.work_policy default values;

alter table credits_private.work_policy enable row level security;

create policy "nobody but the functions" on credits_private.work_policy using (false);

revoke all on credits_private.work_policy from public, anon, authenticated, service_role;

create view public.work_costs with (security_invoker = true) as
select
  (a.begun_at at time zone 'UTC')::date as day, a.user_id, a.job_type,
  count(*) as attempts,
  count(*) filter (where a.outcome = 'delivered') as delivered,
  sum(a.charged)::numeric as credits_charged,
  sum(a.unpaid)::numeric as credits_unpaid,
  sum(a.model_calls) as model_calls,
  coalesce(sum(a.input_tokens), 0) as input_tokens,
  coalesce(sum(a.output_tokens), 0) as output_tokens,
  coalesce(sum(a.pictures), 0) as pictures,
  coalesce(sum(a.cached_input_tokens), 0) as cached_input_tokens,
  coalesce(sum(a.reasoning_tokens), 0) as reasoning_tokens
from public.job_attempts a
group by (a.begun_at at time zone 'UTC')::date, a.user_id, a.job_type;

comment on view public.work_costs is
  'For operators: what work cost a day (UTC), a user and a kind of job (calls of the backend and the model, tokens, pictures), beside the credits it brought in and those it did not.';

revoke all on public.work_costs from public, anon, authenticated, service_role;
grant select on public.work_costs to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('job_attempts', 'jobs', 'kept', 'times, codes and amounts'),
  ('work_costs', 'jobs', 'none', 'a view');

create function credits_private.begin_attempt(p_job public.generation_jobs) returns void
  language sql set search_path = ''
as $$
  insert into public.job_attempts (job_id, attempt, user_id, job_type, begun_at)
  values (p_job.id, p_job.attempt, p_job.user_id, p_job.job_type, credits_private.clock());
$$;

comment on function credits_private.begin_attempt(public.generation_jobs) is 'Notes that a job was claimed.';

create function credits_private.end_attempt(p_job public.generation_jobs, p_outcome text, p_charged numeric default 0)
  returns void
  language plpgsql set search_path = ''
as $$
begin
  update public.job_attempts
  set
    ended_at = credits_private.clock(),
    outcome = p_outcome,
    charged = p_charged,
    unpaid = case
      when p_outcome = 'delivered' or p_charged > 0 then 0
      when p_outcome = any ((select our_faults from credits_private.work_policy where only_row)::text[]) then 0 -- rule: our-faults
      else p_job.cost -- rule: unpaid-counts
    end
  where job_id = p_job.id and attempt = p_job.attempt and ended_at is null;
end;
$$;

comment on function credits_private.end_attempt(public.generation_jobs, text, numeric) is
  'Notes what became of a job''s attempt, once. Does nothing between two attempts. The caller holds the locks.';

create function credits_private.check_unpaid_work(p_result public.admission_result, p_user_id uuid)
  returns public.admission_result
  language plpgsql set search_path = ''
as $$
declare
  v_policy credits_private.work_policy;
  v_now timestamptz := credits_private.clock();
  v_leaves timestamptz;
begin
  select * into v_policy from credits_private.work_policy where only_row;
  -- Back from the newest: once the attempt that fills the budget is old enough, those after it leave room.
  select a.ended_at + v_policy.unpaid_window into v_leaves
  from (
    select u.ended_at, sum(u.unpaid) over (order by u.ended_at desc, u.job_id, u.attempt) as from_here
    from public.job_attempts u
    where u.user_id = p_user_id and u.unpaid > 0
      and u.ended_at > v_now - v_policy.unpaid_window -- rule: unpaid-window
  ) a
  where a.from_here >= v_policy.unpaid_budget -- rule: unpaid-budget
  order by a.ended_at desc
  limit 1;
  if found then
    p_result.outcome := 'unpaid_work';
    p_result.retry_after_seconds := greatest(1, ceil(extract(epoch from v_leaves - v_now)));
  elsif (
    select count(*) from public.generation_jobs where user_id = p_user_id and status in ('queued', 'generating')
  ) >= v_policy.max_unfinished then -- rule: max-unfinished
    p_result.outcome := 'unfinished_work';
    p_result.retry_after_seconds := greatest(
      1, ceil(extract(epoch from (select retry_delay from credits_private.job_settings where only_row)))
    );
  end if;
  return p_result;
end;
$$;

comment on function credits_private.check_unpaid_work(public.admission_result, uuid) is
  'Refuses as unpaid_work whoever has used up the budget of work that was begun and not paid for, and as unfinished_work whoever has too many jobs under way. The caller holds the account''s lock.';

create function public.note_job_usage(
  p_job_id uuid,
  p_attempt integer,
  p_model_calls integer default 0,
  p_input_tokens bigint default null,
  p_output_tokens bigint default null,
  p_pictures integer default null,
  p_model text default null,
  p_cached_input_tokens bigint default null,
  p_reasoning_tokens bigint default null
) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_attempt public.job_attempts;
begin
  if p_model_calls is null
    or least(p_model_calls, p_input_tokens, p_output_tokens, p_pictures, p_cached_input_tokens, p_reasoning_tokens) < 0 then
    perform credits_private.refuse_argument('p_model_calls', 'and the other figures must be at least 0');
  end if;
  update public.job_attempts
  set
    model_calls = greatest(model_calls, p_model_calls),
    input_tokens = greatest(input_tokens, p_input_tokens),
    output_tokens = greatest(output_tokens, p_output_tokens),
    pictures = greatest(pictures, p_pictures),
    model = coalesce(p_model, model),
    cached_input_tokens = greatest(cached_input_tokens, p_cached_input_tokens),
    reasoning_tokens = greatest(reasoning_tokens, p_reasoning_tokens)
  where job_id = p_job_id and attempt = p_attempt
  returning * into v_attempt;
  return row(
    case when v_attempt.job_id is null then 'not_found' else 'noted' end, p_job_id, null, v_attempt.user_id, null, null
  )::public.job_result;
end;
$$;

comment on function public.note_job_usage(uuid, integer, integer, bigint, bigint, integer, text, bigint, bigint) is
  'Notes what an attempt cost the operator at the model, whatever became of it; figures only grow, so that a repetition changes nothing. Cached tokens are part of the input, those of reasoning part of the output. What the backend does not say is null, and not zero. Outcomes: noted, not_found. Idempotent. Raises 22023 for a negative figure.';

revoke all on function public.note_job_usage(uuid, integer, integer, bigint, bigint, integer, text, bigint, bigint)
  from public, anon, authenticated, service_role;
grant execute on function public.note_job_usage(uuid, integer, integer, bigint, bigint, integer, text, bigint, bigint) to service_role;

create function credits_private.part_with_a_rate(p_job public.generation_jobs, p_meter text, p_part bigint, p_whole bigint, p_model text)
  returns bigint
  language plpgsql stable set search_path = ''
as $$
declare
  v_metered public.metered_jobs;
  v_priced credits_private.priced_usage;
begin
  if p_part > 0 and p_whole is not null then
    select * into strict v_metered from public.metered_jobs where user_id = p_job.user_id and job_id = p_job.id;
    v_priced := credits_private.price_usage(
      v_metered.action, v_metered.version,
      jsonb_build_array(jsonb_build_object('meter', p_meter, 'quantity', p_part, 'model', p_model))
    );
    if v_priced.outcome = 'ok' then -- rule: part-with-a-rate
      return least(p_part, p_whole); -- rule: part-at-most-whole
    end if;
  end if;
  return 0;
end;
$$;

comment on function credits_private.part_with_a_rate(public.generation_jobs, text, bigint, bigint, text) is
  'How many of a metered job''s tokens are of a kind that its card has a price for; without one they are like the others.';

create function credits_private.used_by(p_job public.generation_jobs) returns jsonb
  language plpgsql stable set search_path = ''
as $$
declare
  v_attempt public.job_attempts;
  v_cached bigint;
  v_reasoning bigint;
begin
  select * into v_attempt
  from public.job_attempts
  where job_id = p_job.id
    and attempt = p_job.attempt; -- rule: delivering-attempt
  v_cached := credits_private.part_with_a_rate(
    p_job, 'cached_input_tokens', v_attempt.cached_input_tokens, v_attempt.input_tokens, v_attempt.model
  );
  v_reasoning := credits_private.part_with_a_rate(
    p_job, 'reasoning_tokens', v_attempt.reasoning_tokens, v_attempt.output_tokens, v_attempt.model
  );
  return (
    select coalesce(
      jsonb_agg(jsonb_strip_nulls(jsonb_build_object('meter', m.meter, 'quantity', m.quantity, 'model', v_attempt.model))), '[]'
    )
    from (
      values
        ('input_tokens', v_attempt.input_tokens - v_cached), -- rule: cached-once
        ('cached_input_tokens', nullif(v_cached, 0)),
        ('output_tokens', v_attempt.output_tokens - v_reasoning), -- rule: reasoning-once
        ('reasoning_tokens', nullif(v_reasoning, 0)),
        ('pictures', v_attempt.pictures)
    ) m (meter, quantity)
    where m.quantity is not null
  );
end;
$$;

comment on function credits_private.used_by(public.generation_jobs) is
  'What the backend said that a job''s present attempt used, as settle_usage() takes it: each token once. Earlier attempts are the operator''s.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
