-- Point 10: a user can be erased. Content and identity go, the books still balance, and what comes late is held.
begin;
create extension if not exists pgtap with schema extensions;
select plan(46);
\ir helpers.psql

insert into public.credit_packs (name, credits, amount_cents) values ('Test', 10, 1000);

-- Every table is classified ----------------------------------------------------------------------------------------

select set_eq(
  $$select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')$$,
  'select relation from credits_private.user_data',
  'Point 10: credits_private.user_data says of every table and view what an erasure does to it'
);
select is_empty(
  $$
    select c.table_name, c.column_name from information_schema.columns c
    join credits_private.user_data d on d.relation = c.table_name and d.on_erasure = 'none'
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
    where c.table_schema = 'public' and c.column_name in ('user_id', 'identifier', 'email')
  $$,
  'Point 10: no table that names a user counts as free of user data'
);

-- Somebody with something in every table ---------------------------------------------------------------------------

create function pg_temp.live(p_name text) returns void language plpgsql as $$
declare
  v_user uuid := pg_temp.id(p_name);
  v_purchase uuid;
  v_event text := format(
    '{"id": "evt_%1$s", "type": "checkout.session.completed", "created": 1893499200, "data": {"object": {
      "id": "cs_%1$s", "object": "checkout.session", "mode": "payment", "payment_status": "paid", "payment_intent": "pi_%1$s",
      "amount_total": 1000, "currency": "usd", "customer_details": {"email": "%1$s@example.com", "name": "WORD"},
      "metadata": {"user_id": "%2$s", "credits": "10"}}}}',
    p_name, v_user
  );
