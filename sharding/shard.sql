-- What a shard has beyond the schemas. Run by the superuser after the migrations, and again after each later one.
--
-- Invariants
--   * What the router sends for a user has an effect only on the shard that the user is at home on: the fence is looked
--     at in the transaction of the effect, under a lock that whoever moves the user waits for.
--   * A table is either moved with its user, or the same on every shard, or the shard's own; nothing is in two places.

create schema if not exists sharding;

comment on schema sharding is 'What makes this database one shard of several. The router reaches it, and nobody else.';

do $$
begin
  if to_regrole('credits_router') is null then
    create role credits_router login bypassrls in role service_role;
  end if;
end;
$$;

-- Whoever waits for a lock for longer is told so, as a statement of the API's roles is.
alter role credits_router set lock_timeout = '8s';
grant usage on schema sharding, credits_private to credits_router;
grant select on all tables in schema credits_private to credits_router;
-- Who had a bonus is nobody's to read, and least of all with the key.
revoke select on credits_private.bonus_mailboxes, credits_private.mailbox_key from credits_router;
alter default privileges in schema sharding revoke execute on functions from public;

create table if not exists sharding.tables (
  relation text primary key check (to_regclass(relation) is not null),
  follows text not null check (follows in ('user', 'reference', 'shard')),
  of_user text,
  position integer not null generated always as identity,
  check ((of_user is not null) = (follows = 'user'))
);

comment on table sharding.tables is
  'Of every table: whether it is moved with its user (of_user is the condition, $1 the user''s id), the same on every shard, or this shard''s own. What others are found by comes later in position: rows are deleted from the last to the first.';

truncate sharding.tables restart identity;

insert into sharding.tables (relation, follows, of_user)
values ('auth.users', 'user', 'id = $1');

insert into sharding.tables (relation, follows, of_user)
select format('%I.%I', n.nspname, c.relname), 'user', 'user_id = $1'
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
where c.relkind = 'r' and n.nspname in ('public', 'credits_private')
order by 1;

