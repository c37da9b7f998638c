-- What the router has of its own: where users are at home, and whose an id of Stripe's is. Run by the superuser between the
-- two parts of routes.ts, which come from what a shard has; all three again after each migration of the shards.
--
-- Invariants
--   * The directory and jobs are memory, not truth: what they do not know is asked of all shards.
--   * Whose an event is does not change while it is being sent: its ids are locked from first to last.

comment on schema sharding is 'Where everybody''s data is. No API role reaches it but through the functions of public.';

alter default privileges in schema sharding revoke execute on functions from public;

create table if not exists sharding.placements (
  user_id uuid primary key,
  shard integer not null,
  moved_at timestamptz not null default clock_timestamp()
);

comment on table sharding.placements is 'Users who were moved; everybody else is where the last bits of their id say.';

create table if not exists sharding.directory (
  id text primary key,
  user_id uuid not null
);

comment on table sharding.directory is
  'From an id of Stripe''s, or of a purchase, to its user: written with the purchase, the customer, and each event about them.';

create unlogged table if not exists sharding.jobs (
  job_id uuid primary key,
  user_id uuid not null,
  noted_at timestamptz not null default clock_timestamp()
);

create index if not exists jobs_by_age on sharding.jobs (noted_at);

comment on table sharding.jobs is 'Whose job it is, for as long as it may be worked on.';

create function sharding.own_shard(p_user_id uuid) returns integer
  language plpgsql immutable set search_path = ''
as $$
begin
  return ('x' || right(p_user_id::text, 8))::bit(32)::integer & (sharding.shards() - 1);
end;
$$;

comment on function sharding.own_shard(uuid) is 'Where a user is unless they were moved: the last bits of the id, so that every program can tell.';

create function sharding.home_of(p_user_id uuid) returns integer
  language plpgsql volatile security definer set search_path = ''
as $$
begin
  return coalesce(
    (select shard from sharding.placements where user_id = p_user_id), -- rule: placements-first
    sharding.own_shard(p_user_id), 0
  );
end;
$$;

comment on function sharding.home_of(uuid) is 'The shard of a user; 0, who refuses it, for null.';

create function sharding.homes_of(p_user_id uuid) returns setof integer
  language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_user_id is null then
    return query select generate_series(0, sharding.shards() - 1);
  else
    return next sharding.home_of(p_user_id);
  end if;
end;
$$;

comment on function sharding.homes_of(uuid) is 'The shard of a user, or all of them for null.';

create function sharding.learn(p_user_id uuid, p_ids text[]) returns void
  language plpgsql set search_path = ''
as $$
begin
  insert into sharding.directory (id, user_id)
  select i, p_user_id from unnest(p_ids) i where i is not null
  on conflict (id) do nothing;
end;
$$;

comment on function sharding.learn(uuid, text[]) is 'Writes down whose these ids are. The first to say so counts.';

create function sharding.home_of(p_user_id uuid, p_stripe_id text) returns integer
  language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform sharding.learn(p_user_id, array[p_stripe_id]);
  return sharding.home_of(p_user_id);
end;
$$;

comment on function sharding.home_of(uuid, text) is 'The shard of a user, who is written down as the one whose id of Stripe''s this is.';

create function sharding.home_of_identifier(p_identifier text) returns integer
  language plpgsql volatile security definer set search_path = ''
as $$
begin
  -- A user's limits are counted where the user is; any other identifier names its place by itself.
  return sharding.home_of(coalesce(credits_private.as_uuid(p_identifier), md5(p_identifier)::uuid));
end;
$$;

comment on function sharding.home_of_identifier(text) is 'The shard that counts an identifier''s calls.';

create function sharding.home_of_job(p_job_id uuid) returns integer
  language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user uuid := (select user_id from sharding.jobs where job_id = p_job_id);
begin
  if v_user is null then
    select o into v_user from sharding.owner_of_job(p_job_id) o where o is not null limit 1;
    if v_user is not null then
      set local synchronous_commit = off;
      insert into sharding.jobs (job_id, user_id) values (p_job_id, v_user) on conflict (job_id) do nothing;
    end if;
  end if;
  return sharding.home_of(v_user);
end;
$$;

comment on function sharding.home_of_job(uuid) is 'The shard of a job''s user: all are asked once, and the answer is kept for as long as it may be worked on.';

create function public.claim_job(p_job_id uuid default null, p_worker text default null, p_job_type text default null)
  returns public.job_claim_result
  language plpgsql security definer set search_path = ''
as $$
declare
  v_result public.job_claim_result;
  v_shard integer;
