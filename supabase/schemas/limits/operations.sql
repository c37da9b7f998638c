-- Limits for operators: what is checked, and what can be set.

create function credits_private.probe_rate_limit_rows() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(s.estimated_rows, null, s.estimated_rows > 1000000, false) -- rule: many-limits
  from public.table_sizes() s
  where s.table_name = 'public.api_rate_limits';
$$;

comment on function credits_private.probe_rate_limit_rows() is 'Keys of rate limits that are kept: more than a million are not swept, or an attack.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values ('rate_limits', 91, 'credits_private.probe_rate_limit_rows', 'see that cleanup_rate_limits() runs; else somebody makes up addresses', 'sweeps');

insert into credits_private.setting_tables (setting_table, key_column) values ('public.rate_limit_policies', 'action');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
