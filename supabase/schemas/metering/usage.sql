-- Metered usage: work whose price is known once it is done. Its ceiling is held, what it used is charged.
--
-- Invariants
--   * A job keeps the version of the card that it was reserved with.
--   * Usage is settled once; a repetition, whatever it says, gets the first answer.
--   * Usage costs what is charged, owed and absorbed for it together, and no credit is charged without it.
--   * What was estimated and is not reported counts as estimated.
--
-- Lock order: ARCHITECTURE.md.

create table credits_private.metering_settings (
  only_row boolean primary key default true check (only_row),
  debt_ceiling public.credit_amount not null default 10
);

comment on table credits_private.metering_settings is
  'How much an account may owe in all before usage beyond what was held no longer makes a debt and is absorbed.';

insert into credits_private.metering_settings default values;

create table public.metered_jobs (
  user_id uuid not null,
  job_id uuid not null,
  action text not null,
  version integer not null,
  ceiling jsonb not null,
  cost public.exact_cost,
  charged public.credit_amount,
  owed public.credit_amount,
  absorbed public.exact_cost,
  created_at timestamptz not null,
  settled_at timestamptz,
  primary key (user_id, job_id)
) with (fillfactor = 70);

comment on table public.metered_jobs is
  'Reservations that are settled by what was used: the version of the rate card, the usage that was held for, and once it is settled what the usage cost and who pays for that. charged was taken from batches, owed became a debt, absorbed is the operator''s.';

create table public.usage_lines (
  user_id uuid not null,
  job_id uuid not null,
  line integer not null,
  meter text not null,
  unit text,
  quantity public.usage_quantity not null,
  matched jsonb not null,
  unit_price public.unit_price,
  per integer,
  cost public.exact_cost not null,
  estimated boolean not null,
  primary key (user_id, job_id, line)
);

comment on table public.usage_lines is
  'What settled jobs used and what each line of it cost, exactly. A line without a price fitted no rate and cost nothing; an estimated one is what was held for, because nobody reported it.';

create index metered_jobs_by_time on public.metered_jobs (created_at);

alter table credits_private.metering_settings enable row level security;
alter table public.metered_jobs enable row level security;
alter table public.usage_lines enable row level security;

create policy "nobody but the functions" on credits_private.metering_settings using (false);
create policy "operators read metered jobs" on public.metered_jobs for select to service_role using (true);
create policy "operators read usage" on public.usage_lines for select to service_role using (true);

revoke all on credits_private.metering_settings, public.metered_jobs, public.usage_lines
  from public, anon, authenticated, service_role;
grant select on public.metered_jobs, public.usage_lines to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('metered_jobs', 'metering', 'kept', 'amounts, and names of meters and models'),
  ('usage_lines', 'metering', 'kept', 'amounts, and names of meters and models');

create function public.reserve_metered(
  p_user_id uuid,
  p_job_id uuid,
  p_action text,
  p_usage jsonb,
  p_job_type text default null,
  p_description text default null,
  p_metadata jsonb default '{}',
  p_ttl interval default null
) returns public.reservation_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts;
  v_before public.metered_jobs;
  v_version integer;
  v_priced credits_private.priced_usage;
  v_result public.reservation_result;
begin
  p_ttl := coalesce(p_ttl, credits_private.hold());
  perform credits_private.check_reservation(p_user_id, p_job_id, 1, coalesce(p_job_type, p_action), p_ttl);
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  select * into v_before from public.metered_jobs where user_id = p_user_id and job_id = p_job_id;
  -- In two conditions: in one, the query would run for a new job as well.
  if v_before.action = p_action then
    if exists (select from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id) then -- rule: version-kept
      v_version := v_before.version;
    end if;
  end if;

  v_priced := credits_private.price_usage(p_action, v_version, p_usage);
  if v_priced.outcome = 'invalid' then
    perform credits_private.refuse_argument('p_usage', 'must be lines of a meter and a quantity');
  elsif v_priced.outcome <> 'ok' then
    return row(v_priced.outcome, null, null, null, null, null, null, null)::public.reservation_result;
  elsif v_priced.cost = 0 then
    -- What costs nothing needs no credits, and so perhaps the first account of its user.
    v_account := credits_private.ensure_account(p_user_id);
  end if;
  v_result := credits_private.hold_credits(
    v_account, p_job_id, v_priced.cost, coalesce(p_job_type, p_action), p_description, p_metadata, p_ttl
  );
  if v_result.outcome = 'reserved' then
    -- The id of a job that is archived may be reserved anew.
    if v_before.job_id is not null then -- rule: reserved-anew
      delete from public.usage_lines where user_id = p_user_id and job_id = p_job_id;
      delete from public.metered_jobs where user_id = p_user_id and job_id = p_job_id;
    end if;
    insert into public.metered_jobs (user_id, job_id, action, version, ceiling, created_at)
    values (p_user_id, p_job_id, p_action, v_priced.version, p_usage, credits_private.clock());
  end if;
  return v_result;
end;
$$;

comment on function public.reserve_metered(uuid, uuid, text, jsonb, text, text, jsonb, interval) is
  'Holds what p_usage, the most that a job is expected to use, costs by today''s rate card of p_action; settle_usage() charges what it used. p_job_type (null: the action) is what the reservation is called. Outcomes: those of reserve_credits; not_offered (the action has no card); no_rate (no rate fits a line, such as one of an unknown model). What is free is held as 0. Idempotent by p_job_id: a repetition is priced by the job''s own version. Raises 22023 for a bad argument.';

revoke all on function public.reserve_metered(uuid, uuid, text, jsonb, text, text, jsonb, interval) from public, anon, authenticated, service_role;
grant execute on function public.reserve_metered(uuid, uuid, text, jsonb, text, text, jsonb, interval) to service_role;

create type public.usage_settlement as (
  outcome text,
  job_id uuid,
  cost numeric,
  charged numeric,
  returned numeric,
  owed numeric,
  absorbed numeric,
  available numeric,
  reserved numeric
);

create function credits_private.owe_usage(p_account public.credit_accounts, p_job_id uuid, p_amount numeric) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_key text := 'usage:' || p_job_id;
  v_owed numeric := least(
    p_amount,
    greatest((select s.debt_ceiling from credits_private.metering_settings s where s.only_row) - p_account.debt, 0) -- rule: debt-ceiling
  );
begin
  if v_owed > 0 then
    insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason, created_at)
    values (p_account.user_id, v_key, v_owed, v_owed, 'usage', credits_private.clock());
    insert into public.credit_debts (user_id, reference, original_amount, remaining_amount, created_at)
    values (p_account.user_id, v_key, v_owed, v_owed, credits_private.clock());
    perform credits_private.post_entry(p_account.user_id, 'debt', v_owed, null, p_job_id, v_key);
  end if;
  return v_owed;
end;
$$;

comment on function credits_private.owe_usage(public.credit_accounts, uuid, numeric) is
  'Makes a debt of what a job used and nobody could pay, up to the ceiling of the account; returns how much. The caller holds the account''s lock, and nothing is available.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
