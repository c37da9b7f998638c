-- The usual rate limiter that the other one is measured against: a row per request, counted under an advisory lock.
create schema counted;

create table counted.requests (
  id bigint generated always as identity primary key,
  identifier text not null,
  action text not null,
  created_at timestamptz not null default now()
);

create index on counted.requests (identifier, action, created_at);

create function counted.check(p_identifier text, p_action text, p_max integer, p_window interval) returns boolean
  language plpgsql security definer set search_path = ''
as $$
declare
  v_count integer;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_identifier || p_action, 0));
  select count(*) into v_count
  from counted.requests
  where identifier = p_identifier and action = p_action and created_at > now() - p_window;
  if v_count < p_max then
    insert into counted.requests (identifier, action) values (p_identifier, p_action);
  end if;
  return v_count < p_max;
end;
$$;