begin
  if p_job_id is not null then
    return sharding.claim_job_on(sharding.home_of_job(p_job_id), p_job_id, p_worker, p_job_type);
  end if;
  -- From another shard each time, so that none is always last.
  for v_shard in select s from generate_series(0, sharding.shards() - 1) s order by random() loop
    v_result := sharding.claim_job_on(v_shard, p_job_id, p_worker, p_job_type);
    exit when v_result.job_id is not null;
  end loop;
  return v_result;
end;
$$;

create function sharding.forget_old_jobs() returns void
  language sql set search_path = ''
as $$
  delete from sharding.jobs where noted_at < clock_timestamp() - interval '1 day';
$$;

comment on function sharding.forget_old_jobs() is 'Jobs that were last asked about a day ago are asked about again.';

create function sharding.home_of_event(p_event_id text) returns integer
  language plpgsql volatile security definer set search_path = ''
as $$
begin
  return coalesce((select s from sharding.shard_of_event(p_event_id) s where s is not null limit 1), 0);
end;
$$;

comment on function sharding.home_of_event(text) is 'The shard that keeps an event; the first, who refuses it, for one that none has.';

create function sharding.home_of_id(p_id text) returns integer
  language plpgsql volatile security definer set search_path = ''
as $$
begin
  return sharding.home_of((
    select coalesce(
      (select user_id from sharding.directory where id = p_id), (select o from sharding.owners_of(array[p_id]) o limit 1)
    )
  ));
end;
$$;

comment on function sharding.home_of_id(text) is 'The shard of the user whose id of Stripe''s, or purchase, this is.';

create function public.apply_stripe_event(
  p_event jsonb, p_livemode boolean default null, p_accounts text[] default '{}', p_projects text[] default null
) returns public.stripe_event_result
  language plpgsql security definer set search_path = ''
as $$
declare
  v_ids text[] := sharding.ids_of(p_event);
  v_user uuid;
  v_result public.stripe_event_result;
  v_waiting jsonb;
begin
  -- A refund and the payment that it is of cannot miss each other.
  perform pg_advisory_xact_lock(hashtextextended(i, 0)) from unnest(v_ids) i;
  select d.user_id into v_user from sharding.directory d where d.id = any (v_ids) limit 1;
  if v_user is null then
    select o into v_user from sharding.owners_of(v_ids) o limit 1;
  end if;
  if v_user is null then
    select u.id into v_user from auth.users u
    where u.id = credits_private.as_uuid(p_event #>> '{data,object,metadata,user_id}');
  end if;
  if v_user is null then
    -- Nobody's yet: the first shard keeps it, as one database would.
    return sharding.apply_event_on(0, p_event, p_livemode, p_accounts, p_projects);
  end if;
  perform sharding.learn(v_user, v_ids);
  v_result := sharding.apply_event_for(v_user, p_event, p_livemode, p_accounts, p_projects);
  if sharding.home_of(v_user) <> 0 then
    for v_waiting in select w from sharding.waiting_events(0, v_ids) w loop
      perform sharding.apply_event_for(v_user, v_waiting, p_livemode, p_accounts, p_projects);
      perform sharding.forget_event(0, v_waiting ->> 'id');
    end loop;
  end if;
  return v_result;
end;
$$;

create function sharding.copy_reference() returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  v_table record;
  v_rows jsonb;
  v_changed integer := 0;
begin
  for v_table in select t as relation from sharding.reference_tables() t loop
    v_rows := sharding.reference_rows(v_table.relation);
    v_changed := v_changed + (select sum(t) from sharding.take_reference(v_table.relation, v_rows) t);
  end loop;
  return v_changed;
end;
$$;

comment on function sharding.copy_reference() is
  'Brings prices, packs, plans, limits and settings of all shards to those of shard 0. How many rows that changed. Idempotent.';

create function sharding.user_changed() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform sharding.drop_user(old.id);
    return old;
  end if;
  perform sharding.put_user(new.id, new.email, new.email_confirmed_at, new.is_anonymous, new.banned_until, new.deleted_at);
  return new;
end;
$$;

comment on function sharding.user_changed() is
  'A shard knows its users: what Auth does here is done there first. Should it fail here then, the shard knows somebody who never signs in.';

create trigger user_added after insert on auth.users for each row execute function sharding.user_changed();
create trigger user_changed after update of email, email_confirmed_at, is_anonymous, banned_until, deleted_at on auth.users
  for each row execute function sharding.user_changed();
create trigger user_deleted after delete on auth.users for each row execute function sharding.user_changed();
