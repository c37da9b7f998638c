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
