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
