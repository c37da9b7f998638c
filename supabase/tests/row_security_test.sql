-- H3 and point 8: row security. Who reads what, as owner, stranger and anon, and that nobody writes.
begin;
create extension if not exists pgtap with schema extensions;
select plan(37);

create function pg_temp.id(p_name text) returns uuid language sql immutable return md5(p_name)::uuid;

create function pg_temp.attempt(p_role text, p_user uuid, p_sql text) returns text language plpgsql as $$
declare
  v_answer text := 'done';
begin
  perform set_config('request.jwt.claims', jsonb_build_object('role', p_role, 'sub', p_user)::text, true);
  perform set_config('role', p_role, true);
  if p_sql like 'select%' then
    execute p_sql into v_answer;
  else
    execute p_sql;
  end if;
  reset role;
  return v_answer;
exception when others then
  reset role;
  return sqlstate;
end;
$$;

-- One row for Ada in every table that its owner may read -------------------------------------------------------------

insert into auth.users (id, email) values (pg_temp.id('ada'), 'ada@example.com'), (pg_temp.id('eve'), 'eve@example.com');
select public.grant_credits(pg_temp.id('ada'), 10, 'promotion', 'gift');
select public.adjust_credits(pg_temp.id('ada'), -1, 'fix', 'a mistake', 'test');
select public.reserve_credits(pg_temp.id('ada'), pg_temp.id('job'), 1, 'test');
select public.confirm_credits(pg_temp.id('ada'), pg_temp.id('job'));
select public.refund_job(pg_temp.id('ada'), pg_temp.id('job'), 'sorry', 'a blank page', 'test', 0.50);
select public.create_checkout(pg_temp.id('ada'), id) from public.credit_packs limit 1;
insert into public.credit_debts (user_id, reference, original_amount, remaining_amount)
values (pg_temp.id('ada'), 'for this test', 0, 0);
insert into public.credit_pricing (action, credits, unit, description, active)
values ('test', 1, 'page', 'A page', true), ('test off', 1, 'page', 'A page', false);
insert into public.credit_pack_prices (pack_id, currency, amount_cents) select id, 'eur', 900 from public.credit_packs;
update public.credit_packs set active = false where name = 'Classroom';
insert into public.plans (id, name, active) values (pg_temp.id('plan'), 'Reader', true), (pg_temp.id('old plan'), 'Former', false);
insert into public.plan_versions (id, plan_id, version, credits)
values (pg_temp.id('version'), pg_temp.id('plan'), 1, 5), (pg_temp.id('draft'), pg_temp.id('plan'), 2, 9), (pg_temp.id('old version'), pg_temp.id('old plan'), 1, 5);
insert into public.plan_prices (stripe_price_id, version_id, "interval", amount_cents, active)
values ('price_1', pg_temp.id('version'), 'month', 500, true), ('price_0', pg_temp.id('old version'), 'month', 500, true), ('price_2', pg_temp.id('version'), 'year', 1, false);

-- A product's own tables are looked at beside it.
create temp table readable (name text, columns text);
insert into readable
select c.relname::text, string_agg(quote_ident(a.attname), ', ')
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped
  and has_column_privilege('authenticated', c.oid, a.attnum, 'select')
  and c.relname in (select relation from credits_private.user_data where domain in ('limits', 'credits', 'billing', 'plans'))
group by c.relname;

-- The catalogue -----------------------------------------------------------------------------------------------------

select is_empty(
  $$
    select oid::regclass from pg_class
    where relnamespace in ('public'::regnamespace, 'credits_private'::regnamespace) and relkind in ('r', 'p') and not relrowsecurity
  $$,
  'H3: row security is on for every table'
);
select is_empty(
  $$
    select oid::regclass from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'v' and not coalesce(reloptions @> '{security_invoker=true}', false)
  $$,
  'H3: every view of public asks as its caller'
);
select is_empty(
  $$
    select tablename, policyname from pg_policies
    where schemaname in ('public', 'credits_private') and qual is distinct from 'false'
      and ('{anon,public}' && roles or ('authenticated' = any (roles) and cmd <> 'SELECT'))
  $$,
  'H3: no policy lets anon do anything or authenticated write'
);

-- Reading -----------------------------------------------------------------------------------------------------------

