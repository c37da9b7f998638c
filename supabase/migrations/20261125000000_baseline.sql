-- supabase/schemas/foundation.sql

-- Foundation: the schema of the helpers, the clock, identifiers, constants, guards, and the registries in which each
-- domain says what an erasure and the scheduler do for it.
--
-- Invariants
--   * `credits_private` is reachable by no API role; what is in it runs only through the functions of `public`.
--   * Every rule takes its time from one place, credits_private.clock(), which pgTAP replaces inside its own transaction.
--   * Privileges are revoked by name and granted on the lines after each object, because projects differ in
--     their default privileges: older ones grant everything in `public` to the API roles, newer ones nothing. Each file
--     ends by revoking those on the helpers in it.

create schema credits_private;

comment on schema credits_private is 'Helpers of the credits backend. No API role has any privilege in it.';

revoke all on schema credits_private from public, anon, authenticated, service_role;

create function credits_private.clock() returns timestamptz
  language plpgsql volatile set search_path = ''
as $$
begin
  return clock_timestamp();
end;
$$;

comment on function credits_private.clock() is
  'The time every rule uses. Reads the wall clock after locks were waited for, unlike now(). Tests replace it inside their transaction; no API role can.';

-- Helpers of the hot paths are in PL/pgSQL: a SQL function that cannot be inlined is parsed again in every transaction.
create function credits_private.uuid_v7() returns uuid
  language plpgsql volatile set search_path = ''
as $$
begin
  return (
    lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7' -- rule: uuid-version
    || substr(replace(gen_random_uuid()::text, '-', ''), 14)
  )::uuid;
end;
$$;

comment on function credits_private.uuid_v7() is
  'A time-ordered identifier (RFC 9562, version 7): milliseconds first, so that new keys land on the same index pages.';

create function credits_private.refuse_argument(p_name text, p_rule text) returns void
  language plpgsql set search_path = ''
as $$
begin
  raise exception '% %', p_name, p_rule using errcode = 'invalid_parameter_value';
end;
$$;

comment on function credits_private.refuse_argument(text, text) is
  'Raises 22023 naming the argument and the rule: a caller''s bug, unlike a business outcome, which is returned.';

create domain public.credit_amount as numeric(12, 2) check (value >= 0);

comment on domain public.credit_amount is
  'An exact amount of credits that can never be negative. A domain and not a check on each column: the server parses a column''s check again for every statement, which cost the hot paths a quarter of their time.';

create function credits_private.largest_amount() returns numeric
  language sql immutable set search_path = ''
return 9999999999.99;

comment on function credits_private.largest_amount() is 'The most credits that numeric(12,2), and so an account, can hold.';

create function credits_private.hold() returns interval
  language sql immutable set search_path = ''
return interval '15 minutes';

comment on function credits_private.hold() is
  'M6: how long a reservation holds its credits unless it is extended, and by how much a sign of life extends it.';

create function credits_private.is_amount(p_amount numeric) returns boolean
  language plpgsql immutable set search_path = ''
as $$
begin
  -- NaN sorts above every number, so the upper bound refuses it together with infinity.
  return coalesce(
    p_amount > 0
      and p_amount <= credits_private.largest_amount() -- rule: largest-amount
      and p_amount = round(p_amount, 2), -- rule: two-places
    false
  );
end;
$$;

comment on function credits_private.is_amount(numeric) is
  'Whether a number can be an amount of credits: above zero, at most two decimal places, within numeric(12,2).';

create function credits_private.is_ttl(p_ttl interval) returns boolean
  language plpgsql immutable set search_path = ''
as $$
begin
  -- A month is no length: -1 month 31 days compares as a day, and may lie in the past.
  return p_ttl > interval '0' and p_ttl <= interval '24 hours'
    and (extract(year from p_ttl) = 0 and extract(month from p_ttl) = 0); -- rule: no-months
end;
$$;

comment on function credits_private.is_ttl(interval) is 'Whether a hold can be for so long: above 0, at most 24 hours, and without months.';

create function credits_private.as_uuid(p_value text) returns uuid
  language sql immutable set search_path = ''
as $$
  select case when p_value ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_value::uuid end;
$$;

comment on function credits_private.as_uuid(text) is 'A uuid in its usual form, or null.';

create function credits_private.visible_length(p_text text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  -- White space, control and format characters, what Unicode lets a font leave out, and the empty braille pattern: a test
  -- compares them with _shared/text.ts, character by character.
  return length(regexp_replace(
    p_text,
    -- rule: invisible
    '[\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u115F\u1160'
      '\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164'
      '\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3'
      '\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]+',
    '', 'g'
  ));
end;
$$;

comment on function credits_private.visible_length(text) is
  'How many characters of a text can be seen. A text with none has nothing to read, whatever it holds.';

create function credits_private.touch_updated_at() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  new.updated_at := credits_private.clock();
  return new;
end;
$$;

comment on function credits_private.touch_updated_at() is 'Before-update trigger: moves updated_at on every update. Runs as its owner, because operators update as service_role, who cannot read the clock.';

create function credits_private.refuse_change() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end;
$$;

comment on function credits_private.refuse_change() is
  'Statement trigger for append-only tables: refuses update, delete and truncate for every role, the owner included.';

create table credits_private.user_data (
  relation text primary key,
  domain text not null,
  on_erasure text not null check (on_erasure in ('deleted', 'emptied', 'kept', 'none')),
  why text not null
);

comment on table credits_private.user_data is
  'Every table and view of public: to which domain it belongs, and what an erasure does to its user''s rows. They are deleted, emptied of content or kept as they are; none: it holds no user data of its own.';

create table credits_private.erasure_steps (
  position integer primary key,
  step text not null check (to_regprocedure(step || '(uuid)') is not null)
);

comment on table credits_private.erasure_steps is
  'What erase_user() calls, in the lock order: functions that take the user''s id and return what is left to remove elsewhere, files as {bucket/path}, what Stripe keeps as stripe:{id}, what will be done later as pending:{id}, or null.';

create table credits_private.sweeps (
  sweep text primary key check (to_regproc('public.' || sweep) is not null),
  every_minutes integer not null check (every_minutes between 1 and 60),
  last_run_at timestamptz,
  last_count integer
);

comment on table credits_private.sweeps is
  'What the scheduler calls: functions of public without an argument, and how often. pg_cron where the project has it, a timer on the local stack. Each notes when it last ran, and how much it did.';

alter table credits_private.user_data enable row level security;
alter table credits_private.erasure_steps enable row level security;
alter table credits_private.sweeps enable row level security;

create policy "nobody but the functions" on credits_private.user_data using (false);
create policy "nobody but the functions" on credits_private.erasure_steps using (false);
create policy "nobody but the functions" on credits_private.sweeps using (false);

revoke all on credits_private.user_data, credits_private.erasure_steps, credits_private.sweeps
  from public, anon, authenticated, service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/operations/actions.sql

-- Operator actions: who repaired what, and why.
--
-- Invariants
--   * Every repair is an RPC that takes a reason and an actor, by default the database's own user. What it changed and its
--     row here are one transaction; what changed nothing has no row.
--   * Append-only, but for the words about a user who is erased.

create table public.operator_actions (
  id uuid primary key default credits_private.uuid_v7(),
  actor text not null check (actor <> ''),
  action text not null,
  user_id uuid,
  subject text,
  reason text not null check (reason <> ''),
  details jsonb not null default '{}',
  created_at timestamptz not null
);

comment on table public.operator_actions is
  'What operators did by hand. actor is who they said they are, action the RPC, subject the job, event, purchase or setting. details has amounts and settings, never words of a user''s.';

create index operator_actions_by_user on public.operator_actions (user_id, created_at);

create function credits_private.guard_actions() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.reason = 'erased' and to_jsonb(new) - 'reason' = to_jsonb(old) - 'reason' then -- rule: actions-stay
    return new;
  end if;
  raise exception 'public.operator_actions is append-only' using errcode = 'restrict_violation';
end;
$$;

comment on function credits_private.guard_actions() is
  'Row trigger: of an action nothing changes but its reason, which an erasure empties.';

create trigger operator_actions_append_only before update or delete on public.operator_actions
  for each row execute function credits_private.guard_actions();

create trigger operator_actions_not_truncated before truncate on public.operator_actions
  for each statement execute function credits_private.refuse_change();

alter table public.operator_actions enable row level security;

create policy "operators read actions" on public.operator_actions for select to service_role using (true);

revoke all on public.operator_actions from public, anon, authenticated, service_role;
grant select on public.operator_actions to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('operator_actions', 'operations', 'emptied', 'reasons are free text');

create function credits_private.require_actor(p_actor text, p_reason text) returns void
  language plpgsql set search_path = ''
as $$
begin
  if credits_private.visible_length(p_reason) = 0 then -- rule: reason-given
    perform credits_private.refuse_argument('p_reason', 'must not be empty');
  elsif credits_private.visible_length(p_actor) = 0 then -- rule: actor-given
    perform credits_private.refuse_argument('p_actor', 'must not be empty');
  end if;
end;
$$;

comment on function credits_private.require_actor(text, text) is
  'Refuses a repair that is signed, or reasoned, with nothing.';

create function credits_private.note_action(
  p_actor text,
  p_action text,
  p_user_id uuid,
  p_subject text,
  p_reason text,
  p_details jsonb default '{}'
) returns void
  language sql set search_path = ''
as $$
  insert into public.operator_actions (actor, action, user_id, subject, reason, details, created_at)
  values (
    coalesce(p_actor, session_user), p_action, p_user_id, p_subject, coalesce(p_reason, 'not said'), jsonb_strip_nulls(p_details), credits_private.clock()
  );
$$;

comment on function credits_private.note_action(text, text, uuid, text, text, jsonb) is 'Notes what an operator changed.';

create function credits_private.erase_actions(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  update public.operator_actions set reason = 'erased' where user_id = p_user_id; -- rule: reasons-erased
  return null;
end;
$$;

comment on function credits_private.erase_actions(uuid) is 'Erasure: empties what operators wrote about a user.';

insert into credits_private.erasure_steps (position, step) values (15, 'credits_private.erase_actions');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/operations/settings.sql

-- Settings: what an operator tunes, changed by an RPC that remembers who, why, and what it was before.

create table credits_private.setting_tables (
  setting_table text primary key check (to_regclass(setting_table) is not null),
  key_column text
);

comment on table credits_private.setting_tables is
  'Tables whose values change_setting() may change: one row, or one for each key_column.';

create table credits_private.retention (
  what text primary key,
  keep_for interval check (keep_for >= interval '60 days'),
  walked_to uuid
);

comment on table credits_private.retention is
  'How long what grows is kept where it is (null: for ever). Never less than 60 days: Stripe tells of events for 30, and delayed payments take two weeks. walked_to is where a walk over all users goes on.';

alter table credits_private.setting_tables enable row level security;
alter table credits_private.retention enable row level security;

create policy "nobody but the functions" on credits_private.setting_tables using (false);
create policy "nobody but the functions" on credits_private.retention using (false);

revoke all on credits_private.setting_tables, credits_private.retention from public, anon, authenticated, service_role;

insert into credits_private.setting_tables (setting_table, key_column) values ('credits_private.retention', 'what');

create function credits_private.kept_since(p_what text, p_before timestamptz) returns timestamptz
  language plpgsql set search_path = ''
as $$
begin
  if p_before is null then
    return (select credits_private.clock() - keep_for from credits_private.retention where what = p_what);
  elsif p_before > credits_private.clock() - interval '60 days' then -- rule: kept-at-least
    perform credits_private.refuse_argument('p_before', 'must be at least 60 days ago');
  end if;
  return p_before;
end;
$$;

comment on function credits_private.kept_since(text, timestamptz) is
  'What is older need not be kept: p_before, or what the retention says; null where all is kept.';

create type public.setting_result as (outcome text, setting text, old_value text, new_value text);

create function public.change_setting(
  p_table text,
  p_row text,
  p_column text,
  p_value text,
  p_reason text,
  p_actor text default null
) returns public.setting_result
  language plpgsql security definer set search_path = ''
as $$
declare
  v_table credits_private.setting_tables;
  v_type text;
  v_key text;
  v_setting text := concat_ws('.', p_table, p_row, p_column);
  v_old text;
  v_new text;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  select * into v_table from credits_private.setting_tables
  where split_part(setting_table, '.', 2) = p_table; -- rule: settings-only
  if not found then
    perform credits_private.refuse_argument('p_table', 'is none of the tables of settings');
  end if;
  select format_type(a.atttypid, a.atttypmod) into v_type
  from pg_catalog.pg_attribute a
  where a.attrelid = v_table.setting_table::regclass and a.attname = p_column and a.attnum > 0 and not a.attisdropped
    and a.attname not in ('id', 'only_row', 'updated_at', 'walked_to', coalesce(v_table.key_column, '')); -- rule: values-only
  if not found then
    perform credits_private.refuse_argument('p_column', 'is no setting of ' || p_table);
  end if;
  v_key := case when v_table.key_column is null then 'only_row' else format('%I = %L', v_table.key_column, p_row) end;
  execute format('select %I::text from %s where %s for update', p_column, v_table.setting_table::regclass, v_key) into strict v_old;
  execute format(
    'update %s set %I = %L::%s where %s returning %2$I::text', v_table.setting_table::regclass, p_column, p_value, v_type, v_key
  ) into strict v_new;
  if v_new is not distinct from v_old then
    return row('unchanged', v_setting, v_old, v_new)::public.setting_result;
  end if;
  -- rule: settings-noted
  perform credits_private.note_action(p_actor, 'change_setting', null, v_setting, p_reason, jsonb_build_object('old', v_old, 'new', v_new));
  return row('changed', v_setting, v_old, v_new)::public.setting_result;
exception
  when no_data_found or too_many_rows then
    perform credits_private.refuse_argument('p_row', 'names no row of ' || p_table);
    return null;
  when check_violation or not_null_violation or invalid_text_representation or datetime_field_overflow
    or invalid_datetime_format or numeric_value_out_of_range then
    perform credits_private.refuse_argument('p_value', 'is refused by ' || p_column);
    return null;
end;
$$;

comment on function public.change_setting(text, text, text, text, text, text) is
  'Sets one value of a table of settings: p_row is its key (null where the table has one row), p_value its text (null: none). Outcomes: changed, unchanged. Idempotent. Raises 22023 for what is no setting, a value that the column refuses, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.change_setting(text, text, text, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.change_setting(text, text, text, text, text, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/operations/health.sql

-- Health: what an operator has to know, one row a check. Each domain registers its own.

create type credits_private.finding as (status text, count bigint, oldest timestamptz);

create table credits_private.health_checks (
  name text primary key,
  position integer not null unique,
  probe text not null check (to_regprocedure(probe || '()') is not null),
  advice text not null,
  section text not null
);

comment on table credits_private.health_checks is
  'What health_report() asks: functions that return a finding (ok, warn or alarm; how many; since when), what to do about it, and the section of docs/operations.md that says more.';

alter table credits_private.health_checks enable row level security;

create policy "nobody but the functions" on credits_private.health_checks using (false);

revoke all on credits_private.health_checks from public, anon, authenticated, service_role;

create function credits_private.finding(p_count bigint, p_oldest timestamptz, p_warn boolean, p_alarm boolean)
  returns credits_private.finding
  language sql immutable set search_path = ''
as $$
  select row(case when p_alarm then 'alarm' when p_warn then 'warn' else 'ok' end, p_count, p_oldest)::credits_private.finding;
$$;

comment on function credits_private.finding(bigint, timestamptz, boolean, boolean) is
  'A finding: an alarm, else a warning, else ok.';

create function public.health_report()
  returns table (name text, status text, count bigint, oldest timestamptz, advice text, page text)
  language plpgsql security definer set search_path = ''
as $$
declare
  v_check credits_private.health_checks;
begin
  for v_check in select * from credits_private.health_checks c order by c.position loop
    name := v_check.name;
    advice := v_check.advice;
    page := 'docs/operations.md#' || v_check.section;
    begin
      execute format('select f.status, f.count, f.oldest from %s() f', v_check.probe) into status, count, oldest;
    exception when others then
      -- One check that fails must not hide the others.
      status := 'alarm'; -- rule: checks-go-on
      count := null;
      oldest := null;
      advice := format('the check itself failed: %s (%s)', sqlerrm, sqlstate);
    end;
    return next;
  end loop;
end;
$$;

comment on function public.health_report() is
  'For operators: one row a check with its status (ok, warn, alarm), how many there are, the oldest, what to do and the page that says how. Bounded: a large project''s books are checked by a sample, another one each time. Changes nothing.';

revoke all on function public.health_report() from public, anon, authenticated, service_role;
grant execute on function public.health_report() to service_role;

create function credits_private.note_run(p_sweep text, p_count integer) returns void
  language plpgsql set search_path = ''
as $$
begin
  -- Skipped while somebody else notes the same: a sweep waits for nobody.
  update credits_private.sweeps s
  set last_run_at = credits_private.clock(), last_count = p_count
  from (select sweep from credits_private.sweeps where sweep = p_sweep for update skip locked) free
  where s.sweep = free.sweep;
end;
$$;

comment on function credits_private.note_run(text, integer) is 'Notes that a sweep has run, and how much it did.';

create function credits_private.probe_schedules() returns credits_private.finding
  language plpgsql set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_silent bigint;
  v_oldest timestamptz;
  v_unscheduled bigint := 0;
begin
  select count(*), min(last_run_at) into v_silent, v_oldest
  from credits_private.sweeps
  where last_run_at is null or last_run_at < v_now - make_interval(mins => 3 * every_minutes + 5); -- rule: silent-after
  if to_regclass('cron.job') is not null then
    -- By its name, so that functions can be checked where there is none.
    execute format(
      'select count(*) from credits_private.sweeps s where not exists (select from %I.job j where j.jobname = replace(s.sweep, ''_'', ''-'') and j.active)',
      'cron'
    ) into v_unscheduled;
  end if;
  return credits_private.finding(
    greatest(v_silent, v_unscheduled), v_oldest, v_silent > 0, v_unscheduled > 0 or v_oldest is not null
  );
end;
$$;

comment on function credits_private.probe_schedules() is
  'Sweeps that have not run for three of their intervals, or that pg_cron, where there is one, does not have. One that never ran is a warning: a new project''s.';

create type public.table_size as (table_name text, estimated_rows bigint, bytes bigint);

create function public.table_sizes() returns setof public.table_size
  language sql stable security definer set search_path = ''
as $$
  select c.oid::regclass::text, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid)
  from pg_catalog.pg_class c
  where c.relnamespace in ('public'::regnamespace, 'credits_private'::regnamespace) and c.relkind = 'r'
  order by 3 desc;
$$;

comment on function public.table_sizes() is
  'For operators: how large each table is, with its indexes, and about how many rows it has (as of its last analyze). Changes nothing.';

revoke all on function public.table_sizes() from public, anon, authenticated, service_role;
grant execute on function public.table_sizes() to service_role;

create function credits_private.probe_growth() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(max(s.estimated_rows), null, max(s.estimated_rows) > 10000000, false) -- rule: large-table
  from public.table_sizes() s;
$$;

comment on function credits_private.probe_growth() is 'The largest table, by rows: above ten million its retention is worth deciding.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values
  ('schedules', 10, 'credits_private.probe_schedules', 'have pg_cron or a timer call the sweeps that fell silent', 'sweeps'),
  ('growth', 90, 'credits_private.probe_growth', 'see table_sizes(), and decide what is kept how long', 'what-grows');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/limits/rate_limits.sql

-- Rate limits: an exact sliding window per (identifier, action), in one row per key.
--
-- Invariants
--   * At most max_requests allowed calls in any interval of the window's length, whatever the concurrency.
--   * A denied call writes nothing. Two keys never share a row, a lock or a limit.
--   * A key keeps the times of its last max_requests allowed calls and no others, so that neither it nor a check grows
--     with the past. Where that is more than 64, the older ones are in chunks of 64, of which a check reads one.
--
-- Lock order: ARCHITECTURE.md. A rate limit's row is locked before the account.

create table public.api_rate_limits (
  identifier text not null,
  action text not null,
  hits timestamptz[] not null,
  chunks bigint not null default 0,
  primary key (identifier, action)
) with (fillfactor = 50);

comment on table public.api_rate_limits is
  'One row per key: the times of its last allowed calls, oldest first, and how many chunks of earlier ones were set aside. Losing the newest in a power cut is harmless, so a check on its own does not wait for the disk.';

create table credits_private.rate_limit_chunks (
  identifier text not null,
  action text not null,
  last_hit timestamptz not null,
  chunk bigint not null,
  hits timestamptz[] not null,
  primary key (identifier, action, last_hit, chunk),
  foreign key (identifier, action) references public.api_rate_limits (identifier, action) on delete cascade
);

comment on table credits_private.rate_limit_chunks is
  'Allowed times that only a limit of more than 64 requests needs, 64 to a row, numbered per key without a gap.';

alter table credits_private.rate_limit_chunks enable row level security;

create policy "nobody but the functions" on credits_private.rate_limit_chunks using (false);

revoke all on credits_private.rate_limit_chunks from public, anon, authenticated, service_role;

alter table public.api_rate_limits enable row level security;

create policy "nobody but the functions" on public.api_rate_limits for select to service_role using (true);

revoke all on public.api_rate_limits from public, anon, authenticated, service_role;
grant select on public.api_rate_limits to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('api_rate_limits', 'limits', 'deleted', 'when the user called what');

create type credits_private.rate_check as (
  allowed boolean,
  current_count integer,
  remaining integer,
  max_requests integer,
  window_seconds integer,
  retry_after_seconds integer
);

create function credits_private.consume_wide_limit(p_identifier text, p_action text, p_max integer, p_window_minutes integer)
  returns credits_private.rate_check
  language plpgsql set search_path = ''
as $$
declare
  v_limit public.api_rate_limits;
  v_chunk credits_private.rate_limit_chunks;
  v_now timestamptz;
  v_since timestamptz;
  v_count integer;
  v_nth integer;
  v_leaves timestamptz;
begin
  loop
    select * into v_limit
    from public.api_rate_limits
    where identifier = p_identifier and action = p_action
    for no key update;
    exit when found;
    insert into public.api_rate_limits (identifier, action, hits) values (p_identifier, p_action, '{}')
    on conflict (identifier, action) do nothing;
  end loop;
  v_now := greatest(credits_private.clock(), v_limit.hits[cardinality(v_limit.hits)]);
  v_since := v_now - make_interval(mins => p_window_minutes);

  -- The chunks after the first that reaches into the window lie in it as a whole.
  v_count := cardinality(v_limit.hits) - width_bucket(v_since, v_limit.hits);
  select * into v_chunk
  from credits_private.rate_limit_chunks
  where identifier = p_identifier and action = p_action and last_hit > v_since
  order by last_hit, chunk
  limit 1;
  if found then
    v_count := v_count + (v_limit.chunks - v_chunk.chunk + 1) * 64 - width_bucket(v_since, v_chunk.hits);
  end if;

  if v_count >= p_max then
    -- There is room once the p_max-th newest has left the window.
    v_nth := p_max - cardinality(v_limit.hits);
    v_leaves := v_limit.hits[1 - v_nth];
    if v_nth > 0 then
      select hits[64 - (v_nth - 1) % 64] into v_leaves
      from credits_private.rate_limit_chunks
      where identifier = p_identifier and action = p_action and chunk = v_limit.chunks - (v_nth - 1) / 64;
    end if;
    return row(
      false, v_count, 0, p_max, p_window_minutes * 60, greatest(1, ceil(extract(epoch from v_leaves - v_since)))
    )::credits_private.rate_check;
  end if;

  if cardinality(v_limit.hits) >= 128 then
    insert into credits_private.rate_limit_chunks (identifier, action, last_hit, chunk, hits)
    values (p_identifier, p_action, v_limit.hits[64], v_limit.chunks + 1, v_limit.hits[:64]);
    delete from credits_private.rate_limit_chunks
    where identifier = p_identifier and action = p_action and chunk < v_limit.chunks - p_max / 64; -- rule: chunks-dropped
    v_limit.hits := v_limit.hits[65:];
    v_limit.chunks := v_limit.chunks + 1;
  end if;
  update public.api_rate_limits
  set hits = v_limit.hits || v_now, chunks = v_limit.chunks
  where identifier = p_identifier and action = p_action;
  return row(true, v_count + 1, p_max - v_count - 1, p_max, p_window_minutes * 60, null)::credits_private.rate_check;
end;
$$;

comment on function credits_private.consume_wide_limit(text, text, integer, integer) is
  'consume_rate_limit where a limit is, or was, above 64 requests, whose times do not fit into one small row.';

create function credits_private.consume_rate_limit(p_identifier text, p_action text, p_max integer, p_window_minutes integer)
  returns credits_private.rate_check
  language plpgsql set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_window interval := make_interval(mins => p_window_minutes); -- rule: window
  v_count integer;
  v_leaves timestamptz;
  v_is_wide boolean;
begin
  if p_max > 64 then
    return credits_private.consume_wide_limit(p_identifier, p_action, p_max, p_window_minutes);
  end if;
  loop
    -- Time never runs backwards within a key: a call that waited for the row counts as made after the one before it.
    update public.api_rate_limits as r
    -- rule: time-goes-on
    set hits = r.hits[cardinality(r.hits) - p_max + 2:] || greatest(v_now, r.hits[cardinality(r.hits)])
    where r.identifier = p_identifier -- rule: own-limit
      and r.action = p_action
      and (
        cardinality(r.hits) < p_max -- rule: limit
        or r.hits[cardinality(r.hits) - p_max + 1] <= greatest(v_now, r.hits[cardinality(r.hits)]) - v_window
      )
    returning cardinality(r.hits) - width_bucket(v_now - v_window, r.hits) into v_count;
    exit when found;

    -- Full, or no row yet. Looking takes no lock: calls are only ever added, so what is full stays full until they leave.
    select
      cardinality(r.hits) - width_bucket(v_now - v_window, r.hits), r.hits[cardinality(r.hits) - p_max + 1], r.chunks > 0
    into v_count, v_leaves, v_is_wide
    from public.api_rate_limits r
    where r.identifier = p_identifier and r.action = p_action;
    if v_count >= p_max then
      if v_is_wide then
        return credits_private.consume_wide_limit(p_identifier, p_action, p_max, p_window_minutes);
      end if;
      return row(
        -- rule: wait-long-enough
        false, v_count, 0, p_max, p_window_minutes * 60, greatest(1, ceil(extract(epoch from v_leaves + v_window - v_now)))
      )::credits_private.rate_check;
    end if;
    insert into public.api_rate_limits (identifier, action, hits) values (p_identifier, p_action, '{}')
    on conflict (identifier, action) do nothing;
  end loop;
  return row(true, v_count, p_max - v_count, p_max, p_window_minutes * 60, null)::credits_private.rate_check;
end;
$$;

comment on function credits_private.consume_rate_limit(text, text, integer, integer) is
  'One call against a limit. Locks the key''s row until the transaction ends when it was allowed; a refusal of up to 64 requests a window neither waits nor writes.';

create function credits_private.check_limit(p_identifier text, p_action text, p_max_requests integer) returns void
  language plpgsql set search_path = ''
as $$
begin
  if coalesce(p_identifier, '') = '' then
    perform credits_private.refuse_argument('p_identifier', 'must not be empty');
  elsif coalesce(p_action, '') = '' then
    perform credits_private.refuse_argument('p_action', 'must not be empty');
  elsif (p_max_requests >= 1) is not true then
    perform credits_private.refuse_argument('p_max_requests', 'must be at least 1');
  else
    perform credits_private.refuse_argument('p_window_minutes', 'must be between 1 and 1440');
  end if;
end;
$$;

comment on function credits_private.check_limit(text, text, integer) is 'Names the argument that makes a limit impossible.';

create function public.check_rate_limit(
  p_identifier text,
  p_action text,
  p_max_requests integer,
  p_window_minutes integer default 15
) returns jsonb
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check;
begin
  if (
    p_identifier <> '' and p_action <> '' and p_max_requests >= 1 and p_window_minutes between 1 and 1440
  ) is not true then
    perform credits_private.check_limit(p_identifier, p_action, p_max_requests);
  end if;

  -- Before the key's row is locked, so that the next call on it waits for less.
  set local synchronous_commit = off;
  v_check := credits_private.consume_rate_limit(p_identifier, p_action, p_max_requests, p_window_minutes);
  if v_check.allowed then
    return jsonb_build_object(
      'allowed', true, 'current_count', v_check.current_count, 'remaining', v_check.remaining, 'limit', p_max_requests
    );
  end if;
  return jsonb_build_object(
    'allowed', false, 'current_count', v_check.current_count,
    'retry_after_seconds', v_check.retry_after_seconds, 'limit', p_max_requests
  );
end;
$$;

comment on function public.check_rate_limit(text, text, integer, integer) is
  'Counts one call against an exact sliding window and says whether it is allowed. {allowed, current_count, remaining, limit} or {allowed, current_count, retry_after_seconds, limit}; a denied call is not recorded. Not idempotent: each allowed call counts. The transaction it ends in does not wait for the disk, so call it on its own. Raises 22023 for a bad argument.';

revoke all on function public.check_rate_limit(text, text, integer, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.check_rate_limit(text, text, integer, integer) to service_role;

create function public.cleanup_rate_limits() returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  v_unused timestamptz := credits_private.clock() - interval '1 day'; -- rule: longest-window
  v_count integer;
begin
  delete from public.api_rate_limits r
  using (
    select identifier, action
    from public.api_rate_limits
    where cardinality(hits) = 0 or hits[cardinality(hits)] < v_unused
    limit 10000 -- rule: cleanup-limit
    for update skip locked
  ) unused
  where r.identifier = unused.identifier and r.action = unused.action;
  get diagnostics v_count = row_count;
  perform credits_private.note_run('cleanup_rate_limits', v_count);
  return v_count;
end;
$$;

comment on function public.cleanup_rate_limits() is
  'Removes keys that were last used more than a day ago, the longest window there is, at most 10,000 a call; returns how many. Idempotent.';

revoke all on function public.cleanup_rate_limits() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_rate_limits() to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('cleanup_rate_limits', 60);

create function credits_private.erase_limits(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  delete from public.api_rate_limits where identifier = p_user_id::text;
  return null;
end;
$$;

comment on function credits_private.erase_limits(uuid) is 'Erasure: forgets when a user called what.';

insert into credits_private.erasure_steps (position, step) values (10, 'credits_private.erase_limits');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/limits/policies.sql

-- Rate limit policies: how often a user may do what (M4). A domain or product adds the policies of its own actions.

create table public.rate_limit_policies (
  action text primary key,
  max_requests integer not null check (max_requests between 1 and 1000),
  window_minutes integer not null check (window_minutes between 1 and 1440),
  updated_at timestamptz not null default now()
);

comment on table public.rate_limit_policies is 'The limits per user and action (M4), tunable without a deploy.';

create trigger rate_limit_policies_touch before update on public.rate_limit_policies
  for each row execute function credits_private.touch_updated_at();

alter table public.rate_limit_policies enable row level security;

create policy "operators tune policies" on public.rate_limit_policies to service_role using (true) with check (true);

revoke all on public.rate_limit_policies from public, anon, authenticated, service_role;
grant select, insert, update on public.rate_limit_policies to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('rate_limit_policies', 'limits', 'none', 'settings');

create function credits_private.require_user(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  -- A token is good for up to an hour after its user was deleted or banned.
  if not exists (
    select from auth.users
    where id = p_user_id
      and (banned_until is null or banned_until <= credits_private.clock()) -- rule: not-banned
  ) then
    raise sqlstate 'PT401' using message = 'the user is gone';
  end if;
end;
$$;

comment on function credits_private.require_user(uuid) is
  'Raises PT401, which PostgREST answers with 401, unless Auth knows the user and has not banned them. Raised so that nothing is written for somebody who is gone.';

create function credits_private.consume_policy(p_user_id uuid, p_action text) returns credits_private.rate_check
  language plpgsql set search_path = ''
as $$
declare
  v_policy public.rate_limit_policies;
begin
  perform credits_private.require_user(p_user_id); -- rule: gone-may-nothing
  select * into strict v_policy from public.rate_limit_policies where action = p_action;
  return credits_private.consume_rate_limit(p_user_id::text, p_action, v_policy.max_requests, v_policy.window_minutes);
end;
$$;

comment on function credits_private.consume_policy(uuid, text) is 'One call of a user against the policy of an action. Raises PT401 when the user is gone.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/limits/operations.sql

-- Limits for operators: what is checked, and what can be set.

create function credits_private.probe_rate_limit_rows() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(s.estimated_rows, null, s.estimated_rows > 1000000, false) -- rule: many-limits
  from public.table_sizes() s
  where s.table_name = 'public.api_rate_limits';
$$;

comment on function credits_private.probe_rate_limit_rows() is 'Keys of rate limits that are kept: more than a million are not swept, or an attack.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values ('rate_limits', 91, 'credits_private.probe_rate_limit_rows', 'see that cleanup_rate_limits() runs; else somebody makes up addresses', 'sweeps');

insert into credits_private.setting_tables (setting_table, key_column) values ('public.rate_limit_policies', 'action');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/settings.sql

-- Credit settings: what an operator may tune without a deploy.

create table credits_private.credit_settings (
  only_row boolean primary key default true check (only_row),
  signup_bonus_amount public.credit_amount not null default 10,
  signup_bonus_lifetime interval check (signup_bonus_lifetime > interval '0'),
  signup_bonus_when text not null default 'confirmed' check (signup_bonus_when in ('confirmed', 'first_payment')),
  reservation_max_lifetime interval not null default '2 hours' check (reservation_max_lifetime > interval '0'),
  metadata_keys text[] not null default array[
    'prompt', 'total_cost', 'pricing_snapshot', 'batches_consumed', 'title', 'pages', 'with_images', 'cost_per_page'
  ]
);

comment on table credits_private.credit_settings is
  'The signup bonus (0 switches it off; a null lifetime never expires; it comes when an address is confirmed, or with the first payment), how long a reservation may be extended and after how long work that nobody finished ends, and which keys of its metadata a reservation keeps (I2).';

insert into credits_private.credit_settings default values;

alter table credits_private.credit_settings enable row level security;

create policy "nobody but the functions" on credits_private.credit_settings using (false);

revoke all on credits_private.credit_settings from public, anon, authenticated, service_role;

-- supabase/schemas/credits/accounts.sql

-- Credit accounts: the tables of balances, batches of granted credits, debts, and the append-only ledger.
--
-- Invariants
--   * Every movement is one ledger row, numbered per user without a gap, carrying the balances after it.
--   * available = sum of the batches' remaining amounts; debt = sum of the open debts; while there is a debt,
--     nothing is available.
--   * A grant happens once per (user, grant key).
--
-- Lock order: ARCHITECTURE.md. Whatever changes a balance locks the account row first; the row always exists then, and
-- the per-user entry number cannot be taken twice.
--
-- There are no foreign keys from the ledger and the reservations: they would add a lookup to every movement, and
-- verify_credits() proves the same and more. Every key begins with user_id, so that users can be sharded.

create type public.credit_source as enum ('purchase', 'signup_bonus', 'promotion', 'adjustment', 'migration', 'plan');

create type public.ledger_kind as enum (
  'grant', 'reserve', 'confirm', 'release', 'refund', 'expire', 'revoke', 'debt', 'repay', 'forgive'
);

create table public.credit_accounts (
  user_id uuid primary key,
  available public.credit_amount not null default 0,
  reserved public.credit_amount not null default 0,
  debt public.credit_amount not null default 0,
  last_entry bigint not null default 0,
  created_at timestamptz not null default now(),
  erased_at timestamptz
) with (fillfactor = 50);

comment on table public.credit_accounts is
  'One row per user, locked first by whatever changes a balance. last_entry numbers the ledger. No index covers a column that changes, so that updates stay heap-only.';

create table public.user_credits (
  user_id uuid not null references public.credit_accounts (user_id),
  id bigint generated always as identity,
  source public.credit_source not null,
  grant_key text not null,
  original_amount public.credit_amount not null,
  remaining_amount public.credit_amount not null default 0,
  is_open boolean not null generated always as (remaining_amount > 0) stored,
  stripe_session_id text,
  description text,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (user_id, id),
  unique (user_id, grant_key)
) with (fillfactor = 50);

comment on table public.user_credits is
  'Batches of granted credits. remaining_amount is what can still be reserved of one, to the last committed movement. is_open keeps spent batches out of the indexes, and changes only when a batch empties or refills, so that other updates stay heap-only.';

create index user_credits_spending_order on public.user_credits (user_id, expires_at, id) where is_open;

create index user_credits_expiring on public.user_credits (expires_at) where is_open and expires_at is not null;

create table public.credit_debts (
  user_id uuid not null references public.credit_accounts (user_id),
  id bigint generated always as identity,
  reference text not null check (reference <> ''),
  original_amount public.credit_amount not null,
  remaining_amount public.credit_amount not null check (remaining_amount <= original_amount),
  created_at timestamptz not null default now(),
  primary key (user_id, id)
);

comment on table public.credit_debts is
  'What a user owes because credits were spent before their payment was reversed. The next credits pay the oldest debt first.';

create index credit_debts_open on public.credit_debts (user_id, id) where remaining_amount > 0;

create table public.credit_ledger (
  user_id uuid not null,
  entry bigint not null,
  kind public.ledger_kind not null,
  amount public.credit_amount not null,
  batch_id bigint,
  job_id uuid,
  reference text,
  available_after public.credit_amount not null,
  reserved_after public.credit_amount not null,
  debt_after public.credit_amount not null,
  created_at timestamptz not null default now(),
  primary key (user_id, entry)
);

comment on table public.credit_ledger is
  'Append-only; what is old moves to credit_ledger_archive. One row per movement, numbered per user without a gap; batch_id says which batch it moved, job_id or reference what caused it. The reserve rows of a reservation are its allocation.';

create trigger credit_ledger_append_only
  before update or truncate on public.credit_ledger
  for each statement execute function credits_private.refuse_change();

alter table public.credit_accounts enable row level security;
alter table public.user_credits enable row level security;
alter table public.credit_debts enable row level security;
alter table public.credit_ledger enable row level security;

create policy "owners read their account" on public.credit_accounts
  for select to authenticated using (user_id = (select auth.uid()));
create policy "owners read their batches" on public.user_credits
  for select to authenticated using (user_id = (select auth.uid()));
create policy "owners read their debts" on public.credit_debts
  for select to authenticated using (user_id = (select auth.uid()));
create policy "owners read their ledger" on public.credit_ledger
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_accounts, public.user_credits, public.credit_debts, public.credit_ledger
  from public, anon, authenticated, service_role;
revoke all on sequence public.user_credits_id_seq, public.credit_debts_id_seq
  from public, anon, authenticated, service_role;
grant select on public.credit_accounts, public.user_credits, public.credit_debts, public.credit_ledger
  to service_role;
grant select (user_id, available, reserved, debt) on public.credit_accounts to authenticated;
grant select (user_id, id, source, original_amount, remaining_amount, expires_at, created_at)
  on public.user_credits to authenticated;
grant select (user_id, id, original_amount, remaining_amount, created_at) on public.credit_debts to authenticated;
grant select (user_id, entry, kind, amount, job_id, available_after, reserved_after, debt_after, created_at)
  on public.credit_ledger to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('credit_accounts', 'credits', 'kept', 'amounts'),
  ('user_credits', 'credits', 'emptied', 'descriptions are free text'),
  ('credit_debts', 'credits', 'kept', 'amounts'),
  ('credit_ledger', 'credits', 'kept', 'amounts, append-only');

-- supabase/schemas/credits/archive.sql

-- The archive of the ledger: where old movements go, and what they add up to.
--
-- Invariants
--   * A row leaves the ledger for the archive and in no other way.
--   * A user's archived rows are the first ones, numbered from 1 to the checkpoint's entry. No reservation has rows on
--     both sides of it.
--   * What they add up to stays, so that verify_credits() needs no archived row: the archive may be exported and emptied.

create domain public.credit_total as numeric(20, 2) check (value >= 0);

comment on domain public.credit_total is 'A sum of exact amounts of credits, of more than one account can hold.';

create table public.credit_ledger_archive (like public.credit_ledger, primary key (user_id, entry));

comment on table public.credit_ledger_archive is
  'Rows that archive_ledger() took out of the ledger, unchanged. Nothing here reads it: its owner may truncate it once it is exported.';

create table public.credit_checkpoints (
  user_id uuid primary key,
  entry bigint not null,
  available public.credit_amount not null,
  reserved public.credit_amount not null,
  debt public.credit_amount not null,
  archived_at timestamptz not null
);

comment on table public.credit_checkpoints is 'A user''s balances after their last archived row: where the ledger that is left begins.';

create table public.credit_archive_sums (
  user_id uuid not null,
  id bigint primary key generated always as identity,
  kind public.ledger_kind not null,
  batch_id bigint,
  reference text,
  amount public.credit_total not null,
  unique nulls not distinct (user_id, kind, batch_id, reference)
);

comment on table public.credit_archive_sums is
  'What a user''s archived rows add up to, by kind and batch. reference is kept of what was taken back and forgiven: a dispute that is won looks for it.';

create table public.credit_usage_months (
  user_id uuid not null,
  month date not null,
  job_type text not null,
  reservations bigint not null,
  charged public.credit_total not null,
  refunded public.credit_total not null,
  primary key (user_id, month, job_type)
);

comment on table public.credit_usage_months is
  'Reservations whose movements are archived: how many of a kind ended in a month (UTC), what was charged for them, and what of that was given back.';

create function credits_private.keep_archived() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  if exists (select from public.credit_ledger_archive a where a.user_id = old.user_id and a.entry = old.entry) then -- rule: archived-first
    return old;
  end if;
  raise exception 'public.credit_ledger is append-only' using errcode = 'restrict_violation';
end;
$$;

comment on function credits_private.keep_archived() is 'Row trigger: a row leaves the ledger once it is in the archive.';

create trigger credit_ledger_archived_first before delete on public.credit_ledger
  for each row execute function credits_private.keep_archived();

create trigger credit_ledger_archive_append_only before update or delete on public.credit_ledger_archive
  for each statement execute function credits_private.refuse_change();

alter table public.credit_ledger_archive enable row level security;
alter table public.credit_checkpoints enable row level security;
alter table public.credit_archive_sums enable row level security;
alter table public.credit_usage_months enable row level security;

create policy "operators read the archive" on public.credit_ledger_archive for select to service_role using (true);
create policy "operators read checkpoints" on public.credit_checkpoints for select to service_role using (true);
create policy "operators read sums" on public.credit_archive_sums for select to service_role using (true);
create policy "operators read months" on public.credit_usage_months for select to service_role using (true);

revoke all on public.credit_ledger_archive, public.credit_checkpoints, public.credit_archive_sums, public.credit_usage_months
  from public, anon, authenticated, service_role;
revoke all on sequence public.credit_archive_sums_id_seq from public, anon, authenticated, service_role;
grant select on public.credit_ledger_archive, public.credit_checkpoints, public.credit_archive_sums, public.credit_usage_months
  to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('credit_ledger_archive', 'credits', 'kept', 'amounts, append-only'),
  ('credit_checkpoints', 'credits', 'kept', 'amounts'),
  ('credit_archive_sums', 'credits', 'kept', 'amounts'),
  ('credit_usage_months', 'credits', 'kept', 'amounts');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/movements.sql

-- Credit movements: how account, batch and ledger change together.
--
-- Invariants
--   * Nothing but credits_private.post_entry() moves a credit.
--   * The batch that expires soonest is spent first, then the oldest; expired credits leave before anything is taken.
--   * Open debts are paid from whatever becomes available, oldest first.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the account's lock.

create function credits_private.post_entry(
  p_user_id uuid,
  p_kind public.ledger_kind,
  p_amount numeric,
  p_batch_id bigint default null,
  p_job_id uuid default null,
  p_reference text default null
) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_available numeric := case
    when p_kind in ('grant', 'release', 'refund') then p_amount
    when p_kind in ('reserve', 'expire', 'revoke', 'repay') then -p_amount
    else 0
  end;
  v_reserved numeric := case
    when p_kind = 'reserve' then p_amount
    when p_kind in ('confirm', 'release') then -p_amount
    else 0
  end;
  v_debt numeric := case when p_kind = 'debt' then p_amount when p_kind in ('repay', 'forgive') then -p_amount else 0 end;
begin
  update public.credit_accounts
  set
    available = available + v_available,
    reserved = reserved + v_reserved,
    debt = debt + v_debt,
    last_entry = last_entry + 1
  where user_id = p_user_id
  returning * into strict v_account;

  -- Whatever changes what is available moves a batch by the same amount.
  if v_available <> 0 then -- rule: batches-follow
    update public.user_credits
    set remaining_amount = remaining_amount + v_available
    where user_id = p_user_id and id = p_batch_id;
  end if;

  insert into public.credit_ledger (
    user_id, entry, kind, amount, batch_id, job_id, reference,
    available_after, reserved_after, debt_after, created_at
  )
  values (
    p_user_id, v_account.last_entry, p_kind, p_amount, p_batch_id, p_job_id, p_reference,
    v_account.available, v_account.reserved, v_account.debt, credits_private.clock()
  );
  return v_account;
end;
$$;

comment on function credits_private.post_entry(uuid, public.ledger_kind, numeric, bigint, uuid, text) is
  'How a credit moves: account, batch and ledger change together. Returns the account after it. The caller holds the account''s lock.';

create function credits_private.lock_account(p_user_id uuid) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
begin
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  return v_account;
end;
$$;

comment on function credits_private.lock_account(uuid) is
  'Locks and returns the account; all columns null when the user has none yet.';

create function credits_private.expire_batches(p_user_id uuid) returns integer
  language plpgsql set search_path = ''
as $$
declare
  v_batch record;
  v_now timestamptz := credits_private.clock();
  v_count integer := 0;
begin
  for v_batch in
    select id, remaining_amount
    from public.user_credits
    where user_id = p_user_id and is_open and expires_at <= v_now -- rule: expired
    order by expires_at, id
  loop
    perform credits_private.post_entry(p_user_id, 'expire', v_batch.remaining_amount, v_batch.id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

comment on function credits_private.expire_batches(uuid) is
  'Moves what is left of a user''s expired batches out of the balance; returns how many. The caller holds the account''s lock.';

create function credits_private.take_from_batches(
  p_account public.credit_accounts,
  p_kind public.ledger_kind,
  p_amount numeric,
  p_job_id uuid default null,
  p_reference text default null
) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_batch record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  for v_batch in
    select id, remaining_amount
    from public.user_credits
    where user_id = p_account.user_id and is_open
    order by expires_at, id -- rule: spending-order
  loop
    v_part := least(v_left, v_batch.remaining_amount); -- rule: batch-at-most
    p_account := credits_private.post_entry(p_account.user_id, p_kind, v_part, v_batch.id, p_job_id, p_reference);
    v_left := v_left - v_part;
    exit when v_left = 0;
  end loop;
  return p_account;
end;
$$;

comment on function credits_private.take_from_batches(public.credit_accounts, public.ledger_kind, numeric, uuid, text) is
  'Takes up to p_amount, which is above 0, from the user''s open batches, soonest to expire first, then oldest; returns the account after it. Expired batches must have been moved out before. The caller holds the account''s lock.';

create function credits_private.pay_debts(p_account public.credit_accounts) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_debt record;
  v_available numeric;
begin
  for v_debt in
    select id, remaining_amount, reference
    from public.credit_debts
    where user_id = p_account.user_id and remaining_amount > 0
    order by id -- rule: oldest-debt-first
  loop
    exit when p_account.available = 0;
    v_available := p_account.available;
    p_account := credits_private.take_from_batches(
      p_account, 'repay', v_debt.remaining_amount, null, v_debt.reference
    );
    update public.credit_debts
    set remaining_amount = remaining_amount - (v_available - p_account.available)
    where user_id = p_account.user_id and id = v_debt.id;
  end loop;
  return p_account;
end;
$$;

comment on function credits_private.pay_debts(public.credit_accounts) is
  'Pays open debts, oldest first, from whatever is available; returns the account after it. The caller holds the account''s lock.';

create function credits_private.without_expired(p_account public.credit_accounts) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
begin
  if credits_private.expire_batches(p_account.user_id) > 0 then
    select * into strict p_account from public.credit_accounts where user_id = p_account.user_id;
  end if;
  return p_account;
end;
$$;

comment on function credits_private.without_expired(public.credit_accounts) is
  'The account once what has expired has left it. The caller holds the account''s lock.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/grants.sql

-- Credit grants: how credits come in, and how they leave when they expire.
--
-- Invariants
--   * A grant with a key that was used before changes nothing.
--   * New credits pay the user's debts before anything becomes available.
--
-- Lock order: ARCHITECTURE.md.

create type public.grant_result as (
  outcome text,
  batch_id bigint,
  amount numeric,
  debt_paid numeric,
  available numeric,
  reserved numeric,
  debt numeric
);

create function credits_private.ensure_account(p_user_id uuid) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
begin
  insert into public.credit_accounts (user_id, created_at)
  values (p_user_id, credits_private.clock())
  on conflict (user_id) do nothing;
  return credits_private.lock_account(p_user_id);
end;
$$;

comment on function credits_private.ensure_account(uuid) is
  'Locks and returns the user''s account, creating it first when there is none.';

create function credits_private.open_account(p_user_id uuid) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts := credits_private.ensure_account(p_user_id);
begin
  if v_account.erased_at is not null then -- rule: erased-get-nothing
    perform credits_private.refuse_argument('p_user_id', 'belongs to an erased user');
  end if;
  return v_account;
end;
$$;

comment on function credits_private.open_account(uuid) is
  'ensure_account for whoever is to be given something: refuses erased users with 22023.';

create function credits_private.grant_state(p_user_id uuid, p_outcome text, p_batch_id bigint, p_amount numeric, p_debt_paid numeric)
  returns public.grant_result
  language sql set search_path = ''
as $$
  select p_outcome, p_batch_id, p_amount, p_debt_paid, a.available, a.reserved, a.debt
  from public.credit_accounts a
  where a.user_id = p_user_id;
$$;

comment on function credits_private.grant_state(uuid, text, bigint, numeric, numeric) is
  'An outcome together with the balances after it.';

create function credits_private.grant_batch(
  p_user_id uuid,
  p_amount numeric,
  p_source text,
  p_grant_key text,
  p_expires_at timestamptz,
  p_description text
) returns public.grant_result
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_batch public.user_credits;
  v_debt_paid numeric;
begin
  if p_user_id is null then
    perform credits_private.refuse_argument('p_user_id', 'must not be null');
  elsif not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  elsif (p_source = any (enum_range(null::public.credit_source)::text[])) is not true then
    perform credits_private.refuse_argument(
      'p_source', 'must be one of ' || array_to_string(enum_range(null::public.credit_source), ', ')
    );
  elsif coalesce(p_grant_key, '') = '' then
    perform credits_private.refuse_argument('p_grant_key', 'must not be empty');
  elsif p_expires_at <= credits_private.clock() then
    perform credits_private.refuse_argument('p_expires_at', 'must be in the future');
  end if;

  v_account := credits_private.open_account(p_user_id);
  select * into v_batch from public.user_credits where user_id = p_user_id and grant_key = p_grant_key;
  if found then -- rule: granted-once
    return credits_private.grant_state(p_user_id, 'already_granted', v_batch.id, v_batch.original_amount, 0);
  elsif not credits_private.is_amount(v_account.available + v_account.reserved + p_amount) then
    -- What is held must always find room when it comes back.
    perform credits_private.refuse_argument('p_amount', 'must leave the account with at most ' || credits_private.largest_amount());
  end if;

  insert into public.user_credits (user_id, source, grant_key, original_amount, description, expires_at, created_at)
  values (
    p_user_id, p_source::public.credit_source, p_grant_key, p_amount, p_description, p_expires_at, credits_private.clock()
  )
  returning * into v_batch;
  v_account := credits_private.post_entry(p_user_id, 'grant', p_amount, v_batch.id, null, p_source);
  v_debt_paid := v_account.debt - (credits_private.pay_debts(v_account)).debt; -- rule: grants-pay-debts
  return credits_private.grant_state(p_user_id, 'granted', v_batch.id, p_amount, v_debt_paid);
end;
$$;

comment on function credits_private.grant_batch(uuid, numeric, text, text, timestamptz, text) is
  'grant_credits() under any key: the system''s own are made here and nowhere else.';

create function credits_private.check_key(p_argument text, p_key text) returns void
  language plpgsql set search_path = ''
as $$
begin
  if p_key ~ '^(purchase|sub|job|erased):|^signup_bonus$' then -- rule: keys-apart
    perform credits_private.refuse_argument(p_argument, 'must not begin as the system''s own keys do');
  end if;
end;
$$;

comment on function credits_private.check_key(text, text) is
  'Refuses a key that only the system makes: a purchase that finds its grant made by hand would grant nothing.';

create function public.grant_credits(
  p_user_id uuid,
  p_amount numeric,
  p_source text,
  p_grant_key text,
  p_expires_at timestamptz default null,
  p_description text default null
) returns public.grant_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  perform credits_private.check_key('p_grant_key', p_grant_key);
  return credits_private.grant_batch(p_user_id, p_amount, p_source, p_grant_key, p_expires_at, p_description);
end;
$$;

comment on function public.grant_credits(uuid, numeric, text, text, timestamptz, text) is
  'Adds a batch of credits, once per (user, grant key), and pays open debts from it first. Outcomes: granted, already_granted (nothing changes; amount is the first grant''s). Idempotent by p_grant_key. Raises 22023 for a bad argument, and for a key that only the system makes.';

revoke all on function public.grant_credits(uuid, numeric, text, text, timestamptz, text)
  from public, anon, authenticated, service_role;
grant execute on function public.grant_credits(uuid, numeric, text, text, timestamptz, text) to service_role;

create table credits_private.due_grants (
  step text primary key check (to_regprocedure(step || '(uuid)') is not null)
);

comment on table credits_private.due_grants is
  'What grants credits by itself as time goes by: functions that grant what is due to a user. They are called before a user is told that credits do not suffice, so that nothing depends on a sweep having run. The caller holds the account''s lock.';

alter table credits_private.due_grants enable row level security;

create policy "nobody but the functions" on credits_private.due_grants using (false);

revoke all on credits_private.due_grants from public, anon, authenticated, service_role;

create function credits_private.with_due_grants(p_account public.credit_accounts) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_step text;
begin
  for v_step in select step from credits_private.due_grants order by step loop
    execute format('select %s($1)', v_step::regproc) using p_account.user_id; -- rule: due-before-refused
  end loop;
  select * into strict p_account from public.credit_accounts where user_id = p_account.user_id;
  return p_account;
end;
$$;

comment on function credits_private.with_due_grants(public.credit_accounts) is
  'The account once what is due by now has been granted. The caller holds the account''s lock.';

create function public.expire_credits() returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_user_id uuid;
  v_now timestamptz := credits_private.clock();
  v_count integer := 0;
begin
  for v_user_id in
    select user_id
    from public.user_credits
    where is_open and expires_at <= v_now
    group by user_id
    order by min(expires_at)
    limit 1000 -- rule: expiry-limit
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_user_id for no key update skip locked;
    continue when not found;
    begin
      v_count := v_count + credits_private.expire_batches(v_user_id); -- rule: expiry-sweep
    exception when others then
      raise warning 'the credits of user % did not expire: % (%)', v_user_id, sqlerrm, sqlstate; -- rule: expiry-goes-on
    end;
  end loop;
  perform credits_private.note_run('expire_credits', v_count);
  return v_count;
end;
$$;

comment on function public.expire_credits() is
  'Moves expired batches out of the balances, those of at most 1,000 users a call, so that no account is locked for long; returns how many. An account that makes it fail is passed over with a warning. Nothing depends on it having run: expired credits cannot be reserved before it either. Idempotent.';

revoke all on function public.expire_credits() from public, anon, authenticated, service_role;
grant execute on function public.expire_credits() to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('expire_credits', 5);

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/revocations.sql

-- Credit revocations: how credits are taken back without being spent, and an operator's corrections.
--
-- Invariants
--   * A correction with a key that was used before changes nothing.
--   * What cannot be taken back because it was spent becomes a debt, never a negative balance.
--
-- Lock order: ARCHITECTURE.md.

create table public.credit_revocations (
  id uuid not null default credits_private.uuid_v7() unique,
  user_id uuid not null references public.credit_accounts (user_id),
  revocation_key text not null check (revocation_key <> ''),
  amount public.credit_amount not null,
  debt_amount public.credit_amount not null check (debt_amount <= amount),
  reason text not null check (reason <> ''),
  created_at timestamptz not null default now(),
  primary key (user_id, revocation_key)
);

comment on table public.credit_revocations is
  'Credits taken back, once per key, and how much of that became a debt because it had been spent. The ledger knows it as adjustment:{id}, so that no key, which is free text, is kept for ever.';

alter table public.credit_revocations enable row level security;

create policy "owners read their revocations" on public.credit_revocations
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_revocations from public, anon, authenticated, service_role;
grant select on public.credit_revocations to service_role;
grant select (user_id, amount, debt_amount, created_at) on public.credit_revocations to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_revocations', 'credits', 'emptied', 'reasons are free text');

create function credits_private.revoke_credits(p_user_id uuid, p_amount numeric, p_reference text) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_debt numeric;
begin
  perform credits_private.expire_batches(p_user_id);
  select * into strict v_account from public.credit_accounts where user_id = p_user_id;
  v_debt := p_amount - v_account.available
    + (credits_private.take_from_batches(v_account, 'revoke', p_amount, null, p_reference)).available;
  if v_debt > 0 then
    insert into public.credit_debts (user_id, reference, original_amount, remaining_amount, created_at)
    values (p_user_id, p_reference, v_debt, v_debt, credits_private.clock());
    perform credits_private.post_entry(p_user_id, 'debt', v_debt, null, null, p_reference);
  end if;
  return v_debt;
end;
$$;

comment on function credits_private.revoke_credits(uuid, numeric, text) is
  'Takes credits back; what was spent already becomes a debt, whose amount is returned. The caller holds the account''s lock.';

create function public.adjust_credits(
  p_user_id uuid,
  p_amount numeric,
  p_adjustment_key text,
  p_reason text,
  p_actor text default null
) returns public.grant_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_done public.credit_revocations;
  v_granted public.user_credits;
  v_id uuid := credits_private.uuid_v7();
  v_result public.grant_result;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  if p_user_id is null then
    perform credits_private.refuse_argument('p_user_id', 'must not be null');
  elsif coalesce(p_adjustment_key, '') = '' then
    perform credits_private.refuse_argument('p_adjustment_key', 'must not be empty');
  elsif not credits_private.is_amount(abs(p_amount)) then
    perform credits_private.refuse_argument('p_amount', 'must not be 0 and have at most two decimal places');
  end if;

  perform credits_private.check_key('p_adjustment_key', p_adjustment_key);
  perform credits_private.open_account(p_user_id);
  select * into v_done
  from public.credit_revocations
  where user_id = p_user_id and revocation_key = p_adjustment_key;
  if found then -- rule: adjusted-once
    return credits_private.grant_state(p_user_id, 'already_granted', null, -v_done.amount, 0);
  elsif p_amount > 0 then
    v_result := credits_private.grant_batch(p_user_id, p_amount, 'adjustment', p_adjustment_key, null, p_reason);
    if v_result.outcome = 'granted' then
      -- rule: adjusted-up-noted
      perform credits_private.note_action(p_actor, 'adjust_credits', p_user_id, null, p_reason, jsonb_build_object('amount', p_amount));
    end if;
    return v_result;
  end if;
  select * into v_granted from public.user_credits where user_id = p_user_id and grant_key = p_adjustment_key;
  if found then
    return credits_private.grant_state(p_user_id, 'already_granted', v_granted.id, v_granted.original_amount, 0);
  end if;

  insert into public.credit_revocations (id, user_id, revocation_key, amount, debt_amount, reason, created_at)
  values (
    v_id, p_user_id, p_adjustment_key, -p_amount,
    credits_private.revoke_credits(p_user_id, -p_amount, 'adjustment:' || v_id), p_reason, credits_private.clock()
  );
  -- rule: adjusted-down-noted
  perform credits_private.note_action(p_actor, 'adjust_credits', p_user_id, null, p_reason, jsonb_build_object('amount', p_amount));
  return credits_private.grant_state(p_user_id, 'granted', null, p_amount, 0);
end;
$$;

comment on function public.adjust_credits(uuid, numeric, text, text, text) is
  'An operator''s correction with its reason: a positive amount is a grant, a negative one is taken back and, where it was spent, becomes a debt. Outcomes: granted, already_granted. Idempotent by p_adjustment_key; operator_actions has who and why. Raises 22023 for a bad argument, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.adjust_credits(uuid, numeric, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.adjust_credits(uuid, numeric, text, text, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/mailboxes.sql

-- Mailboxes: which addresses are one mailbox, and which mailboxes have had their signup bonus.
--
-- Invariants
--   * A mailbox is known by a keyed hash alone: whoever reads the table learns no address from it.
--   * What is remembered names no user and outlives them, an erasure too; otherwise leaving and returning would pay.

create table credits_private.mail_providers (
  domain text primary key check (domain = lower(domain)),
  same_as text not null,
  ignored text not null default '',
  tag_separator text not null default '+' check (length(tag_separator) = 1)
);

comment on table credits_private.mail_providers is
  'How providers read the part before the @: mail to domain and to same_as reaches the same mailboxes, ignored are the characters that make no difference, and from tag_separator on it is a tag. At any other domain tags come after a plus sign, and dots make no difference: two people who differ by a dot alone are rarer than one who tries for two bonuses.';

insert into credits_private.mail_providers (domain, same_as, ignored, tag_separator)
values
  ('gmail.com', 'gmail.com', '.', '+'),
  ('googlemail.com', 'gmail.com', '.', '+'),
  ('proton.me', 'proton.me', '.-_', '+'),
  ('protonmail.com', 'proton.me', '.-_', '+'),
  ('pm.me', 'proton.me', '.-_', '+'),
  ('icloud.com', 'icloud.com', '', '+'),
  ('me.com', 'icloud.com', '', '+'),
  ('mac.com', 'icloud.com', '', '+'),
  ('yahoo.com', 'yahoo.com', '', '-'),
  ('ymail.com', 'ymail.com', '', '-'),
  ('rocketmail.com', 'rocketmail.com', '', '-'),
  ('outlook.com', 'outlook.com', '', '+'),
  ('hotmail.com', 'hotmail.com', '', '+'),
  ('live.com', 'live.com', '', '+'),
  ('msn.com', 'msn.com', '', '+'),
  ('yandex.ru', 'yandex.ru', '.-', '+'),
  ('yandex.com', 'yandex.ru', '.-', '+'),
  ('ya.ru', 'yandex.ru', '.-', '+');

create table credits_private.bonus_mailboxes (
  mailbox_hash bytea primary key
);

comment on table credits_private.bonus_mailboxes is 'The mailboxes that have had their signup bonus.';

create table credits_private.mailbox_key (
  only_row boolean primary key default true check (only_row),
  key bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
);

comment on table credits_private.mailbox_key is
  'The key of the hashes in bonus_mailboxes, made at random by each installation. Another key forgets them all.';

insert into credits_private.mailbox_key default values;

alter table credits_private.mail_providers enable row level security;
alter table credits_private.bonus_mailboxes enable row level security;
alter table credits_private.mailbox_key enable row level security;

create policy "nobody but the functions" on credits_private.mail_providers using (false);
create policy "nobody but the functions" on credits_private.bonus_mailboxes using (false);
create policy "nobody but the functions" on credits_private.mailbox_key using (false);

revoke all on credits_private.mail_providers, credits_private.bonus_mailboxes, credits_private.mailbox_key
  from public, anon, authenticated, service_role;

create function credits_private.mailbox_of(p_email text) returns text
  language plpgsql stable set search_path = ''
as $$
declare
  v_email text := lower(normalize(btrim(p_email), NFKC));
  v_at integer := length(v_email) - position('@' in reverse(v_email)) + 1;
  v_domain text := rtrim(substr(v_email, v_at + 1), '.');
  v_provider credits_private.mail_providers;
  v_name text;
begin
  select * into v_provider from credits_private.mail_providers where domain = v_domain;
  v_name := split_part(left(v_email, v_at - 1), coalesce(v_provider.tag_separator, '+'), 1); -- rule: tags
  v_name := translate(v_name, coalesce(v_provider.ignored, '.'), ''); -- rule: ignored-characters
  return v_name || '@' || coalesce(v_provider.same_as, v_domain); -- rule: same-provider
end;
$$;

comment on function credits_private.mailbox_of(text) is
  'The one name of the mailbox that an address reaches, by the rules in mail_providers.';

create function credits_private.claim_mailbox(p_email text) returns boolean
  language plpgsql set search_path = ''
as $$
begin
  insert into credits_private.bonus_mailboxes (mailbox_hash)
  select sha256(k.key || sha256(k.key || convert_to(credits_private.mailbox_of(p_email), 'UTF8')))
  from credits_private.mailbox_key k
  where k.only_row
  on conflict (mailbox_hash) do nothing;
  return found;
end;
$$;

comment on function credits_private.claim_mailbox(text) is
  'Whether a mailbox has its bonus still to come; it has had it from then on.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/signup_bonus.sql

-- Signup bonus: what a user is given for a confirmed e-mail address, or with the first payment.
--
-- Invariants
--   * Once per user and once per mailbox, for ever, whatever addresses are confirmed, changed or erased.
--   * It never makes a sign-up, or a payment, fail.

create function credits_private.give_signup_bonus(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_settings credits_private.credit_settings;
  v_email text;
begin
  select * into v_settings from credits_private.credit_settings where only_row;
  if v_settings.signup_bonus_amount = 0 then
    return;
  end if;
  select email into v_email
  from auth.users
  where id = p_user_id
    and email_confirmed_at is not null; -- rule: confirmed-address
  if v_email is not null then
    perform credits_private.ensure_account(p_user_id);
  end if;
  -- Whoever has had theirs keeps their place: another of their addresses must not use up a mailbox.
  if v_email is null
    or exists (select from public.user_credits where user_id = p_user_id and grant_key = 'signup_bonus')
    or not credits_private.claim_mailbox(v_email) then -- rule: one-bonus-per-mailbox
    return;
  end if;
  perform credits_private.grant_batch(
    p_user_id, v_settings.signup_bonus_amount, 'signup_bonus',
    'signup_bonus', -- rule: one-signup-bonus
    credits_private.clock() + v_settings.signup_bonus_lifetime, 'Signup bonus'
  );
exception when others then
  -- What it comes with must succeed whatever happens to it; the operator finds it in the database's log.
  raise warning 'signup bonus failed for user %: % (%)', p_user_id, sqlerrm, sqlstate; -- rule: bonus-blocks-nothing
end;
$$;

comment on function credits_private.give_signup_bonus(uuid) is
  'Grants the signup bonus, once per user (its grant key is fixed) and mailbox for ever, and never makes what it comes with fail.';

create function credits_private.greet_user() returns trigger
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  if (select signup_bonus_when from credits_private.credit_settings where only_row) = 'confirmed' then -- rule: bonus-when
    perform credits_private.give_signup_bonus(new.id);
  end if;
  return null;
end;
$$;

comment on function credits_private.greet_user() is
  'Gives a user whose address has just been confirmed the signup bonus, where the settings say so.';

create trigger grant_signup_bonus_on_sign_up
  after insert on auth.users
  for each row when (new.email_confirmed_at is not null)
  execute function credits_private.greet_user();

create trigger grant_signup_bonus_on_confirmation
  after update of email_confirmed_at on auth.users
  for each row when (old.email_confirmed_at is null and new.email_confirmed_at is not null)
  execute function credits_private.greet_user();

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/reservations.sql

-- Credit reservations: credits held for a job before the work, one reservation for each job for ever.
--
-- Invariants
--   * A job that is held for again gets its first reservation; one that cannot be paid for in full holds nothing.
--   * A reservation's id is its job's id; its allocation is the 'reserve' rows of the ledger between first_entry and
--     last_entry.
--   * credits_used is what is held, then what was charged, or given back.
--
-- Lock order: ARCHITECTURE.md.
--
-- The index of open reservations is partial on a column that no look-up by key mentions: a plan made while that index
-- was nearly empty must never be used to find one reservation among all that are open. For the same reason the hot
-- functions switch sequential scans off: a connection keeps the plans it made on empty tables.

create type public.reservation_status as enum ('reserved', 'confirmed', 'refunded');

create table public.credit_usage_logs (
  user_id uuid not null,
  job_id uuid not null,
  id uuid not null generated always as (job_id) stored,
  job_type text not null,
  reserved_amount public.credit_amount not null,
  credits_used public.credit_amount not null,
  refunded_amount public.credit_amount not null default 0 check (refunded_amount <= credits_used),
  status public.reservation_status not null,
  description text,
  metadata jsonb not null,
  settle_reason text,
  first_entry bigint not null,
  last_entry bigint not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (user_id, job_id)
) with (fillfactor = 70);

comment on table public.credit_usage_logs is
  'Reservations and what became of them. credits_used is what is held while reserved, what was charged once confirmed, and what was given back once refunded.';
comment on column public.credit_usage_logs.refunded_amount is
  'How much of what was charged refund_job() has given back since.';
comment on column public.credit_usage_logs.settle_reason is
  'Why it was settled; ''expired'' when the sweep did it, and then a late confirm may take the credits again.';

create index credit_usage_logs_open on public.credit_usage_logs (expires_at) where settled_at is null;

create index credit_usage_logs_by_time on public.credit_usage_logs (user_id, created_at, job_id);

alter table public.credit_usage_logs enable row level security;

create policy "owners read their usage" on public.credit_usage_logs
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_usage_logs from public, anon, authenticated, service_role;
grant select on public.credit_usage_logs to service_role;
grant select (user_id, id, job_id, job_type, credits_used, refunded_amount, status, description, expires_at, created_at, settled_at)
  on public.credit_usage_logs to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_usage_logs', 'credits', 'emptied', 'metadata and descriptions are the product''s');

create type public.reservation_result as (
  outcome text,
  job_id uuid,
  status public.reservation_status,
  amount numeric,
  required numeric,
  available numeric,
  reserved numeric,
  expires_at timestamptz
);

create type public.settlement_result as (
  outcome text,
  job_id uuid,
  charged numeric,
  returned numeric,
  available numeric,
  reserved numeric
);

comment on column public.reservation_result.available is
  'What can be reserved, as of the last sweep: credits that have expired since are still in it, and still cannot be spent. read_balance leaves them out.';
comment on column public.settlement_result.available is
  'What can be reserved, as of the last sweep: credits that have expired since are still in it, and still cannot be spent. read_balance leaves them out.';

create type public.extension_result as (
  outcome text,
  job_id uuid,
  expires_at timestamptz
);

create function credits_private.allowed_metadata(p_metadata jsonb) returns jsonb
  language plpgsql stable set search_path = ''
as $$
declare
  v_allowed text[];
begin
  if p_metadata = '{}' then
    return p_metadata;
  elsif jsonb_typeof(p_metadata) is distinct from 'object' then
    return '{}'::jsonb;
  end if;
  select metadata_keys into v_allowed from credits_private.credit_settings where only_row;
  return p_metadata - array(select jsonb_object_keys(p_metadata - v_allowed));
end;
$$;

comment on function credits_private.allowed_metadata(jsonb) is
  'I2: keeps the keys a reservation may carry and drops the others silently.';

create function credits_private.check_reservation(
  p_user_id uuid,
  p_job_id uuid,
  p_amount numeric,
  p_job_type text,
  p_ttl interval
) returns void
  language plpgsql set search_path = ''
as $$
begin
  if p_user_id is null then
    perform credits_private.refuse_argument('p_user_id', 'must not be null');
  elsif p_job_id is null then
    perform credits_private.refuse_argument('p_job_id', 'must not be null');
  elsif coalesce(p_job_type, '') = '' then
    perform credits_private.refuse_argument('p_job_type', 'must not be empty');
  elsif not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  elsif not credits_private.is_ttl(p_ttl) then
    perform credits_private.refuse_argument('p_ttl', 'must be above 0 and at most 24 hours');
  end if;
end;
$$;

comment on function credits_private.check_reservation(uuid, uuid, numeric, text, interval) is
  'Names the argument that makes a reservation impossible.';

create function public.reserve_credits(
  p_user_id uuid,
  p_job_id uuid,
  p_amount numeric,
  p_job_type text,
  p_description text default null,
  p_metadata jsonb default '{}',
  p_ttl interval default null
) returns public.reservation_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts;
  v_reservation public.credit_usage_logs;
  v_first_entry bigint;
  v_now timestamptz;
begin
  -- A default is computed with its caller's rights, who may not call hold().
  p_ttl := coalesce(p_ttl, credits_private.hold());
  perform credits_private.check_reservation(p_user_id, p_job_id, p_amount, p_job_type, p_ttl);

  -- Lock. Without an account there is nothing to lock: a first grant may open it at this very moment.
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  if not found then
    return row('insufficient_credits', null, null, null, p_amount, null, null, null)::public.reservation_result;
  end if;

  -- Look.
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if found then -- rule: reserved-once
    return row(
      case
        when v_reservation.reserved_amount <> p_amount then 'different_amount' -- rule: same-amount
        else 'already_reserved'
      end,
      p_job_id, v_reservation.status, v_reservation.reserved_amount, null,
      v_account.available, v_account.reserved, v_reservation.expires_at
    )::public.reservation_result;
  end if;

  -- Decide.
  v_account := credits_private.without_expired(v_account); -- rule: expired-before-taken
  if v_account.available < p_amount and v_account.erased_at is null then
    v_account := credits_private.with_due_grants(v_account);
  end if;
  if v_account.available < p_amount -- rule: enough-available
    or v_account.erased_at is not null then -- rule: erased-spend-nothing
    return row('insufficient_credits', null, null, null, p_amount, v_account.available, v_account.reserved, null)
      ::public.reservation_result;
  end if;

  -- Post.
  v_first_entry := v_account.last_entry + 1;
  v_account := credits_private.take_from_batches(v_account, 'reserve', p_amount, p_job_id);
  v_now := credits_private.clock();
  insert into public.credit_usage_logs (
    user_id, job_id, job_type, reserved_amount, credits_used, status, description, metadata,
    first_entry, last_entry, expires_at, created_at
  )
  values (
    p_user_id, p_job_id, p_job_type, p_amount, p_amount, 'reserved', p_description,
    credits_private.allowed_metadata(p_metadata), -- rule: allowed-metadata
    v_first_entry, v_account.last_entry, v_now + p_ttl, v_now
  );
  return row(
    'reserved', p_job_id, 'reserved', p_amount, null, v_account.available, v_account.reserved, v_now + p_ttl
  )::public.reservation_result;
end;
$$;

comment on function public.reserve_credits(uuid, uuid, numeric, text, text, jsonb, interval) is
  'Holds credits for a job for p_ttl (null: the usual hold), from the batch that expires soonest. Outcomes: reserved; already_reserved (the job''s first reservation, whatever became of it: see status); different_amount (the same, but it was reserved with another amount: the answer has that one, and nothing changes); insufficient_credits (nothing is held; required says how much). Idempotent by p_job_id. Raises 22023 for a bad argument.';

revoke all on function public.reserve_credits(uuid, uuid, numeric, text, text, jsonb, interval)
  from public, anon, authenticated, service_role;
grant execute on function public.reserve_credits(uuid, uuid, numeric, text, text, jsonb, interval) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/settlements.sql

-- Credit settlements: how a reservation ends, by confirm or release.
--
-- Invariants
--   * Settling happens once; repeating it returns what happened the first time.
--   * A late confirm (the hold had expired) charges only if the credits can be taken again in full.
--   * Only the owner's id settles a reservation; for anybody else it does not exist (M5).
--   * The last credit taken is the first returned, to the batch it came from.
--
-- The whole state x action table is in docs/reservations.md, and pgTAP tests it cell by cell.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.return_to_batches(
  p_hold public.credit_usage_logs,
  p_amount numeric,
  p_refund text default null
) returns public.credit_accounts
  language plpgsql set search_path = ''
as $$
declare
  v_account public.credit_accounts;
  v_entry record;
  v_part numeric;
  v_left numeric := p_amount;
  v_returned_before numeric := 0;
begin
  if p_refund is not null then
    -- rule: refund-goes-on
    v_returned_before := p_hold.refunded_amount - p_hold.credits_used + (
      select sum(e.amount)
      from public.credit_ledger e
      where e.user_id = p_hold.user_id and e.entry between p_hold.first_entry and p_hold.last_entry
    );
  end if;
  -- Last taken, first returned: the owner keeps the credits that live longest. The range of entries is given and not
  -- joined: a plan made on an empty table would join by the user alone and read their whole ledger.
  for v_entry in
    select e.batch_id, e.amount
    from public.credit_ledger e
    where e.user_id = p_hold.user_id and e.entry between p_hold.first_entry and p_hold.last_entry
    order by e.entry desc -- rule: last-taken-first-returned
  loop
    v_part := least(v_left, greatest(v_entry.amount - v_returned_before, 0));
    v_returned_before := greatest(v_returned_before - v_entry.amount, 0);
    continue when v_part = 0;
    v_account := credits_private.post_entry(
      p_hold.user_id, case when p_refund is null then 'release' else 'refund' end::public.ledger_kind,
      v_part, v_entry.batch_id, p_hold.job_id, p_refund
    );
    v_left := v_left - v_part;
    exit when v_left = 0;
  end loop;
  v_account := credits_private.without_expired(v_account); -- rule: returned-can-expire
  if v_account.debt > 0 then -- rule: returns-pay-debts
    v_account := credits_private.pay_debts(v_account);
  end if;
  return v_account;
end;
$$;

comment on function credits_private.return_to_batches(public.credit_usage_logs, numeric, text) is
  'Returns credits that are held or, under the reference of their refund, were charged, an amount above 0, to the batches they came from. Those of a batch that has expired meanwhile expire at once, and open debts are paid from the rest. Returns the account after it. The caller holds the account''s lock.';

create function credits_private.settled_before(p_reservation public.credit_usage_logs) returns public.settlement_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_charged numeric := case p_reservation.status when 'confirmed' then p_reservation.credits_used else 0 end;
  v_account public.credit_accounts;
begin
  select * into strict v_account from public.credit_accounts where user_id = p_reservation.user_id;
  return row(
    case p_reservation.status when 'confirmed' then 'already_confirmed' else 'already_released' end,
    p_reservation.job_id, v_charged, p_reservation.reserved_amount - v_charged, v_account.available, v_account.reserved
  )::public.settlement_result;
end;
$$;

comment on function credits_private.settled_before(public.credit_usage_logs) is
  'The outcome of settling again what is settled: what happened the first time, and today''s balances.';

create function public.confirm_credits(p_user_id uuid, p_job_id uuid, p_amount numeric default null)
  returns public.settlement_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_reservation public.credit_usage_logs;
  v_account public.credit_accounts;
  v_charged numeric;
  v_late boolean;
begin
  if p_amount is not null and p_amount <> 0 and not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be at least 0 with at most two decimal places');
  end if;

  -- Lock, and look.
  v_account := credits_private.lock_account(p_user_id);
  select * into v_reservation
  from public.credit_usage_logs
  where job_id = p_job_id
    and user_id = p_user_id; -- rule: own-confirm
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  elsif v_reservation.status = 'confirmed'
    -- rule: released-for-good
    or (v_reservation.status = 'refunded' and v_reservation.settle_reason is distinct from 'expired') then
    return credits_private.settled_before(v_reservation);
  end if;

  -- Decide. A sweep with a shorter time to live may have come before expires_at.
  v_charged := coalesce(p_amount, v_reservation.reserved_amount);
  if v_charged > v_reservation.reserved_amount then -- rule: charged-at-most
    perform credits_private.refuse_argument('p_amount', 'must not exceed the reserved amount');
  end if;
  -- rule: confirmed-late
  v_late := v_reservation.status = 'refunded' or v_reservation.expires_at <= credits_private.clock();

  -- Post.
  if v_reservation.status = 'refunded' and v_charged > 0 then
    v_account := credits_private.without_expired(v_account);
    if v_account.available < v_charged or v_account.erased_at is not null then
      return row('expired', p_job_id, 0, v_reservation.reserved_amount, v_account.available, v_account.reserved)
        ::public.settlement_result;
    end if;
    v_reservation.first_entry := v_account.last_entry + 1;
    v_account := credits_private.take_from_batches(v_account, 'reserve', v_charged, p_job_id);
    v_reservation.last_entry := v_account.last_entry;
  elsif v_reservation.status = 'reserved' and v_charged < v_reservation.reserved_amount then
    -- rule: rest-returns
    v_account := credits_private.return_to_batches(v_reservation, v_reservation.reserved_amount - v_charged);
  end if;
  if v_charged > 0 then
    v_account := credits_private.post_entry(p_user_id, 'confirm', v_charged, null, p_job_id);
  end if;
  update public.credit_usage_logs
  set
    status = 'confirmed', credits_used = v_charged, settled_at = credits_private.clock(), settle_reason = null,
    first_entry = v_reservation.first_entry, last_entry = v_reservation.last_entry
  where user_id = p_user_id and job_id = p_job_id;
  return row(
    case when v_late then 'confirmed_late' else 'confirmed' end, p_job_id, v_charged,
    v_reservation.reserved_amount - v_charged, v_account.available, v_account.reserved
  )::public.settlement_result;
end;
$$;

comment on function public.confirm_credits(uuid, uuid, numeric) is
  'Charges a reservation: all of it, or p_amount, and then the rest returns to its batches. Outcomes: confirmed; already_confirmed; confirmed_late (the hold had expired and was charged or taken again all the same); expired (it could not be taken again: nothing charged); already_released (its owner''s job was released before: nothing charged); not_found. Idempotent. Raises 22023 when p_amount is negative, has more than two decimal places or is above what was reserved.';

revoke all on function public.confirm_credits(uuid, uuid, numeric) from public, anon, authenticated, service_role;
grant execute on function public.confirm_credits(uuid, uuid, numeric) to service_role;

create function credits_private.release_hold(p_user_id uuid, p_job_id uuid, p_reason text)
  returns public.settlement_result
  language plpgsql set search_path = ''
as $$
declare
  v_reservation public.credit_usage_logs;
  v_account public.credit_accounts;
begin
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if not found then
    -- rule: own-release
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  elsif v_reservation.status <> 'reserved' then
    -- A release after the sweep is final: no late confirm may charge a job that its owner gave up.
    if v_reservation.settle_reason = 'expired' and p_reason <> 'expired' then -- rule: given-up-after-sweep
      update public.credit_usage_logs
      set settle_reason = p_reason
      where user_id = p_user_id
        and job_id = p_job_id; -- rule: gives-up-one
    end if;
    return credits_private.settled_before(v_reservation);
  end if;

  update public.credit_usage_logs
  set status = 'refunded', settled_at = credits_private.clock(), settle_reason = p_reason
  where user_id = p_user_id and job_id = p_job_id;
  v_account := credits_private.return_to_batches(v_reservation, v_reservation.reserved_amount);
  return row('released', p_job_id, 0, v_reservation.reserved_amount, v_account.available, v_account.reserved)
    ::public.settlement_result;
end;
$$;

comment on function credits_private.release_hold(uuid, uuid, text) is
  'release_credits for who holds the account''s lock. The reason ''expired'' is the sweep''s own: it leaves the way open for a late confirm.';

create function public.release_credits(p_user_id uuid, p_job_id uuid, p_reason text default null)
  returns public.settlement_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  perform 1 from public.credit_accounts where user_id = p_user_id for no key update;
  return credits_private.release_hold(
    p_user_id,
    p_job_id,
    coalesce(nullif(p_reason, 'expired'), 'released') -- rule: only-the-sweep-expires
  );
end;
$$;

comment on function public.release_credits(uuid, uuid, text) is
  'Returns a reservation''s credits to the batches they came from; those of a batch that has expired meanwhile expire at once. Outcomes: released, already_released, already_confirmed (what was charged stays charged), not_found. Idempotent.';

revoke all on function public.release_credits(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.release_credits(uuid, uuid, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/refunds.sql

-- Credit refunds: what was charged for a job, given back later, for work that turned out to be worth nothing.
--
-- Invariants
--   * All refunds of a job together never exceed what it was charged.
--   * A refund with a key that was used before changes nothing.
--   * Credits return to the batches they came from, with the expiry those have, and pay open debts first.
--
-- Lock order: ARCHITECTURE.md.

create table public.credit_refunds (
  id uuid not null default credits_private.uuid_v7() unique,
  user_id uuid not null references public.credit_accounts (user_id),
  refund_key text not null check (refund_key <> ''),
  job_id uuid not null,
  amount public.credit_amount not null check (amount > 0),
  reason text not null check (reason <> ''),
  created_at timestamptz not null default now(),
  primary key (user_id, refund_key)
);

comment on table public.credit_refunds is
  'Credits given back after they were charged, once per key, and why. The ledger knows a row as refund:{id}, so that no key, which is free text, is kept for ever.';

alter table public.credit_refunds enable row level security;

create policy "owners read their refunds" on public.credit_refunds
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_refunds from public, anon, authenticated, service_role;
grant select on public.credit_refunds to service_role;
grant select (user_id, job_id, amount, created_at) on public.credit_refunds to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_refunds', 'credits', 'emptied', 'reasons are free text');

create function public.refund_job(
  p_user_id uuid,
  p_job_id uuid,
  p_refund_key text,
  p_reason text,
  p_actor text default null,
  p_amount numeric default null
) returns public.settlement_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account public.credit_accounts;
  v_reservation public.credit_usage_logs;
  v_refund public.credit_refunds;
  v_left numeric;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  if coalesce(p_refund_key, '') = '' then
    perform credits_private.refuse_argument('p_refund_key', 'must not be empty');
  elsif p_amount is not null and not credits_private.is_amount(p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must be above 0 with at most two decimal places');
  end if;

  -- Lock, and look.
  v_account := credits_private.lock_account(p_user_id);
  select * into v_reservation
  from public.credit_usage_logs
  where job_id = p_job_id
    and user_id = p_user_id; -- rule: own-refund
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.settlement_result;
  end if;
  v_left := case v_reservation.status when 'confirmed' then v_reservation.credits_used else 0 end
    - v_reservation.refunded_amount;
  select * into v_refund from public.credit_refunds where user_id = p_user_id and refund_key = p_refund_key;
  if found then -- rule: refunded-once
    return row(
      case when v_refund.job_id = p_job_id then 'already_refunded' else 'key_used' end,
      p_job_id, v_left, case when v_refund.job_id = p_job_id then v_refund.amount else 0 end,
      v_account.available, v_account.reserved
    )::public.settlement_result;
  elsif v_reservation.status <> 'confirmed' or v_left = 0 then
    return row('nothing_charged', p_job_id, v_left, 0, v_account.available, v_account.reserved)::public.settlement_result;
  elsif v_account.erased_at is not null then -- rule: erased-refunded-nothing
    perform credits_private.refuse_argument('p_user_id', 'belongs to an erased user');
  end if;

  -- Decide.
  p_amount := coalesce(p_amount, v_left);
  if p_amount > v_left then -- rule: refunded-at-most
    perform credits_private.refuse_argument('p_amount', 'must not exceed what is still charged');
  elsif not credits_private.is_amount(v_account.available + v_account.reserved + p_amount) then
    perform credits_private.refuse_argument('p_amount', 'must leave the account with at most ' || credits_private.largest_amount());
  end if;

  -- Post.
  insert into public.credit_refunds (user_id, refund_key, job_id, amount, reason, created_at)
  values (p_user_id, p_refund_key, p_job_id, p_amount, p_reason, credits_private.clock())
  returning * into v_refund;
  v_account := credits_private.return_to_batches(v_reservation, p_amount, 'refund:' || v_refund.id);
  update public.credit_usage_logs
  set refunded_amount = refunded_amount + p_amount
  where user_id = p_user_id and job_id = p_job_id;
  -- rule: refund-noted
  perform credits_private.note_action(p_actor, 'refund_job', p_user_id, p_job_id::text, p_reason, jsonb_build_object('amount', p_amount));
  return row('refunded', p_job_id, v_left - p_amount, p_amount, v_account.available, v_account.reserved)
    ::public.settlement_result;
end;
$$;

comment on function public.refund_job(uuid, uuid, text, text, text, numeric) is
  'Gives back what a finished job was charged, or p_amount of it, to the batches it came from; what has expired meanwhile expires at once, and open debts are paid first. charged is what stays charged, returned what this refund gave back. Outcomes: refunded; already_refunded (the key was used for this job); key_used (the key was used for another job); nothing_charged (still held, released, or all of it given back already); not_found. Idempotent by p_refund_key; operator_actions has who and why. Raises 22023 for a bad argument, for an actor or a reason of nothing, for more than is still charged, and for an erased user.';

revoke all on function public.refund_job(uuid, uuid, text, text, text, numeric) from public, anon, authenticated, service_role;
grant execute on function public.refund_job(uuid, uuid, text, text, text, numeric) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/lifetime.sql

-- Reservation lifetime: how long a hold lasts (extend), and what becomes of one that nobody settled (sweep).
--
-- Invariants
--   * A hold is kept alive up to its maximum lifetime, and never shortened by it.
--   * The sweep waits for nobody, one account that fails does not stop it, and a reservation it released can still be
--     confirmed late.
--
-- Lock order: ARCHITECTURE.md.

create function public.extend_reservation(
  p_user_id uuid,
  p_job_id uuid,
  p_ttl interval default null
)
  returns public.extension_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_reservation public.credit_usage_logs;
  v_now timestamptz;
  v_limit timestamptz;
  v_until timestamptz;
begin
  p_ttl := coalesce(p_ttl, credits_private.hold());
  if not credits_private.is_ttl(p_ttl) then
    perform credits_private.refuse_argument('p_ttl', 'must be above 0 and at most 24 hours');
  end if;

  perform 1 from public.credit_accounts where user_id = p_user_id for no key update;
  if not found then
    return row('not_found', p_job_id, null)::public.extension_result;
  end if;
  v_now := credits_private.clock();
  select * into v_reservation from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id;
  if not found then
    return row('not_found', p_job_id, null)::public.extension_result;
  elsif v_reservation.status = 'confirmed' then
    return row('already_confirmed', p_job_id, null)::public.extension_result;
  elsif v_reservation.status = 'refunded' and v_reservation.settle_reason is distinct from 'expired' then
    return row('already_released', p_job_id, null)::public.extension_result;
  elsif v_reservation.status = 'refunded' or v_reservation.expires_at <= v_now then
    return row('expired', p_job_id, v_reservation.expires_at)::public.extension_result;
  end if;

  select v_reservation.created_at + s.reservation_max_lifetime into v_limit
  from credits_private.credit_settings s
  where s.only_row;
  v_until := greatest(
    v_reservation.expires_at, -- rule: never-shortened
    least(v_now + p_ttl, v_limit) -- rule: longest-hold
  );
  update public.credit_usage_logs
  set expires_at = v_until
  where user_id = p_user_id and job_id = p_job_id;
  return row(
    case when v_now + p_ttl > v_limit then 'limit_reached' else 'extended' end, p_job_id, v_until
  )::public.extension_result;
end;
$$;

comment on function public.extend_reservation(uuid, uuid, interval) is
  'Keeps a live reservation for p_ttl (null: the usual hold) from now, never beyond its maximum lifetime and never shorter than it was. Outcomes: extended; limit_reached (held until expires_at and no longer); expired; already_confirmed; already_released; not_found. Idempotent. Raises 22023 for a bad p_ttl.';

revoke all on function public.extend_reservation(uuid, uuid, interval) from public, anon, authenticated, service_role;
grant execute on function public.extend_reservation(uuid, uuid, interval) to service_role;

create function public.release_stale_reservations(p_ttl_minutes integer default null) returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_stale record;
  -- rule: stale-deadline
  v_stale_before timestamptz := credits_private.clock() + coalesce(credits_private.hold() - make_interval(mins => p_ttl_minutes), '0');
  v_result public.settlement_result;
  v_count integer := 0;
begin
  if p_ttl_minutes < 1 then
    perform credits_private.refuse_argument('p_ttl_minutes', 'must be at least 1');
  end if;

  for v_stale in
    -- Few of one user: each release leaves versions of the account's row that the next one has to pass.
    select s.user_id, s.job_id
    from (
      select user_id, job_id, expires_at, row_number() over (partition by user_id order by expires_at) as nth
      from public.credit_usage_logs
      where settled_at is null
        and expires_at <= v_stale_before -- rule: stale-found
    ) s
    where s.nth <= 100 -- rule: sweep-few-of-one
    order by s.expires_at
    limit 1000 -- rule: sweep-limit
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_stale.user_id for no key update skip locked;
    continue when not found;
    perform 1
    from public.credit_usage_logs
    where user_id = v_stale.user_id
      and job_id = v_stale.job_id
      and expires_at <= v_stale_before; -- rule: stale-still
    continue when not found;
    begin
      v_result := credits_private.release_hold(v_stale.user_id, v_stale.job_id, 'expired');
      v_count := v_count + (v_result.outcome = 'released')::integer;
    exception when others then
      -- rule: sweep-goes-on
      raise warning 'reservation % of user % was not released: % (%)', v_stale.job_id, v_stale.user_id, sqlerrm, sqlstate;
    end;
  end loop;
  perform credits_private.note_run('release_stale_reservations', v_count);
  return v_count;
end;
$$;

comment on function public.release_stale_reservations(integer) is
  'M6: releases reservations whose hold has expired, at most 1,000 a call and 100 of one user, so that no account is locked for long; returns how many. One that makes it fail is passed over with a warning. p_ttl_minutes, where it is given and other than the usual hold, moves the deadline of all of them by the difference. Idempotent; leaves a busy account for the next run.';

revoke all on function public.release_stale_reservations(integer) from public, anon, authenticated, service_role;
grant execute on function public.release_stale_reservations(integer) to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('release_stale_reservations', 1);

-- supabase/schemas/credits/verification.sql

-- Credit verification: the proof that accounts, batches, reservations, debts and the ledger agree.
--
-- Everything is recomputed from the ledger, with the meaning of each kind written out a second time here on purpose:
-- a mistake in credits_private.post_entry() shows as a disagreement instead of being repeated.
--
-- What follows from other domains' own books, such as the payments behind grants, each of them checks and registers here.
--
-- Each check is planned for the user it is called for: one user's rows are found by their key, all users' in one pass.

create view credits_private.ledger_effects as
select
  l.user_id, l.entry, l.kind, l.amount, l.batch_id, l.job_id, l.reference, l.available_after, l.reserved_after, l.debt_after,
  case when l.kind in ('grant', 'release', 'refund') then l.amount
    when l.kind in ('reserve', 'expire', 'revoke', 'repay') then -l.amount
    else 0 end as available_change,
  case when l.kind = 'reserve' then l.amount
    when l.kind in ('confirm', 'release') then -l.amount
    else 0 end as reserved_change,
  case when l.kind = 'debt' then l.amount
    when l.kind in ('repay', 'forgive') then -l.amount
    else 0 end as debt_change
from (
  select user_id, entry, kind, amount::numeric, batch_id, job_id, reference, available_after, reserved_after, debt_after
  from public.credit_ledger
  union all
  select user_id, null, kind, amount::numeric, batch_id, null, reference, null, null, null
  from public.credit_archive_sums
) l;

comment on view credits_private.ledger_effects is
  'The ledger with what each row adds to available, reserved and debt. What is archived is in it as its sums, rows without an entry.';

revoke all on credits_private.ledger_effects from public, anon, authenticated, service_role;

create function credits_private.verify_ledger(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with chain as (
    select
      e.*,
      coalesce(c.entry, 0) + row_number() over w as position,
      coalesce(c.available, 0) + sum(e.available_change) over w as available_sum,
      coalesce(c.reserved, 0) + sum(e.reserved_change) over w as reserved_sum,
      coalesce(c.debt, 0) + sum(e.debt_change) over w as debt_sum
    from credits_private.ledger_effects e
    left join public.credit_checkpoints c on c.user_id = e.user_id -- rule: verify-from-checkpoint
    where e.entry is not null and (p_user_id is null or e.user_id = p_user_id)
    window w as (partition by e.user_id order by e.entry)
  )
  select c.user_id, 'ledger entry ' || c.entry || ': ' || v.what, v.expected, v.actual
  from chain c
  cross join lateral (
    values
      ('numbering has a gap', c.position::numeric, c.entry::numeric),
      ('available_after', c.available_sum, c.available_after::numeric),
      ('reserved_after', c.reserved_sum, c.reserved_after::numeric),
      ('debt_after', c.debt_sum, c.debt_after::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$$;

comment on function credits_private.verify_ledger(uuid) is
  'Each ledger row''s number and balances against the running sums of the rows before it, from the checkpoint on.';

create function credits_private.verify_accounts(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with sums as (
    select
      e.user_id, sum(e.available_change) as available, sum(e.reserved_change) as reserved,
      sum(e.debt_change) as debt, max(e.entry) as last_entry,
      sum(e.amount) filter (where e.kind in ('revoke', 'debt')) as revoked, sum(e.amount) filter (where e.kind = 'refund') as refunded, sum(e.amount) filter (where e.kind = 'debt') as indebted
    from credits_private.ledger_effects e
    where p_user_id is null or e.user_id = p_user_id
    group by e.user_id
  ), batches as (
    select b.user_id, sum(b.remaining_amount) as remaining
    from public.user_credits b
    where p_user_id is null or b.user_id = p_user_id
    group by b.user_id
  ), holds as (
    select r.user_id, sum(r.reserved_amount) as held
    from public.credit_usage_logs r
    where r.status = 'reserved' and (p_user_id is null or r.user_id = p_user_id)
    group by r.user_id
  ), debts as (
    select d.user_id, sum(d.remaining_amount) as owed, sum(d.original_amount) as made
    from public.credit_debts d
    where p_user_id is null or d.user_id = p_user_id
    group by d.user_id
  ), revocations as (
    select c.user_id, sum(c.amount) as taken, sum(c.debt_amount) as owed
    from public.credit_revocations c
    where p_user_id is null or c.user_id = p_user_id
    group by c.user_id
  ), refunds as (
    select f.user_id, sum(f.amount) as returned
    from public.credit_refunds f
    where p_user_id is null or f.user_id = p_user_id
    group by f.user_id
  ), users as (
    select a.user_id from public.credit_accounts a where p_user_id is null or a.user_id = p_user_id
    union select s.user_id from sums s
    union select b.user_id from batches b
    union select h.user_id from holds h
  )
  select u.user_id, v.what, v.expected, v.actual
  from users u
  left join public.credit_accounts a on a.user_id = u.user_id
  left join sums s on s.user_id = u.user_id
  left join batches b on b.user_id = u.user_id
  left join holds h on h.user_id = u.user_id
  left join debts d on d.user_id = u.user_id
  left join revocations c on c.user_id = u.user_id
  left join refunds f on f.user_id = u.user_id
  left join public.credit_checkpoints k on k.user_id = u.user_id
  cross join lateral (
    values
      ('account is missing', 1::numeric, (a.user_id is not null)::integer::numeric),
      ('account available against the ledger', coalesce(s.available, 0), a.available::numeric),
      ('account reserved against the ledger', coalesce(s.reserved, 0), a.reserved::numeric),
      ('account debt against the ledger', coalesce(s.debt, 0), a.debt::numeric),
      ('account last_entry against the ledger', coalesce(s.last_entry, k.entry, 0)::numeric, a.last_entry::numeric),
      ('account available against its batches', coalesce(b.remaining, 0), a.available::numeric),
      ('account reserved against its reservations', coalesce(h.held, 0), a.reserved::numeric),
      ('account debt against its debts', coalesce(d.owed, 0), a.debt::numeric),
      ('debts made against the ledger', coalesce(s.indebted, 0), coalesce(d.made, 0)),
      ('revocations against the ledger', coalesce(s.revoked, 0), coalesce(c.taken, 0)),
      ('debts of revocations against the ledger', coalesce(s.indebted, 0), coalesce(c.owed, 0)),
      ('refunds against the ledger', coalesce(s.refunded, 0), coalesce(f.returned, 0)),
      ('available although there is a debt', 0, case when a.debt > 0 then a.available else 0 end::numeric)
  ) v (what, expected, actual)
  where v.expected is distinct from v.actual and (a.user_id is not null or v.what = 'account is missing');
end;
$$;

comment on function credits_private.verify_accounts(uuid) is
  'Each account against the ledger and against its batches, reservations, debts and revocations.';

create function credits_private.verify_batches(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with moves as (
    select
      e.user_id, e.batch_id, sum(e.available_change) as remaining,
      coalesce(sum(e.amount) filter (where e.kind = 'grant'), 0) as granted
    from credits_private.ledger_effects e
    where e.available_change <> 0 and (p_user_id is null or e.user_id = p_user_id)
    group by e.user_id, e.batch_id
  ), batches as (
    select * from public.user_credits b where p_user_id is null or b.user_id = p_user_id
  )
  select coalesce(b.user_id, m.user_id), 'batch ' || coalesce(b.id, m.batch_id) || ': ' || v.what, v.expected, v.actual
  from batches b
  full join moves m on m.user_id = b.user_id and m.batch_id = b.id
  cross join lateral (
    values
      ('remaining_amount against the ledger', coalesce(m.remaining, 0), b.remaining_amount::numeric),
      ('original_amount against the ledger', coalesce(m.granted, 0), b.original_amount::numeric),
      ('holds more than was granted', 0, greatest(b.remaining_amount - b.original_amount, 0))
  ) v (what, expected, actual)
  where v.expected is distinct from v.actual;
end;
$$;

comment on function credits_private.verify_batches(uuid) is 'Each batch against the ledger rows that moved it.';

create function credits_private.verify_reservations(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with moves as (
    select
      e.user_id, e.job_id, sum(e.reserved_change) as held,
      coalesce(sum(e.amount) filter (where e.kind = 'confirm'), 0) as charged,
      coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0) as refunded
    from credits_private.ledger_effects e
    where e.job_id is not null and (p_user_id is null or e.user_id = p_user_id)
    group by e.user_id, e.job_id
  ), reservations as (
    select * from public.credit_usage_logs r where p_user_id is null or r.user_id = p_user_id
  ), allocations as (
    select r.user_id, r.job_id, sum(e.amount) as amount, count(*) as entries
    from reservations r
    join public.credit_ledger e
      on e.user_id = r.user_id and e.job_id = r.job_id and e.entry between r.first_entry and r.last_entry
    where e.kind = 'reserve'
    group by r.user_id, r.job_id
  )
  select
    coalesce(r.user_id, m.user_id), 'reservation ' || coalesce(r.job_id, m.job_id) || ': ' || v.what,
    v.expected, v.actual
  from reservations r
  full join moves m on m.user_id = r.user_id and m.job_id = r.job_id
  left join allocations a on a.user_id = r.user_id and a.job_id = r.job_id
  cross join lateral (
    values
      ('held against the ledger', coalesce(m.held, 0), case when r.status = 'reserved' then r.reserved_amount else 0 end::numeric),
      ('charged against the ledger', coalesce(m.charged, 0), case when r.status = 'confirmed' then r.credits_used else 0 end::numeric),
      ('refunded against the ledger', coalesce(m.refunded, 0), coalesce(r.refunded_amount, 0)::numeric),
      -- A late confirm that took its credits again took what it charged, which may be less than was reserved.
      ('allocation against the ledger', coalesce(a.amount, 0),
        case when r.status = 'confirmed' and a.amount = r.credits_used then r.credits_used else r.reserved_amount end::numeric),
      ('entries against the ledger', coalesce(a.entries, 0)::numeric, (r.last_entry - r.first_entry + 1)::numeric),
      ('credits_used of what was not charged', r.reserved_amount, case when r.status = 'confirmed' then r.reserved_amount else r.credits_used end::numeric),
      ('charged more than it reserved', 0, greatest(r.credits_used - r.reserved_amount, 0)),
      ('settled_at', (r.status <> 'reserved')::integer::numeric, (r.settled_at is not null)::integer::numeric),
      ('is missing', 1, (r.job_id is not null)::integer::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$$;

comment on function credits_private.verify_reservations(uuid) is
  'Each reservation against the ledger rows that held, charged and returned its credits.';

create table credits_private.book_checks (
  book_check text primary key check (to_regprocedure(book_check || '(uuid)') is not null)
);

comment on table credits_private.book_checks is
  'What verify_credits() calls besides its own checks: functions that take a user''s id (null for all users) and return (user_id, problem, expected, actual) for each disagreement.';

alter table credits_private.book_checks enable row level security;

create policy "nobody but the functions" on credits_private.book_checks using (false);

revoke all on credits_private.book_checks from public, anon, authenticated, service_role;

create function public.verify_credits(p_user_id uuid default null)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable security definer set search_path = ''
as $$
declare
  v_check text;
begin
  return query
  select * from credits_private.verify_ledger(p_user_id) -- rule: verify-ledger
  union all select * from credits_private.verify_accounts(p_user_id) -- rule: verify-accounts
  union all select * from credits_private.verify_batches(p_user_id) -- rule: verify-batches
  union all select * from credits_private.verify_reservations(p_user_id); -- rule: verify-reservations
  for v_check in select c.book_check from credits_private.book_checks c order by c.book_check loop
    return query execute format('select * from %s($1)', v_check::regproc) using p_user_id; -- rule: verify-domains
  end loop;
end;
$$;

comment on function public.verify_credits(uuid) is
  'Recomputes every balance from the ledger, and what other domains know of where credits came from, for one user or (null) for all, and returns each disagreement. No row means that the books agree. Idempotent: changes nothing.';

revoke all on function public.verify_credits(uuid) from public, anon, authenticated, service_role;
grant execute on function public.verify_credits(uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/archiving.sql

-- Archiving: moves what is old out of the ledger, with the reservations that it was about, a user at a time.
--
-- Invariants: see credit_ledger_archive.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.archivable_entry(p_user_id uuid, p_before timestamptz, p_limit integer) returns bigint
  language sql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
  with live as (
    select l.entry, l.job_id, l.created_at, row_number() over (order by l.entry) as position
    from public.credit_ledger l
    where l.user_id = p_user_id
  ), jobs as (
    -- More is to come of what is still held.
    select l.job_id, case when bool_or(r.job_id is not null) then 9223372036854775807 else max(l.entry) end as ends -- rule: held-stays
    from live l
    left join public.credit_usage_logs r on r.user_id = p_user_id and r.job_id = l.job_id and r.settled_at is null
    where l.job_id is not null
    group by l.job_id
  ), reach as (
    select
      l.entry, l.position, max(l.created_at) over (order by l.entry) as latest,
      max(j.ends) over (order by l.entry) as ends
    from live l
    left join jobs j on j.job_id = l.job_id
  )
  select max(entry)
  from reach
  where latest < p_before -- rule: archived-when-old
    and coalesce(ends, 0) <= entry -- rule: reservations-whole
    and position <= p_limit; -- rule: archive-limit
$$;

comment on function credits_private.archivable_entry(uuid, timestamptz, integer) is
  'The last entry up to which a user''s ledger can be archived, or null: all before p_before, at most p_limit rows, and no reservation cut in two.';

create function credits_private.archive_account(p_user_id uuid, p_entry bigint) returns integer
  language plpgsql set search_path = ''
as $$
declare
  v_count integer;
begin
  if p_entry is null then
    return 0;
  end if;
  insert into public.credit_checkpoints (user_id, entry, available, reserved, debt, archived_at)
  select user_id, entry, available_after, reserved_after, debt_after, credits_private.clock()
  from public.credit_ledger
  where user_id = p_user_id and entry = p_entry
  on conflict (user_id) do update
  set entry = excluded.entry, available = excluded.available, reserved = excluded.reserved, debt = excluded.debt,
    archived_at = excluded.archived_at;

  insert into public.credit_archive_sums as s (user_id, kind, batch_id, reference, amount)
  select
    user_id, kind, batch_id, case when kind in ('revoke', 'forgive') then reference end, -- rule: references-kept
    sum(amount)
  from public.credit_ledger
  where user_id = p_user_id and entry <= p_entry
  group by 1, 2, 3, 4
  on conflict (user_id, kind, batch_id, reference) do update set amount = s.amount + excluded.amount; -- rule: sums-grow

  with ended as (
    delete from public.credit_usage_logs
    where user_id = p_user_id and last_entry <= p_entry and settled_at is not null
    returning *
  )
  insert into public.credit_usage_months as m (user_id, month, job_type, reservations, charged, refunded)
  select
    user_id, date_trunc('month', settled_at at time zone 'UTC')::date, job_type, count(*),
    coalesce(sum(credits_used) filter (where status = 'confirmed'), 0), -- rule: months-charge
    sum(refunded_amount)
  from ended
  group by 1, 2, 3
  on conflict (user_id, month, job_type) do update
  set reservations = m.reservations + excluded.reservations, charged = m.charged + excluded.charged,
    refunded = m.refunded + excluded.refunded;

  insert into public.credit_ledger_archive select * from public.credit_ledger where user_id = p_user_id and entry <= p_entry;
  delete from public.credit_ledger where user_id = p_user_id and entry <= p_entry;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function credits_private.archive_account(uuid, bigint) is
  'Moves a user''s ledger up to an entry (null: nothing) to the archive, and the reservations it was about into sums; returns how many rows. The caller holds the account''s lock.';

insert into credits_private.retention (what) values ('ledger');

create function public.archive_ledger(p_before timestamptz default null, p_limit integer default 10000) returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_before timestamptz := credits_private.kept_since('ledger', p_before);
  v_walk credits_private.retention;
  v_user_id uuid;
  v_last uuid;
  v_looked integer := 0;
  v_count integer := 0;
begin
  -- One walk at a time: whoever comes second leaves it to the first.
  select * into v_walk from credits_private.retention where what = 'ledger' for update skip locked;
  if v_walk.what is null or v_before is null then
    perform credits_private.note_run('archive_ledger', 0);
    return 0;
  end if;
  for v_last in
    select user_id from public.credit_accounts
    where user_id >= coalesce(v_walk.walked_to, '00000000-0000-0000-0000-000000000000')
    order by user_id
    limit 10000
  loop
    v_looked := v_looked + 1;
    continue when (
      select created_at from public.credit_ledger where user_id = v_last order by entry limit 1
    ) < v_before is not true;
    -- A busy account is left for the next walk, so that nobody waits for this one.
    select user_id into v_user_id from public.credit_accounts where user_id = v_last for no key update skip locked;
    continue when not found;
    v_count := v_count
      + credits_private.archive_account(v_user_id, credits_private.archivable_entry(v_user_id, v_before, p_limit - v_count));
    exit when v_count >= p_limit;
  end loop;
  update credits_private.retention
  set walked_to = case when v_looked = 10000 or v_count >= p_limit then v_last end
  where what = 'ledger';
  perform credits_private.note_run('archive_ledger', v_count);
  return v_count;
end;
$$;

comment on function public.archive_ledger(timestamptz, integer) is
  'Moves movements before p_before (null: as the retention says, which is never until it is set) from the ledger to credit_ledger_archive, with balances and sums kept for verify_credits(), and ended reservations into credit_usage_months. Looks at 10,000 users a call and moves at most p_limit rows; the next call goes on from there, and begins anew after the last user. Returns how many rows were moved. A job that is archived can no longer be refunded or confirmed late: not_found. Idempotent. Raises 22023 for less than 60 days ago.';

revoke all on function public.archive_ledger(timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function public.archive_ledger(timestamptz, integer) to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('archive_ledger', 60);

create function credits_private.verify_archive(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with sums as (
    select
      e.user_id, sum(e.available_change) as available, sum(e.reserved_change) as reserved, sum(e.debt_change) as debt,
      coalesce(sum(e.amount) filter (where e.kind = 'confirm'), 0) as charged,
      coalesce(sum(e.amount) filter (where e.kind = 'refund'), 0) as refunded
    from credits_private.ledger_effects e
    where e.entry is null and (p_user_id is null or e.user_id = p_user_id)
    group by e.user_id
  ), months as (
    select m.user_id, sum(m.charged) as charged, sum(m.refunded) as refunded
    from public.credit_usage_months m
    where p_user_id is null or m.user_id = p_user_id
    group by m.user_id
  )
  select coalesce(s.user_id, c.user_id), 'archive: ' || v.what, v.expected, v.actual
  from sums s
  full join public.credit_checkpoints c on c.user_id = s.user_id
  left join months m on m.user_id = c.user_id
  cross join lateral (
    values
      ('available at the checkpoint', s.available, c.available::numeric),
      ('reserved at the checkpoint', s.reserved, c.reserved::numeric),
      ('debt at the checkpoint', s.debt, c.debt::numeric),
      ('charged by month', s.charged, coalesce(m.charged, 0)),
      ('refunded by month', s.refunded, coalesce(m.refunded, 0))
  ) v (what, expected, actual)
  where (p_user_id is null or coalesce(s.user_id, c.user_id) = p_user_id) and v.expected is distinct from v.actual;
end;
$$;

comment on function credits_private.verify_archive(uuid) is
  'What is archived against the balances at its checkpoint, and against the months'' sums.';

insert into credits_private.book_checks (book_check) values ('credits_private.verify_archive');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/pricing.sql

-- Pricing: what each action of a product costs, in credits per unit. A product adds its own prices.
--
-- Invariants
--   * What is not active is not offered: nobody is shown its price, and no order of it is admitted.
--   * A reservation keeps the prices it was made with, so that a price change never alters an open one.
--   * updated_at moves on every update (I1).

create table public.credit_pricing (
  action text primary key check (action <> ''),
  credits public.credit_amount not null check (credits > 0),
  unit text not null check (unit <> ''),
  description text not null,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.credit_pricing is 'Prices in credits per unit, such as a page; ''each'' is a price for the whole. What is not active is not offered. Operators change both; open reservations keep theirs.';

create trigger credit_pricing_touch before update on public.credit_pricing
  for each row execute function credits_private.touch_updated_at();

alter table public.credit_pricing enable row level security;

create policy "signed-in users see what is offered" on public.credit_pricing
  for select to authenticated using (active);
create policy "operators set prices" on public.credit_pricing to service_role using (true) with check (true);

revoke all on public.credit_pricing from public, anon, authenticated, service_role;
grant select on public.credit_pricing to authenticated;
grant select, insert, update on public.credit_pricing to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_pricing', 'credits', 'none', 'prices');

create function credits_private.price_of(
  p_action text,
  p_units integer,
  out cost numeric,
  out details jsonb,
  out offered boolean
)
  language plpgsql stable set search_path = ''
as $$
declare
  v_price public.credit_pricing;
begin
  select * into strict v_price from public.credit_pricing where action = p_action;
  offered := v_price.active;
  cost := v_price.credits * case v_price.unit when 'each' then 1 else p_units end;
  details := jsonb_build_object(
    'total_cost', cost,
    'pricing_snapshot', jsonb_build_object(
      'action', v_price.action,
      'credits', v_price.credits, -- rule: price-kept
      'unit', v_price.unit, 'as_of', v_price.updated_at
    )
  );
end;
$$;

comment on function credits_private.price_of(text, integer) is
  'Today''s cost of an action for so many units, and what a reservation keeps of it: the cost, and the price it was computed from; and whether it is offered.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/reads.sql

-- Credit reads: what a signed-in user asks credits-api for, with its rate limit, in one round trip.
--
-- Invariants
--   * What has expired is not shown as available, swept or not.
--   * metadata never leaves the database (M2); limit is clamped to 1..100 (M1).

create type public.balance_result as (
  outcome text,
  balance numeric,
  reserved numeric,
  debt numeric,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create type public.usage_result as (
  outcome text,
  items jsonb,
  next_cursor text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

insert into public.rate_limit_policies (action, max_requests, window_minutes)
values ('balance', 30, 1), ('usage', 30, 1);

create function public.read_balance(p_user_id uuid) returns public.balance_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check;
  v_now timestamptz := credits_private.clock();
  v_result public.balance_result;
begin
  set local synchronous_commit = off;
  v_check := credits_private.consume_policy(p_user_id, 'balance');
  if v_check.allowed then
    select
      a.available - coalesce(
        (
          select sum(b.remaining_amount)
          from public.user_credits b
          where b.user_id = p_user_id
            and b.is_open
            and b.expires_at <= v_now -- rule: balance-without-expired
        ),
        0
      ),
      a.reserved,
      a.debt
    into v_result.balance, v_result.reserved, v_result.debt
    from public.credit_accounts a
    where a.user_id = p_user_id;
  end if;
  v_result.outcome := case when v_check.allowed then 'ok' else 'rate_limited' end;
  v_result.balance := coalesce(v_result.balance, 0);
  v_result.reserved := coalesce(v_result.reserved, 0);
  v_result.debt := coalesce(v_result.debt, 0);
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  return v_result;
end;
$$;

comment on function public.read_balance(uuid) is
  'What a user can spend, what is held, and what they owe. Outcomes: ok, rate_limited (see retry_after_seconds). Idempotent but for the count of its rate limit.';

revoke all on function public.read_balance(uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_balance(uuid) to service_role;

create function credits_private.usage_cursor(p_cursor text, out created_at timestamptz, out job_id uuid)
  language plpgsql immutable set search_path = ''
as $$
begin
  if p_cursor is null then
    created_at := 'infinity';
    job_id := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  elsif p_cursor ~ '^[0-9]{1,17}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    created_at := timestamptz 'epoch' + split_part(p_cursor, '-', 1)::bigint * interval '1 microsecond';
    job_id := substr(p_cursor, length(p_cursor) - 35)::uuid;
  end if;
end;
$$;

comment on function credits_private.usage_cursor(text) is
  'Where a page of usage ended, from its cursor: microseconds since 1970, then the job. Before the first page, without one, is the end of time; nulls for what is no cursor.';

create function credits_private.usage_page(
  p_user_id uuid,
  p_limit integer,
  p_before_time timestamptz,
  p_before_job uuid,
  out items jsonb,
  out next_cursor text
)
  language sql stable set search_path = ''
as $$
  with page as (
    select u.*, row_number() over (order by u.created_at desc, u.job_id desc) as position
    from public.credit_usage_logs u
    where u.user_id = p_user_id -- rule: own-usage
      and (u.created_at, u.job_id) < (p_before_time, p_before_job) -- rule: next-page
    order by u.created_at desc, u.job_id desc
    limit p_limit + 1
  )
  select
    coalesce(
      jsonb_agg(
        jsonb_build_object(
          'id', p.id, 'job_id', p.job_id, 'job_type', p.job_type, 'credits_used', p.credits_used,
          'refunded_amount', p.refunded_amount,
          'status', p.status, 'description', p.description, 'created_at', p.created_at -- rule: usage-without-metadata
        )
        order by p.position
      ) filter (where p.position <= p_limit),
      '[]'
    ),
    case when count(*) > p_limit then
      max((extract(epoch from p.created_at) * 1000000)::bigint || '-' || p.job_id) filter (where p.position = p_limit)
    end
  from page p;
$$;

comment on function credits_private.usage_page(uuid, integer, timestamptz, uuid) is
  'One page of a user''s reservations, newest first. Job ids are the product''s own and say nothing about time.';

create function public.read_usage(p_user_id uuid, p_limit integer default 50, p_cursor text default null)
  returns public.usage_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check;
  v_before record;
  v_result public.usage_result;
begin
  set local synchronous_commit = off;
  v_check := credits_private.consume_policy(p_user_id, 'usage');
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  v_before := credits_private.usage_cursor(p_cursor);
  if not v_check.allowed then
    v_result.outcome := 'rate_limited';
  elsif v_before.job_id is null then
    v_result.outcome := 'invalid';
  else
    v_result.outcome := 'ok';
    select p.items, p.next_cursor into v_result.items, v_result.next_cursor
    from credits_private.usage_page(
      p_user_id,
      least(greatest(coalesce(p_limit, 50), 1), 100), -- rule: usage-limit
      v_before.created_at,
      v_before.job_id
    ) p;
  end if;
  return v_result;
end;
$$;

comment on function public.read_usage(uuid, integer, text) is
  'A user''s reservations, newest first, a page at a time. Outcomes: ok (next_cursor null on the last page), rate_limited, invalid (the cursor is none). p_limit is clamped to 1..100. Idempotent but for the count of its rate limit.';

revoke all on function public.read_usage(uuid, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.read_usage(uuid, integer, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/erasure.sql

-- Erasure of an account: what is held goes back, words go, amounts stay under an id that names nobody.
--
-- Lock order: ARCHITECTURE.md. Locks the account for all the steps of an erasure that come after it.

create function credits_private.erase_credits(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
declare
  v_job_id uuid;
begin
  perform credits_private.ensure_account(p_user_id);
  for v_job_id in
    select job_id from public.credit_usage_logs where user_id = p_user_id and settled_at is null order by job_id
  loop
    perform credits_private.release_hold(p_user_id, v_job_id, 'erased');
  end loop;
  update public.credit_usage_logs
  set
    metadata = '{}', description = null, -- rule: words-erased
    settle_reason = case when settle_reason ~ '^[a-z][a-z_]*$' then settle_reason end
  where user_id = p_user_id;
  -- A key is an operator's own text; a purchase's or a plan's is made by machine, and a late refund still finds its batch by it.
  update public.user_credits
  set
    description = null,
    grant_key = case when source in ('purchase', 'signup_bonus', 'plan') then grant_key else 'erased:' || id end -- rule: keys-erased
  where user_id = p_user_id;
  update public.credit_refunds set reason = 'erased', refund_key = 'erased:' || id where user_id = p_user_id;
  update public.credit_revocations set reason = 'erased', revocation_key = 'erased:' || id where user_id = p_user_id;
  return null;
end;
$$;

comment on function credits_private.erase_credits(uuid) is
  'Erasure: locks the account, returns what is held, and empties what a user''s credits say beside amounts.';

insert into credits_private.erasure_steps (position, step) values (40, 'credits_private.erase_credits');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/credits/operations.sql

-- Credits for operators: what is checked, and what can be set.

create function credits_private.probe_books() returns credits_private.finding
  language plpgsql set search_path = ''
as $$
declare
  v_start uuid := gen_random_uuid();
  v_count bigint;
begin
  -- All of them while one pass takes a second; then a sample from another place each time.
  if not exists (select from public.credit_accounts offset 500 limit 1) then
    select count(*) into v_count from public.verify_credits();
  else
    select count(p.problem) into v_count
    from (
      (select user_id from public.credit_accounts where user_id >= v_start order by user_id limit 20)
      union
      (select user_id from public.credit_accounts where user_id < v_start order by user_id desc limit 20)
    ) a
    cross join lateral public.verify_credits(a.user_id) p; -- rule: books-checked
  end if;
  return credits_private.finding(v_count, null, false, v_count > 0);
end;
$$;

comment on function credits_private.probe_books() is
  'Disagreements of the books: of all users where there are at most 500, else of up to 40, others each time.';

create function credits_private.probe_debts() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(distinct user_id), min(created_at), min(created_at) < credits_private.clock() - interval '7 days', false -- rule: old-debts
  )
  from public.credit_debts
  where remaining_amount > 0;
$$;

comment on function credits_private.probe_debts() is 'Users who owe credits: a warning once somebody has for a week.';

create function credits_private.probe_overdue_holds() returns credits_private.finding
  language sql set search_path = ''
as $$
  -- The index of open reservations is by expires_at.
  select credits_private.finding(count(*), min(expires_at), false, count(*) > 0)
  from public.credit_usage_logs
  where settled_at is null and expires_at < credits_private.clock() - interval '10 minutes'; -- rule: overdue
$$;

comment on function credits_private.probe_overdue_holds() is 'Reservations that the sweep should have released ten minutes ago.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values
  ('books', 1, 'credits_private.probe_books', 'select * from verify_credits(), then correct with a reason', 'is-every-credit-accounted-for'),
  ('reservations_overdue', 20, 'credits_private.probe_overdue_holds', 'have release_stale_reservations() called; the database''s log names what it passed over', 'sweeps'),
  ('debts', 50, 'credits_private.probe_debts', 'see who owes; forgive with adjust_credits, or wait for their next purchase', 'who-owes');

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.credit_settings', null), ('public.credit_pricing', 'action');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/packs.sql

-- Packs: what can be bought, and in which currencies.
--
-- Invariants
--   * A pack has one price in each currency that it is sold in.

create table public.credit_packs (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (name <> ''),
  credits public.credit_amount not null check (credits > 0),
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null default 'usd' check (currency ~ '^[a-z]{3}$'),
  stripe_price_id text unique,
  allow_promotion_codes boolean not null default false,
  active boolean not null default true,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.credit_packs is
  'What can be bought. With no stripe_price_id the checkout describes the price to Stripe itself. allow_promotion_codes: Stripe''s page takes them; the credits stay the pack''s.';

create trigger credit_packs_touch before update on public.credit_packs
  for each row execute function credits_private.touch_updated_at();

insert into public.credit_packs (name, credits, amount_cents, position)
values ('Starter', 10, 1000, 1), ('Family', 30, 2700, 2), ('Classroom', 120, 9600, 3);

create table public.credit_pack_prices (
  pack_id uuid references public.credit_packs (id),
  currency text check (currency ~ '^[a-z]{3}$'),
  amount_cents bigint not null check (amount_cents > 0),
  stripe_price_id text,
  primary key (pack_id, currency)
);

comment on table public.credit_pack_prices is
  'What a pack costs in currencies other than its own, in the smallest unit of each. A price at Stripe may have several currencies, and so stand in several rows.';

alter table public.credit_packs enable row level security;
alter table public.credit_pack_prices enable row level security;

create policy "signed-in users see what they can buy" on public.credit_packs
  for select to authenticated using (active);
create policy "operators set packs" on public.credit_packs to service_role using (true) with check (true);
create policy "signed-in users see what packs cost" on public.credit_pack_prices
  for select to authenticated using (exists (select from public.credit_packs k where k.id = pack_id));
create policy "operators set prices of packs" on public.credit_pack_prices to service_role using (true) with check (true);

revoke all on public.credit_packs, public.credit_pack_prices from public, anon, authenticated, service_role;
grant select (id, name, credits, amount_cents, currency, position, active) on public.credit_packs to authenticated;
grant select, insert, update on public.credit_packs to service_role;
grant select (pack_id, currency, amount_cents) on public.credit_pack_prices to authenticated;
grant select, insert, update, delete on public.credit_pack_prices to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_packs', 'billing', 'none', 'prices'), ('credit_pack_prices', 'billing', 'none', 'prices');

create function credits_private.pack_in(p_pack_id uuid, p_currency text) returns public.credit_packs
  language plpgsql stable set search_path = ''
as $$
declare
  v_pack public.credit_packs;
begin
  select * into v_pack
  from public.credit_packs
  where id = p_pack_id
    and active; -- rule: pack-on-sale
  if v_pack.currency <> p_currency then -- rule: other-currency
    select p.currency, p.amount_cents, p.stripe_price_id
    into v_pack.currency, v_pack.amount_cents, v_pack.stripe_price_id
    from public.credit_pack_prices p
    where p.pack_id = p_pack_id and p.currency = p_currency;
    if not found then -- rule: sold-in-currency
      return null;
    end if;
  end if;
  return v_pack;
end;
$$;

comment on function credits_private.pack_in(uuid, text) is
  'A pack that is sold, at its price in a currency (null: its own); null when it is not sold, or not in that currency.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/purchases.sql

-- Purchases: who is buying which pack.
--
-- Invariants
--   * The purchase is written before Stripe hears of it; it alone says who gets how many credits for how much money.
--   * A user who starts the same checkout twice gets the same open session.
--   * A purchase's status and credits change only through facts that Stripe signed (see stripe_events).
--
-- Lock order: ARCHITECTURE.md.

create type public.purchase_status as enum (
  'open', 'processing', 'paid', 'failed', 'expired', 'partially_refunded', 'refunded', 'disputed'
);

create table public.credit_purchases (
  id uuid primary key default credits_private.uuid_v7(),
  user_id uuid not null,
  pack_id uuid references public.credit_packs (id),
  credits public.credit_amount not null check (credits > 0),
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null,
  status public.purchase_status not null default 'open',
  stripe_session_id text unique,
  stripe_payment_intent_id text unique,
  session_expires_at timestamptz,
  livemode boolean,
  paid_at timestamptz,
  paid_cents bigint not null default 0,
  reversed_cents bigint not null default 0,
  revoked_credits public.credit_amount not null default 0,
  frozen_credits public.credit_amount not null default 0,
  reversal_count integer not null default 0,
  reversed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (reversed_cents between 0 and paid_cents),
  check (revoked_credits <= credits)
);

comment on table public.credit_purchases is
  'One row per checkout. livemode says in which of Stripe''s modes, once its session is known. paid_cents is what was paid with taxes and less discounts, which may be nothing. reversed_cents is what refunds and disputes took back of paid_cents, revoked_credits what that took back of the credits, reversed_at when that last changed. While a fraud warning is open, frozen_credits are taken back at least.';

create index credit_purchases_by_user on public.credit_purchases (user_id, id);
create index credit_purchases_by_pack on public.credit_purchases (pack_id);

create trigger credit_purchases_touch before update on public.credit_purchases
  for each row execute function credits_private.touch_updated_at();

alter table public.credit_purchases enable row level security;

create policy "owners read their purchases" on public.credit_purchases
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.credit_purchases from public, anon, authenticated, service_role;
grant select (
  id, user_id, pack_id, credits, amount_cents, currency, status, reversed_cents, revoked_credits, reversed_at,
  created_at, updated_at
) on public.credit_purchases to authenticated;
grant select on public.credit_purchases to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_purchases', 'billing', 'kept', 'amounts');

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('checkout', 10, 1);

create function credits_private.lock_user(p_user_id uuid) returns boolean
  language plpgsql set search_path = ''
as $$
begin
  if not exists (select from auth.users u where u.id = p_user_id) then -- rule: user-exists
    return false;
  end if;
  return (credits_private.ensure_account(p_user_id)).erased_at is null; -- rule: user-not-erased
end;
$$;

comment on function credits_private.lock_user(uuid) is
  'Whether a user can be given credits: known to Auth and not erased. Locks their account, so that it stays so.';

create function credits_private.erase_purchases(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  perform 1 from public.credit_purchases where user_id = p_user_id order by id for update;
  -- What Stripe knows of them is for the operator to have redacted there.
  return (
    select array_agg('stripe:' || s.id order by s.id)
    from public.credit_purchases p, unnest(array[p.stripe_session_id, p.stripe_payment_intent_id]) s (id)
    where p.user_id = p_user_id and s.id is not null
  );
end;
$$;

comment on function credits_private.erase_purchases(uuid) is
  'Erasure: locks a user''s purchases; returns what Stripe keeps about them.';

insert into credits_private.erasure_steps (position, step) values (30, 'credits_private.erase_purchases');

create type public.checkout_result as (
  outcome text,
  purchase_id uuid,
  credits numeric,
  amount_cents bigint,
  currency text,
  stripe_price_id text,
  pack_name text,
  allow_promotion_codes boolean,
  stripe_session_id text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create type public.attach_result as (outcome text, purchase_id uuid);

create function credits_private.open_purchase(p_user_id uuid, p_pack public.credit_packs) returns public.credit_purchases
  language plpgsql set search_path = ''
as $$
declare
  v_purchase public.credit_purchases;
begin
  -- One user's checkouts queue up here, so that two clicks find one purchase.
  perform pg_advisory_xact_lock(hashtextextended(p_user_id::text, 0));
  select * into v_purchase
  from public.credit_purchases
  where user_id = p_user_id
    and pack_id = p_pack.id
    and status = 'open' -- rule: still-open
    and credits = p_pack.credits
    and amount_cents = p_pack.amount_cents -- rule: same-price
    and currency = p_pack.currency
    -- Without a session the first attempt may still be talking to Stripe: its idempotency key makes one session of both.
    -- rule: session-lasts
    and coalesce(session_expires_at, created_at + interval '23 hours') > credits_private.clock() + interval '5 minutes'
  order by id desc
  limit 1;
  if not found then
    insert into public.credit_purchases (user_id, pack_id, credits, amount_cents, currency, created_at)
    values (p_user_id, p_pack.id, p_pack.credits, p_pack.amount_cents, p_pack.currency, credits_private.clock())
    returning * into v_purchase;
  end if;
  return v_purchase;
end;
$$;

comment on function credits_private.open_purchase(uuid, public.credit_packs) is
  'The user''s open purchase of this pack at today''s price, or a new one.';

create function public.create_checkout(p_user_id uuid, p_pack_id uuid, p_currency text default null)
  returns public.checkout_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'checkout');
  v_pack public.credit_packs;
  v_purchase public.credit_purchases;
  v_result public.checkout_result;
begin
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  if not v_check.allowed then -- rule: checkout-limit
    v_result.outcome := 'rate_limited';
    return v_result;
  end if;

  v_pack := credits_private.pack_in(p_pack_id, p_currency);
  if v_pack.id is null then
    v_result.outcome := 'unknown_pack';
    return v_result;
  end if;

  v_purchase := credits_private.open_purchase(p_user_id, v_pack);
  v_result.outcome := 'created';
  v_result.purchase_id := v_purchase.id;
  v_result.credits := v_purchase.credits;
  v_result.amount_cents := v_purchase.amount_cents;
  v_result.currency := v_purchase.currency;
  v_result.stripe_price_id := v_pack.stripe_price_id;
  v_result.pack_name := v_pack.name;
  v_result.stripe_session_id := v_purchase.stripe_session_id;
  v_result.allow_promotion_codes := v_pack.allow_promotion_codes;
  return v_result;
end;
$$;

comment on function public.create_checkout(uuid, uuid, text) is
  'Writes down who buys what before Stripe is asked; use purchase_id as Stripe''s idempotency key. Outcomes: created (stripe_session_id is set when there is a session that may still be open), rate_limited, unknown_pack (none that is sold, or not in p_currency; null is the pack''s own). Idempotent while the purchase is open. Raises PT401 when the user is gone: nobody could be given what it pays for.';

revoke all on function public.create_checkout(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.create_checkout(uuid, uuid, text) to service_role;

create function public.attach_checkout_session(
  p_user_id uuid,
  p_purchase_id uuid,
  p_session_id text,
  p_expires_at timestamptz,
  p_livemode boolean
) returns public.attach_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_purchase public.credit_purchases;
begin
  if coalesce(p_session_id, '') = '' then
    perform credits_private.refuse_argument('p_session_id', 'must not be empty');
  end if;
  select * into v_purchase
  from public.credit_purchases
  where id = p_purchase_id
    and user_id = p_user_id -- rule: own-purchase
  for update;
  if not found
    or v_purchase.stripe_session_id <> p_session_id then -- rule: one-session
    return row('not_found', p_purchase_id)::public.attach_result;
  elsif v_purchase.session_expires_at is not null then
    return row('already_attached', p_purchase_id)::public.attach_result;
  end if;
  update public.credit_purchases
  set stripe_session_id = p_session_id, session_expires_at = p_expires_at, livemode = p_livemode
  where id = p_purchase_id;
  return row('attached', p_purchase_id)::public.attach_result;
end;
$$;

comment on function public.attach_checkout_session(uuid, uuid, text, timestamptz, boolean) is
  'Keeps the Checkout session that Stripe made for a purchase. Outcomes: attached, already_attached, not_found (no such purchase of this user, or it has another session). Idempotent.';

revoke all on function public.attach_checkout_session(uuid, uuid, text, timestamptz, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.attach_checkout_session(uuid, uuid, text, timestamptz, boolean) to service_role;

create function public.end_checkout(p_user_id uuid, p_purchase_id uuid, p_complete boolean) returns public.attach_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  update public.credit_purchases
  set status = case when p_complete then 'processing' else 'expired' end::public.purchase_status
  where id = p_purchase_id
    and user_id = p_user_id -- rule: own-checkout
    and status = 'open'; -- rule: open-ends
  return row(case when found then 'ended' else 'not_open' end, p_purchase_id)::public.attach_result;
end;
$$;

comment on function public.end_checkout(uuid, uuid, boolean) is
  'Ends an open purchase whose payment page is not to be handed out again, so that the next checkout makes another; p_complete when its buyer has gone through the page, whose events are then on their way. Money that comes all the same still counts. Outcomes: ended, not_open (of this user). Idempotent.';

revoke all on function public.end_checkout(uuid, uuid, boolean) from public, anon, authenticated, service_role;
grant execute on function public.end_checkout(uuid, uuid, boolean) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/payments.sql

-- Stripe payments: what Stripe has said about the money of one payment.
--
-- Invariants
--   * Facts about a purchase's payment only accumulate, and each is folded so that the order of their events does
--     not matter.
--
-- Lock order: ARCHITECTURE.md.

create table public.stripe_payments (
  payment_intent_id text primary key,
  purchase_id uuid references public.credit_purchases (id),
  charge_refunded_cents bigint not null default 0,
  reversals text check (reversals is null or to_regprocedure(reversals || '(text)') is not null)
);

comment on table public.stripe_payments is
  'One row per PaymentIntent, locked first by every event about it. charge_refunded_cents is the most that charge.refunded ever reported. Where a later domain sold what was paid, reversals is its function that brings that to what all facts about the payment add up to; it takes the payment''s id, under its lock.';

create index stripe_payments_by_purchase on public.stripe_payments (purchase_id);

create table public.stripe_refunds (
  id text primary key,
  payment_intent_id text not null references public.stripe_payments (payment_intent_id),
  amount_cents bigint not null check (amount_cents >= 0),
  status text not null
);

comment on table public.stripe_refunds is
  'Refunds. A status only moves on: pending, then succeeded, then failed or canceled (a bank can return a refund that had succeeded).';

create index stripe_refunds_by_payment on public.stripe_refunds (payment_intent_id);

create table public.stripe_disputes (
  id text primary key,
  payment_intent_id text not null references public.stripe_payments (payment_intent_id),
  amount_cents bigint not null check (amount_cents >= 0),
  currency text not null,
  status text not null,
  status_at timestamptz not null,
  withdrawn_at timestamptz,
  reinstated_at timestamptz
);

comment on table public.stripe_disputes is
  'Disputes, each with its latest status by Stripe''s own clock: one that was won can be appealed and lost. amount_cents is in the currency of the dispute, which may be another than the payment''s. An inquiry (warning_*) takes nothing until funds are withdrawn; withdrawn_at and reinstated_at say when that was last said.';

create index stripe_disputes_by_payment on public.stripe_disputes (payment_intent_id);

alter table public.stripe_payments enable row level security;
alter table public.stripe_refunds enable row level security;
alter table public.stripe_disputes enable row level security;

create policy "operators read payments" on public.stripe_payments for select to service_role using (true);
create policy "operators read refunds" on public.stripe_refunds for select to service_role using (true);
create policy "operators read disputes" on public.stripe_disputes for select to service_role using (true);

revoke all on public.stripe_payments, public.stripe_refunds, public.stripe_disputes
  from public, anon, authenticated, service_role;
grant select on public.stripe_payments, public.stripe_refunds, public.stripe_disputes to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('stripe_payments', 'billing', 'kept', 'amounts'),
  ('stripe_refunds', 'billing', 'kept', 'amounts'),
  ('stripe_disputes', 'billing', 'kept', 'amounts');

create function credits_private.lock_payment(p_payment_intent_id text) returns public.stripe_payments
  language plpgsql set search_path = ''
as $$
declare
  v_payment public.stripe_payments;
begin
  -- The update of nothing locks the row that is there already.
  insert into public.stripe_payments (payment_intent_id)
  values (p_payment_intent_id)
  on conflict (payment_intent_id) do update set payment_intent_id = excluded.payment_intent_id
  returning * into v_payment;
  return v_payment;
end;
$$;

comment on function credits_private.lock_payment(text) is
  'Locks the row of a PaymentIntent, made here if need be, so that a refund and the payment it belongs to cannot miss each other.';

create function credits_private.refund_rank(p_status text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  -- rule: failed-refunds
  return case when p_status in ('failed', 'canceled') then 2 when p_status = 'succeeded' then 1 else 0 end;
end;
$$;

comment on function credits_private.refund_rank(text) is 'How final a refund''s status is.';

create function credits_private.dispute_rank(p_status text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  -- No two statuses share a rank, so that what is said in the same second does not depend on the order of events.
  return coalesce(array_position(array[
    'warning_needs_response', 'warning_under_review', 'needs_response', 'under_review',
    'appeal_needs_response', 'appeal_under_review',
    'prevented', 'warning_closed', 'lost', 'won'
  ], p_status), 0);
end;
$$;

comment on function credits_private.dispute_rank(text) is 'How final a dispute''s status is among those of one second; 0 for one that is not known here.';

create function credits_private.record_refund(p_id text, p_payment_intent_id text, p_amount_cents bigint, p_status text)
  returns void
  language plpgsql set search_path = ''
as $$
begin
  insert into public.stripe_refunds as r (id, payment_intent_id, amount_cents, status)
  values (p_id, p_payment_intent_id, p_amount_cents, p_status)
  on conflict (id) do update
  set status = excluded.status
  where credits_private.refund_rank(excluded.status) > credits_private.refund_rank(r.status); -- rule: refunds-move-on
end;
$$;

comment on function credits_private.record_refund(text, text, bigint, text) is
  'Folds what an event says about a refund into what is known of it.';

create function credits_private.record_dispute(
  p_id text,
  p_payment_intent_id text,
  p_amount_cents bigint,
  p_currency text,
  p_status text,
  p_at timestamptz,
  p_withdrawn boolean,
  p_reinstated boolean
) returns void
  language plpgsql set search_path = ''
as $$
begin
  insert into public.stripe_disputes as d (
    id, payment_intent_id, amount_cents, currency, status, status_at, withdrawn_at, reinstated_at
  )
  values (
    p_id, p_payment_intent_id, p_amount_cents, p_currency, p_status, p_at, case when p_withdrawn then p_at end,
    case when p_reinstated then p_at end
  )
  on conflict (id) do update
  set
    amount_cents = greatest(d.amount_cents, excluded.amount_cents),
    withdrawn_at = greatest(d.withdrawn_at, excluded.withdrawn_at),
    reinstated_at = greatest(d.reinstated_at, excluded.reinstated_at);
  update public.stripe_disputes
  set status = p_status, status_at = p_at
  where id = p_id
    and (p_at, credits_private.dispute_rank(p_status)) > (status_at, credits_private.dispute_rank(status)); -- rule: disputes-move-on
end;
$$;

comment on function credits_private.record_dispute(text, text, bigint, text, text, timestamptz, boolean, boolean) is
  'Folds what an event of p_at says about a dispute into what is known of it.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/taking_back.sql

-- Taking back: how the credits that a payment bought leave again, and return.
--
-- Invariants
--   * What is taken goes from the payment's own batches first, then from other credits, then becomes a debt.
--   * What comes back has the expiry that it had.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the locks of the payment and the account.

create function credits_private.revoke_own(p_user_id uuid, p_reference text, p_batches bigint[], p_amount numeric) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_batch record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  perform credits_private.expire_batches(p_user_id);
  for v_batch in
    select b.id, b.remaining_amount
    from public.user_credits b
    where b.user_id = p_user_id
      and b.is_open
      and b.id = any (p_batches) -- rule: own-batch-first
    order by b.id
  loop
    v_part := least(v_left, v_batch.remaining_amount);
    perform credits_private.post_entry(p_user_id, 'revoke', v_part, v_batch.id, null, p_reference);
    v_left := v_left - v_part;
    if v_left = 0 then
      return 0;
    end if;
  end loop;
  return credits_private.revoke_credits(p_user_id, v_left, p_reference);
end;
$$;

comment on function credits_private.revoke_own(uuid, text, bigint[], numeric) is
  'Takes credits that a payment bought back: from its own batches, then from the user''s others, then as a debt, which is returned. The caller holds the locks.';

create function credits_private.batches_of(p_user_id uuid, p_reference text) returns bigint[]
  language plpgsql stable set search_path = ''
as $$
begin
  return array(
    select b.id
    from public.user_credits b
    where b.user_id = p_user_id
      and (
        b.grant_key = p_reference
        or b.grant_key ^@ (p_reference || ':reinstated:') -- rule: reinstated-batch-too
      )
  );
end;
$$;

comment on function credits_private.batches_of(uuid, text) is
  'The batches of what was paid: what a reversal gave back is a batch of its own, so there can be several.';

create function credits_private.reinstate_credits(
  p_user_id uuid,
  p_reference text,
  p_amount numeric,
  p_source text,
  p_count integer,
  p_description text
) returns void
  language plpgsql set search_path = ''
as $$
declare
  -- What expired meanwhile comes back for a day.
  v_soonest timestamptz := credits_private.clock() + interval '1 day';
  v_debt record;
  v_taken record;
  v_number integer := 0;
  v_part numeric;
  v_left numeric := p_amount;
begin
  for v_debt in
    select id, remaining_amount
    from public.credit_debts
    where user_id = p_user_id and reference = p_reference and remaining_amount > 0
    order by id
  loop
    exit when v_left = 0; -- rule: forgives-first
    v_part := least(v_left, v_debt.remaining_amount);
    update public.credit_debts
    set remaining_amount = remaining_amount - v_part
    where user_id = p_user_id and id = v_debt.id;
    perform credits_private.post_entry(p_user_id, 'forgive', v_part, null, null, p_reference);
    v_left := v_left - v_part;
  end loop;
  -- What later credits paid of the debt, the rest, has no batch of its own that it could go back to.
  for v_taken in
    select t.expires_at, sum(t.amount) as amount, false as is_rest
    from (
      select b.expires_at, l.amount
      from credits_private.ledger_effects l
      join public.user_credits b on b.user_id = l.user_id and b.id = l.batch_id
      where l.user_id = p_user_id and l.kind = 'revoke' and l.reference = p_reference
      union all
      select g.expires_at, -g.original_amount
      from public.user_credits g
      where g.user_id = p_user_id and g.grant_key ^@ (p_reference || ':reinstated:')
    ) t
    group by t.expires_at
    having sum(t.amount) > 0
    union all
    select null, p_amount, true
    order by is_rest, expires_at desc nulls first -- rule: longest-first
  loop
    exit when v_left = 0;
    v_number := v_number + 1;
    v_part := least(v_left, v_taken.amount);
    perform credits_private.grant_batch(
      p_user_id, v_part, p_source,
      concat_ws(':', p_reference, 'reinstated', p_count, v_number),
      case when v_taken.expires_at is not null then greatest(v_taken.expires_at, v_soonest) end, -- rule: same-expiry
      p_description
    );
    v_left := v_left - v_part;
  end loop;
end;
$$;

comment on function credits_private.reinstate_credits(uuid, text, numeric, text, integer, text) is
  'Gives back what a reversal had taken: forgives what is left of its debt, grants the rest with the expiry it had, what lasts longest first. The caller holds the locks.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/reversals.sql

-- Reversals: what follows from refunds and disputes of a payment for the purchase that it paid.
--
-- Invariants
--   * reversed_cents and revoked_credits are computed from all facts, never added up event by event.
--   * A partial reversal takes the matching part of the credits, rounded down to a hundredth: at most a hundredth
--     of a credit, one cent's worth, and in the user's favour. A full one takes them all.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.reversed_cents(
  p_payment_intent_id text,
  p_currency text,
  p_paid_cents bigint,
  out refunded bigint,
  out disputed bigint
)
  language plpgsql stable set search_path = ''
as $$
begin
  select
    -- charge.refunded reports a running total that a refund's later failure makes too high.
    greatest(
      coalesce(sum(r.amount_cents) filter (where credits_private.refund_rank(r.status) < 2), 0),
      -- rule: refunds-counted-once
      p.charge_refunded_cents - coalesce(sum(r.amount_cents) filter (where credits_private.refund_rank(r.status) = 2), 0)
    )::bigint,
    (
      -- In another currency its part of the payment cannot be told, so that it is taken for the whole.
      select coalesce(sum(case when d.currency = p_currency then d.amount_cents else p_paid_cents end), 0)::bigint -- rule: dispute-currency
      from public.stripe_disputes d
      where d.payment_intent_id = p.payment_intent_id
        and (
          d.withdrawn_at is not null
          -- rule: inquiries-take-nothing
          or d.status in ('needs_response', 'under_review', 'lost', 'appeal_needs_response', 'appeal_under_review')
        )
        and d.status not in ('won', 'warning_closed', 'prevented')
        -- A lost dispute stays lost: what Stripe reinstates of it is what had been refunded before, which counts there.
        and (
          d.status = 'lost' -- rule: lost-stays-lost
          or d.reinstated_at is null
          or d.withdrawn_at > d.reinstated_at -- rule: withdrawn-again
        )
    )
  into refunded, disputed
  from public.stripe_payments p
  left join public.stripe_refunds r on r.payment_intent_id = p.payment_intent_id
  where p.payment_intent_id = p_payment_intent_id
  group by p.payment_intent_id;
end;
$$;

comment on function credits_private.reversed_cents(text, text, bigint) is
  'How much of a payment of so much has gone back to the payer, by refunds and by disputes, as far as Stripe has said.';

create table credits_private.billing_settings (
  only_row boolean primary key default true check (only_row),
  freeze_on_fraud_warning boolean not null default false
);

comment on table credits_private.billing_settings is
  'Whether an early fraud warning freezes what is left of its purchase, until the payment goes back or the warning is cleared.';

insert into credits_private.billing_settings default values;

alter table credits_private.billing_settings enable row level security;

create policy "nobody but the functions" on credits_private.billing_settings using (false);

revoke all on credits_private.billing_settings from public, anon, authenticated, service_role;

create function credits_private.freeze_purchase(p_purchase public.credit_purchases) returns void
  language plpgsql set search_path = ''
as $$
begin
  if credits_private.lock_user(p_purchase.user_id) then
    perform credits_private.expire_batches(p_purchase.user_id);
    update public.credit_purchases
    set frozen_credits = revoked_credits + (
      select coalesce(sum(b.remaining_amount), 0)
      from public.user_credits b
      where b.user_id = p_purchase.user_id and b.is_open
        and b.grant_key ^@ ('purchase:' || p_purchase.id) -- rule: freezes-own
    )
    where id = p_purchase.id;
  end if;
end;
$$;

comment on function credits_private.freeze_purchase(public.credit_purchases) is
  'Says that what is left of a purchase is frozen; apply_reversals() then takes it. The caller holds the locks of payment and purchase.';

create function credits_private.apply_reversals(p_purchase_id uuid) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_purchase public.credit_purchases;
  v_reversed record;
  v_reference text := 'purchase:' || p_purchase_id;
  v_cents bigint;
  v_target numeric;
  v_change numeric;
begin
  select * into v_purchase from public.credit_purchases where id = p_purchase_id for update;
  if v_purchase.paid_cents = 0 then -- nothing was paid (yet), so that nothing can go back
    return;
  end if;
  select * into v_reversed from credits_private.reversed_cents(
    v_purchase.stripe_payment_intent_id, v_purchase.currency, v_purchase.paid_cents
  );
  -- rule: reversed-at-most
  v_cents := least(coalesce(v_reversed.refunded + v_reversed.disputed, 0), v_purchase.paid_cents);
  v_target := trunc(v_purchase.credits * v_cents / v_purchase.paid_cents, 2); -- rule: rounds-down
  if v_cents = 0 then -- rule: until-it-goes-back
    v_target := v_purchase.frozen_credits;
  end if;
  v_change := v_target - v_purchase.revoked_credits;

  update public.credit_purchases
  set
    reversed_cents = v_cents,
    revoked_credits = v_target,
    frozen_credits = case when v_cents = 0 then frozen_credits else 0 end,
    reversed_at = case
      when v_cents = 0 then null
      when v_cents = reversed_cents then reversed_at -- rule: reversed-when
      else credits_private.clock()
    end,
    reversal_count = reversal_count + (v_change <> 0)::integer,
    status = case
      when coalesce(v_reversed.disputed, 0) > 0 then 'disputed'
      when v_cents = v_purchase.paid_cents then 'refunded'
      when v_cents > 0 then 'partially_refunded'
      else 'paid'
    end::public.purchase_status
  where id = p_purchase_id
  returning * into v_purchase;

  if not credits_private.lock_user(v_purchase.user_id) then -- rule: reversal-of-somebody
    -- Whoever was erased has no credits that could be taken; the money is accounted for all the same.
    update public.credit_purchases set revoked_credits = v_purchase.revoked_credits - v_change where id = p_purchase_id;
    return;
  end if;
  if v_change > 0 then
    insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason, created_at)
    values (
      v_purchase.user_id, v_reference || ':' || v_purchase.reversal_count, v_change,
      credits_private.revoke_own(
        v_purchase.user_id, v_reference, credits_private.batches_of(v_purchase.user_id, v_reference), v_change
      ),
      case when v_cents = 0 then 'fraud_warning' else v_purchase.status::text end, credits_private.clock()
    );
  elsif v_change < 0 then
    perform credits_private.reinstate_credits(
      v_purchase.user_id, v_reference, -v_change, 'purchase', v_purchase.reversal_count, 'Reinstated purchase'
    );
  end if;
end;
$$;

comment on function credits_private.apply_reversals(uuid) is
  'Brings a paid purchase to what all known refunds and disputes of its payment add up to; of a user who is gone the purchase alone. Idempotent; order-free. The caller holds the payment''s lock.';

create function public.clear_fraud_warning(p_purchase_id uuid, p_reason text default null, p_actor text default null)
  returns public.attach_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_purchase public.credit_purchases;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  select * into v_purchase from public.credit_purchases where id = p_purchase_id;
  if not found then
    perform credits_private.refuse_argument('p_purchase_id', 'is no purchase');
  elsif v_purchase.stripe_payment_intent_id is not null then
    perform credits_private.lock_payment(v_purchase.stripe_payment_intent_id);
  end if;
  update public.credit_purchases set frozen_credits = 0 where id = p_purchase_id and frozen_credits > 0; -- rule: cleared
  if not found then
    return row('not_frozen', p_purchase_id)::public.attach_result;
  end if;
  perform credits_private.apply_reversals(p_purchase_id);
  -- rule: clearing-noted
  perform credits_private.note_action(p_actor, 'clear_fraud_warning', v_purchase.user_id, p_purchase_id::text, p_reason);
  return row('cleared', p_purchase_id)::public.attach_result;
end;
$$;

comment on function public.clear_fraud_warning(uuid, text, text) is
  'Gives back what an early fraud warning froze of a purchase, for an operator who believes its buyer. Outcomes: cleared, not_frozen (nothing changes). Idempotent; operator_actions has who and why. Raises 22023 for an unknown purchase, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.clear_fraud_warning(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.clear_fraud_warning(uuid, text, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/events.sql

-- Stripe events: the inbox. Every verified event is kept once, with its outcome, in the transaction of its effect.
--
-- Invariants
--   * An event has an effect at most once; a payment grants at most once whatever events announce it (C2).
--   * Money that does not cover the credits, or that nobody can be given credits for, grants nothing: the event is
--     held with its reason, is listed by held_stripe_events and can be replayed or dismissed.
--   * Whatever is wrong with an event, it is kept: what raises while it is applied is held with its SQLSTATE. Only what
--     another delivery can mend (a deadlock, a time-out, a full disk) raises, so that Stripe delivers again.
--   * An event of the other mode, of another project, or of a connected account that nobody named, has no effect.
--   * Of an event only what its effect is computed from is kept, and nothing that says who the payer is.
--
-- Lock order: ARCHITECTURE.md.

create table public.stripe_events (
  id text primary key,
  type text not null,
  created_at timestamptz not null,
  payload jsonb not null,
  outcome text not null check (outcome in ('applied', 'ignored', 'held')),
  reason text,
  purchase_id uuid references public.credit_purchases (id),
  user_id uuid,
  payment_intent_id text,
  received_at timestamptz not null default now(),
  processed_at timestamptz not null default now(),
  check (outcome <> 'applied' or reason is null),
  check (outcome <> 'held' or reason is not null)
);

comment on table public.stripe_events is
  'The inbox of verified Stripe events, each once, with what became of it; reason says why one is held, or whose it is where it is not ours. payload is the event without what it says about a person.';

create index stripe_events_held on public.stripe_events (received_at) where outcome = 'held';
create index stripe_events_by_payment on public.stripe_events (payment_intent_id) where outcome = 'held';
create index stripe_events_by_purchase on public.stripe_events (purchase_id);

alter table public.stripe_events enable row level security;

create policy "operators read events" on public.stripe_events for select to service_role using (true);

revoke all on public.stripe_events from public, anon, authenticated, service_role;
grant select on public.stripe_events to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('stripe_events', 'billing', 'kept', 'amounts and ids; names and addresses are never kept');

create table credits_private.event_handlers (
  type text primary key,
  handler text not null check (to_regprocedure(handler || '(jsonb)') is not null)
);

comment on table credits_private.event_handlers is
  'Which function has the effect of a type of event that a later domain takes: from the event as it is kept, an event_effect.';

alter table credits_private.event_handlers enable row level security;

create policy "nobody but the functions" on credits_private.event_handlers using (false);

revoke all on credits_private.event_handlers from public, anon, authenticated, service_role;

create type public.stripe_event_result as (
  outcome text,
  event_id text,
  reason text,
  purchase_id uuid,
  user_id uuid
);

create type credits_private.event_effect as (
  outcome text,
  reason text,
  purchase_id uuid,
  user_id uuid
);

create function credits_private.held(p_reason text, p_purchase_id uuid default null, p_user_id uuid default null)
  returns credits_private.event_effect
  language plpgsql immutable set search_path = ''
as $$
begin
  return row('held', p_reason, p_purchase_id, p_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.held(text, uuid, uuid) is 'The effect of an event that is kept and not applied.';

create function credits_private.as_cents(p_value jsonb) returns bigint
  language plpgsql immutable set search_path = ''
as $$
begin
  return case
    when jsonb_typeof(p_value) = 'number' and p_value::numeric between 0 and 9007199254740991 -- rule: cents
      and p_value::numeric = trunc(p_value::numeric)
    then p_value::numeric::bigint
  end;
end;
$$;

comment on function credits_private.as_cents(jsonb) is 'A whole, non-negative number of cents that JavaScript can hold too, or null.';

create function credits_private.faulty_field(p_object jsonb, p_amount text, variadic p_texts text[]) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  return (
    select
      case when jsonb_typeof(p_object -> f.name) is null or p_object -> f.name = 'null' then 'missing' else 'invalid' end
      || '_field: data.object.' || f.name -- rule: field-named
    from (
      select p_amount as name, 0 as position where credits_private.as_cents(p_object -> p_amount) is null and p_amount is not null
      union all
      select t.name, t.position
      from unnest(p_texts) with ordinality t (name, position)
      where jsonb_typeof(p_object -> t.name) is distinct from 'string'
    ) f
    order by f.position
    limit 1
  );
end;
$$;

comment on function credits_private.faulty_field(jsonb, text, text[]) is
  'The reason to hold an object whose amount (if one is asked for) or one of these texts is missing or no such thing, or null.';

create function credits_private.without_personal_data(p_event jsonb) returns jsonb
  language plpgsql immutable set search_path = ''
as $$
declare
  v_object jsonb := p_event #> '{data,object}';
begin
  return jsonb_set(
    p_event,
    '{data,object}',
    (
      select coalesce(jsonb_object_agg(f.key, f.value), '{}')
      from jsonb_each(v_object) f
      where f.key in ( -- rule: allowed-keys
        'id', 'object', 'livemode', 'amount', 'amount_subtotal', 'amount_total', 'amount_refunded',
        'allow_promotion_codes', 'currency', 'payment_intent', 'payment_status', 'status', 'mode', 'created', 'charge',
        'billing_reason'
      ) or (
        f.key in ('customer', 'subscription', 'invoice', 'total', 'discount', 'anchor', 'cancel_at', 'trial_end')
        and v_object ->> 'object' in ('subscription', 'invoice', 'invoice_payment')
      )
    ) || (
      select coalesce(jsonb_object_agg(f.key, inside.kept), '{}')
      from jsonb_each(v_object) f
      cross join lateral (
        select coalesce(jsonb_agg(case when jsonb_typeof(e.value) = 'object' then (
          select jsonb_object_agg(i.key, i.value)
          from jsonb_each(e.value) i
          where i.key in ('price', 'quantity', 'amount', 'start', 'end', 'proration', 'payment_intent')
        ) end), '[]')
        from jsonb_array_elements(f.value) e
      ) inside (kept)
      where f.key in ('lines', 'items', 'payments') -- rule: allowed-items
        and v_object ->> 'object' in ('subscription', 'invoice') and jsonb_typeof(f.value) = 'array'
    ) || (
      select coalesce(jsonb_object_agg(f.key, inside.kept) filter (where inside.kept is not null), '{}')
      from jsonb_each(v_object) f
      cross join lateral (
        select jsonb_object_agg(i.key, i.value)
        from jsonb_each(case when jsonb_typeof(f.value) = 'object' then f.value end) i
        where i.key in (
          'purchase_id', 'user_id', 'credits', 'amount', 'currency', 'pack_id', 'project',
          'amount_discount', 'presentment_amount', 'presentment_currency'
        )
      ) inside (kept)
      where f.key in ('metadata', 'total_details', 'presentment_details')
    )
  ) #- '{data,previous_attributes}';
end;
$$;

comment on function credits_private.without_personal_data(jsonb) is
  'An event with what its effect is computed from, and nothing that says who somebody is.';

create function credits_private.not_ours(p_event jsonb, p_livemode boolean, p_accounts text[], p_projects text[]) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  return case
    when p_event -> 'livemode' = to_jsonb(not p_livemode) then 'other_mode' -- rule: same-mode
    -- rule: own-account
    when coalesce(p_event ->> 'account', '') <> '' and not p_event ->> 'account' = any (p_accounts) then 'other_account'
    when p_event #>> '{data,object,metadata,project}' <> all (p_projects) then 'other_project' -- rule: own-project
  end;
end;
$$;

comment on function credits_private.not_ours(jsonb, boolean, text[], text[]) is
  'Why an event has no business here, or null: it is of the mode (live or test) that the deployment has no key for, of a connected account that it does not name, or tagged by another project.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/sessions.sql

-- Checkout sessions: which purchase a session is of, and what follows from it.
--
-- Invariants
--   * A session is matched by what we wrote into its metadata, or by its id.
--   * A purchase that is not here any more is made again from the metadata, which came back signed by Stripe.
--   * Credits are the purchase's. What was paid may be less by a discount that the session allowed; taxes pay for nothing.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.purchase_made_elsewhere(p_session jsonb) returns uuid
  language plpgsql set search_path = ''
as $$
declare
  v_user_id uuid := credits_private.as_uuid(p_session #>> '{metadata,user_id}');
  v_credits text := p_session #>> '{metadata,credits}';
  v_purchase_id uuid;
begin
  if v_user_id is null or v_credits is null
    or v_credits !~ '^[0-9]{1,7}([.][0-9]{1,2})?$' -- rule: credits-are-a-number
    or v_credits::numeric <= 0 then
    return null;
  end if;
  -- Nobody agreed a pack's price for it, so the baseline holds: 100 US cents a credit (C2).
  insert into public.credit_purchases (user_id, credits, amount_cents, currency, stripe_session_id, created_at)
  values (
    v_user_id, v_credits::numeric,
    ceil(v_credits::numeric * 100), -- rule: baseline-price
    'usd', p_session ->> 'id', credits_private.clock()
  )
  on conflict (stripe_session_id) do nothing
  returning id into v_purchase_id;
  if v_purchase_id is null then
    select id into v_purchase_id from public.credit_purchases where stripe_session_id = p_session ->> 'id';
  end if;
  return v_purchase_id;
end;
$$;

comment on function credits_private.purchase_made_elsewhere(jsonb) is
  'The purchase of a session that /checkout did not make: its metadata says user_id and credits. Null when it does not.';

create function credits_private.restore_purchase(p_session jsonb) returns uuid
  language plpgsql set search_path = ''
as $$
declare
  v_said jsonb := p_session -> 'metadata';
  v_id uuid := credits_private.as_uuid(v_said ->> 'purchase_id');
  v_user_id uuid := credits_private.as_uuid(v_said ->> 'user_id');
  v_whole boolean := v_id is not null and v_user_id is not null
    and v_said ->> 'credits' ~ '^[0-9]{1,10}[.][0-9]{2}$' and v_said ->> 'credits' <> '0.00'
    and v_said ->> 'amount' ~ '^[1-9][0-9]{0,14}$'
    and v_said ->> 'currency' ~ '^[a-z]{3}$'
    and v_said ->> 'project' <> ''; -- rule: restored-if-tagged
begin
  if v_whole is not true then
    return null;
  end if;
  insert into public.credit_purchases (
    id, user_id, pack_id, credits, amount_cents, currency, stripe_session_id, created_at
  )
  values (
    v_id, v_user_id, (select id from public.credit_packs where id = credits_private.as_uuid(v_said ->> 'pack_id')),
    (v_said ->> 'credits')::numeric, (v_said ->> 'amount')::bigint, v_said ->> 'currency', p_session ->> 'id',
    credits_private.clock()
  )
  on conflict do nothing;
  return (select id from public.credit_purchases where id = v_id);
end;
$$;

comment on function credits_private.restore_purchase(jsonb) is
  'The purchase of a session that /checkout made and a restore of the database lost, made again from all that the session''s metadata says. Null when that is not enough.';

create function credits_private.find_purchase(p_session jsonb) returns uuid
  language plpgsql set search_path = ''
as $$
declare
  -- Never by client_reference_id: a payment link lets the payer set it.
  v_named text := p_session #>> '{metadata,purchase_id}';
  v_id uuid;
begin
  select id into v_id from public.credit_purchases where stripe_session_id = p_session ->> 'id';
  if v_id is null and v_named is not null then
    select id into v_id from public.credit_purchases where id = credits_private.as_uuid(v_named);
  end if;
  if v_id is null
    and v_named is null then -- rule: named-purchase
    v_id := credits_private.purchase_made_elsewhere(p_session);
  elsif v_id is null then
    v_id := credits_private.restore_purchase(p_session); -- rule: lost-purchase
  end if;
  return v_id;
end;
$$;

comment on function credits_private.find_purchase(jsonb) is
  'The purchase a Checkout session belongs to: by the session''s id, by the id it was given, or made (again) from its metadata.';

create function credits_private.pay_purchase(p_purchase public.credit_purchases, p_session jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_fault text := credits_private.faulty_field(p_session, 'amount_total', 'currency');
  v_cents bigint := credits_private.as_cents(p_session -> 'amount_total');
  v_discount bigint := coalesce(credits_private.as_cents(p_session #> '{total_details,amount_discount}'), 0);
  -- Without the taxes on top.
  v_net bigint := least(v_cents, credits_private.as_cents(p_session -> 'amount_subtotal') - v_discount); -- rule: taxes-pay-nothing
  v_intent text := p_session ->> 'payment_intent';
  v_grant public.grant_result;
begin
  if v_fault is not null then
    return credits_private.held(v_fault, p_purchase.id, p_purchase.user_id);
  elsif p_session ->> 'currency' <> p_purchase.currency then -- rule: same-currency
    return credits_private.held('wrong_currency', p_purchase.id, p_purchase.user_id);
  elsif p_session -> 'livemode' = to_jsonb(not p_purchase.livemode) then -- rule: mode-of-purchase
    return credits_private.held('other_mode', p_purchase.id, p_purchase.user_id);
  end if;
  if p_session -> 'allow_promotion_codes' = 'true' then -- rule: discounts-allowed
    v_net := v_net + v_discount;
  end if;
  if v_net < p_purchase.amount_cents then -- rule: covers-the-price
    return credits_private.held('amount_too_small', p_purchase.id, p_purchase.user_id);
  end if;
  -- Asked for last: a session that cost nothing has none.
  v_fault := case when v_cents > 0 then credits_private.faulty_field(p_session, null, 'payment_intent') end; -- rule: free-of-charge
  if v_fault is not null then
    return credits_private.held(v_fault, p_purchase.id, p_purchase.user_id);
  elsif p_purchase.paid_at is not null then -- rule: paid-once
    return ('applied', null, p_purchase.id, p_purchase.user_id)::credits_private.event_effect;
  elsif not credits_private.lock_user(p_purchase.user_id) then -- rule: payer-is-there
    return credits_private.held('user_gone', p_purchase.id, p_purchase.user_id);
  end if;

  v_grant := credits_private.grant_batch(
    p_purchase.user_id,
    p_purchase.credits, -- rule: credits-bought
    'purchase',
    'purchase:' || p_purchase.id, -- rule: purchase-granted-once
    null,
    'Purchase'
  );
  if v_grant.outcome <> 'granted' then -- rule: grant-is-new
    return credits_private.held('granted_before', p_purchase.id, p_purchase.user_id);
  end if;
  update public.user_credits
  set stripe_session_id = p_session ->> 'id'
  where user_id = p_purchase.user_id and id = v_grant.batch_id;
  update public.credit_purchases
  set
    status = 'paid', paid_cents = v_cents, paid_at = credits_private.clock(), stripe_session_id = p_session ->> 'id',
    stripe_payment_intent_id = v_intent,
    livemode = coalesce(livemode, p_session -> 'livemode' = 'true') -- rule: mode-kept
  where id = p_purchase.id;
  if (select signup_bonus_when from credits_private.credit_settings where only_row) = 'first_payment' then
    perform credits_private.give_signup_bonus(p_purchase.user_id); -- rule: bonus-with-payment
  end if;
  perform credits_private.apply_reversals(p_purchase.id);
  return ('applied', null, p_purchase.id, p_purchase.user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.pay_purchase(public.credit_purchases, jsonb) is
  'Grants what a paid session bought, once, if the money covers it (C2), and then whatever reversals are known already. The caller holds the locks of payment and purchase.';

create function credits_private.apply_checkout_event(p_type text, p_session jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_fault text := credits_private.faulty_field(p_session, null, 'id', 'payment_status');
  v_paid boolean := p_session ->> 'payment_status' in ('paid', 'no_payment_required');
  v_purchase_id uuid;
  v_purchase public.credit_purchases;
  v_status public.purchase_status;
  v_effect credits_private.event_effect;
begin
  if v_fault is not null then
    return credits_private.held(v_fault);
  elsif p_session ->> 'mode' in ('subscription', 'setup') then
    return ('ignored', null, null, null)::credits_private.event_effect;
  end if;

  -- One that is not paid does nothing to its payment, and may be tried again by who has the lock of another one.
  if v_paid -- rule: payments-in-one-order
    and jsonb_typeof(p_session -> 'payment_intent') = 'string' then
    perform credits_private.lock_payment(p_session ->> 'payment_intent');
  end if;
  -- Found in a statement of its own: one that also locks it would not see a purchase that the search has just made.
  v_purchase_id := credits_private.find_purchase(p_session);
  select * into v_purchase from public.credit_purchases where id = v_purchase_id for update;
  if not found and p_session #>> '{metadata,purchase_id}' is null and p_session #>> '{metadata,credits}' is null then
    -- Something else that is sold with the same Stripe account.
    return ('ignored', 'not_ours', null, null)::credits_private.event_effect; -- rule: not-ours
  elsif not found then
    return credits_private.held('unknown_purchase');
  elsif v_purchase.stripe_session_id <> p_session ->> 'id' then -- rule: second-session
    -- A second session, whose page nobody was given, matters only if somebody pays in it all the same.
    v_effect := case
      -- rule: second-session-paid
      when v_paid then credits_private.held('session_mismatch', v_purchase.id, v_purchase.user_id)
      else ('ignored', null, v_purchase.id, v_purchase.user_id)::credits_private.event_effect
    end;
  elsif v_paid -- rule: paid-for
    and p_type <> 'checkout.session.expired' then
    v_effect := credits_private.pay_purchase(v_purchase, p_session);
  end if;
  if v_effect.outcome is not null then
    if v_paid and v_effect.outcome = 'held' then
      -- Whoever has paid is not shown the page again.
      update public.credit_purchases
      set status = 'processing' -- rule: held-is-not-open
      where id = v_purchase.id and status = 'open';
    end if;
    if v_paid and jsonb_typeof(p_session -> 'payment_intent') = 'string' then
      -- Also for money that bought nothing: its refund must find the purchase, or it would be held for ever.
      update public.stripe_payments
      set purchase_id = v_purchase.id -- rule: refund-finds-purchase
      where payment_intent_id = p_session ->> 'payment_intent';
      perform credits_private.settle_held_events(v_purchase.id, p_session ->> 'payment_intent'); -- rule: early-reversals
    end if;
    return v_effect;
  end if;

  v_status := case p_type
    when 'checkout.session.expired' then 'expired'
    when 'checkout.session.async_payment_failed' then 'failed'
    else 'processing'
  end::public.purchase_status;
  update public.credit_purchases
  set stripe_session_id = p_session ->> 'id', status = v_status
  where id = v_purchase.id
    and (status = 'open' or (status = 'processing' and v_status in ('expired', 'failed'))); -- rule: paid-stays-paid
  if v_status = 'processing' and v_purchase.status in ('open', 'processing') then
    return credits_private.held(
      case p_session ->> 'payment_status'
        when 'unpaid' then 'unpaid'
        else 'unknown_status: ' || (p_session ->> 'payment_status') -- rule: known-payment-status
      end,
      v_purchase.id, v_purchase.user_id
    );
  end if;
  if v_status = 'failed' then
    perform credits_private.settle_held_events(v_purchase.id, null);
  end if;
  return ('applied', null, v_purchase.id, v_purchase.user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_checkout_event(text, jsonb) is
  'checkout.session.completed, .async_payment_succeeded, .async_payment_failed and .expired, in any order.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/inbox.sql

-- Stripe inbox: which event means what, and the RPC that takes events in.
--
-- Invariants: see stripe_events. A new event's row comes first, so that copies of one event queue up behind each
-- other; a held event's row is locked after its payment and its purchase, as a purchase that is paid does with all
-- events held for it.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.purchase_paid_by(p_payment_intent_id text) returns public.credit_purchases
  language plpgsql set search_path = ''
as $$
declare
  v_purchase public.credit_purchases;
begin
  perform credits_private.lock_payment(p_payment_intent_id);
  select p.* into v_purchase
  from public.stripe_payments s
  join public.credit_purchases p on p.id = s.purchase_id
  where s.payment_intent_id = p_payment_intent_id;
  return v_purchase;
end;
$$;

comment on function credits_private.purchase_paid_by(text) is
  'The purchase that a payment paid for, all columns null when there is none (yet). Locks the payment, so that there is none until the lock is gone.';

create function credits_private.apply_money_back(p_type text, p_object jsonb, p_at timestamptz)
  returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_about text := split_part(replace(p_type, 'charge.dispute', 'dispute'), '.', 1);
  v_fault text := case v_about
    when 'charge' then credits_private.faulty_field(p_object, 'amount_refunded', 'payment_intent')
    when 'radar' then credits_private.faulty_field(p_object, null, 'id', 'payment_intent')
    when 'refund' then credits_private.faulty_field(p_object, 'amount', 'id', 'payment_intent', 'status')
    else credits_private.faulty_field(p_object, 'amount', 'id', 'payment_intent', 'status', 'currency')
  end;
  v_intent text := p_object ->> 'payment_intent';
  v_purchase public.credit_purchases;
  v_reversals text;
  v_effect credits_private.event_effect;
begin
  if v_fault is not null then
    return credits_private.held(v_fault);
  end if;
  v_purchase := credits_private.purchase_paid_by(v_intent);
  select reversals into v_reversals from public.stripe_payments where payment_intent_id = v_intent;
  if v_purchase.id is null and v_reversals is null then -- rule: charge-of-purchase
    -- It may have come before its payment, or be of something else that is sold: either way nobody has to look.
    return credits_private.held('waits_for_payment');
  end if;

  case v_about
    when 'charge' then
      update public.stripe_payments
      set charge_refunded_cents = greatest(
        charge_refunded_cents, credits_private.as_cents(p_object -> 'amount_refunded')
      )
      where payment_intent_id = v_intent;
    when 'refund' then
      perform credits_private.record_refund(
        p_object ->> 'id', v_intent, credits_private.as_cents(p_object -> 'amount'), p_object ->> 'status'
      );
    when 'radar' then
      null;
    else
      if credits_private.dispute_rank(p_object ->> 'status') = 0 then -- rule: known-status
        return credits_private.held(
          'unknown_status: ' || left(p_object ->> 'status', 100), v_purchase.id, v_purchase.user_id
        );
      end if;
      perform credits_private.record_dispute(
        p_object ->> 'id', v_intent, credits_private.as_cents(p_object -> 'amount'), p_object ->> 'currency',
        p_object ->> 'status', p_at, p_type = 'charge.dispute.funds_withdrawn', p_type = 'charge.dispute.funds_reinstated'
      );
  end case;

  if v_reversals is not null then -- rule: reversals-elsewhere
    execute format('select (%s($1)).*', v_reversals::regproc) into v_effect using v_intent;
    return v_effect;
  end if;
  -- The purchase before the account, as everybody locks them.
  select * into v_purchase from public.credit_purchases where id = v_purchase.id for update;
  if v_about = 'radar' then
    perform credits_private.freeze_purchase(v_purchase);
  end if;
  perform credits_private.apply_reversals(v_purchase.id);
  return ('applied', null, v_purchase.id, v_purchase.user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_money_back(text, jsonb, timestamptz) is
  'charge.refunded, refund.*, charge.dispute.* and early fraud warnings: keeps the fact, and brings the purchase to what all facts add up to.';

create function credits_private.apply_event(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_object jsonb := p_event #> '{data,object}';
  v_handler text;
  v_effect credits_private.event_effect;
begin
  case p_event ->> 'type'
    when 'checkout.session.completed', 'checkout.session.async_payment_succeeded',
      'checkout.session.async_payment_failed', 'checkout.session.expired' then
      return credits_private.apply_checkout_event(p_event ->> 'type', v_object);
    when 'charge.refunded', 'refund.created', 'refund.updated', 'refund.failed',
      'charge.dispute.created', 'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated', 'charge.dispute.closed' then
      return credits_private.apply_money_back(
        p_event ->> 'type', v_object, to_timestamp((p_event ->> 'created')::numeric)
      );
    when 'radar.early_fraud_warning.created' then
      if (select freeze_on_fraud_warning from credits_private.billing_settings where only_row) then -- rule: warnings-if-wanted
        return credits_private.apply_money_back(
          p_event ->> 'type', v_object, to_timestamp((p_event ->> 'created')::numeric)
        );
      end if;
      return ('ignored', null, null, null)::credits_private.event_effect;
    when 'customer.deleted' then
      return credits_private.apply_customer_deleted(v_object);
    else
      select handler into v_handler from credits_private.event_handlers where type = p_event ->> 'type';
      if v_handler is null then
        return ('ignored', null, null, null)::credits_private.event_effect;
      end if;
      execute format('select (%s($1)).*', v_handler::regproc) into v_effect using p_event;
      return v_effect;
  end case;
end;
$$;

comment on function credits_private.apply_event(jsonb) is 'Which event means what. Types that mean nothing here are ignored.';

create function credits_private.keep_effect(p_event_id text, p_effect credits_private.event_effect) returns public.stripe_event_result
  language plpgsql set search_path = ''
as $$
declare
  v_result public.stripe_event_result;
begin
  update public.stripe_events
  set
    outcome = p_effect.outcome,
    reason = p_effect.reason,
    purchase_id = p_effect.purchase_id,
    user_id = p_effect.user_id,
    processed_at = credits_private.clock()
  where id = p_event_id -- rule: effect-kept
  returning outcome, id, reason, purchase_id, user_id into v_result;
  return v_result;
end;
$$;

comment on function credits_private.keep_effect(text, credits_private.event_effect) is 'Writes what became of an event to its row.';

create function credits_private.settle_held_events(p_purchase_id uuid, p_payment_intent_id text) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_event record;
begin
  for v_event in
    select id, payload
    from public.stripe_events
    where outcome = 'held' -- rule: held-get-settled
      and (
        (payment_intent_id = p_payment_intent_id and reason = 'waits_for_payment')
        or (purchase_id = p_purchase_id and type like 'checkout.session.%' and (reason = 'unpaid' or reason like 'unknown_status: %'))
      )
    order by id
    for update
  loop
    perform credits_private.keep_effect(v_event.id, credits_private.try_event(v_event.payload));
  end loop;
end;
$$;

comment on function credits_private.settle_held_events(uuid, text) is
  'Once the purchase of a payment is known, or cannot be paid any more: events that came before it and were held for want of that have their effect now. The caller holds the payment''s lock.';

create function credits_private.try_event(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
begin
  return credits_private.apply_event(p_event);
exception when others then
  -- Stripe would try for three days, and then stop delivering anything: what no repetition can mend is an operator's.
  if sqlstate ~ '^(08|40|53|57|58|XX)' or sqlstate = '55P03' then -- rule: worth-another-delivery
    raise;
  end if;
  raise warning 'Stripe event % cannot be applied: % (%)', p_event ->> 'id', sqlerrm, sqlstate;
  return credits_private.held('error: ' || sqlstate);
end;
$$;

comment on function credits_private.try_event(jsonb) is
  'What an event has for an effect; held when applying it raises, unless another delivery may do better.';

create function credits_private.take_in(p_event_id text, p_payload jsonb) returns public.stripe_event_result
  language plpgsql set search_path = ''
as $$
declare
  v_result public.stripe_event_result := credits_private.keep_effect(p_event_id, credits_private.try_event(p_payload));
  v_other record;
begin
  if v_result.outcome = 'applied' then
    for v_other in
      select o.id, o.payload
      from public.stripe_events o
      join public.stripe_events e on e.payment_intent_id = o.payment_intent_id
      where e.id = p_event_id and o.purchase_id = v_result.purchase_id
        and o.outcome = 'held' -- rule: one-resolves-all
      order by o.id
      for update of o
    loop
      perform credits_private.keep_effect(v_other.id, credits_private.try_event(v_other.payload));
    end loop;
  end if;
  return v_result;
end;
$$;

comment on function credits_private.take_in(text, jsonb) is
  'Applies an event and writes down what became of it. Where it was applied, others that are held about the same payment of the same purchase are tried again.';

create function public.apply_stripe_event(
  p_event jsonb,
  p_livemode boolean default null,
  p_accounts text[] default '{}',
  p_projects text[] default null
)
  returns public.stripe_event_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_known public.stripe_events;
  v_event jsonb;
  v_not_ours text := credits_private.not_ours(p_event, p_livemode, p_accounts, p_projects);
begin
  if coalesce(p_event ->> 'id', '') = '' then -- rule: event-id
    perform credits_private.refuse_argument('p_event', 'must have an id');
  elsif coalesce(p_event ->> 'type', '') = '' then
    perform credits_private.refuse_argument('p_event', 'must have a type');
  elsif jsonb_typeof(p_event -> 'created') is distinct from 'number' then
    perform credits_private.refuse_argument('p_event', 'must have created, a number of seconds');
  elsif jsonb_typeof(p_event #> '{data,object}') is distinct from 'object' then
    perform credits_private.refuse_argument('p_event', 'must have data.object');
  end if;

  v_event := credits_private.without_personal_data(p_event); -- rule: no-people
  -- A copy that arrives meanwhile waits here for this transaction, and then finds the event.
  insert into public.stripe_events (id, type, created_at, payload, outcome, payment_intent_id, received_at)
  values (
    p_event ->> 'id', p_event ->> 'type', to_timestamp((p_event ->> 'created')::numeric), v_event, 'ignored',
    case when jsonb_typeof(p_event #> '{data,object,payment_intent}') = 'string'
      then p_event #>> '{data,object,payment_intent}' end,
    credits_private.clock()
  )
  on conflict (id) do nothing;
  if not found then -- rule: event-once
    select * into v_known from public.stripe_events where id = p_event ->> 'id';
    return row('duplicate', v_known.id, v_known.reason, v_known.purchase_id, v_known.user_id)
      ::public.stripe_event_result;
  end if;
  if v_not_ours is not null then
    return credits_private.keep_effect(p_event ->> 'id', ('ignored', v_not_ours, null, null));
  end if;
  return credits_private.take_in(p_event ->> 'id', v_event);
end;
$$;

comment on function public.apply_stripe_event(jsonb, boolean, text[], text[]) is
  'Keeps a verified event and its effect in one transaction. p_livemode is the mode of the deployment''s own key, null for any; p_accounts are the connected accounts whose events count, p_projects the tags of our own (null: any); what has no tag is anybody''s. Outcomes: applied; duplicate (kept before; nothing changes); ignored (its type means nothing here, or reason says whose it is: other_mode, other_account, other_project); held (kept, not applied, reason says why). Idempotent by the event''s id, in any order of events. Raises 22023 when it is no event; anything else raised is worth another delivery.';

revoke all on function public.apply_stripe_event(jsonb, boolean, text[], text[]) from public, anon, authenticated, service_role;
grant execute on function public.apply_stripe_event(jsonb, boolean, text[], text[]) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/held_events.sql

-- Held Stripe events: what an operator does with them. replay tries one again, dismiss lets one rest.
--
-- Invariants
--   * Only a held event changes, and only prune_stripe_events() deletes events.
--
-- Lock order: ARCHITECTURE.md.

create view public.held_stripe_events with (security_invoker = true) as
select id, type, reason, purchase_id, user_id, payment_intent_id, created_at, received_at, processed_at
from public.stripe_events
where outcome = 'held' and reason not in ('waits_for_payment', 'unpaid');

comment on view public.held_stripe_events is
  'For operators: events that were kept but not applied, and why, but for what waits by itself: news of payments that are not known (yet), or are of something else, and sessions whose money is on its way. replay_stripe_event() tries one again, dismiss_stripe_event() lets one rest.';

revoke all on public.held_stripe_events from public, anon, authenticated, service_role;
grant select on public.held_stripe_events to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('held_stripe_events', 'billing', 'none', 'a view');

create function public.replay_stripe_event(p_event_id text, p_reason text default null, p_actor text default null)
  returns public.stripe_event_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_event public.stripe_events;
  v_result public.stripe_event_result;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  select * into v_event from public.stripe_events where id = p_event_id;
  if not found then
    perform credits_private.refuse_argument('p_event_id', 'is no event that was kept');
  end if;
  if v_event.outcome = 'held' and v_event.payment_intent_id is not null then
    perform credits_private.lock_payment(v_event.payment_intent_id);
  end if;
  perform 1 from public.credit_purchases where id = v_event.purchase_id for update;
  select * into v_event from public.stripe_events where id = p_event_id for update;
  if v_event.outcome <> 'held' then -- rule: replay-held
    return row('duplicate', v_event.id, v_event.reason, v_event.purchase_id, v_event.user_id)
      ::public.stripe_event_result;
  end if;
  v_result := credits_private.take_in(v_event.id, v_event.payload);
  -- rule: replay-noted
  perform credits_private.note_action(
    p_actor, 'replay_stripe_event', v_event.user_id, v_event.id, p_reason, jsonb_build_object('outcome', v_result.outcome)
  );
  return v_result;
end;
$$;

comment on function public.replay_stripe_event(text, text, text) is
  'Tries a held event again, for an operator who has removed the reason, and once it is applied what else is held about the same payment. Outcomes: applied, held (again, with today''s reason), ignored, duplicate (it was not held; nothing changes). Idempotent; operator_actions has who and why. Raises 22023 for an unknown event, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.replay_stripe_event(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.replay_stripe_event(text, text, text) to service_role;

create function public.dismiss_stripe_event(p_event_id text, p_reason text default null, p_actor text default null)
  returns public.stripe_event_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_event public.stripe_events;
  v_result public.stripe_event_result;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  select * into v_event from public.stripe_events where id = p_event_id;
  if not found then
    perform credits_private.refuse_argument('p_event_id', 'is no event that was kept');
  end if;
  perform 1 from public.credit_purchases where id = v_event.purchase_id for update;
  select * into v_event from public.stripe_events where id = p_event_id for update;
  if v_event.outcome <> 'held' then -- rule: dismiss-held
    return row('duplicate', v_event.id, v_event.reason, v_event.purchase_id, v_event.user_id)
      ::public.stripe_event_result;
  end if;
  -- What is still unpaid of the session whose success rests would wait for ever.
  perform credits_private.keep_effect(e.id, ('ignored', null, e.purchase_id, e.user_id))
  from public.stripe_events e
  where e.outcome = 'held' and e.purchase_id = v_event.purchase_id -- rule: one-rests-all
    and e.payload #>> '{data,object,id}' = v_event.payload #>> '{data,object,id}';
  v_result := credits_private.keep_effect(v_event.id, ('ignored', null, v_event.purchase_id, v_event.user_id));
  perform credits_private.note_action(p_actor, 'dismiss_stripe_event', v_event.user_id, v_event.id, p_reason); -- rule: dismissal-noted
  return v_result;
end;
$$;

comment on function public.dismiss_stripe_event(text, text, text) is
  'Lets a held event rest, for an operator who has dealt with it elsewhere, and with it what else is held about the same object (a session, a refund, a dispute) of the same purchase: none is tried again. A refund or dispute whose payment is still to come would be lost: wait for that. Outcomes: ignored, duplicate (it was not held; nothing changes). Idempotent; operator_actions has who and why. Raises 22023 for an unknown event, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.dismiss_stripe_event(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.dismiss_stripe_event(text, text, text) to service_role;

-- supabase/schemas/billing/customers.sql

-- Stripe customers: under which name Stripe knows a user, and that it forgets them.
--
-- Invariants
--   * A user has one customer in each mode, written before any checkout names it. A spare one is deleted at Stripe.
--   * A customer of test mode is never used in live mode.
--   * Whoever is erased has their customers deleted at Stripe: the row is the order to do so until erased_at is set.
--
-- Lock order: ARCHITECTURE.md.

create table public.stripe_customers (
  customer_id text primary key check (customer_id <> ''),
  user_id uuid not null,
  livemode boolean not null,
  created_at timestamptz not null default now(),
  erase_at timestamptz,
  erased_at timestamptz,
  check (erased_at is null or erase_at is not null)
);

comment on table public.stripe_customers is
  'Customers at Stripe. erase_at says since when one is to be deleted there, erased_at when that was done; the one in use has neither.';

create unique index stripe_customers_in_use on public.stripe_customers (user_id, livemode) where erase_at is null;
create index stripe_customers_by_user on public.stripe_customers (user_id);
create index stripe_customers_to_erase on public.stripe_customers (erase_at) where erased_at is null;

alter table public.stripe_customers enable row level security;

create policy "operators read customers" on public.stripe_customers for select to service_role using (true);

revoke all on public.stripe_customers from public, anon, authenticated, service_role;
grant select on public.stripe_customers to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('stripe_customers', 'billing', 'kept', 'ids; what they stand for is deleted at Stripe');

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('portal', 10, 1);

create type public.customer_result as (outcome text, customer_id text);

create type public.portal_result as (
  outcome text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function public.keep_stripe_customer(
  p_user_id uuid,
  p_customer_id text,
  p_livemode boolean,
  p_gone text default null
) returns public.customer_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_there boolean := credits_private.lock_user(p_user_id);
  v_used text;
begin
  if p_user_id is null then
    perform credits_private.refuse_argument('p_user_id', 'must not be null');
  elsif coalesce(p_customer_id, '') = '' then
    perform credits_private.refuse_argument('p_customer_id', 'must not be empty');
  elsif p_livemode is null then
    perform credits_private.refuse_argument('p_livemode', 'must not be null');
  end if;
  update public.stripe_customers
  set erase_at = v_now, erased_at = v_now
  where user_id = p_user_id -- rule: own-customer-gone
    and customer_id = p_gone
    and erase_at is null;
  select customer_id into v_used
  from public.stripe_customers
  where user_id = p_user_id
    and livemode = p_livemode -- rule: customer-of-mode
    and erase_at is null;
  insert into public.stripe_customers (customer_id, user_id, livemode, created_at, erase_at)
  values (
    p_customer_id, p_user_id, p_livemode, v_now,
    case when v_used is not null or not v_there then v_now end -- rule: spare-customers-go
  )
  on conflict (customer_id) do nothing;
  if not v_there then
    return row('user_gone', null)::public.customer_result;
  elsif v_used is not null then
    return row('already_kept', v_used)::public.customer_result;
  end if;
  select customer_id into v_used
  from public.stripe_customers
  where user_id = p_user_id and livemode = p_livemode and erase_at is null;
  return row(case when v_used is null then 'not_found' else 'kept' end, v_used)::public.customer_result;
end;
$$;

comment on function public.keep_stripe_customer(uuid, text, boolean, text) is
  'Keeps the customer that Stripe made for a user, instead of p_gone where Stripe has that one no more. Outcomes: kept; already_kept (another call was faster; customer_id is the one to use, the spare one will be deleted at Stripe); user_gone (it will be deleted at Stripe); not_found (the customer was another user''s, or is gone itself). Idempotent. Raises 22023 for a bad argument.';

revoke all on function public.keep_stripe_customer(uuid, text, boolean, text)
  from public, anon, authenticated, service_role;
grant execute on function public.keep_stripe_customer(uuid, text, boolean, text) to service_role;

create function credits_private.apply_customer_deleted(p_customer jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_user_id uuid;
begin
  update public.stripe_customers
  set erase_at = coalesce(erase_at, credits_private.clock()), erased_at = credits_private.clock()
  where customer_id = p_customer ->> 'id' -- rule: deleted-customer
  returning user_id into v_user_id;
  return (case when v_user_id is null then 'ignored' else 'applied' end, null, null, v_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_customer_deleted(jsonb) is
  'customer.deleted: the next checkout makes another one, and whoever was to be deleted is.';

create function public.complete_customer_erasure(p_customer_id text) returns public.customer_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  update public.stripe_customers
  set erased_at = credits_private.clock()
  where customer_id = p_customer_id
    and erase_at is not null -- rule: erasure-was-asked
    and erased_at is null;
  if found then
    return row('erased', p_customer_id)::public.customer_result;
  end if;
  perform 1 from public.stripe_customers where customer_id = p_customer_id and erased_at is not null;
  return row(case when found then 'already_erased' else 'not_found' end, p_customer_id)::public.customer_result;
end;
$$;

comment on function public.complete_customer_erasure(text) is
  'Notes that Stripe has deleted a customer that was to be erased. Outcomes: erased, already_erased, not_found (no such customer, or it is in use). Idempotent.';

revoke all on function public.complete_customer_erasure(text) from public, anon, authenticated, service_role;
grant execute on function public.complete_customer_erasure(text) to service_role;

create function public.open_portal(p_user_id uuid) returns public.portal_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'portal');
begin
  return row(
    case when v_check.allowed then 'ok' else 'rate_limited' end, -- rule: portal-limit
    v_check.max_requests, v_check.remaining, v_check.window_seconds, v_check.retry_after_seconds
  )::public.portal_result;
end;
$$;

comment on function public.open_portal(uuid) is
  'Counts a visit to Stripe''s billing portal. Outcomes: ok, rate_limited. Raises PT401 when the user is gone. Not idempotent: each call counts.';

revoke all on function public.open_portal(uuid) from public, anon, authenticated, service_role;
grant execute on function public.open_portal(uuid) to service_role;

create function credits_private.erase_customers(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  update public.stripe_customers
  set erase_at = credits_private.clock()
  where user_id = p_user_id and erase_at is null; -- rule: customers-erased
  return (
    select array_agg('pending:' || customer_id order by customer_id)
    from public.stripe_customers
    where user_id = p_user_id and erased_at is null -- rule: pending-until-done
  );
end;
$$;

comment on function credits_private.erase_customers(uuid) is
  'Erasure: orders that a user''s customers be deleted at Stripe; returns those that are not yet.';

-- After the account, whose lock keeps a checkout from adding one meanwhile.
insert into credits_private.erasure_steps (position, step) values (45, 'credits_private.erase_customers');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/refresh.sql

-- Refresh: the buyer who comes back from the payment page asks what became of the payment, and need not wait for an event.
--
-- Invariants
--   * Only Stripe says that something was paid: what is asked for here is its session, which is applied as an event.
--
-- Lock order: ARCHITECTURE.md.

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('checkout_refresh', 60, 1);

create type public.refresh_result as (
  outcome text,
  purchase_id uuid,
  status public.purchase_status,
  stripe_session_id text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function public.refresh_checkout(p_user_id uuid, p_purchase_id uuid) returns public.refresh_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'checkout_refresh');
  v_result public.refresh_result;
begin
  if v_check.allowed then -- rule: refresh-limit
    select 'found', p.id, p.status, p.stripe_session_id
    into v_result.outcome, v_result.purchase_id, v_result.status, v_result.stripe_session_id
    from public.credit_purchases p
    where p.id = p_purchase_id
      and p.user_id = p_user_id; -- rule: own-refresh
    v_result.outcome := coalesce(v_result.outcome, 'not_found');
  else
    v_result.outcome := 'rate_limited';
  end if;
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  return v_result;
end;
$$;

comment on function public.refresh_checkout(uuid, uuid) is
  'The session of a user''s purchase, to ask Stripe about. Outcomes: found (stripe_session_id is null while Stripe has made none), not_found (no such purchase of this user), rate_limited. Raises PT401 when the user is gone. Idempotent but for the count of its rate limit.';

revoke all on function public.refresh_checkout(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.refresh_checkout(uuid, uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/verification.sql

-- Verification of purchases: the proof that what was paid, what was granted and what was taken back agree.
--
-- As in the credits' own checks, the rules are written out a second time here on purpose.

create function credits_private.verify_purchases(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with purchases as (
    select
      p.*, p.id::text as name, p.paid_at is not null as is_paid,
      not exists (select from auth.users u where u.id = p.user_id) as gone
    from public.credit_purchases p
    where p_user_id is null or p.user_id = p_user_id
  ), grants as (
    select
      b.user_id, split_part(b.grant_key, ':', 2) as name,
      sum(b.original_amount) filter (where b.grant_key not like 'purchase:%:%') as granted,
      coalesce(sum(b.original_amount) filter (where b.grant_key like 'purchase:%:%'), 0) as reinstated
    from public.user_credits b
    where b.source = 'purchase' and b.grant_key like 'purchase:%' and (p_user_id is null or b.user_id = p_user_id)
    group by b.user_id, split_part(b.grant_key, ':', 2)
  ), revocations as (
    select r.user_id, split_part(r.revocation_key, ':', 2) as name, sum(r.amount) as revoked
    from public.credit_revocations r
    where r.revocation_key like 'purchase:%' and (p_user_id is null or r.user_id = p_user_id)
    group by r.user_id, split_part(r.revocation_key, ':', 2)
  ), forgiven as (
    select l.user_id, split_part(l.reference, ':', 2) as name, sum(l.amount) as forgiven
    from credits_private.ledger_effects l
    where l.kind = 'forgive' and l.reference like 'purchase:%' and (p_user_id is null or l.user_id = p_user_id)
    group by l.user_id, split_part(l.reference, ':', 2)
  )
  select coalesce(p.user_id, g.user_id), 'purchase ' || coalesce(p.name, g.name) || ': ' || v.what, v.expected, v.actual
  from purchases p
  full join grants g on g.user_id = p.user_id and g.name = p.name
  left join revocations r on r.user_id = p.user_id and r.name = p.name
  left join forgiven f on f.user_id = p.user_id and f.name = p.name
  left join lateral credits_private.reversed_cents(p.stripe_payment_intent_id, p.currency, p.paid_cents) s on p.is_paid
  cross join lateral (
    values
      ('is missing', 1::numeric, (p.id is not null)::integer::numeric),
      ('granted against what was bought', case when p.is_paid then p.credits else 0 end::numeric, coalesce(g.granted, 0)),
      -- Of a user who is gone the money alone is accounted for, and an erasure took the keys of their revocations.
      ('taken back against its revocations',
        case when p.gone then p.revoked_credits else coalesce(r.revoked, 0) - coalesce(g.reinstated, 0) - coalesce(f.forgiven, 0) end::numeric,
        p.revoked_credits::numeric),
      ('reversed_cents against its payment', least(coalesce(s.refunded + s.disputed, 0), p.paid_cents)::numeric, p.reversed_cents::numeric),
      ('taken back against reversed_cents',
        case when p.gone then p.revoked_credits when p.reversed_cents = 0 then p.frozen_credits
          else trunc(p.credits * p.reversed_cents / p.paid_cents, 2) end::numeric,
        p.revoked_credits::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual;
end;
$$;

comment on function credits_private.verify_purchases(uuid) is
  'Each purchase against its grant, its revocations and what Stripe has said of its payment; each grant of a purchase against its purchase.';

insert into credits_private.book_checks (book_check) values ('credits_private.verify_purchases');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/billing/operations.sql

-- Billing for operators: what is checked, what can be set, and which events need not be kept.

create function credits_private.probe_held_events() returns credits_private.finding
  language sql set search_path = ''
as $$
  -- Who pays by a delayed method is waited for, two weeks at most.
  select credits_private.finding(
    count(*), min(received_at), count(*) > 0,
    coalesce(bool_or(received_at < credits_private.clock() - case reason when 'unpaid' then interval '14 days' else interval '1 day' end), false) -- rule: held-long
  )
  from public.stripe_events
  where outcome = 'held' and reason <> 'waits_for_payment';
$$;

comment on function credits_private.probe_held_events() is
  'Events that were held: an alarm when one is for a day, or for two weeks where the money is still on its way.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values ('held_events', 2, 'credits_private.probe_held_events', 'select * from held_stripe_events, then replay or dismiss each', 'events-that-were-held');

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.billing_settings', null), ('public.credit_packs', 'name');

insert into credits_private.retention (what) values ('stripe_events');

create function public.prune_stripe_events(p_before timestamptz default null, p_limit integer default 10000) returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  v_before timestamptz := credits_private.kept_since('stripe_events', p_before);
  v_count integer;
begin
  -- Materialized: a limit that a join may run again for each row is no limit.
  with old as materialized (
    select id from public.stripe_events
    where received_at < v_before
      and (outcome <> 'held' or reason = 'waits_for_payment') -- rule: settled-events-only
    limit p_limit -- rule: events-limit
    for update skip locked
  )
  delete from public.stripe_events e using old
  where e.id = old.id;
  get diagnostics v_count = row_count;
  perform credits_private.note_run('prune_stripe_events', v_count);
  return v_count;
end;
$$;

comment on function public.prune_stripe_events(timestamptz, integer) is
  'Deletes events that are settled, and news of payments that never came, received before p_before (null: as the retention says, which is never until it is set), at most p_limit; returns how many. Payments, refunds and disputes stay, so that a copy of such an event would change nothing. Idempotent. Raises 22023 for less than 60 days ago.';

revoke all on function public.prune_stripe_events(timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function public.prune_stripe_events(timestamptz, integer) to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('prune_stripe_events', 60);

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/plans.sql

-- Plans: what can be subscribed to, and what each period of it grants.
--
-- Invariants
--   * A version never changes; another one is made instead, and nobody who subscribed before is moved to it.
--   * A price at Stripe stands for one version. Which one a subscriber has is kept when the price is first seen of them.

create table public.plans (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (name <> ''),
  description text not null default '',
  active boolean not null default true,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.plans is 'What can be subscribed to. One that is not active is not offered; who has it keeps it.';

create trigger plans_touch before update on public.plans
  for each row execute function credits_private.touch_updated_at();

create table public.plan_versions (
  id uuid primary key default gen_random_uuid(),
  plan_id uuid not null references public.plans (id),
  version integer not null check (version > 0),
  credits public.credit_amount not null check (credits > 0),
  drip text not null default 'period' check (drip in ('period', 'month')),
  rollover_cap public.credit_amount not null default 0,
  rollover_lifetime interval check (rollover_lifetime > interval '0'),
  trial_credits public.credit_amount not null default 0,
  upgrade text not null default 'fresh_cycle' check (upgrade in ('fresh_cycle', 'next_period')),
  created_at timestamptz not null default now(),
  unique (plan_id, version)
);

comment on table public.plan_versions is
  'What a plan grants, for ever. credits come once a period, or with drip ''month'' once a month also of a yearly price. Of what is left then at most rollover_cap stays, for rollover_lifetime (null: as long as the new credits). A trial grants trial_credits. upgrade says whether a change of plan that begins a new period grants at once (fresh_cycle), or the next period is the first to grant.';

create trigger plan_versions_immutable before update or delete or truncate on public.plan_versions
  for each statement execute function credits_private.refuse_change();

create table public.plan_prices (
  stripe_price_id text primary key check (stripe_price_id <> ''),
  version_id uuid not null references public.plan_versions (id),
  "interval" text not null check ("interval" in ('month', 'year')),
  amount_cents bigint not null check (amount_cents >= 0),
  currency text not null default 'usd' check (currency ~ '^[a-z]{3}$'),
  trial_days integer not null default 0 check (trial_days between 0 and 730),
  active boolean not null default true
);

comment on table public.plan_prices is
  'Which price at Stripe stands for which version of a plan. A price that is given another version is another offer to newcomers only; one that is not active is not offered.';

create index plan_prices_by_version on public.plan_prices (version_id);

create table credits_private.plan_settings (
  only_row boolean primary key default true check (only_row),
  grace interval not null default '3 hours' check (grace >= interval '0' and grace <= interval '3 days'),
  grant_when_free boolean not null default false
);

comment on table credits_private.plan_settings is
  'How long a plan''s credits outlast their period, because Stripe collects for the next one an hour or more after it begins, and whether a period that a discount made free grants all the same.';

insert into credits_private.plan_settings default values;

alter table public.plans enable row level security;
alter table public.plan_versions enable row level security;
alter table public.plan_prices enable row level security;
alter table credits_private.plan_settings enable row level security;

create policy "signed-in users see plans" on public.plans for select to authenticated using (active);
create policy "signed-in users see what plans grant" on public.plan_versions
  for select to authenticated using (exists (select from public.plans p where p.id = plan_id));
create policy "signed-in users see what plans cost" on public.plan_prices
  for select to authenticated using (active and exists (select from public.plan_versions v where v.id = version_id));
create policy "operators set plans" on public.plans to service_role using (true) with check (true);
create policy "operators set versions" on public.plan_versions to service_role using (true) with check (true);
create policy "operators set prices of plans" on public.plan_prices to service_role using (true) with check (true);
create policy "nobody but the functions" on credits_private.plan_settings using (false);

create view public.plan_offers with (security_invoker = true) as
select
  p.id as plan_id, p.name, p.description, v.credits, v.drip, v.trial_credits, r."interval", r.stripe_price_id as price_id,
  r.amount_cents, r.currency, r.trial_days, p.position
from public.plans p
join public.plan_versions v on v.plan_id = p.id
join public.plan_prices r on r.version_id = v.id
where p.active and r.active;

comment on view public.plan_offers is 'What a newcomer can subscribe to, one row for each price.';

revoke all on public.plans, public.plan_versions, public.plan_prices, public.plan_offers, credits_private.plan_settings
  from public, anon, authenticated, service_role;
grant select (id, name, description, active, position) on public.plans to authenticated;
grant select (id, plan_id, version, credits, drip, rollover_cap, rollover_lifetime, trial_credits, upgrade)
  on public.plan_versions to authenticated;
grant select on public.plan_prices, public.plan_offers to authenticated;
grant select, insert, update on public.plans, public.plan_prices to service_role;
grant select, insert on public.plan_versions to service_role;
grant select on public.plan_offers to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('plans', 'plans', 'none', 'offers'),
  ('plan_versions', 'plans', 'none', 'offers'),
  ('plan_prices', 'plans', 'none', 'prices'),
  ('plan_offers', 'plans', 'none', 'a view of offers');

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.plan_settings', null), ('public.plans', 'name'), ('public.plan_prices', 'stripe_price_id');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/subscriptions.sql

-- Subscriptions: what Stripe has said of each subscription and of each of its invoices.
--
-- Invariants
--   * Facts only accumulate: of a subscription the latest by Stripe's own clock counts, and what is over stays over; an
--     invoice only moves on. The order of their events, and copies of them, do not matter.
--   * No fact needs another one to be kept: an invoice may come before its subscription, a payment before its invoice.
--   * A user has one live subscription. Another one that is paid for all the same is kept as a spare, for an operator.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the account's lock.

create table public.subscriptions (
  id text primary key,
  user_id uuid not null,
  customer_id text not null,
  stripe_price_id text not null,
  quantity integer not null check (quantity > 0),
  status text not null,
  is_live boolean not null generated always as (status in ('trialing', 'active', 'past_due', 'unpaid', 'paused')) stored,
  is_spare boolean not null default false,
  anchor timestamptz not null,
  period_start timestamptz not null,
  period_end timestamptz not null,
  cancel_at timestamptz,
  trial_end timestamptz,
  created_at timestamptz not null,
  said_at timestamptz not null
);

comment on table public.subscriptions is
  'Subscriptions as Stripe last described them, at said_at. anchor is the moment from which months are counted. is_spare: the user has another live one.';

create unique index subscriptions_live on public.subscriptions (user_id) where is_live and not is_spare;
create index subscriptions_by_user on public.subscriptions (user_id);
create index subscriptions_spare on public.subscriptions (id) where is_live and is_spare;

create table public.subscription_versions (
  subscription_id text not null,
  stripe_price_id text not null references public.plan_prices (stripe_price_id),
  version_id uuid not null,
  primary key (subscription_id, stripe_price_id)
);

create index subscription_versions_by_price on public.subscription_versions (stripe_price_id);

comment on table public.subscription_versions is
  'Which version a subscription has of each price, from the moment that the price was first seen of it. A version never goes, so that no foreign key has to hold it.';

create table public.subscription_invoices (
  id text primary key,
  user_id uuid not null,
  subscription_id text not null,
  status text not null,
  billing_reason text not null,
  stripe_price_id text not null,
  version_id uuid not null,
  quantity integer not null check (quantity > 0),
  period_start timestamptz not null,
  period_end timestamptz not null,
  currency text not null,
  total_cents bigint not null check (total_cents >= 0),
  decision text,
  grant_size public.credit_amount not null default 0,
  grants integer not null default 0 check (grants between 0 and 12),
  deducted public.credit_amount not null default 0,
  granted public.credit_amount not null default 0,
  next_grant_at timestamptz,
  reversed_cents bigint not null default 0 check (reversed_cents between 0 and total_cents),
  reversed_credits public.credit_amount not null default 0,
  taken_credits public.credit_amount not null default 0,
  reversal_count integer not null default 0,
  created_at timestamptz not null
);

comment on table public.subscription_invoices is
  'Invoices of plans. period_start and period_end are those of the plan''s own line. decision says what a paid one grants and why: grant_size, up to grants times, the first less what is deducted, the next at next_grant_at. total_cents is what it came to; of that reversed_cents went back, which stands for reversed_credits of all that it grants. taken_credits were taken for it from what had been granted.';

create unique index subscription_invoices_granting on public.subscription_invoices (subscription_id, period_start) where grants > 0;
create index subscription_invoices_by_subscription on public.subscription_invoices (subscription_id, period_start);
create index subscription_invoices_by_user on public.subscription_invoices (user_id, period_start);
create index subscription_invoices_due on public.subscription_invoices (next_grant_at) where next_grant_at is not null;
create index subscription_invoices_due_by_user on public.subscription_invoices (user_id) where next_grant_at is not null;

create table public.subscription_payments (
  payment_intent_id text primary key,
  invoice_id text not null,
  amount_cents bigint
);

comment on table public.subscription_payments is
  'Which payments paid which invoice. amount_cents is null where Stripe named the payment alone: then it paid everything.';

create index subscription_payments_by_invoice on public.subscription_payments (invoice_id);

create table public.plan_grants (
  user_id uuid not null,
  batch_id bigint not null,
  subscription_id text not null,
  invoice_id text not null references public.subscription_invoices (id),
  kind text not null check (kind in ('credits', 'trial', 'rollover', 'late')),
  due_at timestamptz not null,
  amount public.credit_amount not null check (amount > 0),
  primary key (user_id, batch_id)
);

comment on table public.plan_grants is
  'The batches of plans: which invoice paid for them, and from when on. What rolls over is a batch of its own of the invoice that had paid for it; what comes after its successor (late) is what would have rolled over.';

create index plan_grants_by_subscription on public.plan_grants (subscription_id, due_at);
create index plan_grants_by_invoice on public.plan_grants (invoice_id);

alter table public.subscriptions enable row level security;
alter table public.subscription_versions enable row level security;
alter table public.subscription_invoices enable row level security;
alter table public.subscription_payments enable row level security;
alter table public.plan_grants enable row level security;

create policy "operators read subscriptions" on public.subscriptions for select to service_role using (true);
create policy "operators read versions of subscriptions" on public.subscription_versions for select to service_role using (true);
create policy "operators read invoices" on public.subscription_invoices for select to service_role using (true);
create policy "operators read payments of invoices" on public.subscription_payments for select to service_role using (true);
create policy "operators read grants of plans" on public.plan_grants for select to service_role using (true);

revoke all on public.subscriptions, public.subscription_versions, public.subscription_invoices, public.subscription_payments,
  public.plan_grants from public, anon, authenticated, service_role;
grant select on public.subscriptions, public.subscription_versions, public.subscription_invoices, public.subscription_payments,
  public.plan_grants to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('subscriptions', 'plans', 'kept', 'ids and times; what they stand for ends with the customer at Stripe'),
  ('subscription_versions', 'plans', 'kept', 'ids'),
  ('subscription_invoices', 'plans', 'kept', 'amounts'),
  ('subscription_payments', 'plans', 'kept', 'ids and amounts'),
  ('plan_grants', 'plans', 'kept', 'amounts');

create function credits_private.keep_version(p_subscription_id text, p_price_id text) returns public.plan_versions
  language plpgsql set search_path = ''
as $$
declare
  v_version public.plan_versions;
begin
  insert into public.subscription_versions (subscription_id, stripe_price_id, version_id)
  select p_subscription_id, r.stripe_price_id, r.version_id
  from public.plan_prices r
  where r.stripe_price_id = p_price_id
  on conflict do nothing;
  select v.* into v_version
  from public.subscription_versions s
  join public.plan_versions v on v.id = s.version_id
  where s.subscription_id = p_subscription_id and s.stripe_price_id = p_price_id;
  return v_version;
end;
$$;

comment on function credits_private.keep_version(text, text) is
  'The version that a subscription has of a price: that of the moment when the two were first seen together. Null for a price of no plan.';

create function credits_private.subscription_rank(p_status text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  return coalesce(array_position(array[
    'incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete_expired', 'canceled'
  ], p_status), 0);
end;
$$;

comment on function credits_private.subscription_rank(text) is
  'Which of the statuses of one second counts; 0 for one that is not known here. The last two are for ever.';

create function credits_private.choose_live(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  -- The one that is in use stays; when it is over, the oldest other one takes its place.
  if not exists (select from public.subscriptions where user_id = p_user_id and is_live and not is_spare) then
    update public.subscriptions
    set is_spare = false
    where id = (
      select id from public.subscriptions
      where user_id = p_user_id and is_live
      order by created_at, id
      limit 1
    );
  end if;
end;
$$;

comment on function credits_private.choose_live(uuid) is 'Of several live subscriptions of a user, has one that is no spare.';

create function credits_private.record_subscription(p_said public.subscriptions) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_known public.subscriptions;
begin
  select * into v_known from public.subscriptions where id = p_said.id;
  if not found then
    -- As a spare first, whatever else there is.
    insert into public.subscriptions (
      id, user_id, customer_id, stripe_price_id, quantity, status, is_spare, anchor, period_start, period_end, cancel_at,
      trial_end, created_at, said_at
    )
    values (
      p_said.id, p_said.user_id, p_said.customer_id, p_said.stripe_price_id, p_said.quantity, p_said.status, true,
      p_said.anchor, p_said.period_start, p_said.period_end, p_said.cancel_at, p_said.trial_end, p_said.created_at, p_said.said_at
    );
  elsif credits_private.subscription_rank(v_known.status) < 7 -- rule: over-stays-over
    and (
      credits_private.subscription_rank(p_said.status) >= 7
      -- What is said within one second is told apart by what it says, so that its order does not matter.
      or (p_said.said_at, credits_private.subscription_rank(p_said.status), p_said.period_end, p_said.quantity,
        coalesce(p_said.cancel_at, 'infinity'), p_said.stripe_price_id)
        > (v_known.said_at, credits_private.subscription_rank(v_known.status), v_known.period_end, v_known.quantity,
          coalesce(v_known.cancel_at, 'infinity'), v_known.stripe_price_id)
    ) then
    update public.subscriptions
    set
      -- One that comes back to life must not be the second live one.
      is_spare = is_spare or not is_live,
      stripe_price_id = p_said.stripe_price_id, quantity = p_said.quantity, status = p_said.status, anchor = p_said.anchor,
      period_start = p_said.period_start, period_end = p_said.period_end, cancel_at = p_said.cancel_at,
      trial_end = p_said.trial_end, said_at = p_said.said_at
    where id = p_said.id;
  end if;
  perform credits_private.choose_live(p_said.user_id); -- rule: one-live
end;
$$;

comment on function credits_private.record_subscription(public.subscriptions) is
  'Folds what an event of said_at says about a subscription into what is known of it.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/grants.sql

-- Grants of plans: how a period's credits come, and what becomes of those of the period before.
--
-- Invariants
--   * A plan's credits end when the next ones of the same subscription come, in one transaction, or a grace after their
--     period. Of what is left and not held then, at most the version's cap stays.
--   * Only batches of the same subscription end. What is held stays held, and is spent if its job is.
--   * A subscription grants once for each moment at which credits are due.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the account's lock.

create function credits_private.plan_key(p_subscription_id text, p_at timestamptz) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  return 'sub:' || p_subscription_id || ':' || trunc(extract(epoch from p_at));
end;
$$;

comment on function credits_private.plan_key(text, timestamptz) is 'The key of what a subscription grants at a moment.';

create function credits_private.add_plan_batch(
  p_invoice public.subscription_invoices,
  p_kind text,
  p_amount numeric,
  p_key text,
  p_due_at timestamptz,
  p_expires_at timestamptz
) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_grant public.grant_result;
begin
  v_grant := credits_private.grant_batch(p_invoice.user_id, p_amount, 'plan', p_key, p_expires_at, null);
  if v_grant.outcome = 'granted' then
    insert into public.plan_grants (user_id, batch_id, subscription_id, invoice_id, kind, due_at, amount)
    values (p_invoice.user_id, v_grant.batch_id, p_invoice.subscription_id, p_invoice.id, p_kind, p_due_at, p_amount);
    update public.subscription_invoices
    set granted = granted + p_amount
    where id = p_invoice.id and p_kind <> 'rollover'; -- rule: rollover-is-no-grant
  end if;
end;
$$;

comment on function credits_private.add_plan_batch(public.subscription_invoices, text, numeric, text, timestamptz, timestamptz) is
  'Grants a batch that an invoice paid for, once per key, and notes it.';

create type credits_private.rollover as (invoice_id text, amount numeric);

create function credits_private.end_batches(p_invoice public.subscription_invoices, p_cap numeric) returns credits_private.rollover[]
  language plpgsql set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_batch record;
  v_left numeric := p_cap;
  v_stays credits_private.rollover[] := '{}';
begin
  perform credits_private.expire_batches(p_invoice.user_id);
  for v_batch in
    select g.invoice_id, g.kind, b.id, b.remaining_amount::numeric as rest
    from public.plan_grants g
    join public.user_credits b on b.user_id = g.user_id and b.id = g.batch_id
    where g.subscription_id = p_invoice.subscription_id -- rule: own-batches-end
      and (b.expires_at > v_now or b.is_open)
    order by g.due_at desc, b.id desc
  loop
    if least(v_left, v_batch.rest) > 0
      and v_batch.kind <> 'trial' then -- rule: trials-end
      v_stays := v_stays || row(v_batch.invoice_id, least(v_left, v_batch.rest))::credits_private.rollover; -- rule: rollover-cap
      v_left := v_left - least(v_left, v_batch.rest);
    end if;
    -- Also of one that is empty: what is held of it expires when it returns.
    update public.user_credits
    set expires_at = v_now
    where user_id = p_invoice.user_id and id = v_batch.id; -- rule: old-batches-end
  end loop;
  perform credits_private.expire_batches(p_invoice.user_id);
  return v_stays;
end;
$$;

comment on function credits_private.end_batches(public.subscription_invoices, numeric) is
  'Ends the batches of an invoice''s subscription; returns how much of what was left of each stays, at most p_cap together, the newest first.';

create function credits_private.land_grant(
  p_invoice public.subscription_invoices,
  p_due_at timestamptz,
  p_ends_at timestamptz,
  p_amount numeric
) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_version public.plan_versions;
  v_stays credits_private.rollover[] := '{}';
  v_stay credits_private.rollover;
  v_number integer := 0;
  v_key text := credits_private.plan_key(p_invoice.subscription_id, p_due_at);
  v_expires_at timestamptz;
begin
  select * into strict v_version from public.plan_versions where id = p_invoice.version_id;
  select p_ends_at + grace into v_expires_at from credits_private.plan_settings where only_row; -- rule: grace
  -- A difference comes beside what it is the difference to.
  if p_invoice.decision <> 'difference' or p_due_at > p_invoice.period_start then -- rule: difference-beside
    v_stays := credits_private.end_batches(p_invoice, v_version.rollover_cap);
  end if;
  perform credits_private.add_plan_batch(
    p_invoice, case p_invoice.decision when 'trial' then 'trial' else 'credits' end, p_amount, v_key, p_due_at, v_expires_at
  );
  foreach v_stay in array v_stays loop
    v_number := v_number + 1;
    perform credits_private.add_plan_batch(
      i, 'rollover', v_stay.amount, v_key || ':rollover:' || v_number, p_due_at,
      least(v_expires_at, credits_private.clock() + v_version.rollover_lifetime) -- rule: rollover-lifetime
    )
    from public.subscription_invoices i
    where i.id = v_stay.invoice_id;
  end loop;
end;
$$;

comment on function credits_private.land_grant(public.subscription_invoices, timestamptz, timestamptz, numeric) is
  'Credits that are due from p_due_at to p_ends_at come, and in the same transaction those of the same subscription before them end.';

create function credits_private.land_late(
  p_invoice public.subscription_invoices,
  p_next public.subscription_invoices,
  p_amount numeric
) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_amount numeric;
  v_expires_at timestamptz;
begin
  select least(p_amount, v.rollover_cap - coalesce((
    select sum(g.amount) from public.plan_grants g where g.subscription_id = p_next.subscription_id and g.kind in ('rollover', 'late')
      and g.due_at >= p_next.period_start
  ), 0)), least(p_next.period_end + s.grace, credits_private.clock() + v.rollover_lifetime)
  into v_amount, v_expires_at
  from public.plan_versions v, credits_private.plan_settings s
  where v.id = p_next.version_id and s.only_row;
  if v_amount > 0
    and p_next.decision <> 'difference' -- rule: difference-has-it
    and v_expires_at > credits_private.clock() then
    perform credits_private.add_plan_batch(
      p_invoice, 'late', v_amount, credits_private.plan_key(p_invoice.subscription_id, p_invoice.period_start),
      p_next.period_start, v_expires_at
    );
  end if;
end;
$$;

comment on function credits_private.land_late(public.subscription_invoices, public.subscription_invoices, numeric) is
  'What an invoice grants whose successor came first: what would have rolled over, so that their order does not matter.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/drips.sql

-- Drips: when the credits of a paid invoice are due, and that they come then.
--
-- Invariants
--   * Months are counted from the anchor: what begins on 31 January is due on 28 February and on 31 March.
--   * What is due comes by the sweep, or when its user needs it. What nobody could be given in time is not made up for.
--   * Nothing comes while a subscription is not in good standing, and nothing once it is over.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.plan_due(p_invoice public.subscription_invoices, p_nth integer) returns timestamptz
  language plpgsql stable set search_path = ''
as $$
declare
  v_start timestamp := p_invoice.period_start at time zone 'UTC';
  v_anchor timestamp;
  v_months integer;
begin
  if p_nth >= p_invoice.grants then
    return p_invoice.period_end;
  end if;
  select s.anchor at time zone 'UTC' into v_anchor from public.subscriptions s where s.id = p_invoice.subscription_id;
  v_months := (extract(year from v_start) - extract(year from v_anchor)) * 12
    + extract(month from v_start) - extract(month from v_anchor);
  -- The subscription may not be known yet, or have another anchor by now.
  if v_anchor is null or v_anchor + make_interval(months => v_months) <> v_start then
    v_anchor := v_start;
    v_months := 0;
  end if;
  return (v_anchor + make_interval(months => v_months + p_nth)) at time zone 'UTC'; -- rule: from-the-anchor
end;
$$;

comment on function credits_private.plan_due(public.subscription_invoices, integer) is
  'When a paid invoice''s grant is due, counted from 0; after the last one, when the period ends.';

create function credits_private.paid_credits(p_invoice public.subscription_invoices) returns numeric
  language plpgsql immutable set search_path = ''
as $$
begin
  return p_invoice.grant_size * p_invoice.grants - p_invoice.deducted;
end;
$$;

comment on function credits_private.paid_credits(public.subscription_invoices) is 'All that a paid invoice grants in the course of its period.';

create function credits_private.grant_due(p_invoice_id text) returns boolean
  language plpgsql set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_invoice public.subscription_invoices;
  v_next public.subscription_invoices;
  v_status text;
  v_nth integer;
  v_due_at timestamptz;
  v_amount numeric;
begin
  select * into v_invoice from public.subscription_invoices where id = p_invoice_id and next_grant_at <= v_now;
  if not found then
    return false;
  end if;
  -- The first one comes when it is paid, whatever the two clocks say.
  v_nth := coalesce((
    select max(n) from generate_series(1, v_invoice.grants - 1) n where credits_private.plan_due(v_invoice, n) <= v_now
  ), 0);
  select status into v_status from public.subscriptions where id = v_invoice.subscription_id;
  if v_nth > 0 and v_status in ('canceled', 'incomplete_expired') then -- rule: over-drips-nothing
    update public.subscription_invoices set next_grant_at = null where id = v_invoice.id;
    return false;
  elsif v_nth > 0 and v_status not in ('active', 'trialing') then -- rule: drips-in-good-standing
    return false;
  end if;
  update public.subscription_invoices
  set next_grant_at = case when v_nth + 1 < grants then credits_private.plan_due(v_invoice, v_nth + 1) end
  where id = v_invoice.id;
  v_amount := least(
    v_invoice.grant_size - case v_nth when 0 then v_invoice.deducted else 0 end,
    credits_private.paid_credits(v_invoice) - v_invoice.reversed_credits - v_invoice.granted -- rule: future-drips-first
  );
  v_due_at := case v_nth when 0 then v_invoice.period_start else credits_private.plan_due(v_invoice, v_nth) end;
  if v_now >= credits_private.plan_due(v_invoice, v_nth + 1) -- rule: while-it-lasts
    or v_amount <= 0
    or exists (
      select from public.plan_grants
      where subscription_id = v_invoice.subscription_id and due_at = v_due_at and kind <> 'late' -- rule: due-once
    ) then
    return false;
  end if;
  select * into v_next
  from public.subscription_invoices
  where subscription_id = v_invoice.subscription_id and grants > 0 and period_start > v_invoice.period_start -- rule: successor
  order by period_start
  limit 1;
  if found then
    update public.subscription_invoices set next_grant_at = null where id = v_invoice.id;
    if v_invoice.granted = 0 then
      perform credits_private.land_late(v_invoice, v_next, v_amount);
    end if;
    return false;
  end if;
  perform credits_private.land_grant(v_invoice, v_due_at, credits_private.plan_due(v_invoice, v_nth + 1), v_amount);
  return true;
end;
$$;

comment on function credits_private.grant_due(text) is
  'Grants what of a paid invoice is due now, and says when the next part is; whether something came. The caller holds the account''s lock, and the user is there.';

create function credits_private.grant_due_plans(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  if exists (
    select from public.subscription_invoices where user_id = p_user_id and next_grant_at <= credits_private.clock()
  ) and credits_private.lock_user(p_user_id) then
    perform credits_private.grant_due(i.id)
    from public.subscription_invoices i
    where i.user_id = p_user_id and i.next_grant_at <= credits_private.clock();
  end if;
end;
$$;

comment on function credits_private.grant_due_plans(uuid) is
  'Grants what is due to a user. The caller holds the account''s lock.';

insert into credits_private.due_grants (step) values ('credits_private.grant_due_plans');

create function public.grant_plan_credits() returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_due record;
  v_count integer := 0;
begin
  for v_due in
    select i.id, i.user_id
    from public.subscription_invoices i
    left join public.subscriptions s on s.id = i.subscription_id
    where i.next_grant_at <= credits_private.clock()
      and coalesce(s.status, 'active') not in ('past_due', 'unpaid', 'paused', 'incomplete')
    order by i.next_grant_at
    limit 1000 -- rule: plan-sweep-limit
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_due.user_id for no key update skip locked;
    continue when not found;
    begin
      if credits_private.lock_user(v_due.user_id) then
        v_count := v_count + credits_private.grant_due(v_due.id)::integer; -- rule: plan-sweep
      else
        update public.subscription_invoices set next_grant_at = null where id = v_due.id;
      end if;
    exception when others then
      raise warning 'what is due of invoice % was not granted: % (%)', v_due.id, sqlerrm, sqlstate; -- rule: plan-sweep-goes-on
    end;
  end loop;
  perform credits_private.note_run('grant_plan_credits', v_count);
  return v_count;
end;
$$;

comment on function public.grant_plan_credits() is
  'Grants what plans owe by now, of at most 1,000 invoices a call; returns how many grants came. An invoice that makes it fail is passed over with a warning. A user who needs what is due gets it before it has run. Idempotent.';

revoke all on function public.grant_plan_credits() from public, anon, authenticated, service_role;
grant execute on function public.grant_plan_credits() to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('grant_plan_credits', 5);

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/reversals.sql

-- Reversals of invoices: what follows from refunds and disputes of their payments.
--
-- Invariants
--   * Everything is computed from all facts, never added up event by event. A partial reversal stands for the matching part
--     of all that the invoice grants, rounded down to a hundredth.
--   * What has not been granted yet goes first; then what is left of the invoice's own batches, then as with purchases.
--   * Credits that expired unused are gone already: nobody has to give them back a second time.
--   * A credit note without a refund is no fact here, and takes nothing.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.reversed_of_invoice(p_invoice public.subscription_invoices) returns bigint
  language plpgsql stable set search_path = ''
as $$
begin
  return least(p_invoice.total_cents, coalesce((
    select sum(r.refunded + r.disputed)
    from public.subscription_payments p
    cross join lateral credits_private.reversed_cents(
      p.payment_intent_id, p_invoice.currency, coalesce(p.amount_cents, p_invoice.total_cents)
    ) r
    where p.invoice_id = p_invoice.id -- rule: payments-of-invoice
  ), 0));
end;
$$;

comment on function credits_private.reversed_of_invoice(public.subscription_invoices) is
  'How much of an invoice has gone back to the payer, of all its payments, as far as Stripe has said.';

create function credits_private.enjoyed_credits(p_invoice public.subscription_invoices) returns numeric
  language plpgsql stable set search_path = ''
as $$
begin
  return p_invoice.granted - p_invoice.taken_credits - coalesce((
    select sum(l.amount)
    from credits_private.ledger_effects l
    join public.plan_grants g on g.user_id = l.user_id and g.batch_id = l.batch_id
    where l.user_id = p_invoice.user_id and g.invoice_id = p_invoice.id and l.kind = 'expire' -- rule: expired-is-gone
  ), 0) + coalesce((
    select sum(g.amount) from public.plan_grants g where g.invoice_id = p_invoice.id and g.kind = 'rollover' -- rule: rolled-over-is-not
  ), 0);
end;
$$;

comment on function credits_private.enjoyed_credits(public.subscription_invoices) is
  'What of an invoice''s credits its user has had or still has: neither expired unused nor taken back.';

create function credits_private.reverse_invoice(p_invoice_id text) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_invoice public.subscription_invoices;
  v_reference text := 'sub:' || p_invoice_id;
  v_before numeric;
  v_allowed numeric;
  v_change numeric;
begin
  select * into strict v_invoice from public.subscription_invoices where id = p_invoice_id;
  if v_invoice.total_cents = 0 then
    return;
  end if;
  perform credits_private.expire_batches(v_invoice.user_id); -- rule: expired-before-reversed
  v_before := v_invoice.reversed_credits;
  update public.subscription_invoices i
  set
    reversed_cents = r.cents,
    reversed_credits = trunc(credits_private.paid_credits(v_invoice) * r.cents / v_invoice.total_cents, 2) -- rule: part-of-invoice
  from (select credits_private.reversed_of_invoice(v_invoice) as cents) r
  where i.id = p_invoice_id
  returning i.* into v_invoice;
  v_allowed := least(v_invoice.granted, credits_private.paid_credits(v_invoice) - v_invoice.reversed_credits);
  v_change := credits_private.enjoyed_credits(v_invoice) - v_allowed;
  if v_change < 0 and v_invoice.reversed_credits < v_before then -- rule: given-back-when-less
    v_change := greatest(v_change, -v_invoice.taken_credits); -- rule: given-back-at-most
  else
    v_change := greatest(v_change, 0);
  end if;
  if v_change = 0 then
    return;
  end if;
  update public.subscription_invoices
  set taken_credits = taken_credits + v_change, reversal_count = reversal_count + 1
  where id = p_invoice_id
  returning * into v_invoice;
  if v_change > 0 then
    insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason, created_at)
    values (
      v_invoice.user_id, v_reference || ':' || v_invoice.reversal_count, v_change,
      credits_private.revoke_own(
        v_invoice.user_id, v_reference,
        array(select g.batch_id from public.plan_grants g where g.invoice_id = p_invoice_id) -- rule: own-plan-batches-first
          || credits_private.batches_of(v_invoice.user_id, v_reference),
        v_change
      ),
      'refunded', credits_private.clock()
    );
  else
    perform credits_private.reinstate_credits(
      v_invoice.user_id, v_reference, -v_change, 'plan', v_invoice.reversal_count, null
    );
  end if;
end;
$$;

comment on function credits_private.reverse_invoice(text) is
  'Brings a paid invoice to what all known refunds and disputes of its payments add up to. Idempotent; order-free. The caller holds the account''s lock, and the user is there.';

create function credits_private.reverse_payment(p_payment_intent_id text) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_invoice public.subscription_invoices;
begin
  select i.* into strict v_invoice
  from public.subscription_payments p
  join public.subscription_invoices i on i.id = p.invoice_id
  where p.payment_intent_id = p_payment_intent_id;
  if credits_private.lock_user(v_invoice.user_id) then
    perform credits_private.reverse_invoice(v_invoice.id);
  else
    -- Whoever was erased has no credits that could be taken; the money is accounted for all the same.
    update public.subscription_invoices i
    set reversed_cents = credits_private.reversed_of_invoice(v_invoice) -- rule: reversal-of-nobody
    where i.id = v_invoice.id;
  end if;
  return ('applied', null, null, v_invoice.user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.reverse_payment(text) is
  'The effect of a refund or a dispute of a payment that paid an invoice. The caller holds the payment''s lock.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/invoices.sql

-- Invoices: what a paid one grants, decided once.
--
-- Invariants
--   * Only a paid invoice grants. How much is the version's, times the quantity; what was paid never says it.
--   * A period grants once, whatever invoices there are of it. A trial grants once a user.
--   * A change of plan that credits unused time grants no more than the difference to what is running.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the account's lock.

create function credits_private.invoice_rank(p_status text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  return coalesce(array_position(array['draft', 'open', 'uncollectible', 'void', 'paid'], p_status), 0); -- rule: invoices-move-on
end;
$$;

comment on function credits_private.invoice_rank(text) is 'How final an invoice''s status is; 0 for one that is not known here.';

create function credits_private.plan_line(p_invoice jsonb) returns jsonb
  language plpgsql stable set search_path = ''
as $$
begin
  return (
    select l.value
    from jsonb_array_elements(p_invoice -> 'lines') l
    join public.plan_prices r on r.stripe_price_id = l.value ->> 'price'
    where l.value -> 'proration' is distinct from 'true' -- rule: no-prorations
      and credits_private.as_cents(l.value -> 'amount') is not null
      and credits_private.as_cents(l.value -> 'quantity') between 1 and 1000000
      and credits_private.as_cents(l.value -> 'end') > credits_private.as_cents(l.value -> 'start')
    order by (l.value ->> 'start')::numeric desc, l.value ->> 'price'
    limit 1
  );
end;
$$;

comment on function credits_private.plan_line(jsonb) is
  'The line of an invoice that stands for a period of a plan; null when there is none, as where a change of plan only charges the difference.';

create function credits_private.record_invoice(p_invoice jsonb, p_user_id uuid, p_line jsonb, p_at timestamptz)
  returns public.subscription_invoices
  language plpgsql set search_path = ''
as $$
declare
  v_version public.plan_versions := credits_private.keep_version(p_invoice ->> 'subscription', p_line ->> 'price');
  v_invoice public.subscription_invoices;
begin
  insert into public.subscription_invoices as i (
    id, user_id, subscription_id, status, billing_reason, stripe_price_id, version_id, quantity, period_start, period_end,
    currency, total_cents, created_at
  )
  values (
    p_invoice ->> 'id', p_user_id, p_invoice ->> 'subscription', p_invoice ->> 'status', p_invoice ->> 'billing_reason',
    p_line ->> 'price', v_version.id, (p_line ->> 'quantity')::integer, to_timestamp((p_line ->> 'start')::numeric),
    to_timestamp((p_line ->> 'end')::numeric), p_invoice ->> 'currency', credits_private.as_cents(p_invoice -> 'total'), p_at
  )
  on conflict (id) do update
  set
    status = excluded.status, stripe_price_id = excluded.stripe_price_id, version_id = excluded.version_id,
    quantity = excluded.quantity, period_start = excluded.period_start, period_end = excluded.period_end,
    total_cents = excluded.total_cents
  where credits_private.invoice_rank(excluded.status) > credits_private.invoice_rank(i.status);
  select * into v_invoice from public.subscription_invoices where id = p_invoice ->> 'id';
  return v_invoice;
end;
$$;

comment on function credits_private.record_invoice(jsonb, uuid, jsonb, timestamptz) is
  'Folds what an event says about an invoice into what is known of it.';

create function credits_private.decision_of(p_invoice public.subscription_invoices, p_said jsonb, p_line jsonb) returns text
  language plpgsql stable set search_path = ''
as $$
declare
  v_amount bigint := credits_private.as_cents(p_line -> 'amount');
  v_discount bigint := coalesce(credits_private.as_cents(p_said -> 'discount'), 0);
  v_credited boolean := exists (
    select from jsonb_array_elements(p_said -> 'lines') l where (l.value ->> 'amount')::numeric < 0
  );
begin
  if p_invoice.billing_reason not in ('subscription_create', 'subscription_cycle', 'subscription_update') then -- rule: reasons-that-grant
    return 'other_reason';
  elsif exists (
    select from public.subscription_invoices i
    where i.subscription_id = p_invoice.subscription_id and i.period_start = p_invoice.period_start and i.grants > 0 -- rule: period-once
  ) then
    return 'same_period';
  elsif p_invoice.billing_reason = 'subscription_update'
    and (select upgrade from public.plan_versions where id = p_invoice.version_id) <> 'fresh_cycle' then -- rule: upgrade-mode
    return 'next_period';
  elsif v_amount = 0 and (select amount_cents > 0 from public.plan_prices where stripe_price_id = p_invoice.stripe_price_id) then -- rule: trials-are-free
    return case
      when exists (
        select from public.subscription_invoices i where i.user_id = p_invoice.user_id and i.decision = 'trial' -- rule: one-trial
      ) then 'second_trial'
      else 'trial'
    end;
  elsif v_amount > 0 and v_discount >= v_amount
    and not (select grant_when_free from credits_private.plan_settings where only_row) then -- rule: free-by-setting
    return 'free';
  elsif p_invoice.billing_reason = 'subscription_update' and v_credited then -- rule: credited-is-difference
    return 'difference';
  end if;
  return 'full';
end;
$$;

comment on function credits_private.decision_of(public.subscription_invoices, jsonb, jsonb) is
  'What a paid invoice grants: full, trial or difference; or why nothing: other_reason, same_period (another invoice of it granted), next_period (a change of plan that waits for it), second_trial, free (a discount of everything).';

create function credits_private.decide_invoice(p_invoice public.subscription_invoices, p_said jsonb, p_line jsonb) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_version public.plan_versions;
  v_decision text := credits_private.decision_of(p_invoice, p_said, p_line);
  v_size numeric;
  v_deducted numeric := 0;
begin
  select * into strict v_version from public.plan_versions where id = p_invoice.version_id;
  v_size := case
    when v_decision = 'trial' then v_version.trial_credits -- rule: trial-size
    when v_decision in ('full', 'difference') then v_version.credits * p_invoice.quantity -- rule: size-of-version
    else 0
  end;
  if v_decision = 'difference' then -- rule: difference-to-what-runs
    select least(v_size, coalesce(sum(g.amount), 0)) into v_deducted
    from public.plan_grants g
    join public.user_credits b on b.user_id = g.user_id and b.id = g.batch_id
    where g.subscription_id = p_invoice.subscription_id and g.kind in ('credits', 'late') and b.expires_at > credits_private.clock();
  end if;
  update public.subscription_invoices
  set
    decision = v_decision,
    grant_size = v_size,
    grants = case
      when v_size = 0 then 0
      when v_decision <> 'trial' and v_version.drip = 'month' -- rule: drips-of-a-year
        and (select "interval" from public.plan_prices where stripe_price_id = p_invoice.stripe_price_id) = 'year' then 12
      else 1
    end,
    deducted = v_deducted,
    next_grant_at = case when v_size > 0 then '-infinity'::timestamptz end
  where id = p_invoice.id and decision is null;
end;
$$;

comment on function credits_private.decide_invoice(public.subscription_invoices, jsonb, jsonb) is
  'Writes down what an invoice that has been paid grants.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/events.sql

-- Events of plans: subscriptions, their invoices and the payments of those.
--
-- Invariants
--   * Whose a subscription is, the customer says whom we made; never metadata.
--   * What is of no plan, or of nobody's customer, is not ours.
--
-- Lock order: ARCHITECTURE.md. Payments before the account.

create function credits_private.customer_user(p_customer_id text) returns uuid
  language sql stable set search_path = ''
return (select c.user_id from public.stripe_customers c where c.customer_id = p_customer_id);

comment on function credits_private.customer_user(text) is 'Whose customer it is, also once it was deleted; null for nobody''s.';

create function credits_private.apply_subscription_event(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_object jsonb := p_event #> '{data,object}';
  v_fault text := credits_private.faulty_field(v_object, 'anchor', 'id', 'status', 'customer');
  v_user_id uuid := credits_private.customer_user(v_object ->> 'customer');
  v_item jsonb := (
    select i.value
    from jsonb_array_elements(v_object -> 'items') i
    join public.plan_prices r on r.stripe_price_id = i.value ->> 'price'
    where credits_private.as_cents(i.value -> 'start') is not null and credits_private.as_cents(i.value -> 'end') is not null
    order by i.value ->> 'price'
    limit 1
  );
  v_said public.subscriptions;
begin
  if v_item is null then
    return ('ignored', 'not_ours', null, null)::credits_private.event_effect; -- rule: subscription-of-plan
  elsif v_fault is not null then
    return credits_private.held(v_fault);
  elsif v_user_id is null then
    return credits_private.held('unknown_customer'); -- rule: subscriber-known
  elsif credits_private.subscription_rank(v_object ->> 'status') = 0 then
    return credits_private.held('unknown_status: ' || left(v_object ->> 'status', 100), null, v_user_id); -- rule: subscription-status-known
  end if;
  v_said.id := v_object ->> 'id';
  v_said.user_id := v_user_id;
  v_said.customer_id := v_object ->> 'customer';
  v_said.stripe_price_id := v_item ->> 'price';
  v_said.quantity := greatest(coalesce(credits_private.as_cents(v_item -> 'quantity'), 1), 1);
  v_said.status := v_object ->> 'status';
  v_said.anchor := to_timestamp((v_object ->> 'anchor')::numeric);
  v_said.period_start := to_timestamp((v_item ->> 'start')::numeric);
  v_said.period_end := to_timestamp((v_item ->> 'end')::numeric);
  v_said.cancel_at := to_timestamp(credits_private.as_cents(v_object -> 'cancel_at'));
  v_said.trial_end := to_timestamp(credits_private.as_cents(v_object -> 'trial_end'));
  v_said.created_at := to_timestamp(coalesce(credits_private.as_cents(v_object -> 'created'), (p_event ->> 'created')::numeric));
  v_said.said_at := to_timestamp((p_event ->> 'created')::numeric);

  perform credits_private.ensure_account(v_user_id);
  perform credits_private.keep_version(v_said.id, v_said.stripe_price_id);
  perform credits_private.record_subscription(v_said);
  -- Another anchor, or a standing that is good again.
  update public.subscription_invoices i
  set next_grant_at = coalesce((
    select min(credits_private.plan_due(i, n))
    from generate_series(1, i.grants - 1) n
    where credits_private.plan_due(i, n) between i.next_grant_at - interval '4 days' and i.next_grant_at + interval '4 days'
  ), i.next_grant_at)
  where i.subscription_id = v_said.id and i.next_grant_at > i.period_start; -- rule: due-by-the-anchor
  perform credits_private.grant_due_plans(v_user_id); -- rule: recovery-grants
  return ('applied', null, null, v_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_subscription_event(jsonb) is
  'customer.subscription.*: keeps what it says, and grants what waited for that.';

create function credits_private.link_payment(p_payment_intent_id text, p_invoice_id text, p_amount_cents bigint) returns void
  language plpgsql set search_path = ''
as $$
begin
  perform credits_private.lock_payment(p_payment_intent_id);
  insert into public.subscription_payments as p (payment_intent_id, invoice_id, amount_cents)
  values (p_payment_intent_id, p_invoice_id, p_amount_cents)
  on conflict (payment_intent_id) do update
  set amount_cents = excluded.amount_cents
  where p.amount_cents is null and excluded.amount_cents is not null;
end;
$$;

comment on function credits_private.link_payment(text, text, bigint) is
  'Keeps which payment paid which invoice, whether either is known yet. Locks the payment.';

create function credits_private.settle_payments(p_invoice_id text) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_payment text;
begin
  for v_payment in
    select payment_intent_id from public.subscription_payments where invoice_id = p_invoice_id order by payment_intent_id
  loop
    update public.stripe_payments
    set reversals = 'credits_private.reverse_payment' -- rule: refund-finds-invoice
    where payment_intent_id = v_payment and purchase_id is null and reversals is null;
    perform credits_private.settle_held_events(null, v_payment); -- rule: early-refunds-of-invoices
  end loop;
end;
$$;

comment on function credits_private.settle_payments(text) is
  'Once an invoice of ours and a payment of it are known: what Stripe has said of the payment, and says from now on, counts. The caller holds the payments'' locks.';

create function credits_private.apply_invoice_payment(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_object jsonb := p_event #> '{data,object}';
  v_user_id uuid;
begin
  if jsonb_typeof(v_object -> 'payment_intent') is distinct from 'string'
    or jsonb_typeof(v_object -> 'invoice') is distinct from 'string' then
    return ('ignored', null, null, null)::credits_private.event_effect;
  end if;
  perform credits_private.link_payment(
    v_object ->> 'payment_intent', v_object ->> 'invoice', credits_private.as_cents(v_object -> 'amount')
  );
  select user_id into v_user_id from public.subscription_invoices where id = v_object ->> 'invoice';
  if v_user_id is null then
    return ('applied', null, null, null)::credits_private.event_effect;
  end if;
  perform credits_private.settle_payments(v_object ->> 'invoice'); -- rule: late-payment-settles
  return ('applied', null, null, v_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_invoice_payment(jsonb) is
  'invoice_payment.paid: keeps which invoice a payment paid. An invoice may have several.';

create function credits_private.apply_invoice_event(p_event jsonb) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_object jsonb := p_event #> '{data,object}';
  v_fault text := credits_private.faulty_field(v_object, 'total', 'id', 'status', 'currency', 'customer', 'billing_reason');
  v_line jsonb := credits_private.plan_line(v_object);
  v_user_id uuid := credits_private.customer_user(v_object ->> 'customer');
  v_invoice public.subscription_invoices;
begin
  if v_object ->> 'subscription' is null then
    return ('ignored', 'not_ours', null, null)::credits_private.event_effect; -- rule: invoice-of-subscription
  elsif v_line is null then
    if v_user_id is null or v_object ->> 'status' <> 'paid'
      or v_object ->> 'billing_reason' not in ('subscription_create', 'subscription_cycle') then
      return ('ignored', 'not_ours', null, null)::credits_private.event_effect; -- rule: invoice-of-plan
    end if;
    return credits_private.held('unknown_price', null, v_user_id); -- rule: unknown-price
  elsif v_fault is not null then
    return credits_private.held(v_fault, null, v_user_id);
  elsif v_user_id is null then
    return credits_private.held('unknown_customer'); -- rule: payer-known
  elsif credits_private.invoice_rank(v_object ->> 'status') = 0 then
    return credits_private.held('unknown_status: ' || left(v_object ->> 'status', 100), null, v_user_id); -- rule: invoice-status-known
  end if;
  perform credits_private.link_payment(p.intent, v_object ->> 'id', max(p.cents))
  from (
    select e.value ->> 'payment_intent' as intent, credits_private.as_cents(e.value -> 'amount') as cents
    from jsonb_array_elements(v_object -> 'payments') e
    where jsonb_typeof(e.value -> 'payment_intent') = 'string' -- rule: payments-in-invoice
    union all
    select payment_intent_id, null from public.subscription_payments where invoice_id = v_object ->> 'id'
  ) p
  group by p.intent
  order by p.intent;
  if not credits_private.lock_user(v_user_id) then
    return credits_private.held('user_gone', null, v_user_id); -- rule: subscriber-is-there
  end if;
  v_invoice := credits_private.record_invoice(v_object, v_user_id, v_line, to_timestamp((p_event ->> 'created')::numeric));
  if v_invoice.status = 'paid' -- rule: only-paid-grants
    and v_invoice.decision is null then
    perform credits_private.decide_invoice(v_invoice, v_object, v_line);
    perform credits_private.grant_due(v_invoice.id); -- rule: paid-grants-now
  end if;
  perform credits_private.settle_payments(v_invoice.id);
  return ('applied', null, null, v_user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.apply_invoice_event(jsonb) is
  'invoice.paid, .payment_failed, .voided and .marked_uncollectible: keeps what it says; what has been paid grants, and is brought to what is known of its payments.';

insert into credits_private.event_handlers (type, handler)
values
  ('customer.subscription.created', 'credits_private.apply_subscription_event'),
  ('customer.subscription.updated', 'credits_private.apply_subscription_event'),
  ('customer.subscription.deleted', 'credits_private.apply_subscription_event'),
  ('customer.subscription.paused', 'credits_private.apply_subscription_event'),
  ('customer.subscription.resumed', 'credits_private.apply_subscription_event'),
  ('invoice.paid', 'credits_private.apply_invoice_event'),
  ('invoice.payment_failed', 'credits_private.apply_invoice_event'),
  ('invoice.voided', 'credits_private.apply_invoice_event'),
  ('invoice.marked_uncollectible', 'credits_private.apply_invoice_event'),
  ('invoice_payment.paid', 'credits_private.apply_invoice_payment');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/checkout.sql

-- Subscribing: who is about to subscribe to what, and what a user has.
--
-- Invariants
--   * Whoever has a live subscription is not offered another one.
--   * A user who starts twice gets the same page.
--
-- Lock order: ARCHITECTURE.md.

create table public.subscription_checkouts (
  user_id uuid primary key,
  id uuid not null default credits_private.uuid_v7(),
  stripe_price_id text not null,
  stripe_session_id text,
  created_at timestamptz not null default now()
);

comment on table public.subscription_checkouts is
  'The payment page on which a user may be subscribing at this moment: one, so that nobody pays for two. id is Stripe''s idempotency key.';

alter table public.subscription_checkouts enable row level security;

create policy "operators read who is subscribing" on public.subscription_checkouts for select to service_role using (true);

revoke all on public.subscription_checkouts from public, anon, authenticated, service_role;
grant select on public.subscription_checkouts to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('subscription_checkouts', 'plans', 'deleted', 'an intention');

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('subscribe', 10, 1), ('subscription', 30, 1);

create type public.subscribe_result as (
  outcome text,
  checkout_id uuid,
  stripe_price_id text,
  trial_days integer,
  stripe_session_id text,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function public.create_subscription_checkout(p_user_id uuid, p_plan_id uuid, p_price_id text default null)
  returns public.subscribe_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'subscribe');
  v_result public.subscribe_result;
  v_trial_days integer;
begin
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  if not v_check.allowed then -- rule: subscribe-limit
    v_result.outcome := 'rate_limited';
    return v_result;
  end if;
  select o.price_id, o.trial_days into v_result.stripe_price_id, v_trial_days
  from public.plan_offers o
  where o.plan_id = p_plan_id
    and (p_price_id is null or o.price_id = p_price_id) -- rule: price-of-plan
  order by o."interval", o.price_id
  limit 1;
  if not found then
    v_result.outcome := 'unknown_plan';
    return v_result;
  end if;
  -- One user's checkouts queue up here, so that two clicks find one page.
  perform pg_advisory_xact_lock(hashtextextended(p_user_id::text, 0));
  if exists (select from public.subscriptions where user_id = p_user_id and is_live) then -- rule: one-subscription
    v_result.outcome := 'already_subscribed';
    return v_result;
  end if;
  delete from public.subscription_checkouts
  where user_id = p_user_id and created_at < credits_private.clock() - interval '23 hours'; -- rule: page-lasts
  insert into public.subscription_checkouts (user_id, stripe_price_id, created_at)
  values (p_user_id, v_result.stripe_price_id, credits_private.clock())
  on conflict (user_id) do nothing;
  select
    case when c.stripe_price_id = v_result.stripe_price_id then 'created' else 'other_price' end, -- rule: one-page
    c.id, c.stripe_session_id
  into v_result.outcome, v_result.checkout_id, v_result.stripe_session_id
  from public.subscription_checkouts c
  where c.user_id = p_user_id;
  v_result.trial_days := case
    when exists (select from public.subscriptions where user_id = p_user_id) then 0 -- rule: trial-for-newcomers
    else v_trial_days
  end;
  return v_result;
end;
$$;

comment on function public.create_subscription_checkout(uuid, uuid, text) is
  'Writes down who is about to subscribe to which price of a plan (null: its first); use checkout_id as Stripe''s idempotency key. Outcomes: created (stripe_session_id is set when there is a page that may still be open), other_price (a page for another price may be open: take it back, end it, and ask again), already_subscribed, unknown_plan, rate_limited. trial_days is 0 for whoever had a subscription before. Idempotent while the page is open. Raises PT401 when the user is gone.';

revoke all on function public.create_subscription_checkout(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.create_subscription_checkout(uuid, uuid, text) to service_role;

create type public.subscribe_step as (outcome text, checkout_id uuid);

create function public.attach_subscription_session(p_user_id uuid, p_checkout_id uuid, p_session_id text)
  returns public.subscribe_step
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  if coalesce(p_session_id, '') = '' then
    perform credits_private.refuse_argument('p_session_id', 'must not be empty');
  end if;
  update public.subscription_checkouts
  set stripe_session_id = p_session_id
  where user_id = p_user_id and id = p_checkout_id
    and coalesce(stripe_session_id, p_session_id) = p_session_id; -- rule: one-page-kept
  return row(case when found then 'attached' else 'not_found' end, p_checkout_id)::public.subscribe_step;
end;
$$;

comment on function public.attach_subscription_session(uuid, uuid, text) is
  'Keeps the session that Stripe made for a user who is subscribing. Outcomes: attached, not_found (no such checkout of this user, or it has another session). Idempotent.';

revoke all on function public.attach_subscription_session(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.attach_subscription_session(uuid, uuid, text) to service_role;

create function public.end_subscription_checkout(p_user_id uuid, p_checkout_id uuid) returns public.subscribe_step
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  delete from public.subscription_checkouts
  where user_id = p_user_id
    and id = p_checkout_id; -- rule: own-page-ends
  return row(case when found then 'ended' else 'not_found' end, p_checkout_id)::public.subscribe_step;
end;
$$;

comment on function public.end_subscription_checkout(uuid, uuid) is
  'Forgets a page that is not to be handed out again. Outcomes: ended, not_found. Idempotent.';

revoke all on function public.end_subscription_checkout(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.end_subscription_checkout(uuid, uuid) to service_role;

create type public.subscription_result as (
  outcome text,
  subscription jsonb,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function credits_private.subscription_of(p_user_id uuid) returns jsonb
  language plpgsql stable set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_subscription public.subscriptions;
  v_version public.plan_versions;
  v_invoice public.subscription_invoices;
begin
  select * into v_subscription
  from public.subscriptions
  where user_id = p_user_id -- rule: own-subscription
    and is_live and not is_spare;
  if not found then
    return null;
  end if;
  select v.* into strict v_version
  from public.subscription_versions s
  join public.plan_versions v on v.id = s.version_id
  where s.subscription_id = v_subscription.id and s.stripe_price_id = v_subscription.stripe_price_id;
  select * into v_invoice
  from public.subscription_invoices
  where subscription_id = v_subscription.id and next_grant_at > v_now
  order by period_start desc
  limit 1;
  return (
    select jsonb_build_object(
      'plan_id', p.id, 'plan', p.name, 'status', v_subscription.status, 'price_id', r.stripe_price_id, 'interval', r."interval",
      'period_start', v_subscription.period_start, 'period_end', v_subscription.period_end,
      'cancel_at', v_subscription.cancel_at, 'trial_end', v_subscription.trial_end,
      'next_credits_at', case
        when v_invoice.id is not null then v_invoice.next_grant_at
        when v_subscription.cancel_at is null or v_subscription.cancel_at > v_subscription.period_end then v_subscription.period_end -- rule: nothing-after-the-end
      end,
      'next_credits', case
        when v_invoice.id is not null then v_invoice.grant_size
        when v_subscription.cancel_at is null or v_subscription.cancel_at > v_subscription.period_end then
          v_version.credits * v_subscription.quantity
      end,
      'batches', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'kind', g.kind, 'amount', b.original_amount, 'remaining', b.remaining_amount,
          'expires_at', b.expires_at, 'created_at', b.created_at
        ) order by b.expires_at, b.id), '[]')
        from public.plan_grants g
        join public.user_credits b on b.user_id = g.user_id and b.id = g.batch_id
        where g.subscription_id = v_subscription.id and b.expires_at > v_now
      )
    )
    from public.plans p, public.plan_prices r
    where p.id = v_version.plan_id and r.stripe_price_id = v_subscription.stripe_price_id
  );
end;
$$;

comment on function credits_private.subscription_of(uuid) is
  'A user''s live subscription: its plan, when credits come, how many, and what is left of those that came. Null when there is none.';

create function public.read_subscription(p_user_id uuid) returns public.subscription_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_check credits_private.rate_check := credits_private.consume_policy(p_user_id, 'subscription');
begin
  return row(
    case when v_check.allowed then 'ok' else 'rate_limited' end, -- rule: subscription-limit
    case when v_check.allowed then credits_private.subscription_of(p_user_id) end,
    v_check.max_requests, v_check.remaining, v_check.window_seconds, v_check.retry_after_seconds
  )::public.subscription_result;
end;
$$;

comment on function public.read_subscription(uuid) is
  'What a user has subscribed to. Outcomes: ok (subscription is null when there is none), rate_limited. Idempotent but for the count of its rate limit.';

revoke all on function public.read_subscription(uuid) from public, anon, authenticated, service_role;
grant execute on function public.read_subscription(uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/verification.sql

-- Verification of plans: the proof that invoices, grants and what was taken back agree.
--
-- As in the credits' own checks, the rules are written out a second time here on purpose.

create function credits_private.verify_plans(p_user_id uuid)
  returns table (user_id uuid, problem text, expected numeric, actual numeric)
  language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with invoices as (
    select
      i.*, i.grant_size * i.grants - i.deducted as paid_for, credits_private.reversed_of_invoice(i) as reversed,
      not exists (select from auth.users u where u.id = i.user_id) as gone
    from public.subscription_invoices i
    where p_user_id is null or i.user_id = p_user_id
  ), grants as (
    select g.invoice_id, sum(g.amount) filter (where g.kind <> 'rollover') as granted
    from public.plan_grants g
    where p_user_id is null or g.user_id = p_user_id
    group by g.invoice_id
  ), revocations as (
    select r.user_id, split_part(r.revocation_key, ':', 2) as name, sum(r.amount) as taken
    from public.credit_revocations r
    where r.revocation_key ^@ 'sub:' and (p_user_id is null or r.user_id = p_user_id)
    group by 1, 2
  ), reinstated as (
    select b.user_id, split_part(b.grant_key, ':', 2) as name, sum(b.original_amount) as amount
    from public.user_credits b
    where b.source = 'plan' and b.grant_key like 'sub:%:reinstated:%' and (p_user_id is null or b.user_id = p_user_id)
    group by 1, 2
  ), forgiven as (
    select l.user_id, split_part(l.reference, ':', 2) as name, sum(l.amount) as amount
    from credits_private.ledger_effects l
    where l.kind = 'forgive' and l.reference ^@ 'sub:' and (p_user_id is null or l.user_id = p_user_id)
    group by 1, 2
  )
  select i.user_id, 'invoice ' || i.id || ': ' || v.what, v.expected, v.actual
  from invoices i
  left join grants g on g.invoice_id = i.id
  left join revocations r on r.user_id = i.user_id and r.name = i.id
  left join reinstated b on b.user_id = i.user_id and b.name = i.id
  left join forgiven f on f.user_id = i.user_id and f.name = i.id
  cross join lateral (
    values
      ('granted against its batches', coalesce(g.granted, 0), i.granted::numeric),
      ('granted more than it paid for', 0, greatest(i.granted - i.paid_for, 0)),
      ('granted although it is not paid', 0, case when i.status <> 'paid' then i.granted else 0 end::numeric),
      ('paid and not decided', 0, (i.status = 'paid' and i.decision is null)::integer::numeric),
      -- Of a user who is gone the money alone is accounted for, and an erasure took the keys of their revocations.
      ('taken back against its revocations',
        case when i.gone then i.taken_credits else coalesce(r.taken, 0) - coalesce(b.amount, 0) - coalesce(f.amount, 0) end::numeric,
        i.taken_credits::numeric),
      ('reversed_cents against its payments', i.reversed::numeric, i.reversed_cents::numeric),
      ('reversed_credits against reversed_cents',
        case when i.gone or i.total_cents = 0 then i.reversed_credits else trunc(i.paid_for * i.reversed_cents / i.total_cents, 2) end::numeric,
        i.reversed_credits::numeric)
  ) v (what, expected, actual)
  where v.expected <> v.actual
  union all
  select
    coalesce(g.user_id, b.user_id), 'batch ' || coalesce(g.batch_id, b.id) || ': of a plan',
    coalesce(g.amount, 0)::numeric, coalesce(b.original_amount, 0)::numeric
  from (select * from public.plan_grants p where p_user_id is null or p.user_id = p_user_id) g
  full join (
    select * from public.user_credits u
    where u.source = 'plan' and u.grant_key ^@ 'sub:' and u.grant_key not like 'sub:%:reinstated:%' and (p_user_id is null or u.user_id = p_user_id)
  ) b on b.user_id = g.user_id and b.id = g.batch_id
  where g.amount is distinct from b.original_amount;
end;
$$;

comment on function credits_private.verify_plans(uuid) is
  'Each invoice against its grants, its revocations and what Stripe has said of its payments; each batch of a plan against what paid for it.';

insert into credits_private.book_checks (book_check) values ('credits_private.verify_plans');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/plans/operations.sql

-- Plans for operators: what is checked, what can be seen, and what an erasure does.

create function public.plan_differences()
  returns table (user_id uuid, subscription_id text, invoice_id text, problem text, since timestamptz)
  language plpgsql stable security definer set search_path = ''
as $$
declare
  v_now timestamptz := credits_private.clock();
begin
  return query
  select s.user_id, s.id, null::text, 'second_subscription', s.created_at
  from public.subscriptions s
  where s.is_live and s.is_spare -- rule: spares-shown
  union all
  select i.user_id, i.subscription_id, i.id, 'paid_not_granted', i.created_at
  from public.subscription_invoices i
  left join public.subscriptions s on s.id = i.subscription_id
  where i.next_grant_at < v_now - interval '1 hour' -- rule: overdue-plans
    and coalesce(s.status, 'active') in ('active', 'trialing')
  union all
  select i.user_id, i.subscription_id, i.id, 'period_paid_twice', i.created_at
  from public.subscription_invoices i
  where i.decision = 'same_period' and i.total_cents > i.reversed_cents -- rule: twice-shown
  union all
  select s.user_id, s.id, null, 'live_without_paid_invoice', s.period_start
  from public.subscriptions s
  where s.is_live and s.status in ('active', 'trialing')
    -- Stripe may take three days to collect.
    and s.period_start < v_now - interval '73 hours' -- rule: unpaid-shown
    and not exists (
      select from public.subscription_invoices i
      where i.subscription_id = s.id and i.status = 'paid' and i.period_end > s.period_start
    );
end;
$$;

comment on function public.plan_differences() is
  'For operators, where paid invoices, grants and live subscriptions disagree: second_subscription (a user pays for two: cancel and refund one), paid_not_granted (the sweep did not run), period_paid_twice (refund one), live_without_paid_invoice (an invoice never arrived: reconcile). Idempotent: changes nothing.';

revoke all on function public.plan_differences() from public, anon, authenticated, service_role;
grant execute on function public.plan_differences() to service_role;

create function credits_private.probe_plans() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*), min(d.since), count(*) > 0,
    coalesce(bool_or(d.problem = 'paid_not_granted'), false) -- rule: plans-alarm
  )
  from (select * from public.plan_differences() limit 1000) d;
$$;

comment on function credits_private.probe_plans() is
  'Where paid invoices, grants and live subscriptions disagree: a warning, and an alarm where credits that are due do not come.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values ('plans', 3, 'credits_private.probe_plans', 'select * from plan_differences(), then cancel, refund or reconcile', 'plans');

create function credits_private.erase_plans(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  delete from public.subscription_checkouts where user_id = p_user_id;
  update public.subscription_invoices set next_grant_at = null where user_id = p_user_id; -- rule: erased-drips-nothing
  -- They end with the customer, whose deletion at Stripe another step orders.
  return (
    select array_agg('stripe:' || l.id order by l.id)
    from (
      select id from public.subscriptions where user_id = p_user_id
      union all select id from public.subscription_invoices where user_id = p_user_id
    ) l
  );
end;
$$;

comment on function credits_private.erase_plans(uuid) is
  'Erasure: nothing more is granted; returns what Stripe keeps about a user''s subscriptions.';

-- After the account, as all that belongs to it.
insert into credits_private.erasure_steps (position, step) values (46, 'credits_private.erase_plans');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/jobs/registry.sql

-- Job registry: what a product says about its kinds of work, so that nothing else here knows any product.
--
-- Invariants
--   * A kind of job names its rate limit, and two functions of the product's own: what the backend is asked for, and how
--     the thing it makes follows its job.
--   * A bound of a request stands here and nowhere else: Postgres refuses by it, and the routes publish it.

create table credits_private.job_kinds (
  job_type text primary key check (job_type ~ '^[a-z][a-z_]{0,39}$'),
  policy text not null,
  request_function text not null,
  follow_function text not null
);

comment on table credits_private.job_kinds is
  'The kinds of work. policy is the action in rate_limit_policies that limits its admissions. request_function takes a job and returns what the generation backend is asked for (jsonb); follow_function takes a job whose status has changed and brings the product''s own row to it.';

create table credits_private.job_request_fields (
  job_type text not null references credits_private.job_kinds (job_type),
  field text not null,
  position integer not null,
  kind text not null check (kind in ('text', 'integer', 'boolean', 'uuid', 'language')),
  least integer,
  most integer,
  required boolean not null default true,
  fallback jsonb,
  primary key (job_type, field),
  unique (job_type, position),
  check ((kind in ('text', 'integer')) = (least is not null and most is not null)),
  check (fallback is null or not required)
);

comment on table credits_private.job_request_fields is
  'The fields of a request, in the order in which they are checked. least and most are the bounds of a number, or of the characters of a text, what cannot be seen not counted among the least.';

alter table credits_private.job_kinds enable row level security;
alter table credits_private.job_request_fields enable row level security;

create policy "nobody but the functions" on credits_private.job_kinds using (false);
create policy "nobody but the functions" on credits_private.job_request_fields using (false);

revoke all on credits_private.job_kinds, credits_private.job_request_fields
  from public, anon, authenticated, service_role;

create function credits_private.check_job_kind() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  if not exists (select from public.rate_limit_policies where action = new.policy) then
    perform credits_private.refuse_argument('policy', 'must be an action of rate_limit_policies: ' || new.policy);
  elsif to_regprocedure(new.request_function || '(public.generation_jobs)') is null then
    perform credits_private.refuse_argument('request_function', 'must be a function of a job: ' || new.request_function);
  elsif to_regprocedure(new.follow_function || '(public.generation_jobs)') is null then
    perform credits_private.refuse_argument('follow_function', 'must be a function of a job: ' || new.follow_function);
  end if;
  return new;
end;
$$;

comment on function credits_private.check_job_kind() is 'Says what a kind of job lacks, when it registers.';

create trigger check_job_kind before insert or update on credits_private.job_kinds
  for each row execute function credits_private.check_job_kind();

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/jobs/jobs.sql

-- Jobs: one row for each piece of work, from admission to delivery, whatever product it is for.
--
-- Invariants
--   * A job is paid for by the reservation with its id. Its end and the reservation's are one transaction: ready and
--     confirmed, or failed and released.
--   * One worker at a time: claiming raises the attempt, and whoever answers with an older attempt changes nothing.
--   * While a job is alive its reservation is kept alive, up to the reservation's maximum lifetime.
--
-- Lock order: ARCHITECTURE.md.
--
-- The indexes of due and of leased jobs are partial on status, so no look-up by key mentions it: a plan made while
-- those indexes were nearly empty would look for one job among all that are due.

create type public.job_status as enum ('queued', 'generating', 'ready', 'failed', 'cancelled');

create table public.generation_jobs (
  id uuid primary key,
  user_id uuid not null,
  job_type text not null,
  resource_id uuid not null,
  status public.job_status not null default 'queued',
  stage text,
  units_done integer not null default 0,
  units_total integer not null check (units_total >= 1),
  attempt integer not null default 0,
  worker text,
  lease_expires_at timestamptz,
  next_attempt_at timestamptz not null default now(),
  idempotency_key text,
  request_digest text,
  cost public.credit_amount not null,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((status = 'generating') = (lease_expires_at is not null))
) with (fillfactor = 70);

comment on table public.generation_jobs is
  'Work that was paid for by the reservation with the job''s id. resource_id is what it makes, units are what the product counts in, such as pages.';

create index generation_jobs_due on public.generation_jobs (next_attempt_at) where status = 'queued';
create index generation_jobs_leased on public.generation_jobs (lease_expires_at) where status = 'generating';
-- Also finds an owner's jobs: a job without a key is in it, and nulls are distinct.
create unique index generation_jobs_idempotency_key on public.generation_jobs (user_id, idempotency_key);

create trigger generation_jobs_touch before update on public.generation_jobs
  for each row execute function credits_private.touch_updated_at();

alter table public.generation_jobs enable row level security;

create policy "owners follow their jobs" on public.generation_jobs
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.generation_jobs from public, anon, authenticated, service_role;
grant select on public.generation_jobs to service_role;
grant select (
  id, user_id, job_type, resource_id, status, stage, units_done, units_total, attempt, next_attempt_at, cost, error_code,
  created_at, updated_at
) on public.generation_jobs to authenticated;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('generation_jobs', 'jobs', 'emptied', 'idempotency keys and error messages can hold what the user wrote');

do $$
begin
  -- Realtime streams progress where the project has it.
  if exists (select from pg_publication where pubname = 'supabase_realtime') then
    alter publication supabase_realtime add table public.generation_jobs;
  end if;
end;
$$;

create table credits_private.job_settings (
  only_row boolean primary key default true check (only_row),
  lease interval not null default '2 minutes' check (lease > interval '0' and lease <= interval '12 hours'),
  max_attempts integer not null default 3 check (max_attempts >= 1),
  retry_delay interval not null default '15 seconds' check (retry_delay >= interval '0')
);

comment on table credits_private.job_settings is
  'How long a worker may be silent, how often a job is tried, and the delay before the second attempt (it doubles).';

insert into credits_private.job_settings default values;

alter table credits_private.job_settings enable row level security;

create policy "nobody but the functions" on credits_private.job_settings using (false);

revoke all on credits_private.job_settings from public, anon, authenticated, service_role;

create type public.deletion_result as (outcome text, files text[]);

comment on type public.deletion_result is
  'What became of something that a job had made, or was to make; files are what the caller removes from its bucket.';

create type public.job_claim_result as (
  outcome text,
  job_id uuid,
  job_type text,
  attempt integer,
  user_id uuid,
  resource_id uuid,
  request jsonb,
  lease_expires_at timestamptz
);

create type public.job_result as (
  outcome text,
  job_id uuid,
  status public.job_status,
  user_id uuid,
  resource_id uuid,
  charged numeric
);

-- supabase/schemas/jobs/admission.sql

-- Admission: whether work may begin. Rate limit, rules, price, reservation and job are one transaction.
--
-- Invariants
--   * A refusal is returned, not raised, so that the record of having been asked stays (M4).
--   * An idempotency key stands for one request: the same one gets its first job, another one is told so.
--   * What a reservation keeps is its price; what was asked for stands on the product's own row.
--
-- Lock order: ARCHITECTURE.md.

create type public.admission_result as (
  outcome text,
  code text,
  field text,
  message text,
  resource_id uuid,
  job_id uuid,
  status public.job_status,
  cost numeric,
  required numeric,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function credits_private.digest_of(p_job_type text, p_request jsonb) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  return encode(sha256(convert_to(p_job_type || ':' || p_request::text, 'UTF8')), 'hex');
end;
$$;

comment on function credits_private.digest_of(text, jsonb) is
  'What an idempotency key stands for: equal requests have equal digests, whatever the order of their fields.';

create function credits_private.earlier_admission(p_user_id uuid, p_job_type text, p_request jsonb, p_key text)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_job public.generation_jobs;
  v_result public.admission_result;
begin
  select * into v_job from public.generation_jobs where user_id = p_user_id and idempotency_key = p_key;
  if not found then -- rule: earlier-job
    return null;
  end if;
  if v_job.request_digest = credits_private.digest_of(p_job_type, p_request) then -- rule: same-request
    v_result.outcome := 'already_accepted';
    v_result.resource_id := v_job.resource_id;
    v_result.job_id := v_job.id;
    v_result.status := v_job.status;
    v_result.cost := v_job.cost;
  else
    v_result.outcome := 'idempotency_mismatch';
    v_result.code := 'idempotency_key_reused';
    v_result.message := 'Idempotency-Key was used with another request';
  end if;
  return v_result;
end;
$$;

comment on function credits_private.earlier_admission(uuid, text, jsonb, text) is
  'What an idempotency key was used for before; all columns null when it is new.';

create function credits_private.refused(p_result public.admission_result, p_code text, p_field text, p_message text)
  returns public.admission_result
  language plpgsql immutable set search_path = ''
as $$
begin
  p_result.outcome := 'invalid';
  p_result.code := p_code;
  p_result.field := p_field;
  p_result.message := p_message;
  return p_result;
end;
$$;

comment on function credits_private.refused(public.admission_result, text, text, text) is
  'The outcome of a request that breaks a rule.';

create function credits_private.fault_of(p_field credits_private.job_request_fields, p_value jsonb) returns text
  language plpgsql immutable set search_path = ''
as $$
declare
  v_text text := p_value #>> '{}';
begin
  case p_field.kind
    when 'text' then
      if jsonb_typeof(p_value) <> 'string' or credits_private.visible_length(v_text) < p_field.least then
        return format('must have at least %s characters', p_field.least);
      elsif length(v_text) > p_field.most then
        return format('must have at most %s characters', p_field.most);
      end if;
    when 'integer' then
      -- The order of these three is the order of their evaluation: only a number is compared as one.
      if jsonb_typeof(p_value) <> 'number' then -- rule: number
        return format('must be between %s and %s', p_field.least, p_field.most);
      elsif v_text::numeric not between p_field.least and p_field.most or v_text::numeric <> trunc(v_text::numeric) then
        return format('must be between %s and %s', p_field.least, p_field.most);
      end if;
    when 'boolean' then
      if jsonb_typeof(p_value) <> 'boolean' then
        return 'must be true or false';
      end if;
    when 'uuid' then
      if credits_private.as_uuid(v_text) is null then
        return 'must be a uuid';
      end if;
    when 'language' then
      if jsonb_typeof(p_value) <> 'string' or v_text !~ '^[A-Za-z]{2}(-[A-Za-z0-9]{1,8}){0,4}$' then
        return 'must be a language tag with a two-letter code, such as de or de-DE';
      end if;
  end case;
  return null;
end;
$$;

comment on function credits_private.fault_of(credits_private.job_request_fields, jsonb) is
  'Which rule a field''s value breaks, or null.';

create function credits_private.check_request(p_result public.admission_result, p_job_type text, p_request jsonb)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_field credits_private.job_request_fields;
  v_value jsonb;
  v_fault text;
begin
  for v_field in
    select * from credits_private.job_request_fields where job_type = p_job_type order by position
  loop
    v_value := coalesce(p_request -> v_field.field, 'null');
    continue when v_value = 'null' and not v_field.required;
    v_fault := credits_private.fault_of(v_field, v_value);
    if v_fault is not null then
      return credits_private.refused(p_result, 'invalid_field', v_field.field, v_field.field || ' ' || v_fault);
    end if;
  end loop;
  return p_result;
end;
$$;

comment on function credits_private.check_request(public.admission_result, text, jsonb) is
  'Refuses a request by the first field that breaks its rule.';

create function credits_private.field_of(p_job_type text, p_request jsonb, p_field text) returns text
  language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(
    p_request ->> p_field,
    (
      select fallback #>> '{}'
      from credits_private.job_request_fields
      where job_type = p_job_type and field = p_field
    )
  );
end;
$$;

comment on function credits_private.field_of(text, jsonb, text) is
  'What a request says in a field, or the field''s fallback.';

create function credits_private.begin_admission(
  p_user_id uuid,
  p_job_type text,
  p_request jsonb,
  p_idempotency_key text
) returns public.admission_result
  language plpgsql set search_path = ''
as $$
declare
  v_check credits_private.rate_check;
  v_result public.admission_result;
  v_earlier public.admission_result;
begin
  if p_idempotency_key is not null then
    v_earlier := credits_private.earlier_admission(p_user_id, p_job_type, p_request, p_idempotency_key);
    if v_earlier.outcome = 'already_accepted' then -- rule: mismatch-counts
      perform credits_private.require_user(p_user_id); -- rule: gone-repeat-nothing
      return v_earlier;
    end if;
  end if;

  v_check := credits_private.consume_policy(
    p_user_id, (select policy from credits_private.job_kinds where job_type = p_job_type)
  );
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  if not v_check.allowed then
    v_result.outcome := 'rate_limited';
    return v_result;
  end if;

  v_result := credits_private.check_request(v_result, p_job_type, p_request);
  if p_idempotency_key is not null and (v_result.outcome is null or v_earlier.outcome is not null) then
    -- Two requests with one key: the second waits here, and then finds the first one's job.
    perform credits_private.lock_account(p_user_id);
    v_earlier := credits_private.earlier_admission(p_user_id, p_job_type, p_request, p_idempotency_key);
    if v_earlier.outcome is not null then
      v_earlier.rate_limit := v_result.rate_limit;
      v_earlier.rate_remaining := v_result.rate_remaining;
      v_earlier.rate_window_seconds := v_result.rate_window_seconds;
      return v_earlier;
    end if;
  end if;
  return v_result;
end;
$$;

comment on function credits_private.begin_admission(uuid, text, jsonb, text) is
  'The first half of an admission: an earlier job of the same key, the rate limit, the bounds of the request. A key that stands for another request counts against the limit, a repetition does not. outcome is null when it may go on; with an idempotency key the account is locked then.';

create function credits_private.admit_job(
  p_result public.admission_result,
  p_user_id uuid,
  p_job_type text,
  p_resource_id uuid,
  p_request jsonb,
  p_idempotency_key text,
  p_price_action text,
  p_units integer
) returns public.admission_result
  language plpgsql set search_path = ''
as $$
declare
  v_price record := credits_private.price_of(p_price_action, p_units);
  v_job_id uuid := credits_private.uuid_v7();
  v_now timestamptz := credits_private.clock();
  v_reservation public.reservation_result;
begin
  if not v_price.offered then -- rule: offered
    p_result.outcome := 'not_offered';
    return p_result;
  end if;
  perform credits_private.lock_account(p_user_id);
  p_result := credits_private.check_unpaid_work(p_result, p_user_id);
  if p_result.outcome is not null then
    return p_result;
  end if;
  v_reservation := public.reserve_credits(
    p_user_id, v_job_id, v_price.cost, p_job_type, initcap(p_job_type), v_price.details
  );
  p_result.cost := v_price.cost;
  if v_reservation.outcome <> 'reserved' then -- rule: paid-before-admitted
    p_result.outcome := v_reservation.outcome;
    p_result.required := v_price.cost;
    return p_result;
  end if;

  insert into public.generation_jobs (
    id, user_id, job_type, resource_id, units_total, idempotency_key, request_digest, cost, next_attempt_at, created_at
  )
  values (
    v_job_id, p_user_id, p_job_type, p_resource_id, p_units, p_idempotency_key,
    case when p_idempotency_key is not null then credits_private.digest_of(p_job_type, p_request) end,
    v_price.cost, v_now, v_now
  );
  p_result.outcome := 'accepted';
  p_result.resource_id := p_resource_id;
  p_result.job_id := v_job_id;
  p_result.status := 'queued';
  return p_result;
end;
$$;

comment on function credits_private.admit_job(public.admission_result, uuid, text, uuid, jsonb, text, text, integer) is
  'The second half of an admission that begin_admission() let pass: price, reservation and job. The product writes its own row when the outcome is accepted.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/jobs/attempts.sql

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
  input_tokens bigint not null default 0 check (input_tokens >= 0),
  output_tokens bigint not null default 0 check (output_tokens >= 0),
  pictures integer not null default 0 check (pictures >= 0),
  primary key (job_id, attempt),
  check ((ended_at is null) = (outcome is null))
);

comment on table public.job_attempts is
  'Attempts at jobs. outcome is delivered, or the code that the attempt ended with. unpaid is what the job would have cost, where that counts against the budget of unpaid work; the figures about the model are what the backend said.';

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
  sum(a.input_tokens) as input_tokens,
  sum(a.output_tokens) as output_tokens,
  sum(a.pictures) as pictures
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
  p_input_tokens bigint default 0,
  p_output_tokens bigint default 0,
  p_pictures integer default 0
) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_attempt public.job_attempts;
begin
  if (least(p_model_calls, p_input_tokens, p_output_tokens, p_pictures) >= 0) is not true then
    perform credits_private.refuse_argument('p_model_calls', 'and the other figures must be at least 0');
  end if;
  update public.job_attempts
  set
    model_calls = greatest(model_calls, p_model_calls),
    input_tokens = greatest(input_tokens, p_input_tokens),
    output_tokens = greatest(output_tokens, p_output_tokens),
    pictures = greatest(pictures, p_pictures)
  where job_id = p_job_id and attempt = p_attempt
  returning * into v_attempt;
  return row(
    case when v_attempt.job_id is null then 'not_found' else 'noted' end, p_job_id, null, v_attempt.user_id, null, null
  )::public.job_result;
end;
$$;

comment on function public.note_job_usage(uuid, integer, integer, bigint, bigint, integer) is
  'Notes what an attempt cost the operator at the model, whatever became of it; figures only grow, so that a repetition changes nothing. Outcomes: noted, not_found. Idempotent. Raises 22023 for a negative figure.';

revoke all on function public.note_job_usage(uuid, integer, integer, bigint, bigint, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.note_job_usage(uuid, integer, integer, bigint, bigint, integer) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/jobs/claims.sql

-- Job claims: how one worker gets a job, and keeps it alive.
--
-- Invariants: see jobs. Every function here finds the owner first, then locks the account, then the job.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.lock_job(p_job_id uuid) returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
declare
  v_job public.generation_jobs;
begin
  select * into v_job from public.generation_jobs where id = p_job_id;
  if found then
    perform credits_private.lock_account(v_job.user_id);
    select * into v_job from public.generation_jobs where id = p_job_id for update;
  end if;
  return v_job;
end;
$$;

comment on function credits_private.lock_job(uuid) is 'Locks a job''s account and then the job; all columns null when there is none.';

create function credits_private.job_outcome(p_outcome text, p_job public.generation_jobs, p_charged numeric default null)
  returns public.job_result
  language sql immutable set search_path = ''
as $$
  select p_outcome, p_job.id, p_job.status, p_job.user_id, p_job.resource_id, p_charged;
$$;

comment on function credits_private.job_outcome(text, public.generation_jobs, numeric) is 'An outcome and the job it is about.';

create function credits_private.set_job_status(p_job public.generation_jobs, p_status public.job_status, p_error_code text default null)
  returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
begin
  update public.generation_jobs
  set
    status = p_status,
    stage = case when p_status in ('queued', 'generating') then stage end,
    lease_expires_at = case when p_status = 'generating' then lease_expires_at end,
    units_done = case when p_status = 'ready' then units_total else units_done end,
    error_code = p_error_code
  where id = p_job.id
  returning * into p_job;
  execute format(
    'select %s($1)', (select follow_function from credits_private.job_kinds where job_type = p_job.job_type)
  ) using p_job;
  return p_job;
end;
$$;

comment on function credits_private.set_job_status(public.generation_jobs, public.job_status, text) is
  'Moves a job to a status, and what it makes with it. The caller holds the locks.';

create function credits_private.job_request(p_job public.generation_jobs) returns jsonb
  language plpgsql stable set search_path = ''
as $$
declare
  v_request jsonb;
begin
  execute format(
    'select %s($1)', (select request_function from credits_private.job_kinds where job_type = p_job.job_type)
  ) into v_request using p_job;
  return v_request;
end;
$$;

comment on function credits_private.job_request(public.generation_jobs) is 'What the generation backend is asked for.';

create function credits_private.can_be_charged(p_job public.generation_jobs) returns boolean
  language sql stable set search_path = ''
as $$
  select r.status = 'reserved' or (r.settle_reason = 'expired' and a.available >= r.reserved_amount)
  from public.credit_usage_logs r
  join public.credit_accounts a on a.user_id = r.user_id
  where r.user_id = p_job.user_id and r.job_id = p_job.id;
$$;

comment on function credits_private.can_be_charged(public.generation_jobs) is
  'Whether a late confirm would find the credits of a job whose hold has expired. The caller holds the account''s lock.';

create function public.claim_job(p_job_id uuid default null, p_worker text default null, p_job_type text default null)
  returns public.job_claim_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_candidate record;
  v_now timestamptz := credits_private.clock();
  v_lease interval := (select lease from credits_private.job_settings where only_row);
  v_job public.generation_jobs;
  v_hold public.extension_result;
begin
  if p_job_type is not null and not exists (select from credits_private.job_kinds where job_type = p_job_type) then
    perform credits_private.refuse_argument('p_job_type', 'must be a kind of job');
  end if;

  -- A named job is found by its key alone: with its status beside it, a plan made while few jobs were queued would look
  -- for it among all that are.
  for v_candidate in
    select id, user_id from public.generation_jobs where id = p_job_id
    union all
    (
      select id, user_id
      from public.generation_jobs
      where p_job_id is null
        and status = 'queued'
        and next_attempt_at <= v_now
        and (p_job_type is null or job_type = p_job_type)
      order by next_attempt_at
      limit 1000
    )
  loop
    -- Whoever asks for any job leaves a busy account alone and looks further: that job stays due. All jobs of one busy
    -- user may be due first; the rate limits allow no thousand of them at once. Whoever names a job waits for it.
    if p_job_id is null then
      perform 1 from public.credit_accounts where user_id = v_candidate.user_id for no key update skip locked;
      continue when not found;
    else
      perform credits_private.lock_account(v_candidate.user_id);
    end if;
    select * into v_job from public.generation_jobs where id = v_candidate.id for update;
    continue when not found
      or v_job.status <> 'queued' -- rule: claimed-once
      or v_job.next_attempt_at > v_now
      or v_job.job_type <> p_job_type;
    v_hold := public.extend_reservation(v_job.user_id, v_job.id, v_lease + credits_private.hold());
    -- rule: can-be-charged
    if v_hold.outcome in ('expired', 'already_released') and not credits_private.can_be_charged(v_job) then
      -- Nobody is asked for what could not be paid for any more.
      perform credits_private.give_up_job(v_job, 'failed', 'reservation_expired', null);
      continue;
    end if;
    update public.generation_jobs
    set attempt = attempt + 1, worker = p_worker, status = 'generating', lease_expires_at = v_now + v_lease
    where id = v_job.id
    returning * into v_job;
    perform credits_private.begin_attempt(v_job);
    v_job := credits_private.set_job_status(v_job, 'generating');
    return row(
      'claimed', v_job.id, v_job.job_type, v_job.attempt, v_job.user_id, v_job.resource_id,
      credits_private.job_request(v_job), v_job.lease_expires_at
    )::public.job_claim_result;
  end loop;
  return row('none', p_job_id, null, null, null, null, null, null)::public.job_claim_result;
end;
$$;

comment on function public.claim_job(uuid, text, text) is
  'Hands one due job (or the one named) to one worker for the length of a lease and keeps its reservation alive; a job whose credits were swept and spent ends as failed instead. Outcomes: claimed (with the attempt to answer with), none. Not idempotent: each claim is a new attempt. Raises 22023 for an unknown p_job_type.';

revoke all on function public.claim_job(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.claim_job(uuid, text, text) to service_role;

create function public.heartbeat_job(
  p_job_id uuid,
  p_attempt integer,
  p_units_done integer default null,
  p_stage text default null
) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
begin
  if v_job.id is null then
    return row('not_found', p_job_id, null, null, null, null)::public.job_result;
  elsif v_job.status <> 'generating'
    or v_job.attempt is distinct from p_attempt then -- rule: heartbeat-fenced
    return credits_private.job_outcome('fenced', v_job);
  end if;
  perform public.extend_reservation(v_job.user_id, p_job_id);
  update public.generation_jobs
  set
    lease_expires_at = credits_private.clock() + (select lease from credits_private.job_settings where only_row),
    units_done = greatest(units_done, least(coalesce(p_units_done, 0), units_total)),
    stage = coalesce(left(p_stage, 100), stage)
  where id = p_job_id
  returning * into v_job;
  return credits_private.job_outcome('alive', v_job);
end;
$$;

comment on function public.heartbeat_job(uuid, integer, integer, text) is
  'A worker''s sign of life: renews the lease and the reservation, notes progress (which never goes back). Outcomes: alive, fenced (another attempt or the end came before: stop working), not_found. Idempotent.';

revoke all on function public.heartbeat_job(uuid, integer, integer, text)
  from public, anon, authenticated, service_role;
grant execute on function public.heartbeat_job(uuid, integer, integer, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/jobs/endings.sql

-- Job endings: given up, failed, tried again, charged for, or cancelled.
--
-- Invariants
--   * Delivered means paid: a product stores its result only if charge_job() could charge it.
--   * An ended job never changes again.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.give_up_job(p_job public.generation_jobs, p_status public.job_status, p_error_code text, p_message text)
  returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
declare
  -- rule: failed-for-nothing
  v_settlement public.settlement_result := public.release_credits(p_job.user_id, p_job.id, p_error_code);
begin
  -- An operator may have confirmed it by hand: what is not delivered is not kept either.
  if v_settlement.outcome = 'already_confirmed' and v_settlement.charged > 0 -- rule: charged-by-hand-returns
    and exists (select from public.credit_accounts where user_id = p_job.user_id and erased_at is null) then
    perform credits_private.grant_batch(
      p_job.user_id, v_settlement.charged, 'adjustment', 'job:' || p_job.id || ':returned', null, 'Charged and not delivered'
    );
  end if;
  perform credits_private.end_attempt(p_job, p_error_code);
  update public.generation_jobs set error_message = left(p_message, 500) where id = p_job.id;
  return credits_private.set_job_status(p_job, p_status, p_error_code);
end;
$$;

comment on function credits_private.give_up_job(public.generation_jobs, public.job_status, text, text) is
  'Ends a job without a result and returns its credits. The caller holds the locks.';

create function credits_private.try_again_or_give_up(p_job public.generation_jobs, p_error_code text, p_message text)
  returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
declare
  v_settings credits_private.job_settings;
begin
  select * into v_settings from credits_private.job_settings where only_row;
  if p_job.attempt >= v_settings.max_attempts then -- rule: tried-at-most
    return credits_private.give_up_job(p_job, 'failed', p_error_code, p_message);
  end if;
  perform credits_private.end_attempt(p_job, p_error_code);
  perform public.extend_reservation(p_job.user_id, p_job.id);
  update public.generation_jobs
  set next_attempt_at = credits_private.clock()
    + v_settings.retry_delay * power(2, greatest(p_job.attempt - 1, 0)) -- rule: retried-later
  where id = p_job.id;
  return credits_private.set_job_status(p_job, 'queued');
end;
$$;

comment on function credits_private.try_again_or_give_up(public.generation_jobs, text, text) is
  'Queues a job for its next attempt, later each time, or ends it when it has had them all. The caller holds the locks.';

create function public.fail_job(
  p_job_id uuid,
  p_attempt integer,
  p_error_code text,
  p_message text default null,
  p_retryable boolean default false
) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
begin
  if v_job.id is null then
    return row('not_found', p_job_id, null, null, null, null)::public.job_result;
  elsif v_job.attempt is distinct from p_attempt then
    return credits_private.job_outcome('fenced', v_job);
  elsif v_job.status = 'failed' then
    return credits_private.job_outcome('already_failed', v_job);
  elsif v_job.status <> 'generating' then
    return credits_private.job_outcome('fenced', v_job);
  elsif p_retryable then
    v_job := credits_private.try_again_or_give_up(v_job, coalesce(p_error_code, 'failed'), p_message);
  else
    v_job := credits_private.give_up_job(v_job, 'failed', coalesce(p_error_code, 'failed'), p_message);
  end if;
  return credits_private.job_outcome(case v_job.status when 'queued' then 'requeued' else 'failed' end, v_job);
end;
$$;

comment on function public.fail_job(uuid, integer, text, text, boolean) is
  'An attempt failed: a retryable failure queues the job again while attempts are left, any other ends it and returns the credits in the same transaction. Outcomes: failed, requeued, already_failed, fenced (answered with another attempt, or the job has ended otherwise), not_found. Idempotent per attempt.';

revoke all on function public.fail_job(uuid, integer, text, text, boolean) from public, anon, authenticated, service_role;
grant execute on function public.fail_job(uuid, integer, text, text, boolean) to service_role;

create function credits_private.share_of(p_job public.generation_jobs, p_units integer) returns numeric
  language plpgsql immutable set search_path = ''
as $$
begin
  return trunc(p_job.cost * least(p_units, p_job.units_total) / p_job.units_total, 2); -- rule: share-of-price
end;
$$;

comment on function credits_private.share_of(public.generation_jobs, integer) is
  'What a job costs that delivers only so many of its units, rounded down to a hundredth.';

create function credits_private.charge_job(p_job public.generation_jobs, p_amount numeric) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_settlement public.settlement_result := public.confirm_credits(p_job.user_id, p_job.id, p_amount);
begin
  -- An operator may have confirmed it by hand: what was charged must then be delivered, and is not charged again.
  if v_settlement.outcome in ('confirmed', 'confirmed_late', 'already_confirmed') then -- rule: charged-by-hand-delivers
    perform credits_private.end_attempt(p_job, 'delivered', v_settlement.charged);
    return v_settlement.charged;
  end if;
  perform credits_private.give_up_job(p_job, 'failed', 'reservation_expired', null);
  return null;
end;
$$;

comment on function credits_private.charge_job(public.generation_jobs, numeric) is
  'Charges a job that can be delivered; returns what was charged. Null when its credits are gone: then the job has ended as failed. The caller holds the locks.';

create function credits_private.may_complete(p_job public.generation_jobs, p_type text, p_attempt integer)
  returns text
  language sql immutable set search_path = ''
as $$
  select case
    when p_job.id is null or p_job.job_type <> p_type then 'not_found'
    when p_job.attempt is distinct from p_attempt then 'fenced' -- rule: answer-fenced
    when p_job.status = 'ready' then 'already_completed'
    when p_job.status <> 'generating' then 'fenced'
  end;
$$;

comment on function credits_private.may_complete(public.generation_jobs, text, integer) is
  'Why an answer changes nothing, or null when it may be stored.';

create function credits_private.charge_begun_work(p_job public.generation_jobs) returns boolean
  language plpgsql set search_path = ''
as $$
declare
  v_settlement public.settlement_result;
begin
  if p_job.status <> 'generating'
    or (select cancelled_work from credits_private.work_policy where only_row) <> 'charged' then -- rule: cancelled-counted
    return false;
  end if;
  v_settlement := public.confirm_credits(p_job.user_id, p_job.id);
  if v_settlement.outcome not in ('confirmed', 'confirmed_late') then
    return false;
  end if;
  perform credits_private.end_attempt(p_job, 'cancelled', v_settlement.charged);
  return true;
end;
$$;

comment on function credits_private.charge_begun_work(public.generation_jobs) is
  'Whether a job that its owner gives up was charged, because it had been begun and the policy says so. The caller holds the locks.';

create function credits_private.cancel_if_alive(p_job_id uuid) returns public.generation_jobs
  language plpgsql set search_path = ''
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
begin
  if v_job.status in ('queued', 'generating') and credits_private.charge_begun_work(v_job) then -- rule: cancelled-charged
    v_job := credits_private.set_job_status(v_job, 'cancelled', 'cancelled');
  elsif v_job.status in ('queued', 'generating') then
    v_job := credits_private.give_up_job(v_job, 'cancelled', 'cancelled', null);
  end if;
  return v_job;
end;
$$;

comment on function credits_private.cancel_if_alive(uuid) is 'Ends a job that has not ended and returns its credits, unless work on it had begun and the policy charges for that.';

create function public.cancel_job(p_user_id uuid, p_job_id uuid) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs;
  v_before public.job_status;
begin
  perform 1
  from public.generation_jobs
  where id = p_job_id
    and user_id = p_user_id; -- rule: own-job
  if not found then
    return row('not_found', p_job_id, null, null, null, null)::public.job_result;
  end if;
  v_before := (credits_private.lock_job(p_job_id)).status;
  v_job := credits_private.cancel_if_alive(p_job_id);
  return credits_private.job_outcome(
    case
      when v_job.status <> 'cancelled' then 'already_ended'
      when v_before = 'cancelled' then 'already_cancelled'
      else 'cancelled'
    end,
    v_job
  );
end;
$$;

comment on function public.cancel_job(uuid, uuid) is
  'The owner gives a job up: its credits return in the same transaction. Once work on it has begun, that counts against the owner''s budget of unpaid work or, where the policy says so, is charged. Outcomes: cancelled, already_cancelled, already_ended (ready or failed: nothing changes), not_found. Idempotent.';

revoke all on function public.cancel_job(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.cancel_job(uuid, uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/jobs/sweep.sql

-- Job sweep and erasure: what becomes of jobs whose worker fell silent, and of those of a user who leaves.
--
-- Lock order: ARCHITECTURE.md.

create function public.requeue_stale_jobs() returns integer
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_now timestamptz := credits_private.clock();
  v_lifetime interval := (
    select reservation_max_lifetime from credits_private.credit_settings where only_row
  );
  v_candidate record;
  v_job public.generation_jobs;
  v_count integer := 0;
begin
  for v_candidate in
    -- What is done to a job takes it out of this list, so that the first thousand never hide those behind them: a
    -- waiting job's hold is extended once, to the end of its lifetime.
    select j.id, j.user_id
    from public.generation_jobs j
    where (j.status = 'generating' and j.lease_expires_at <= v_now)
      or (
        j.status = 'queued'
        and (
          j.created_at <= v_now - v_lifetime
          or exists (
            select from public.credit_usage_logs r
            where r.user_id = j.user_id and r.job_id = j.id and r.settled_at is null
              and r.expires_at between v_now and v_now + credits_private.hold() - interval '3 minutes'
              and r.expires_at < r.created_at + v_lifetime
          )
        )
      )
    order by j.next_attempt_at
    limit 1000
  loop
    -- A busy account is left for the next run, so that a sweep waits for nobody and cannot deadlock.
    perform 1 from public.credit_accounts where user_id = v_candidate.user_id for no key update skip locked;
    continue when not found;
    select * into v_job from public.generation_jobs where id = v_candidate.id for update;
    continue when not found or v_job.status not in ('queued', 'generating') or v_job.lease_expires_at > v_now;
    begin
      if v_job.created_at <= v_now - v_lifetime then -- rule: waits-at-most
        v_job := credits_private.give_up_job(v_job, 'failed', 'timed_out', null);
        v_count := v_count + 1;
      elsif v_job.status = 'generating' then
        v_job := credits_private.try_again_or_give_up(v_job, 'lease_expired', null);
        v_count := v_count + 1;
      else
        perform public.extend_reservation(
          v_job.user_id,
          v_job.id,
          least(v_lifetime, interval '24 hours') -- rule: waiting-is-held
        );
      end if;
    exception when others then
      -- One account that fails must not keep everybody else's jobs.
      raise warning 'job % of user % was passed over: % (%)', v_job.id, v_job.user_id, sqlerrm, sqlstate; -- rule: requeue-goes-on
    end;
  end loop;
  perform credits_private.note_run('requeue_stale_jobs', v_count);
  return v_count;
end;
$$;

comment on function public.requeue_stale_jobs() is
  'Queues jobs whose worker has fallen silent, ends those that had all their attempts or are too old (their credits return), and keeps the reservations of waiting ones alive; returns how many it queued or ended. One that makes it fail is passed over with a warning. Idempotent.';

revoke all on function public.requeue_stale_jobs() from public, anon, authenticated, service_role;
grant execute on function public.requeue_stale_jobs() to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('requeue_stale_jobs', 1);

create function credits_private.erase_jobs(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
declare
  v_job_id uuid;
begin
  for v_job_id in
    select id from public.generation_jobs where user_id = p_user_id and status in ('queued', 'generating') order by id
  loop
    perform credits_private.cancel_if_alive(v_job_id);
  end loop;
  update public.generation_jobs
  set idempotency_key = null, request_digest = null, error_message = null, worker = null
  where user_id = p_user_id;
  return null;
end;
$$;

comment on function credits_private.erase_jobs(uuid) is
  'Erasure: cancels a user''s unfinished jobs and empties what the others say in words. The account is locked.';

insert into credits_private.erasure_steps (position, step) values (50, 'credits_private.erase_jobs');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/jobs/operations.sql

-- Jobs for operators: what is checked, what can be set, and which attempts need not be kept.

create function credits_private.probe_stuck_jobs() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*), min(s.since), count(*) > 0, coalesce(min(s.since) < credits_private.clock() - interval '1 hour', false)
  )
  from (
    select j.lease_expires_at as since from public.generation_jobs j
    where j.status = 'generating' and j.lease_expires_at < credits_private.clock() - interval '5 minutes' -- rule: silent-worker
    union all
    select j.next_attempt_at from public.generation_jobs j
    where j.status = 'queued' and j.next_attempt_at < credits_private.clock() - interval '10 minutes' -- rule: nobody-came
  ) s;
$$;

comment on function credits_private.probe_stuck_jobs() is
  'Jobs whose worker fell silent and that no sweep took back, and jobs that are due and that nobody takes up.';

create function credits_private.probe_undelivered() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*), min(j.created_at), false,
    coalesce(min(j.created_at) < credits_private.clock() - (select s.reservation_max_lifetime from credits_private.credit_settings s) - interval '10 minutes', false) -- rule: undelivered
  )
  from public.generation_jobs j
  where j.status in ('queued', 'generating');
$$;

comment on function credits_private.probe_undelivered() is
  'Jobs that somebody waits for: an alarm when one is older than a job may become.';

create function credits_private.probe_unpaid_work() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*) filter (where a.unpaid > 0), min(a.ended_at) filter (where a.unpaid > 0),
    coalesce(sum(a.unpaid) > sum(a.charged), false), false -- rule: mostly-unpaid
  )
  from public.job_attempts a
  where a.begun_at > credits_private.clock() - interval '1 day';
$$;

comment on function credits_private.probe_unpaid_work() is
  'Attempts of a day that nobody paid for: a warning when they outweigh what came in.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values
  ('jobs_stuck', 30, 'credits_private.probe_stuck_jobs', 'have requeue_stale_jobs() and jobs/run called; see the logs for attempt_failed', 'jobs-that-wait'),
  ('jobs_undelivered', 31, 'credits_private.probe_undelivered', 'have requeue_stale_jobs() called: it ends what is too old', 'jobs-that-wait'),
  ('unpaid_work', 40, 'credits_private.probe_unpaid_work', 'select * from work_costs, and see whose it is', 'what-work-costs-and-who-pays-for-it');

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.job_settings', null), ('credits_private.work_policy', null);

insert into credits_private.retention (what) values ('job_attempts');

create function public.prune_job_attempts(p_before timestamptz default null, p_limit integer default 10000) returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  v_before timestamptz := credits_private.kept_since('job_attempts', p_before);
  v_count integer;
begin
  -- Materialized: a limit that a join may run again for each row is no limit.
  with old as materialized (
    select job_id, attempt from public.job_attempts
    where begun_at < v_before
      and ended_at is not null -- rule: ended-attempts-only
    limit p_limit -- rule: attempts-limit
    for update skip locked
  )
  delete from public.job_attempts a using old
  where a.job_id = old.job_id and a.attempt = old.attempt;
  get diagnostics v_count = row_count;
  perform credits_private.note_run('prune_job_attempts', v_count);
  return v_count;
end;
$$;

comment on function public.prune_job_attempts(timestamptz, integer) is
  'Deletes attempts that ended and began before p_before (null: as the retention says, which is never until it is set), at most p_limit; returns how many. work_costs forgets them. Idempotent. Raises 22023 for less than 60 days ago.';

revoke all on function public.prune_job_attempts(timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function public.prune_job_attempts(timestamptz, integer) to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('prune_job_attempts', 60);

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/stories/stories.sql

-- Stories: what a user asked for, and what was written.
--
-- Invariants
--   * Admission (rate limit, validation, price, reservation, job) is one transaction and returns its outcome, so
--     that a refusal keeps the record of having been asked (M4).
--   * Only the owner reads a story; only the functions write it.
--
-- Lock order: ARCHITECTURE.md.

create table public.stories (
  id uuid primary key default credits_private.uuid_v7(),
  user_id uuid not null,
  job_id uuid not null unique,
  status public.job_status not null default 'queued',
  prompt text not null,
  age_min integer not null,
  age_max integer not null,
  language text not null,
  page_count integer not null,
  title text,
  pages jsonb,
  error_code text,
  book_refusal text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (status <> 'ready' or (title is not null and jsonb_typeof(pages) = 'array'))
);

comment on table public.stories is
  'Stories. pages is [{text, image_prompt}], null until ready; page_count what was asked for, then what was delivered; book_refusal why no book can be made of it, before it is ready as far as its prompt and its language say.';

create index stories_by_user on public.stories (user_id, id desc);

create trigger stories_touch before update on public.stories
  for each row execute function credits_private.touch_updated_at();

alter table public.stories enable row level security;

create policy "owners read their stories" on public.stories
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.stories from public, anon, authenticated, service_role;
grant select on public.stories to authenticated, service_role;

create view public.story_progress with (security_invoker = true) as
select
  s.id, s.user_id, s.title, s.status, s.prompt, s.age_min, s.age_max, s.language, s.page_count, s.pages, s.error_code,
  s.book_refusal is null as bookable, s.book_refusal, s.created_at, s.updated_at,
  jsonb_build_object(
    'id', j.id, 'status', j.status, 'stage', j.stage, 'pages_done', j.units_done, 'pages_total', j.units_total,
    'attempt', j.attempt, 'next_attempt_at', case when j.status = 'queued' then j.next_attempt_at end
  ) as job
from public.stories s
join public.generation_jobs j on j.id = s.job_id;

comment on view public.story_progress is
  'Stories and how far their jobs have come, as of one moment: what a caller who waits for a story asks for.';

revoke all on public.story_progress from public, anon, authenticated, service_role;
grant select on public.story_progress to authenticated, service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('stories', 'stories', 'deleted', 'content'), ('story_progress', 'stories', 'none', 'a view');

insert into public.credit_pricing (action, credits, unit, description)
values ('story_page', 0.25, 'page', 'A page of a story');

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('story_create', 5, 1);

create function credits_private.foreseen_book_refusal(p_prompt text, p_language text) returns text
  language plpgsql immutable set search_path = ''
as $$
declare
  v_letter text := credits_private.unset_letter(p_prompt);
begin
  return case
    when v_letter is not null then format('No book can show the letter “%s”', v_letter)
    -- Languages of ISO 639-1 that are written in other scripts than Latin, Greek and Cyrillic.
    when p_language = any (
      -- rule: foreseen-script
      '{am,ar,as,bn,bo,cr,dv,dz,fa,gu,he,hi,hy,ii,iu,ja,ka,km,kn,ko,ks,lo,ml,mr,my,ne,or,pa,pi,ps,sa,sd,si,ta,te,th,ti,ug,ur,yi,zh}'
    )
      then 'No book can be set in the script of this language'
  end;
end;
$$;

comment on function credits_private.foreseen_book_refusal(text, text) is
  'Why a story with this prompt in this language will be none that a book can be made of, or null.';

create function public.create_story(p_user_id uuid, p_request jsonb, p_idempotency_key text default null)
  returns public.admission_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_result public.admission_result := credits_private.begin_admission(p_user_id, 'story', p_request, p_idempotency_key);
  v_story_id uuid := credits_private.uuid_v7();
  v_age_min integer;
  v_age_max integer;
  v_pages integer;
  v_language text;
begin
  if v_result.outcome = 'already_accepted' then
    select book_refusal into v_result.message from public.stories where id = v_result.resource_id;
  end if;
  if v_result.outcome is not null then
    return v_result;
  end if;
  -- What a browser says of its language, such as de-DE, is that language here.
  v_language := lower(split_part(credits_private.field_of('story', p_request, 'language'), '-', 1)); -- rule: base-language
  v_age_min := (p_request ->> 'age_min')::numeric;
  v_age_max := (p_request ->> 'age_max')::numeric;
  v_pages := credits_private.field_of('story', p_request, 'pages')::numeric;
  if v_age_max < v_age_min then
    return credits_private.refused(v_result, 'invalid_field', 'age_max', 'age_max must not be below age_min');
  end if;

  v_result := credits_private.admit_job(
    v_result, p_user_id, 'story', v_story_id, p_request, p_idempotency_key, 'story_page', v_pages
  );
  if v_result.outcome = 'accepted' then
    v_result.message := credits_private.foreseen_book_refusal(p_request ->> 'prompt', v_language);
    insert into public.stories (
      id, user_id, job_id, prompt, age_min, age_max, language, page_count, book_refusal, created_at
    )
    values (
      v_story_id, p_user_id, v_result.job_id, p_request ->> 'prompt', v_age_min, v_age_max,
      v_language, v_pages, v_result.message, credits_private.clock()
    );
  end if;
  return v_result;
end;
$$;

comment on function public.create_story(uuid, jsonb, text) is
  'Admits a story in one transaction: rate limit, rules, price, reservation, job. p_request is {prompt, age_min, age_max, pages = 8, language = en}; of a language tag the base counts. Outcomes: accepted, with what is known of why it cannot become a book as message; already_accepted (the key''s first job); idempotency_mismatch (the key was used with another request); rate_limited; insufficient_credits (required says how much); not_offered (its price is not active); invalid (code, field, message). Idempotent by p_idempotency_key; a refused request counts against the rate limit.';

revoke all on function public.create_story(uuid, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.create_story(uuid, jsonb, text) to service_role;

-- supabase/schemas/stories/story_delivery.sql

-- Stories as a kind of job: what the backend is asked for, what delivering stores, what deleting removes.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.story_request(p_job public.generation_jobs) returns jsonb
  language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'prompt', s.prompt, 'age_min', s.age_min, 'age_max', s.age_max, 'pages', s.page_count, 'language', s.language
  )
  from public.stories s
  where s.id = p_job.resource_id;
$$;

comment on function credits_private.story_request(public.generation_jobs) is
  'What the generation backend is asked for: {prompt, age_min, age_max, pages, language}.';

create function credits_private.follow_story(p_job public.generation_jobs) returns void
  language sql set search_path = ''
as $$
  update public.stories set status = p_job.status, error_code = p_job.error_code where id = p_job.resource_id;
$$;

comment on function credits_private.follow_story(public.generation_jobs) is 'Brings a story to the status of its job.';

insert into credits_private.job_kinds (job_type, policy, request_function, follow_function)
values ('story', 'story_create', 'credits_private.story_request', 'credits_private.follow_story');

-- The longest prompt, the most pages, the ages: here and nowhere else.
insert into credits_private.job_request_fields (job_type, position, field, kind, least, most, required, fallback)
values
  ('story', 1, 'prompt', 'text', 3, 1000, true, null),
  ('story', 2, 'age_min', 'integer', 2, 12, true, null),
  ('story', 3, 'age_max', 'integer', 2, 12, true, null),
  ('story', 4, 'pages', 'integer', 1, 60, false, '8'),
  ('story', 5, 'language', 'language', null, null, false, '"en"');

create function credits_private.well_formed_pages(p_pages jsonb, p_at_most integer) returns boolean
  language sql immutable set search_path = ''
as $$
  select case
    when jsonb_typeof(p_pages) is distinct from 'array' then false
    when jsonb_array_length(p_pages) not between 1 and p_at_most then false
    else (
      -- bool_and() would pass over the null of a page that has no text at all.
      -- rule: page-has-text
      select bool_and(coalesce(jsonb_typeof(page -> 'text') = 'string' and credits_private.visible_length(page ->> 'text') > 0, false))
      from jsonb_array_elements(p_pages) page
    )
  end;
$$;

comment on function credits_private.well_formed_pages(jsonb, integer) is
  'Whether pages are what a story needs: at least one, no more than were paid for, each with text.';

create function public.complete_story(p_job_id uuid, p_attempt integer, p_title text, p_pages jsonb)
  returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
  v_refusal text := credits_private.may_complete(v_job, 'story', p_attempt);
  v_title text := left(btrim(p_title), 200);
  v_charged numeric;
begin
  if v_refusal is not null then
    return credits_private.job_outcome(v_refusal, v_job);
  elsif (credits_private.visible_length(v_title) > 0) is not true -- rule: title-has-text
    or not credits_private.well_formed_pages(p_pages, v_job.units_total)
  then
    return credits_private.job_outcome('invalid', v_job);
  end if;

  v_charged := credits_private.charge_job(v_job, credits_private.share_of(v_job, jsonb_array_length(p_pages)));
  if v_charged is null then -- rule: story-paid
    return credits_private.job_outcome('expired', credits_private.lock_job(p_job_id));
  end if;
  update public.stories
  set
    book_refusal = (credits_private.check_settable(null, v_title, p_pages)).message, -- rule: known-refusal
    title = v_title, pages = p_pages, page_count = jsonb_array_length(p_pages)
  where id = v_job.resource_id;
  v_job := credits_private.set_job_status(v_job, 'ready');
  return credits_private.job_outcome('completed', v_job, v_charged);
end;
$$;

comment on function public.complete_story(uuid, integer, text, jsonb) is
  'Stores a story and charges for the pages delivered, in one transaction. p_pages is [{text, image_prompt}]. Outcomes: completed; already_completed; fenced (answered with another attempt, or the job has ended otherwise); invalid (no title, no pages, more pages than were paid for, or one without text: nothing changes); expired (its credits were gone: failed, nothing charged); not_found. Idempotent per attempt.';

revoke all on function public.complete_story(uuid, integer, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.complete_story(uuid, integer, text, jsonb) to service_role;

create function public.delete_story(p_user_id uuid, p_story_id uuid) returns public.deletion_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job_id uuid;
begin
  select job_id into v_job_id from public.stories where id = p_story_id and user_id = p_user_id;
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  perform credits_private.cancel_if_alive(v_job_id); -- rule: deleted-is-cancelled
  delete from public.stories where id = p_story_id; -- rule: deleted-is-gone
  -- Somebody else may have deleted it while this waited.
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  return row('deleted', '{}')::public.deletion_result;
end;
$$;

comment on function public.delete_story(uuid, uuid) is
  'Deletes a story of its owner, its prompt included; an unfinished one is cancelled first and its credits return. Books made of it stay. Outcomes: deleted, not_found (also when it was deleted before). Idempotent but for that.';

revoke all on function public.delete_story(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.delete_story(uuid, uuid) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/stories/books.sql

-- Books: a story made into a PDF.
--
-- Invariants
--   * A book has at least one page and no more than a story can have (H4), made of a ready story of the same owner.
--   * The PDF is in the private bucket `books` at {user_id}/{book_id}/{attempt}-{sha256}.pdf, a path that no other file
--     can have, and only its owner reads it, once it is paid for.
--   * A picture that could not be made is not charged for: the page has an ornament, and costs what a page without costs.
--
-- Lock order: ARCHITECTURE.md.

create table public.books (
  id uuid primary key default credits_private.uuid_v7(),
  user_id uuid not null,
  job_id uuid not null unique,
  story_id uuid references public.stories (id) on delete set null,
  status public.job_status not null default 'queued',
  title text not null,
  with_images boolean not null,
  content jsonb,
  page_count integer not null check (page_count >= 1),
  picture_count integer,
  picture_price public.credit_amount not null default 0,
  pdf_path text,
  pdf_bytes integer,
  error_code text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (status <> 'ready' or pdf_path is not null)
);

comment on table public.books is
  'Books. content is the story as it was when the book was ordered, so that a story deleted meanwhile still becomes the book that was paid for; it goes once the book is ready. picture_count is how many pages have their picture, picture_price what a page without one costs less.';

create index books_by_user on public.books (user_id, id desc);
create index books_by_story on public.books (story_id);

create trigger books_touch before update on public.books
  for each row execute function credits_private.touch_updated_at();

alter table public.books enable row level security;

create policy "owners read their books" on public.books
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.books from public, anon, authenticated, service_role;
grant select on public.books to service_role;
grant select (
  id, user_id, job_id, story_id, status, title, with_images, page_count, picture_count, pdf_path, pdf_bytes, error_code,
  created_at, updated_at
) on public.books to authenticated;

create view public.book_progress with (security_invoker = true) as
select
  b.id, b.user_id, b.story_id, b.title, b.status, b.with_images, b.page_count, b.picture_count, b.error_code, b.created_at, b.updated_at,
  jsonb_build_object(
    'id', j.id, 'status', j.status, 'stage', j.stage, 'pages_done', j.units_done, 'pages_total', j.units_total,
    'attempt', j.attempt, 'next_attempt_at', case when j.status = 'queued' then j.next_attempt_at end
  ) as job
from public.books b
join public.generation_jobs j on j.id = b.job_id;

comment on view public.book_progress is
  'Books and how far their jobs have come, as of one moment: what a caller who waits for a book asks for.';

revoke all on public.book_progress from public, anon, authenticated, service_role;
grant select on public.book_progress to authenticated, service_role;

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('books', 'books', false, 52428800, array['application/pdf'])
on conflict (id) do nothing;

-- A file is there before its book is paid for, and its path is easily guessed.
create policy "owners read their book files" on storage.objects
  for select to authenticated
  using (
    bucket_id = 'books'
    and exists (
      select from public.books b
      where b.user_id = (select auth.uid()) and b.status = 'ready' and b.pdf_path = objects.name
    )
  );

insert into credits_private.user_data (relation, domain, on_erasure, why)
values
  ('books', 'stories', 'deleted', 'content; the files go through the Storage API'),
  ('book_progress', 'stories', 'none', 'a view');

-- Pictures are offered once an operator says that something paints them.
insert into public.credit_pricing (action, credits, unit, description, active)
values
  ('book_page', 0.10, 'page', 'A page of a book without pictures', true),
  ('book_page_with_image', 0.50, 'page', 'A page of a book with its picture', false);

insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('book_generate', 3, 1);

create function credits_private.printed_lines(p_text text) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  return (
    select coalesce(sum(greatest(ceil(length(replace(line, ' ', '')) / 32.0), 1)), 1) -- rule: line-length
    from string_to_table(p_text, E'\n') line
  );
end;
$$;

comment on function credits_private.printed_lines(text) is
  'How many lines a page''s text takes in a book: each paragraph at least one, and one for every 32 characters beside spaces. book/extent.ts of the generation backend has the same measure, and a test compares the two.';

create function credits_private.check_extent(p_result public.admission_result, p_pages jsonb)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_page integer;
  v_lines integer;
begin
  select min(number) filter (where lines > 100), sum(lines) into v_page, v_lines
  from (
    select number, credits_private.printed_lines(page ->> 'text') as lines
    from jsonb_array_elements(p_pages) with ordinality p (page, number)
  ) counted;
  if v_page is not null then -- rule: page-fits
    return credits_private.refused(
      p_result, 'page_too_long', 'story_id', format('Page %s is too long for a book', v_page)
    );
  elsif v_lines > 2000 then -- rule: book-fits
    return credits_private.refused(p_result, 'book_too_long', 'story_id', 'The story is too long for a book');
  end if;
  return p_result;
end;
$$;

comment on function credits_private.check_extent(public.admission_result, jsonb) is
  'Refuses pages that no book holds: more than 100 lines on one, more than 2,000 on all. Setting them would take longer than a function may.';

create function credits_private.unset_letter(p_text text) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  -- What the font of books lacks beside Latin, Greek and Cyrillic: a test compares it with the font, letter by letter.
  return substring(
    normalize(p_text, nfkc),
    -- rule: letters
    '[\u03E2-\u03EF\u0460\u0461\u0464-\u0471\u0476-\u0481\u0531-\u1AAF\u1ABF\u1AC0\u1ACC-\u1CFA\u1DD3-\u1DF4\u2132\u214E'
      '\u2C00-\u2C5F\u2C80-\u2C87\u2C89-\u2DFF\u2E2F\u3005-\u3007\u3021-\u302F\u3031-\uA6EF\uA79A-\uA79F\uA7BA-\uA7C3'
      '\uA7C7-\uA7F6\uA800-\uAB2F\uAB31-\uAB52\uAB54-\uAB63\uAB66-\uD7FF\uF900-\uFAFF\uFB1D-\uFDFD\uFE70-\uFEFC'
      '\U00010000-\U000100FA\U00010140-\U0001018F\U000101FE-\U0001088D\U0001088F-\U0001CFFF\U0001DF25-\U0001EFFF'
      '\U00020000-\U0003FFFF]'
  );
end;
$$;

comment on function credits_private.unset_letter(text) is
  'The first letter that a book cannot show, or null. A backend of your own with other fonts has another answer: replace this function.';

create function credits_private.check_settable(p_result public.admission_result, p_title text, p_pages jsonb)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_letter text;
begin
  select credits_private.unset_letter(concat_ws(' ', p_title, string_agg(page ->> 'text', ' ' order by number))) into v_letter
  from jsonb_array_elements(p_pages) with ordinality p (page, number);
  if v_letter is not null then -- rule: letters-fit
    return credits_private.refused(
      p_result, 'unsupported_script', 'story_id', format('No book can show the letter “%s”', v_letter)
    );
  end if;
  return credits_private.check_extent(p_result, p_pages);
end;
$$;

comment on function credits_private.check_settable(public.admission_result, text, jsonb) is
  'Refuses what no book can show: a letter that its font lacks, more than its pages hold.';

create function credits_private.check_book(p_result public.admission_result, p_story public.stories)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_pages integer := case when jsonb_typeof(p_story.pages) = 'array' then jsonb_array_length(p_story.pages) end;
  v_most integer;
begin
  select most into strict v_most
  from credits_private.job_request_fields
  where job_type = 'story' and field = 'pages';
  if p_story.id is null then
    p_result.outcome := 'not_found';
    p_result.code := 'not_found';
    p_result.message := 'Story not found';
  elsif p_story.status <> 'ready' then
    return credits_private.refused(p_result, 'story_not_ready', 'story_id', 'Story is not ready');
  elsif v_pages < 1 then -- rule: book-has-pages
    return credits_private.refused(p_result, 'invalid_field', 'page_count', 'Book must have at least one page');
  elsif v_pages > v_most then -- rule: book-at-most
    return credits_private.refused(
      p_result, 'invalid_field', 'page_count', format('Book must have at most %s pages', v_most)
    );
  else
    return credits_private.check_settable(p_result, p_story.title, p_story.pages);
  end if;
  return p_result;
end;
$$;

comment on function credits_private.check_book(public.admission_result, public.stories) is
  'Refuses a story that cannot become a book.';

create function public.create_book(p_user_id uuid, p_request jsonb, p_idempotency_key text default null)
  returns public.admission_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_result public.admission_result := credits_private.begin_admission(p_user_id, 'book', p_request, p_idempotency_key);
  v_book_id uuid := credits_private.uuid_v7();
  v_story public.stories;
  v_letter text;
  v_images boolean;
begin
  if v_result.outcome is not null then
    return v_result;
  end if;
  select * into v_story
  from public.stories
  where id = credits_private.as_uuid(p_request ->> 'story_id')
    and user_id = p_user_id; -- rule: own-story
  v_result := credits_private.check_book(v_result, v_story);
  if v_result.outcome is not null then
    return v_result;
  end if;

  v_letter := credits_private.unset_letter(p_request ->> 'title');
  if v_letter is not null then -- rule: title-letters
    return credits_private.refused(
      v_result, 'unsupported_script', 'title', format('No book can show the letter “%s”', v_letter)
    );
  end if;

  v_images := (p_request -> 'with_images')::boolean;
  v_result := credits_private.admit_job(
    v_result, p_user_id, 'book', v_book_id, p_request, p_idempotency_key,
    case when v_images then 'book_page_with_image' else 'book_page' end, jsonb_array_length(v_story.pages)
  );
  if v_result.outcome = 'accepted' then
    insert into public.books (
      id, user_id, job_id, story_id, title, with_images, picture_price, content, page_count, created_at
    )
    values (
      -- Its owner may have deleted the story while this waited for the account.
      v_book_id, p_user_id, v_result.job_id, (select s.id from public.stories s where s.id = v_story.id),
      coalesce(p_request ->> 'title', v_story.title), v_images,
      case when v_images then greatest(
        (credits_private.price_of('book_page_with_image', 1)).cost - (credits_private.price_of('book_page', 1)).cost, 0
      ) else 0 end,
      jsonb_build_object(
        'title', v_story.title, 'pages', v_story.pages, 'language', v_story.language,
        'age_min', v_story.age_min, 'age_max', v_story.age_max
      ),
      jsonb_array_length(v_story.pages), credits_private.clock()
    );
  end if;
  return v_result;
end;
$$;

comment on function public.create_book(uuid, jsonb, text) is
  'Admits a book of a ready story in one transaction. p_request is {story_id, title = the story''s, with_images}. Outcomes: accepted; already_accepted; idempotency_mismatch; rate_limited; insufficient_credits (required says how much); not_found (no such story of this user); not_offered (its price is not active); invalid (code, field, message). Idempotent by p_idempotency_key; a refused request counts against the rate limit.';

revoke all on function public.create_book(uuid, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.create_book(uuid, jsonb, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/stories/book_delivery.sql

-- Books as a kind of job: what the backend is asked for, what delivering stores, what deleting and erasing remove.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.book_request(p_job public.generation_jobs) returns jsonb
  language sql stable set search_path = ''
as $$
  select jsonb_build_object('story', b.content, 'title', b.title, 'with_images', b.with_images)
  from public.books b
  where b.id = p_job.resource_id;
$$;

comment on function credits_private.book_request(public.generation_jobs) is
  'What the generation backend is asked for: {story, title, with_images}.';

create function credits_private.follow_book(p_job public.generation_jobs) returns void
  language sql set search_path = ''
as $$
  update public.books
  set
    status = p_job.status, error_code = p_job.error_code,
    content = case when p_job.status in ('queued', 'generating') then content end
  where id = p_job.resource_id;
$$;

comment on function credits_private.follow_book(public.generation_jobs) is
  'Brings a book to the status of its job; what it is made of goes when the job has ended.';

insert into credits_private.job_kinds (job_type, policy, request_function, follow_function)
values ('book', 'book_generate', 'credits_private.book_request', 'credits_private.follow_book');

insert into credits_private.job_request_fields (job_type, position, field, kind, least, most, required, fallback)
values
  ('book', 1, 'with_images', 'boolean', null, null, true, null),
  ('book', 2, 'title', 'text', 1, 200, false, null),
  ('book', 3, 'story_id', 'uuid', null, null, true, null);

create function credits_private.book_files(p_user_id uuid, p_book_id uuid default null) returns text[]
  language sql stable set search_path = ''
as $$
  -- Also what an attempt stored that never counted. In the order of bytes, by which Storage's own index is made.
  select coalesce(array_agg(o.name order by o.name), '{}')
  from storage.objects o, concat_ws('/', p_user_id, p_book_id) folder
  where o.bucket_id = 'books'
    and o.name collate "C" > folder || '/'
    and o.name collate "C" < folder || '0'; -- rule: files-of-one
$$;

comment on function credits_private.book_files(uuid, uuid) is
  'Every file that is stored for a book, or for all books of a user.';

create function public.complete_book(
  p_job_id uuid,
  p_attempt integer,
  p_pdf_path text,
  p_page_count integer,
  p_byte_size integer,
  p_picture_count integer default null
) returns public.job_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_job public.generation_jobs := credits_private.lock_job(p_job_id);
  v_refusal text := credits_private.may_complete(v_job, 'book', p_attempt);
  v_book public.books;
  v_pictures integer := least(coalesce(p_picture_count, p_page_count), p_page_count);
  v_charged numeric;
begin
  if v_refusal = 'already_completed'
    and p_pdf_path is distinct from (select pdf_path from public.books where id = v_job.resource_id) then -- rule: one-file
    -- Handed in twice at once: what was charged for is what the first one stored.
    return credits_private.job_outcome('fenced', v_job);
  elsif v_refusal is not null then
    return credits_private.job_outcome(v_refusal, v_job);
  elsif (
      p_pdf_path ~ format('^%s/%s/%s-[0-9a-f]{64}[.]pdf$', v_job.user_id, v_job.resource_id, p_attempt) -- rule: path-by-digest
    ) is not true
    or (p_page_count between 1 and v_job.units_total) is not true
    or (p_byte_size > 0) is not true
    or p_picture_count < 0 then
    return credits_private.job_outcome('invalid', v_job);
  end if;

  select * into strict v_book from public.books where id = v_job.resource_id;
  v_charged := credits_private.charge_job(
    v_job,
    greatest(credits_private.share_of(v_job, p_page_count) - (p_page_count - v_pictures) * v_book.picture_price, 0)
  );
  if v_charged is null then
    return credits_private.job_outcome('expired', credits_private.lock_job(p_job_id));
  end if;
  update public.books
  set
    pdf_path = p_pdf_path, pdf_bytes = p_byte_size, page_count = p_page_count,
    picture_count = case when with_images then v_pictures else 0 end
  where id = v_job.resource_id;
  v_job := credits_private.set_job_status(v_job, 'ready');
  return credits_private.job_outcome('completed', v_job, v_charged);
end;
$$;

comment on function public.complete_book(uuid, integer, text, integer, integer, integer) is
  'Makes a stored PDF the book and charges for the story pages in it, in one transaction. p_pdf_path must be {user_id}/{book_id}/{attempt}-{SHA-256 of the file in hex}.pdf, so that no other file can take its place; p_picture_count is how many of the pages have their picture, null for all: one without costs what a page without pictures cost when the book was ordered. Outcomes: completed, already_completed (with the same file), fenced (also by another file of the same attempt), invalid (path, counts or size cannot be: nothing changes), expired (its credits were gone: failed, nothing charged), not_found. Idempotent per attempt.';

revoke all on function public.complete_book(uuid, integer, text, integer, integer, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.complete_book(uuid, integer, text, integer, integer, integer) to service_role;

create function public.delete_book(p_user_id uuid, p_book_id uuid) returns public.deletion_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_book public.books;
begin
  select * into v_book from public.books where id = p_book_id and user_id = p_user_id;
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  perform credits_private.cancel_if_alive(v_book.job_id);
  delete from public.books where id = p_book_id;
  if not found then
    return row('not_found', '{}')::public.deletion_result;
  end if;
  return row('deleted', credits_private.book_files(p_user_id, p_book_id))::public.deletion_result;
end;
$$;

comment on function public.delete_book(uuid, uuid) is
  'Deletes a book of its owner; an unfinished one is cancelled first and its credits return. files are what the caller removes from the bucket. Outcomes: deleted, not_found (also when it was deleted before). Idempotent but for that.';

revoke all on function public.delete_book(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.delete_book(uuid, uuid) to service_role;

create function credits_private.erase_stories(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
declare
  v_files text[];
begin
  select array_agg('books/' || f) into v_files from unnest(credits_private.book_files(p_user_id)) f;
  delete from public.books where user_id = p_user_id;
  delete from public.stories where user_id = p_user_id;
  return v_files;
end;
$$;

comment on function credits_private.erase_stories(uuid) is
  'Erasure: deletes a user''s stories, their prompts included, and books; returns the files of the books.';

insert into credits_private.erasure_steps (position, step) values (60, 'credits_private.erase_stories');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/erasure.sql

-- Erasure: a user's content and identity go, the books still balance.
--
-- Invariants
--   * Amounts, times and the ledger stay under the user's id, which names nobody once the identity is gone.
--   * After an erasure no credit comes in for that user, late events about their money are held (user_gone), and none
--     can be spent: a token that is still good makes no new content.
--
-- Which table holds what of a user is listed in credits_private.user_data, and what is done about it is a step of each
-- domain in credits_private.erasure_steps; a test fails when a table is missing there.
--
-- Lock order: ARCHITECTURE.md. The steps go in the order in which everybody else locks: a confirmed e-mail its identity
-- first, an admission its limit (10), a payment its purchase (30), and all of them the account (40) before a job (50).

create table public.users_to_erase (
  user_id uuid primary key,
  deleted_at timestamptz not null
);

comment on table public.users_to_erase is
  'Whom Auth alone deleted (its dashboard, for one), and whose content is still here: whom to call erase_user() for.';

alter table public.users_to_erase enable row level security;

create policy "operators read whom to erase" on public.users_to_erase for select to service_role using (true);

revoke all on public.users_to_erase from public, anon, authenticated, service_role;
grant select on public.users_to_erase to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('users_to_erase', 'credits', 'deleted', 'the list of what is left to do');

create function credits_private.notice_deletion() returns trigger
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  perform credits_private.ensure_account(old.id);
  update public.credit_accounts
  set erased_at = credits_private.clock()
  where user_id = old.id
    and erased_at is null; -- rule: erased-by-us
  if found then
    insert into public.users_to_erase (user_id, deleted_at) values (old.id, credits_private.clock());
  end if;
  return null;
exception when others then
  -- Auth must be able to delete whatever happens here; the operator finds it in the database's log.
  raise warning 'the deletion of user % was not noticed: % (%)', old.id, sqlerrm, sqlstate; -- rule: deletion-goes-on
  return null;
end;
$$;

comment on function credits_private.notice_deletion() is
  'Nothing comes in for, and nothing is spent by, whom Auth alone deleted; users_to_erase lists them.';

create trigger notice_deletion after delete on auth.users
  for each row execute function credits_private.notice_deletion();

create type public.erasure_result as (outcome text, files text[], at_stripe text[], pending text[]);

create function credits_private.erase_identity(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_marks text[];
begin
  select array_remove(array[lower(email), nullif(phone, '')], null) into v_marks from auth.users where id = p_user_id;
  delete from auth.users where id = p_user_id;
  -- Auth's own log names its actors, and what they signed in by, long after they are gone. Not every project keeps one.
  if to_regclass('auth.audit_log_entries') is not null then
    delete from auth.audit_log_entries
    where exists (
      select from jsonb_path_query(payload::jsonb, 'strict $.**') value
      where lower(value #>> '{}') = any (v_marks || p_user_id::text) -- rule: auth-log-erased
    );
  end if;
  if to_regclass('auth.flow_state') is not null then
    delete from auth.flow_state where user_id = p_user_id;
  end if;
end;
$$;

comment on function credits_private.erase_identity(uuid) is
  'Erasure: deletes a user in Auth, and what Auth keeps of them without a foreign key.';

create function public.erase_user(p_user_id uuid, p_reason text default null, p_actor text default null) returns public.erasure_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_step text;
  v_left text[];
  v_all_left text[] := array[]::text[];
  v_erased_before timestamptz;
  v_is_due boolean;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  perform 1 from auth.users where id = p_user_id for update;
  for v_step in select step from credits_private.erasure_steps order by position loop
    execute format('select %s($1)', v_step) into v_left using p_user_id;
    v_all_left := v_all_left || v_left;
  end loop;
  select erased_at into strict v_erased_before from public.credit_accounts where user_id = p_user_id;
  delete from public.users_to_erase where user_id = p_user_id;
  v_is_due := found;
  update public.credit_accounts
  set erased_at = coalesce(erased_at, credits_private.clock())
  where user_id = p_user_id;
  perform credits_private.erase_identity(p_user_id);
  perform credits_private.note_action(p_actor, 'erase_user', p_user_id, null, p_reason); -- rule: erasure-noted
  return row(
    case when v_erased_before is null or v_is_due then 'erased' else 'already_erased' end,
    array(select l from unnest(v_all_left) l where l not like 'stripe:%' and l not like 'pending:%'),
    array(select substr(l, 8) from unnest(v_all_left) l where l like 'stripe:%'),
    array(select substr(l, 9) from unnest(v_all_left) l where l like 'pending:%')
  )::public.erasure_result;
end;
$$;

comment on function public.erase_user(uuid, text, text) is
  'Erases a user: content and identity go, unfinished work is cancelled, amounts stay under an id that names nobody. files are what the caller removes from Storage, as bucket/path; at_stripe are the sessions and payments that Stripe keeps, for its own redaction; pending are the customers that are still to be deleted at Stripe, which the reconciler does: asked again, an empty list says that it is done. Outcomes: erased, already_erased (what came since is erased too). Idempotent; operator_actions has who and why, so the reason must not say who was erased.';

create function credits_private.probe_users_to_erase() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(*), min(deleted_at), count(*) > 0,
    coalesce(min(deleted_at) < credits_private.clock() - interval '14 days', false) -- rule: erase-in-time
  )
  from public.users_to_erase;
$$;

comment on function credits_private.probe_users_to_erase() is
  'Whom Auth alone deleted: an alarm after two weeks, because the law gives a month.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values ('users_to_erase', 60, 'credits_private.probe_users_to_erase', 'select * from users_to_erase, then erase_user() for each', 'erasing-a-user');

revoke all on function public.erase_user(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.erase_user(uuid, text, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;

-- supabase/schemas/schedules.sql

-- Schedules: the sweeps, where the project has pg_cron. They are plain SQL, so that nothing outside the database has
-- to be up for credits to come back; elsewhere (the local stack) a timer calls the same functions. A call does a limited
-- amount of work, so reservations are swept each minute and not only every five, which is what M6 asks.
--
-- What is swept, and how often, each domain says in credits_private.sweeps: a row that comes later is scheduled too.

create function credits_private.schedule_sweeps() returns trigger
  language plpgsql security definer set search_path = ''
as $$
declare
  v_sweep record;
begin
  if not exists (select from pg_extension where extname = 'pg_cron') then
    return null;
  end if;
  for v_sweep in select sweep, every_minutes from credits_private.sweeps loop
    perform cron.schedule(
      replace(v_sweep.sweep, '_', '-'),
      case when v_sweep.every_minutes < 60 then format('*/%s * * * *', v_sweep.every_minutes) else '23 * * * *' end,
      format('select public.%I()', v_sweep.sweep)
    );
  end loop;
  return null;
end;
$$;

comment on function credits_private.schedule_sweeps() is
  'Gives pg_cron, where the project has it, every sweep; one that it has already is set to today''s interval.';

create trigger schedule_sweeps after insert or update of sweep, every_minutes on credits_private.sweeps
  for each statement execute function credits_private.schedule_sweeps();

do $$
begin
  if exists (select from pg_available_extensions where name = 'pg_cron') then
    create extension if not exists pg_cron;
  end if;
  -- Sets off the trigger for the sweeps that came before it.
  update credits_private.sweeps set every_minutes = every_minutes;
end;
$$;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
