-- Foundation: the private schema, the clock, identifiers and the guards that every other migration uses.
--
-- Invariants
--   * `private` is reachable by no API role; what is in it runs only through the functions of `public`.
--   * Every rule takes its time from one place, private.clock(), which pgTAP replaces inside its own transaction.
--   * Privileges are revoked by name and granted on the lines after each object, because projects differ in
--     their default privileges: older ones grant everything in `public` to the API roles, newer ones nothing.

create schema private;

comment on schema private is 'Helpers of the credits backend. No API role has any privilege in it.';

revoke all on schema private from public, anon, authenticated, service_role;

create function private.clock() returns timestamptz
  language plpgsql volatile set search_path = ''
as $$
begin
  return clock_timestamp();
end;
$$;

comment on function private.clock() is
  'The time every rule uses. Reads the wall clock after locks were waited for, unlike now(). Tests replace it inside their transaction; no API role can.';

revoke all on function private.clock() from public, anon, authenticated, service_role;

-- Helpers of the hot paths are in PL/pgSQL: a SQL function that cannot be inlined is parsed again in every transaction.
create function private.uuid_v7() returns uuid
  language plpgsql volatile set search_path = ''
as $$
begin
  return (
    lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7'
    || substr(replace(gen_random_uuid()::text, '-', ''), 14)
  )::uuid;
end;
$$;

comment on function private.uuid_v7() is
  'A time-ordered identifier (RFC 9562, version 7): milliseconds first, so that new keys land on the same index pages.';

revoke all on function private.uuid_v7() from public, anon, authenticated, service_role;

create function private.refuse_argument(p_name text, p_rule text) returns void
  language plpgsql set search_path = ''
as $$
begin
  raise exception '% %', p_name, p_rule using errcode = 'invalid_parameter_value';
end;
$$;

comment on function private.refuse_argument(text, text) is
  'Raises 22023 naming the argument and the rule: a caller''s bug, unlike a business outcome, which is returned.';

revoke all on function private.refuse_argument(text, text) from public, anon, authenticated, service_role;

create domain public.credit_amount as numeric(12, 2) check (value >= 0);

comment on domain public.credit_amount is
  'An exact amount of credits that can never be negative. A domain and not a check on each column: the server parses a column''s check again for every statement, which cost the hot paths a quarter of their time.';

create function private.is_amount(p_amount numeric) returns boolean
  language plpgsql immutable set search_path = ''
as $$
begin
  -- NaN sorts above every number, so the upper bound refuses it together with infinity.
  return coalesce(p_amount > 0 and p_amount <= 9999999999.99 and p_amount = round(p_amount, 2), false);
end;
$$;

comment on function private.is_amount(numeric) is
  'Whether a number can be an amount of credits: above zero, at most two decimal places, within numeric(12,2).';

revoke all on function private.is_amount(numeric) from public, anon, authenticated, service_role;

create function private.touch_updated_at() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  new.updated_at := private.clock();
  return new;
end;
$$;

comment on function private.touch_updated_at() is 'Before-update trigger: moves updated_at on every update. Runs as its owner, because operators update as service_role, who cannot read the clock.';

revoke all on function private.touch_updated_at() from public, anon, authenticated, service_role;

create function private.refuse_change() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end;
$$;

comment on function private.refuse_change() is
  'Statement trigger for append-only tables: refuses update, delete and truncate for every role, the owner included.';

revoke all on function private.refuse_change() from public, anon, authenticated, service_role;