-- Found by what belongs to the user, and not by the user's id.
insert into sharding.tables (relation, follows, of_user)
select relation, 'user', of_user
from (values
  (1, 'public.subscription_versions', 'subscription_id in (select id from public.subscriptions where user_id = $1)'),
  (2, 'public.subscription_payments', 'invoice_id in (select id from public.subscription_invoices where user_id = $1)'),
  (3, 'public.stripe_payments', 'purchase_id in (select id from public.credit_purchases where user_id = $1)
    or payment_intent_id in (
      select p.payment_intent_id from public.subscription_payments p
      join public.subscription_invoices i on i.id = p.invoice_id where i.user_id = $1
    )
    or purchase_id is null and payment_intent_id in (select payment_intent_id from public.stripe_events where user_id = $1)'),
  (4, 'public.stripe_refunds', 'payment_intent_id in (
      select s.payment_intent_id from public.stripe_payments s
      join public.credit_purchases p on p.id = s.purchase_id where p.user_id = $1
      union all
      select p.payment_intent_id from public.subscription_payments p
      join public.subscription_invoices i on i.id = p.invoice_id where i.user_id = $1
    )'),
  (5, 'public.stripe_disputes', 'payment_intent_id in (
      select s.payment_intent_id from public.stripe_payments s
      join public.credit_purchases p on p.id = s.purchase_id where p.user_id = $1
      union all
      select p.payment_intent_id from public.subscription_payments p
      join public.subscription_invoices i on i.id = p.invoice_id where i.user_id = $1
    )'),
  (6, 'public.api_rate_limits', 'identifier = $1::text'),
  (7, 'credits_private.rate_limit_chunks', 'identifier = $1::text')
) t (position, relation, of_user)
where to_regclass(relation) is not null
order by position;

insert into sharding.tables (relation, follows)
select d.relation, 'reference'
from (
  select format('public.%I', relation) as relation from credits_private.user_data where on_erasure = 'none'
  union
  select setting_table from credits_private.setting_tables
  union
  values ('credits_private.mail_providers'), ('credits_private.mailbox_key')
) d
join pg_class c on c.oid = d.relation::regclass and c.relkind = 'r';

-- Mailboxes are at home on the shard that their name says; the others are what migrations bring, and times of sweeps.
insert into sharding.tables (relation, follows)
select r.relation, 'shard'
from (
  select format('%I.%I', c.relnamespace::regnamespace, c.relname) as relation
  from pg_class c where c.relkind = 'r' and c.relnamespace = 'credits_private'::regnamespace
) r
where not exists (select from sharding.tables t where t.relation = r.relation);

-- One database asks for events by their ids alone; while a user moves, theirs are looked for.
create index if not exists stripe_events_by_user on public.stripe_events (user_id);

create table if not exists sharding.fences (
  user_id uuid primary key,
  since timestamptz not null default clock_timestamp(),
  left_for integer
);

comment on table sharding.fences is
  'Users whom this shard does nothing for: they are being moved away, or (left_for) have gone to that shard.';

create or replace function sharding.fence_key(p_user_id uuid) returns bigint
  language sql immutable set search_path = ''
return hashtextextended(p_user_id::text, 7266);

create or replace function sharding.at_home(p_user_id uuid) returns uuid
  language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_user_id is null then
    return null;
  end if;
  perform pg_advisory_xact_lock_shared(sharding.fence_key(p_user_id));
  if exists (select from sharding.fences where user_id = p_user_id) then -- rule: fenced
    raise exception 'user % is being moved to another shard', p_user_id using errcode = 'lock_not_available';
  end if;
  return p_user_id;
end;
$$;

comment on function sharding.at_home(uuid) is
  'The id of a user whom this shard works for. Holds until the end of the transaction: nobody is fenced meanwhile. Raises 55P03 for one who is being moved, or has been.';

create or replace function sharding.fence(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  insert into sharding.fences (user_id) values (p_user_id) on conflict (user_id) do nothing;
end;
$$;

comment on function sharding.fence(uuid) is 'From the commit on nothing new is done for a user here; what has begun is waited for by taking fence_key().';

create or replace function sharding.put_user(
  p_user_id uuid,
  p_email text,
  p_email_confirmed_at timestamptz,
  p_is_anonymous boolean,
  p_banned_until timestamptz,
  p_deleted_at timestamptz
) returns boolean
  language plpgsql security definer set search_path = ''
as $$
begin
  perform sharding.at_home(p_user_id);
  insert into auth.users as u (id, email, email_confirmed_at, is_anonymous, banned_until, deleted_at)
  values (p_user_id, p_email, p_email_confirmed_at, p_is_anonymous, p_banned_until, p_deleted_at)
  on conflict (id) do update set
    email = excluded.email,
    email_confirmed_at = excluded.email_confirmed_at,
    is_anonymous = excluded.is_anonymous,
    banned_until = excluded.banned_until,
    deleted_at = excluded.deleted_at;
  return true;
end;
$$;

comment on function sharding.put_user(uuid, text, timestamptz, boolean, timestamptz, timestamptz) is
  'What a shard knows of a user of Auth: whether there is one, and what the signup bonus and the bans ask for. No password comes here.';

create or replace function sharding.drop_user(p_user_id uuid) returns boolean
  language plpgsql security definer set search_path = ''
as $$
begin
  perform sharding.at_home(p_user_id);
  delete from auth.users where id = p_user_id;
  return found;
end;
$$;

comment on function sharding.drop_user(uuid) is 'Follows a deletion in Auth.';

create or replace function sharding.take_reference(p_table text, p_rows jsonb) returns integer
  language plpgsql security definer set search_path = '' set session_replication_role = replica
as $$
declare
  v_table regclass := (select relation::regclass from sharding.tables where relation = p_table and follows = 'reference');
  v_columns text;
  v_key text;
  v_changed integer;
  v_gone integer;
begin
  if v_table is null then
    raise exception 'p_table must be a reference table' using errcode = 'invalid_parameter_value';
  end if;
  select string_agg(quote_ident(attname), ', ' order by attnum) into v_columns
  from pg_attribute where attrelid = v_table and attnum > 0 and not attisdropped and attgenerated = '';
  select string_agg(quote_ident(a.attname), ', ') into v_key
  from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
  where i.indrelid = v_table and i.indisprimary;
  execute format(
    'delete from %1$s where (%2$s) not in (select %2$s from jsonb_populate_recordset(null::%1$s, $1))', v_table, v_key
  ) using p_rows;
  get diagnostics v_gone = row_count;
  execute format(
    'insert into %1$s as t (%2$s) select %2$s from jsonb_populate_recordset(null::%1$s, $1)
     on conflict (%3$s) do update set (%2$s) = row(%4$s) where (%5$s) is distinct from (%4$s)',
    v_table, v_columns, v_key,
    regexp_replace(v_columns, '("[^"]+"|\w+)', 'excluded.\1', 'g'), regexp_replace(v_columns, '("[^"]+"|\w+)', 't.\1', 'g')
  ) using p_rows;
  get diagnostics v_changed = row_count;
  return v_changed + v_gone;
end;
$$;

comment on function sharding.take_reference(text, jsonb) is
  'Brings a table that is the same on every shard to these rows, as they are: no trigger runs. How many rows that changed. Idempotent.';

create or replace function sharding.at_home(p_user_id uuid, p_value anyelement) returns anyelement
  language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform sharding.at_home(p_user_id);
  return p_value;
end;
$$;

comment on function sharding.at_home(uuid, anyelement) is
  'p_value, such as the id of a job, whose user this shard works for; see at_home(). Of a user who is not known here nothing is refused.';

create or replace function sharding.owner_of_job(p_job_id uuid) returns uuid
  language sql stable security definer set search_path = ''
as $$
  select user_id from public.generation_jobs
  where id = p_job_id and not exists (select from sharding.fences f where f.user_id = generation_jobs.user_id and f.left_for is not null);
$$;

comment on function sharding.owner_of_job(uuid) is 'Whose job this is, null where it is not here.';

create or replace function sharding.owners_of(p_ids text[]) returns setof uuid
  language sql stable security definer set search_path = ''
as $$
  select user_id from public.credit_purchases where stripe_session_id = any (p_ids)
  union select user_id from public.credit_purchases where id in (select credits_private.as_uuid(i) from unnest(p_ids) i)
  union select user_id from public.stripe_customers where customer_id = any (p_ids)
  union select user_id from public.subscriptions where id = any (p_ids)
  union select user_id from public.subscription_invoices where id = any (p_ids)
  union select p.user_id from public.stripe_payments s join public.credit_purchases p on p.id = s.purchase_id
    where s.payment_intent_id = any (p_ids)
  union select i.user_id from public.subscription_payments p join public.subscription_invoices i on i.id = p.invoice_id
    where p.payment_intent_id = any (p_ids)
$$;

comment on function sharding.owners_of(text[]) is 'Whose these ids of Stripe''s are, as far as this shard knows.';

create or replace function sharding.apply_event_for(
  p_user_id uuid, p_event jsonb, p_livemode boolean, p_accounts text[], p_projects text[]
) returns public.stripe_event_result
  language plpgsql security definer set search_path = ''
as $$
declare
  v_result public.stripe_event_result;
begin
  perform sharding.at_home(p_user_id);
  v_result := public.apply_stripe_event(p_event, p_livemode, p_accounts, p_projects);
  -- What waits for its payment knows no user yet: it would stay behind when this one is moved, and wait for ever.
  update public.stripe_events set user_id = p_user_id
  where id = v_result.event_id and outcome = 'held' and user_id is null;
  return v_result;
end;
$$;

comment on function sharding.apply_event_for(uuid, jsonb, boolean, text[], text[]) is
  'apply_stripe_event() for an event about a user whom this shard works for. One that is held is theirs from then on, so that it is moved with them.';

create or replace function sharding.ids_of(p_event jsonb) returns text[]
  language sql immutable set search_path = ''
as $$
  select coalesce(array_agg(distinct i.id order by i.id), '{}')
  from (
    select p_event #>> array['data', 'object', f.field] as id
    from unnest(array['id', 'payment_intent', 'customer', 'subscription', 'invoice', 'charge']) f (field)
    where jsonb_typeof(p_event #> array['data', 'object', f.field]) = 'string'
    union
    select p_event #>> '{data,object,metadata,purchase_id}'
    union
    select p ->> 'payment_intent'
    from jsonb_array_elements(
      case when jsonb_typeof(p_event #> '{data,object,payments}') = 'array' then p_event #> '{data,object,payments}' else '[]' end
    ) p
  ) i
  where i.id <> '';
$$;

comment on function sharding.ids_of(jsonb) is 'The ids of Stripe''s, and of ours, that an event names.';

create index if not exists held_by_ids on public.stripe_events using gin (sharding.ids_of(payload)) where outcome = 'held';

create or replace function sharding.waiting_events(p_ids text[]) returns setof jsonb
  language sql stable security definer set search_path = ''
as $$
  select payload from public.stripe_events
  where outcome = 'held' and user_id is null and sharding.ids_of(payload) && p_ids
  order by created_at, id;
$$;

comment on function sharding.waiting_events(text[]) is 'Events that are held here because nobody knew whose they are, and that name one of these ids.';

create or replace function sharding.forget_event(p_event_id text) returns boolean
  language plpgsql security definer set search_path = ''
as $$
declare
  v_payment text;
begin
  delete from public.stripe_events where id = p_event_id and outcome = 'held' and user_id is null
  returning payment_intent_id into v_payment;
  if found then
    delete from public.stripe_payments where payment_intent_id = v_payment and purchase_id is null and reversals is null;
  end if;
  return true;
end;
$$;

comment on function sharding.forget_event(text) is 'An event that its user''s own shard has now. Idempotent.';

create or replace function sharding.shard_of_event(p_event_id text) returns integer
  language plpgsql stable security definer set search_path = ''
as $$
begin
  return (select sharding.self() from public.stripe_events where id = p_event_id);
end;
$$;

comment on function sharding.shard_of_event(text) is 'The number of this shard, where it keeps the event.';

create or replace function sharding.reference_tables() returns setof text
  language sql stable security definer set search_path = ''
as $$
  select relation from sharding.tables where follows = 'reference' order by position;
$$;

comment on function sharding.reference_tables() is 'The tables that are the same on every shard.';

create or replace function sharding.reference_rows(p_table text) returns jsonb
  language plpgsql stable security definer set search_path = ''
as $$
declare
  v_rows jsonb;
begin
  execute format(
    'select coalesce(jsonb_agg(to_jsonb(t)), ''[]'') from %s t',
    (select relation from sharding.tables where relation = p_table and follows = 'reference')
  ) into v_rows;
  return v_rows;
end;
$$;

comment on function sharding.reference_rows(text) is 'All rows of a reference table.';

-- Mailboxes are counted across all shards: each is at home where its name says, whoever's it is.
do $$
begin
  if (select lanname from pg_language where oid = (
    select prolang from pg_proc where oid = 'credits_private.claim_mailbox(text)'::regprocedure
  )) <> 'plproxy' then
    drop function if exists credits_private.claim_mailbox_of_this_shard(text);
    alter function credits_private.claim_mailbox(text) rename to claim_mailbox_of_this_shard;
  end if;
end;
$$;

create or replace function sharding.claim_mailbox_here(p_email text) returns boolean
  language sql security definer set search_path = ''
as $$
  select credits_private.claim_mailbox_of_this_shard(p_email);
$$;

create or replace function sharding.home_of_mailbox(p_email text) returns integer
  language plpgsql immutable security definer set search_path = ''
as $$
begin
  return ('x' || left(md5(credits_private.mailbox_of(p_email)), 8))::bit(32)::integer;
end;
$$;

create or replace function credits_private.claim_mailbox(p_email text) returns boolean
  language plproxy set search_path = '' as $$
  cluster 'shards'; run on sharding.home_of_mailbox(p_email); target sharding.claim_mailbox_here;
$$;

comment on function credits_private.claim_mailbox(text) is
  'As in a project without shards, but on the shard of the mailbox. Counts there at once: a sign-up that fails afterwards has used it up.';

revoke all on function credits_private.claim_mailbox(text) from public;

grant execute on all functions in schema sharding to credits_router;
revoke execute on function sharding.fence(uuid) from credits_router;