select set_eq(
  $$
    select name, pg_temp.attempt('authenticated', pg_temp.id('ada'), format('select count(*) > 0 from (select %s from public.%I) t', columns, name))
    from readable
  $$,
  $$
    select unnest(array['credit_accounts', 'user_credits', 'credit_debts', 'credit_ledger', 'credit_refunds', 'credit_revocations', 'credit_usage_logs', 'credit_packs',
      'credit_pack_prices', 'credit_pricing', 'credit_purchases', 'plans', 'plan_versions', 'plan_prices', 'plan_offers']), 'true'
  $$,
  'H3: an owner reads their row in each of these tables'
);
select set_eq(
  $$
    select name
    from readable
    where pg_temp.attempt('authenticated', pg_temp.id('eve'), format('select count(*) from (select %s from public.%I) t', columns, name)) <> '0'
  $$,
  array['credit_packs', 'credit_pack_prices', 'credit_pricing', 'plans', 'plan_versions', 'plan_prices', 'plan_offers'],
  'H3: a stranger reads none of them, beside what is for sale'
);
select is(
  pg_temp.attempt('authenticated', null, 'select count(job_id) from public.credit_usage_logs'), '0', 'H3: a token without a user reads nothing'
);
select is(
  pg_temp.attempt('authenticated', pg_temp.id('eve'), 'select count(name) from public.credit_packs'), '2',
  'H3: a pack that is no longer sold is not shown'
);
select is(
  pg_temp.attempt('authenticated', pg_temp.id('eve'), 'select count(currency) from public.credit_pack_prices'), '2', 'H3: nor what it costs'
);
select is(
  pg_temp.attempt('authenticated', pg_temp.id('eve'), 'select string_agg(action, '','') from public.credit_pricing where action ~ ''^test'''), 'test',
  'H3: nor is a price that is not offered'
);
select is(
  pg_temp.attempt('authenticated', pg_temp.id('eve'), 'select string_agg(name || price_id, '','') from public.plan_offers'), 'Readerprice_1',
  'H3: nor is a plan or a price of one'
);
select is(
  pg_temp.attempt('authenticated', pg_temp.id('eve'), 'select count(credits) from public.plan_versions'), '2', 'H3: nor what a plan grants that is not offered'
);
select is_empty(
  $$
    select c.relname
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
      and pg_temp.attempt('anon', null, format('select count(*) from public.%I', c.relname)) <> '42501'
  $$,
  'H3: anon reads no table'
);
select set_eq(
  $$
    select c.relname::text
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
      and pg_temp.attempt('authenticated', pg_temp.id('ada'), format('select count(*) from public.%I', c.relname)) = '42501'
  $$,
  array(
    select name
    from unnest(array[
      'api_rate_limits', 'credit_archive_sums', 'credit_checkpoints', 'credit_ledger_archive', 'credit_usage_months',
      'held_stripe_events', 'job_attempts', 'operator_actions', 'plan_grants', 'rate_limit_policies', 'subscription_checkouts',
      'subscription_invoices', 'subscription_payments', 'subscription_versions', 'subscriptions', 'stripe_customers', 'stripe_disputes', 'stripe_events',
      'stripe_payments', 'stripe_refunds', 'users_to_erase', 'work_costs'
    ]) name
    where to_regclass('public.' || name) is not null
  ),
  'H3: a signed-in user reads none of the internal tables'
);
select is(
  pg_temp.attempt('authenticated', pg_temp.id('ada'), format('select %s from public.%I limit 1', c.column, c.table)), '42501',
  format('M2: an owner cannot read %s.%s', c.table, c.column)
)
from (
  values
    ('credit_usage_logs', 'metadata'), ('credit_usage_logs', 'settle_reason'), ('credit_usage_logs', '*'),
    ('user_credits', 'grant_key'), ('credit_ledger', 'reference'), ('credit_revocations', 'reason'), ('credit_refunds', 'reason'), ('credit_refunds', 'refund_key'),
    ('credit_purchases', 'stripe_payment_intent_id')
) c ("table", "column");
select is_empty(
  $$
    select c.relname
    from pg_class c
    where c.relnamespace = 'credits_private'::regnamespace and c.relkind in ('r', 'v')
      and array['42501'] <> all (
        select array[pg_temp.attempt(r, pg_temp.id('ada'), format('select count(*) from credits_private.%I', c.relname))]
        from unnest('{anon,authenticated,service_role}'::text[]) r
      )
  $$,
  'H3: no API role reads a table of credits_private'
);

-- Writing -----------------------------------------------------------------------------------------------------------

select is_empty(
  format(
    $$
      select c.relname
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and pg_temp.attempt(%L, pg_temp.id('ada'), format(%L, c.relname, a.attname)) <> '42501'
    $$,
    r.role, v.statement
  ),
  format('H3: %s %s no table', r.role, v.verb)
)
from (values ('anon'), ('authenticated')) r (role)
cross join (
  values
    ('inserts into', 'insert into public.%I default values'), ('updates', 'update public.%I set %I = null'),
    ('deletes from', 'delete from public.%I'), ('truncates', 'truncate public.%I')
) v (verb, statement);
select set_eq(
  $$
    select c.relname::text
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and pg_temp.attempt('service_role', null, format('insert into public.%I default values', c.relname)) <> '42501'
  $$,
  array['credit_packs', 'credit_pack_prices', 'credit_pricing', 'plan_prices', 'plan_versions', 'plans', 'rate_limit_policies'],
  'H3: service_role writes what operators set, and credits only through the RPCs'
);
select is(
  pg_temp.attempt('service_role', null, s.statement), 'done', 'M4: an operator may ' || s.what || ' without a deploy'
)
from (
  values
    ('set a price', 'update public.credit_pricing set credits = 0.30'),
    ('tune a limit', 'update public.rate_limit_policies set max_requests = 7'),
    ('offer a pack', 'insert into public.credit_packs (name, credits, amount_cents) values (''Extra'', 5, 500)')
) s (what, statement);

-- Calling -----------------------------------------------------------------------------------------------------------

select is_empty(
  format(
    $$
      select p.oid::regprocedure
      from pg_proc p
      where p.pronamespace = 'public'::regnamespace
        and pg_temp.attempt(%L, pg_temp.id('ada'), (
          select format('select count(*) from public.%%I(%%s)', p.proname, string_agg('null::' || format_type(a.type, null), ', ' order by a.position))
          from unnest(p.proargtypes) with ordinality a (type, position)
        )) <> '42501'
    $$,
    r.role
  ),
  format('H3: %s calls no function', r.role)
) from (values ('anon'), ('authenticated')) r (role);

select * from finish();
rollback;
