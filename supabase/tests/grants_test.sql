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

create temp table rpc (name text);
insert into rpc
values
  ('adjust_credits(uuid, numeric, text, text)'),
  ('apply_stripe_event(jsonb)'),
  ('attach_checkout_session(uuid, uuid, text, text, timestamp with time zone)'),
  ('cancel_job(uuid, uuid)'),
  ('check_rate_limit(text, text, integer, integer)'),
  ('claim_job(uuid, text, text)'),
  ('cleanup_rate_limits()'),
  ('complete_book(uuid, integer, text, integer, integer)'),
  ('complete_story(uuid, integer, text, jsonb)'),
  ('confirm_credits(uuid, uuid, numeric)'),
  ('create_book(uuid, jsonb, text)'),
  ('create_checkout(uuid, uuid)'),
  ('create_story(uuid, jsonb, text)'),
  ('delete_book(uuid, uuid)'),
  ('delete_story(uuid, uuid)'),
  ('erase_user(uuid)'),
  ('expire_credits()'),
  ('extend_reservation(uuid, uuid, interval)'),
  ('fail_job(uuid, integer, text, text, boolean)'),
  ('grant_credits(uuid, numeric, text, text, timestamp with time zone, text)'),
  ('heartbeat_job(uuid, integer, integer, text)'),
  ('read_balance(uuid)'),
  ('read_usage(uuid, integer, text)'),
  ('release_credits(uuid, uuid, text)'),
  ('release_stale_reservations(integer)'),
  ('replay_stripe_event(text)'),
  ('dismiss_stripe_event(text)'),
  ('requeue_stale_jobs()'),
  ('reserve_credits(uuid, uuid, numeric, text, text, jsonb, interval)'),
  ('verify_credits(uuid)');

select set_eq(
  $$select proname || '(' || oidvectortypes(proargtypes) || ')' from pg_proc where pronamespace = 'public'::regnamespace$$,
  'select name from rpc',
  'Point 8: public holds the listed functions and no other'
);
select set_eq(
  $$select name, role, privilege from granted where kind = 'function' and schema = 'public'$$,
  $$select name, 'service_role' as role, 'execute' as privilege from rpc$$,
  'H3: service_role, and nobody else, may call each function of public'
);
select is_empty(
  $$select name, role from granted where kind = 'function' and schema = 'credits_private'$$,
  'H3: nobody may call a function of private'
);

-- Tables, views and sequences -------------------------------------------------------------------------------------

create temp table relation (name text, service_role text[], authenticated text[]);
insert into relation
values
  ('api_rate_limits', '{select}', '{}'),
  ('book_progress', '{select}', '{select}'),
  ('books', '{select}', '{}'),
  ('credit_accounts', '{select}', '{}'),
  ('credit_debts', '{select}', '{}'),
  ('credit_batches', '{select}', '{}'),
  ('credit_ledger', '{select}', '{}'),
  ('credit_packs', '{select,insert,update}', '{}'),
  ('credit_pricing', '{select,insert,update}', '{select}'),
  ('credit_revocations', '{select}', '{}'),
  ('credit_usage_logs', '{select}', '{}'),
  ('generation_jobs', '{select}', '{}'),
  ('held_stripe_events', '{select}', '{}'),
  ('purchases', '{select}', '{}'),
  ('rate_limit_policies', '{select,insert,update}', '{}'),
  ('stories', '{select}', '{select}'),
  ('story_progress', '{select}', '{select}'),
  ('stripe_disputes', '{select}', '{}'),
  ('stripe_events', '{select}', '{}'),
  ('stripe_payments', '{select}', '{}'),
  ('stripe_refunds', '{select}', '{}'),
  ('user_credits', '{select}', '{select}');

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
  'H3: nobody has a privilege on a table or view of private'
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
        ('credit_accounts', 'user_id available reserved debt head_batch_id head_remaining'),
        ('credit_batches', 'user_id id source original_amount stored_remaining expires_at created_at'),
        ('credit_debts', 'user_id id original_amount remaining_amount created_at'),
        ('credit_ledger', 'user_id entry kind amount job_id available_after reserved_after debt_after created_at'),
        ('credit_revocations', 'user_id amount debt_amount created_at'),
        ('credit_usage_logs', 'user_id id job_id job_type credits_used status description expires_at created_at settled_at'),
        ('credit_packs', 'id name credits amount_cents currency position active'),
        ('purchases', 'id user_id pack_id credits amount_cents currency status reversed_cents revoked_credits created_at updated_at'),
        ('generation_jobs', 'id user_id job_type resource_id status stage pages_done pages_total attempt cost error_code created_at updated_at'),
        ('books', 'id user_id job_id story_id status title with_images page_count pdf_path pdf_bytes error_code created_at updated_at')
    ) t (name, columns)
  $$,
  'M2: authenticated reads the listed columns and no other, metadata not among them'
);

select * from finish();
rollback;
