-- Operator actions: who repaired what, and why.
--
-- Invariants
--   * Every repair is an RPC that takes a reason and an actor, by default the database's own user. What it changed and its
--     row here are one transaction; what changed nothing has no row.
--   * Append-only, but for the words about a user who is erased.

create table public.operator_actions (
  id uuid primary key default credits_private.uuid_v7(),
  actor text not null check (actor <> ''),
  action text not null,
  user_id uuid,
  subject text,
  reason text not null check (reason <> ''),
  details jsonb not null default '{}',
  created_at timestamptz not null
);

comment on table public.operator_actions is
  'What operators did by hand. actor is who they said they are, action the RPC, subject the job, event, purchase or setting. details has amounts and settings, never words of a user''s.';

create index operator_actions_by_user on public.operator_actions (user_id, created_at);

create function credits_private.guard_actions() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.reason = 'erased' and to_jsonb(new) - 'reason' = to_jsonb(old) - 'reason' then -- rule: actions-stay
    return new;
  end if;
  raise exception 'public.operator_actions is append-only' using errcode = 'restrict_violation';
end;
$$;

comment on function credits_private.guard_actions() is
  'Row trigger: of an action nothing changes but its reason, which an erasure empties.';

create trigger operator_actions_append_only before update or delete on public.operator_actions
  for each row execute function credits_private.guard_actions();

create trigger operator_actions_not_truncated before truncate on public.operator_actions
  for each statement execute function credits_private.refuse_change();

alter table public.operator_actions enable row level security;

create policy "operators read actions" on public.operator_actions for select to service_role using (true);

revoke all on public.operator_actions from public, anon, authenticated, service_role;
grant select on public.operator_actions to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('operator_actions', 'operations', 'emptied', 'reasons are free text');

create function credits_private.require_actor(p_actor text, p_reason text) returns void
  language plpgsql set search_path = ''
as $$
begin
  if credits_private.visible_length(p_reason) = 0 then -- rule: reason-given
    perform credits_private.refuse_argument('p_reason', 'must not be empty');
  elsif credits_private.visible_length(p_actor) = 0 then -- rule: actor-given
    perform credits_private.refuse_argument('p_actor', 'must not be empty');
  end if;
end;
$$;

comment on function credits_private.require_actor(text, text) is
  'Refuses a repair that is signed, or reasoned, with nothing.';

create function credits_private.note_action(
  p_actor text,
  p_action text,
  p_user_id uuid,
  p_subject text,
  p_reason text,
  p_details jsonb default '{}'
) returns void
  language sql set search_path = ''
as $$
  insert into public.operator_actions (actor, action, user_id, subject, reason, details, created_at)
  values (
    coalesce(p_actor, session_user), p_action, p_user_id, p_subject, coalesce(p_reason, 'not said'), jsonb_strip_nulls(p_details), credits_private.clock()
  );
$$;

comment on function credits_private.note_action(text, text, uuid, text, text, jsonb) is 'Notes what an operator changed.';

create function credits_private.erase_actions(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
begin
  update public.operator_actions set reason = 'erased' where user_id = p_user_id; -- rule: reasons-erased
  return null;
end;
$$;

comment on function credits_private.erase_actions(uuid) is 'Erasure: empties what operators wrote about a user.';

insert into credits_private.erasure_steps (position, step) values (15, 'credits_private.erase_actions');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