begin
  insert into auth.users (id, email) values (v_user, p_name || '@example.com');
  perform public.grant_credits(v_user, 20, 'promotion', 'gift for WORD', null, 'For WORD');
  perform public.adjust_credits(v_user, 1, 'WORD was promised one', 'WORD asked', 'test');
  perform public.adjust_credits(v_user, -1, 'WORD had one too many', 'WORD asked', 'test');
  perform public.reserve_credits(v_user, pg_temp.id(p_name || '''s other'), 1, 'test');
  perform public.release_credits(v_user, pg_temp.id(p_name || '''s other'), 'WORD gave up');
  perform public.reserve_credits(v_user, pg_temp.id(p_name || '''s third'), 1, 'test');
  perform public.confirm_credits(v_user, pg_temp.id(p_name || '''s third'));
  perform public.refund_job(v_user, pg_temp.id(p_name || '''s third'), 'for WORD', 'WORD was sad', 'test');
  insert into auth.audit_log_entries (id, payload)
  values
    (gen_random_uuid(), json_build_object('action', 'login', 'actor_id', v_user, 'actor_username', upper(p_name) || '@example.com')),
    (gen_random_uuid(), json_build_object('action', 'user_invited', 'traits', json_build_object('user_email', p_name || '@example.com'))),
    (gen_random_uuid(), json_build_object('action', 'login', 'actor_username', 'not' || p_name || '@example.com'));
  perform public.apply_stripe_event(v_event::jsonb);
  v_purchase := (public.create_checkout(v_user, (select id from public.credit_packs where name = 'Test'))).purchase_id;
  perform public.attach_checkout_session(v_user, v_purchase, 'cs_open_' || p_name, '2030-01-02Z', false);
  perform public.keep_stripe_customer(v_user, 'cus_' || p_name, false);
  perform public.reserve_credits(v_user, pg_temp.id(p_name || '''s own'), 3, 'test', 'WORD', '{"prompt": "WORD"}');
end;
$$;
select pg_temp.live('ada'), pg_temp.live('bob');

-- How many rows of a table say WORD, and whether they are of the user.
create function pg_temp.saying(p_table text, p_name text) returns bigint language plpgsql as $$
declare
  v_count bigint;
begin
  execute format('select count(*) from public.%I t where t::text like ''%%WORD%%'' and t::text like %L', p_table, '%' || pg_temp.id(p_name) || '%')
  into v_count;
  return v_count;
end;
$$;
select cmp_ok(pg_temp.saying(t, 'ada'), '>', 0::bigint, format('before: %s holds what the user said', t))
from unnest(array['credit_usage_logs', 'user_credits', 'credit_refunds', 'credit_revocations', 'operator_actions']) t;

-- Erasure ----------------------------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 12:05Z';
create temp table before as select available::numeric, reserved::numeric from public.credit_accounts where user_id = pg_temp.id('ada');
create temp table bobs as
select (select available::numeric from public.credit_accounts where user_id = pg_temp.id('bob')) as available,
  (select array_agg(pg_temp.saying(relation, 'bob') order by relation) from credits_private.user_data) as said;

select results_eq(
  $$select * from public.erase_user(pg_temp.id('ada'))$$,
  $$select 'erased', '{}'::text[], '{cs_ada,cs_open_ada,pi_ada}'::text[], '{cus_ada}'::text[]$$, 'Point 10: a user is erased, and what Stripe keeps is listed'
);
select is_empty('select * from public.verify_credits()', 'Point 10: the books still balance');
select is_empty(
  $$select relation, pg_temp.saying(relation, 'ada') from credits_private.user_data where pg_temp.saying(relation, 'ada') > 0$$,
  'Point 10: no table says anything of what the user said'
);
select is_empty(
  $$
    select d.relation from credits_private.user_data d
    where d.on_erasure = 'deleted'
      and (xpath('/row/n/text()', query_to_xml(format('select count(*) n from public.%I t where t::text like %L', d.relation, '%' || pg_temp.id('ada') || '%'), false, true, '')))[1]::text <> '0'
  $$,
  'Point 10: rows of tables that are deleted are gone'
);
select is(reason, 'erased', 'Point 10: reasons are emptied') from public.credit_revocations where user_id = pg_temp.id('ada');
select is(settle_reason, 'erased', 'Point 10: a hold of no job says why it ended')
from public.credit_usage_logs where user_id = pg_temp.id('ada') and job_id = pg_temp.id('ada''s own');
select is_empty($$select 1 from auth.users where id = pg_temp.id('ada')$$, 'Point 10: so is the identity');
select results_eq(
  $$select payload ->> 'actor_username' from auth.audit_log_entries where payload::text ~* '\mada|notada|bob' order by 1$$,
  $$values ('BOB@example.com'), ('notada@example.com'), ('notbob@example.com'), (null)$$,
  'V3: Auth''s own log forgets them, and nobody else'
);
select is_empty(
  $$select 1 from public.stripe_events where id = 'evt_ada' and payload::text ~ 'example.com|customer_details'$$, 'Point 10: events name nobody'
);
select is(
  (select payload #>> '{data,object,payment_intent}' from public.stripe_events where id = 'evt_ada'), 'pi_ada', 'Point 10: and keep what their effect was computed from'
);
select results_eq(
  $$select a.available::numeric, a.reserved::numeric, a.erased_at from public.credit_accounts a where a.user_id = pg_temp.id('ada')$$,
  $$select available + reserved, 0.00, '2030-01-01 12:05Z'::timestamptz from before$$,
  'Point 10: what was held is back, the amounts stay'
);
select is(
  (select count(*) from public.credit_ledger where user_id = pg_temp.id('ada') and kind = 'grant'), 3::bigint, 'Point 10: the ledger stays'
);
select results_eq(
  $$select a.available::numeric, (select array_agg(pg_temp.saying(relation, 'bob') order by relation) from credits_private.user_data)
    from public.credit_accounts a where a.user_id = pg_temp.id('bob')$$,
  'select * from bobs', 'Point 10: nobody else is touched'
);

-- Again, and what comes late ---------------------------------------------------------------------------------------

set local test.clock = '2030-01-01 12:06Z';
select is((public.erase_user(pg_temp.id('ada'), 'test', 'test')).outcome, 'already_erased', 'Point 10: repeating it changes nothing');
select is(erased_at, '2030-01-01 12:05Z'::timestamptz, 'Point 10: not even when it was') from public.credit_accounts where user_id = pg_temp.id('ada');
select throws_ok(
  $$select public.create_checkout(pg_temp.id('ada'), (select id from public.credit_packs limit 1))$$,
  'PT401', null, 'Point 10: a token that outlives its user buys nothing'
);
create temp table late as
select * from public.apply_stripe_event(format(
  '{"id": "evt_late", "type": "checkout.session.completed", "created": 1893499200, "data": {"object": {
    "id": "cs_open_ada", "customer_details": {"name": "WORD"}, "mode": "payment", "payment_status": "paid", "payment_intent": "pi_late", "amount_total": 1000, "currency": "usd",
    "metadata": {"purchase_id": "%s"}}}}',
  (select id from public.credit_purchases where user_id = pg_temp.id('ada') and status = 'open')
)::jsonb);
select results_eq('select outcome, reason from late', $$values ('held', 'user_gone')$$, 'Point 10: a late payment is held, not lost');
select is((select reason from public.held_stripe_events where id = 'evt_late'), 'user_gone', 'Point 10: and an operator sees it');
select is(
  (select payload::text ~ 'WORD' from public.stripe_events where id = 'evt_late'), false, 'Point 10: and it names nobody'
);
select is((public.replay_stripe_event('evt_late', 'test', 'test')).reason, 'user_gone', 'Point 10: trying it again changes nothing');
select is((public.erase_user(pg_temp.id('ada'), 'test', 'test')).outcome, 'already_erased', 'Point 10: a user whom an event names can be erased again');
select public.apply_stripe_event(
  '{"id": "evt_charge", "type": "charge.succeeded", "created": 1893499200, "data": {"object": {"id": "ch", "payment_intent": "pi_ada", "billing_details": {"name": "WORD"}}}}'
);
select results_eq(
  $$select outcome::text, payload #>> '{data,object,payment_intent}', payload::text ~ 'WORD' from public.stripe_events where id = 'evt_charge'$$,
  $$values ('ignored', 'pi_ada', false)$$, 'Point 10: what means nothing here is kept without its people'
);
select is(
  (public.apply_stripe_event('{"id": "evt_refund", "type": "charge.refunded", "created": 1893499200, "data": {"object": {"id": "ch", "payment_intent": "pi_ada", "amount_refunded": 1000}}}')).outcome,
  'applied', 'Point 10: a late refund is applied to the purchase'
);
select throws_ok(
  s, '22023', 'p_user_id belongs to an erased user', 'Point 10: no credits come in for an erased user'
) from unnest(array[
  $$select public.grant_credits(pg_temp.id('ada'), 1, 'promotion', 'new')$$, $$select public.adjust_credits(pg_temp.id('ada'), -1, 'new', 'why', 'test')$$
]) s;

select is(
  (public.reserve_credits(pg_temp.id('ada'), pg_temp.id('after'), 0.01, 'test')).outcome, 'insufficient_credits',
  'Point 10: what an erased user had cannot be spent'
);

-- Deleted in Auth alone ----------------------------------------------------------------------------------------------

select is_empty('select 1 from public.users_to_erase', 'Point 10: nobody is left to be erased');
set local test.clock = '2030-01-01 12:07Z';
delete from auth.users where id = pg_temp.id('bob');
select results_eq(
  'select user_id, deleted_at from public.users_to_erase',
  $$values (pg_temp.id('bob'), '2030-01-01 12:07Z'::timestamptz)$$, 'Point 10: whom Auth alone deleted is listed'
);
select is(
  (public.reserve_credits(pg_temp.id('bob'), pg_temp.id('bob after'), 0.01, 'test')).outcome, 'insufficient_credits', 'Point 10: and spends nothing more'
);
select throws_ok(
  $$select public.grant_credits(pg_temp.id('bob'), 1, 'promotion', 'new')$$, '22023', null, 'Point 10: and is given nothing'
);
set local test.clock = '2030-01-01 12:08Z';
select is((public.erase_user(pg_temp.id('bob'), 'test', 'test')).outcome, 'erased', 'Point 10: then they are erased');
select is(erased_at, '2030-01-01 12:07Z'::timestamptz, 'Point 10: as of when they were deleted') from public.credit_accounts where user_id = pg_temp.id('bob');
select is_empty('select 1 from public.users_to_erase', 'Point 10: and listed no more');
select is_empty(
  $$select relation, pg_temp.saying(relation, 'bob') from credits_private.user_data where pg_temp.saying(relation, 'bob') > 0$$,
  'Point 10: no table says anything of what they said'
);
select is((public.erase_user(pg_temp.id('bob'), 'test', 'test')).outcome, 'already_erased', 'Point 10: once');

insert into auth.users (id, email) values (pg_temp.id('dan'), 'dan@example.com');
create function pg_temp.fail() returns trigger language plpgsql as 'begin raise exception ''no''; end';
create trigger fail before insert on public.credit_accounts for each row execute function pg_temp.fail();
select lives_ok($$delete from auth.users where id = pg_temp.id('dan')$$, 'Point 10: Auth can delete whatever fails here');
drop trigger fail on public.credit_accounts;

-- Somebody without anything ----------------------------------------------------------------------------------------

insert into auth.users (id, email) values (pg_temp.id('cid'), 'cid@example.com');
select is((public.erase_user(pg_temp.id('cid'), 'test', 'test')).outcome, 'erased', 'Point 10: a user without credits is erased, too');
select throws_ok(
  $$select public.grant_credits(pg_temp.id('cid'), 1, 'promotion', 'new')$$, '22023', null, 'Point 10: for good'
);
select is_empty('select * from public.verify_credits()', 'Point 10: the books still balance');

select * from finish();
rollback;
