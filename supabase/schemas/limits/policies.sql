-- Rate limit policies: how often a user may do what (M4). A domain or product adds the policies of its own actions.

create table public.rate_limit_policies (
  action text primary key,
  max_requests integer not null check (max_requests between 1 and 1000),
  window_minutes integer not null check (window_minutes between 1 and 1440),
  updated_at timestamptz not null default now()
);

comment on table public.rate_limit_policies is 'The limits per user and action (M4), tunable without a deploy.';

create trigger rate_limit_policies_touch before update on public.rate_limit_policies
  for each row execute function credits_private.touch_updated_at();

alter table public.rate_limit_policies enable row level security;

create policy "operators tune policies" on public.rate_limit_policies to service_role using (true) with check (true);

revoke all on public.rate_limit_policies from public, anon, authenticated, service_role;
grant select, insert, update on public.rate_limit_policies to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('rate_limit_policies', 'limits', 'none', 'settings');

create function credits_private.require_user(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
begin
  -- A token is good for up to an hour after its user was deleted or banned.
  if not exists (
    select from auth.users
    where id = p_user_id
      and (banned_until is null or banned_until <= credits_private.clock()) -- rule: not-banned
  ) then
    raise sqlstate 'PT401' using message = 'the user is gone';
  end if;
end;
$$;

comment on function credits_private.require_user(uuid) is
  'Raises PT401, which PostgREST answers with 401, unless Auth knows the user and has not banned them. Raised so that nothing is written for somebody who is gone.';

create function credits_private.consume_policy(p_user_id uuid, p_action text) returns credits_private.rate_check
  language plpgsql set search_path = ''
as $$
declare
  v_policy public.rate_limit_policies;
begin
  perform credits_private.require_user(p_user_id); -- rule: gone-may-nothing
  select * into strict v_policy from public.rate_limit_policies where action = p_action;
  return credits_private.consume_rate_limit(p_user_id::text, p_action, v_policy.max_requests, v_policy.window_minutes);
end;
$$;

comment on function credits_private.consume_policy(uuid, text) is 'One call of a user against the policy of an action. Raises PT401 when the user is gone.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
