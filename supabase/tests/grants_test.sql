-- Point 8: the grant matrix as data, in both directions. What is granted and not listed here fails, and so does what
-- is listed and not granted. It must hold whatever the project's default privileges are.
begin;
create extension if not exists pgtap with schema extensions;
select plan(8);

create temp view granted as
select
  o.kind, o.schema, o.name, case when g.grantee = 0 then 'public' else g.grantee::regrole::text end as role,
  lower(g.privilege_type) as privilege
from (
  select case c.relkind when 'S' then 'sequence' else 'table' end as kind, c.relnamespace::regnamespace::text as schema,
    c.relname::text as name, c.relowner as owner,
    coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)) as acl
  from pg_class c
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
  select 'function', p.pronamespace::regnamespace::text, p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
    p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
  from pg_proc p
) o
cross join lateral aclexplode(o.acl) g
where o.schema in ('public', 'credits_private') and g.grantee <> o.owner
  and (g.grantee = 0 or g.grantee::regrole::text in ('anon', 'authenticated', 'service_role'));

-- Functions -------------------------------------------------------------------------------------------------------

select set_eq(
  $$select name, role, privilege from granted where kind = 'function' and schema = 'public'$$,
  $$
    select proname || '(' || oidvectortypes(proargtypes) || ')' as name, 'service_role' as role, 'execute' as privilege
    from pg_proc
    where pronamespace = 'public'::regnamespace
  $$,
  'H3: service_role, and nobody else, may call each function of public'
);
select is_empty(
  $$select name, role from granted where kind = 'function' and schema = 'credits_private'$$,
  'H3: nobody may call a function of credits_private'
);

select is_empty(
  $$select oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace and pg_get_function_arguments(oid) ~ 'credits_private'$$,
  'H3: no default of an RPC asks for what its caller may not call'
);

-- Tables, views and sequences -------------------------------------------------------------------------------------

create temp table listed (name text, service_role text[], authenticated text[]);
insert into listed
values
  ('api_rate_limits', '{select}', '{}'),
  ('book_progress', '{select}', '{select}'),
  ('books', '{select}', '{}'),
  ('credit_accounts', '{select}', '{}'),
  ('credit_debts', '{select}', '{}'),
  ('credit_archive_sums', '{select}', '{}'),
  ('credit_checkpoints', '{select}', '{}'),
  ('credit_ledger', '{select}', '{}'),
  ('credit_ledger_archive', '{select}', '{}'),
  ('credit_usage_months', '{select}', '{}'),
  ('operator_actions', '{select}', '{}'),
  ('credit_pack_prices', '{select,insert,update,delete}', '{}'),
  ('credit_packs', '{select,insert,update}', '{}'),
  ('credit_pricing', '{select,insert,update}', '{select}'),
  ('credit_refunds', '{select}', '{}'),
  ('credit_revocations', '{select}', '{}'),
  ('credit_usage_logs', '{select}', '{}'),
  ('generation_jobs', '{select}', '{}'),
  ('job_attempts', '{select}', '{}'),
  ('work_costs', '{select}', '{}'),
  ('plans', '{select,insert,update}', '{}'),
  ('plan_versions', '{select,insert}', '{}'),
  ('plan_prices', '{select,insert,update}', '{select}'),
  ('plan_offers', '{select}', '{select}'),
  ('plan_grants', '{select}', '{}'),
  ('subscriptions', '{select}', '{}'),
  ('subscription_checkouts', '{select}', '{}'),
  ('subscription_invoices', '{select}', '{}'),
  ('subscription_payments', '{select}', '{}'),
  ('subscription_versions', '{select}', '{}'),
  ('users_to_erase', '{select}', '{}'),
  ('held_stripe_events', '{select}', '{}'),
  ('credit_purchases', '{select}', '{}'),
  ('rate_limit_policies', '{select,insert,update}', '{}'),
  ('stories', '{select}', '{select}'),
  ('story_progress', '{select}', '{select}'),
  ('stripe_customers', '{select}', '{}'),
  ('stripe_disputes', '{select}', '{}'),
  ('stripe_events', '{select}', '{}'),
  ('stripe_payments', '{select}', '{}'),
  ('stripe_refunds', '{select}', '{}'),
  ('user_credits', '{select}', '{}');

-- The product of the seeds may be left out: what it would have is expected only where it is.
create temp view relation as
select l.* from listed l where l.name not in ('stories', 'books', 'story_progress', 'book_progress', 'generation_jobs', 'job_attempts', 'work_costs')
  or to_regclass('public.' || l.name) is not null;

select set_eq(
  $$select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')$$,
  'select name from relation',
  'Point 8: public holds the listed tables and views and no other'
);
select set_eq(
  $$select name, role, privilege from granted where kind = 'table' and schema = 'public'$$,
  $$
    select name, 'service_role' as role, unnest(service_role) as privilege from relation
    union all select name, 'authenticated', unnest(authenticated) from relation
  $$,
  'H3: each table and view of public grants what is listed; anon gets nothing'
);
select is_empty(
  $$select name, role, privilege from granted where kind = 'table' and schema = 'credits_private'$$,
  'H3: nobody has a privilege on a table or view of credits_private'
);
select is_empty(
  $$select name, role, privilege from granted where kind = 'sequence'$$,
  'H3: nobody has a privilege on a sequence'
);

-- M2: columns -----------------------------------------------------------------------------------------------------

select set_eq(
  $$
    select c.relname::text as name, a.attname::text as column, g.grantee::regrole::text as role, lower(g.privilege_type) as privilege
    from pg_attribute a join pg_class c on c.oid = a.attrelid cross join lateral aclexplode(a.attacl) g
    where c.relnamespace in ('public'::regnamespace, 'credits_private'::regnamespace)
  $$,
  $$
    select t.name, unnest(string_to_array(t.columns, ' ')) as column, 'authenticated' as role, 'select' as privilege
    from (
      values
        ('credit_accounts', 'user_id available reserved debt'),
        ('user_credits', 'user_id id source original_amount remaining_amount expires_at created_at'),
        ('credit_debts', 'user_id id original_amount remaining_amount created_at'),
        ('credit_ledger', 'user_id entry kind amount job_id available_after reserved_after debt_after created_at'),
        ('credit_refunds', 'user_id job_id amount created_at'),
        ('credit_revocations', 'user_id amount debt_amount created_at'),
        ('credit_usage_logs', 'user_id id job_id job_type credits_used refunded_amount status description expires_at created_at settled_at'),
        ('credit_pack_prices', 'pack_id currency amount_cents'),
        ('credit_packs', 'id name credits amount_cents currency position active'),
        ('credit_purchases', 'id user_id pack_id credits amount_cents currency status reversed_cents revoked_credits reversed_at created_at updated_at'),
        ('plans', 'id name description active position'),
        ('plan_versions', 'id plan_id version credits drip rollover_cap rollover_lifetime trial_credits upgrade'),
        ('generation_jobs', 'id user_id job_type resource_id status stage units_done units_total attempt next_attempt_at cost error_code created_at updated_at'),
        ('books', 'id user_id job_id story_id status title with_images page_count picture_count pdf_path pdf_bytes error_code created_at updated_at')
    ) t (name, columns)
    join relation r on r.name = t.name
  $$,
  'M2: authenticated reads the listed columns and no other, metadata not among them'
);

select * from finish();
rollback;
