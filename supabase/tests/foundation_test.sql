-- What every other migration builds on: the private schema, the clock, identifiers and the guards.
begin;
create extension if not exists pgtap with schema extensions;
select plan(38);

-- H3: the private schema ------------------------------------------------------------------------------------------

select is_empty(
  $$
    select r.name from (values ('anon'), ('authenticated'), ('service_role')) r (name)
    where has_schema_privilege(r.name, 'credits_private', 'usage') or has_schema_privilege(r.name, 'credits_private', 'create')
  $$,
  'H3: no API role gets into the private schema'
);
select is_empty(
  $$
    select r.name from (values ('anon'), ('authenticated'), ('service_role')) r (name)
    where has_schema_privilege(r.name, 'public', 'create')
  $$,
  'H3: no API role creates anything in the public schema'
);
select is_empty(
  $$
    select p.oid::regprocedure from pg_proc p
    where p.pronamespace in ('public'::regnamespace, 'credits_private'::regnamespace)
      and not coalesce(p.proconfig @> array['search_path=""'], false)
  $$,
  'H3: every function pins an empty search_path'
);
select is_empty(
  $$
    select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and (not p.prosecdef or obj_description(p.oid, 'pg_proc') is null)
  $$,
  'every RPC runs as its owner and says what it promises'
);
select is_empty(
  $$
    select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'credits_private'::regnamespace and p.prosecdef and p.prorettype <> 'trigger'::regtype
  $$,
  'no helper runs as its owner: only RPCs and triggers do'
);

-- Point 9: the clock ----------------------------------------------------------------------------------------------

select cmp_ok(credits_private.clock(), '>', now(), 'Point 9: the clock moves within a transaction');
select cmp_ok(credits_private.clock(), '<=', clock_timestamp(), 'Point 9: the clock is the wall clock');
select throws_ok(
  format(
    'set local role %I; create or replace function credits_private.clock() returns timestamptz language sql as ''select now()''',
    r.name
  ),
  '42501', null, 'Point 9: ' || r.name || ' cannot set the clock'
) from (values ('anon'), ('authenticated'), ('service_role')) r (name);
select throws_ok(
  format('set local role %I; select credits_private.clock()', r.name),
  '42501', null, 'H3: ' || r.name || ' cannot call a helper'
) from (values ('anon'), ('authenticated'), ('service_role')) r (name);

-- Identifiers -----------------------------------------------------------------------------------------------------

select matches(
  credits_private.uuid_v7()::text, '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  'an identifier is a version 7 UUID'
);
select is(
  ('x' || left(replace(credits_private.uuid_v7()::text, '-', ''), 12))::bit(48)::bigint / 10000,
  (extract(epoch from clock_timestamp()) * 1000)::bigint / 10000,
  'an identifier begins with the time'
);
select is(count(distinct credits_private.uuid_v7()), 1000::bigint, 'identifiers of one moment differ')
from generate_series(1, 1000);

-- L1, I3: amounts -------------------------------------------------------------------------------------------------

select is(credits_private.is_amount(a.value), a.expected, format('L1: is_amount(%s) is %s', coalesce(a.value::text, 'null'), a.expected))
from (
  values
    (0.01, true), (9999999999.99, true), (1.10, true), (1.1000, true), (0, false), (-0.01, false), (0.001, false),
    (10000000000, false), ('NaN'::numeric, false), ('infinity'::numeric, false), ('-infinity'::numeric, false), (null, false)
) a (value, expected);
select throws_ok($$select (-0.01)::public.credit_amount$$, '23514', null, 'L1: no stored amount is negative');
select is((0.125)::public.credit_amount::text, '0.13', 'L1: a stored amount has two places');
select is_empty(
  $$
    select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0
      and a.atttypid in ('numeric'::regtype, 'double precision'::regtype, 'real'::regtype, 'money'::regtype)
  $$,
  'L1, I3: every stored amount is an exact decimal with two places'
);

-- A bad argument --------------------------------------------------------------------------------------------------

select throws_ok(
  $$select credits_private.refuse_argument('p_amount', 'must be above 0')$$, '22023', 'p_amount must be above 0',
  'a bad argument raises 22023 and names itself'
);

-- What can be seen -------------------------------------------------------------------------------------------------

select is(credits_private.visible_length(t), n, format('%s characters of %s can be seen', n, what))
from (
  values
    (' Ada  ', 3, 'a name between spaces'), ('🦊é', 2, 'a fox and a letter'), ('', 0, 'nothing'),
    (E'\u200B\u00AD\uFEFF\u2060\u3164\u115F\u2800\u180E\uFE0F\u034F\u202E\u0085', 0, 'spaces of no width, fillers and marks'),
    (U&'\+0E0041\+0E007F\+0E0101\+01D173', 0, 'tags, selectors and beams'), (null, null, 'null')
) c (t, n, what);

select * from finish();
rollback;
