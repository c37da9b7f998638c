-- Credits for operators: what is checked, and what can be set.

create function credits_private.probe_books() returns credits_private.finding
  language plpgsql set search_path = ''
as $$
declare
  v_start uuid := gen_random_uuid();
  v_count bigint;
begin
  -- All of them while one pass takes a second; then a sample from another place each time.
  if not exists (select from public.credit_accounts offset 500 limit 1) then
    select count(*) into v_count from public.verify_credits();
  else
    select count(p.problem) into v_count
    from (
      (select user_id from public.credit_accounts where user_id >= v_start order by user_id limit 20)
      union
      (select user_id from public.credit_accounts where user_id < v_start order by user_id desc limit 20)
    ) a
    cross join lateral public.verify_credits(a.user_id) p; -- rule: books-checked
  end if;
  return credits_private.finding(v_count, null, false, v_count > 0);
end;
$$;

comment on function credits_private.probe_books() is
  'Disagreements of the books: of all users where there are at most 500, else of up to 40, others each time.';

create function credits_private.probe_debts() returns credits_private.finding
  language sql set search_path = ''
as $$
  select credits_private.finding(
    count(distinct user_id), min(created_at), min(created_at) < credits_private.clock() - interval '7 days', false -- rule: old-debts
  )
  from public.credit_debts
  where remaining_amount > 0;
$$;

comment on function credits_private.probe_debts() is 'Users who owe credits: a warning once somebody has for a week.';

create function credits_private.probe_overdue_holds() returns credits_private.finding
  language sql set search_path = ''
as $$
  -- The index of open reservations is by expires_at.
  select credits_private.finding(count(*), min(expires_at), false, count(*) > 0)
  from public.credit_usage_logs
  where settled_at is null and expires_at < credits_private.clock() - interval '10 minutes'; -- rule: overdue
$$;

comment on function credits_private.probe_overdue_holds() is 'Reservations that the sweep should have released ten minutes ago.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values
  ('books', 1, 'credits_private.probe_books', 'select * from verify_credits(), then correct with a reason', 'is-every-credit-accounted-for'),
  ('reservations_overdue', 20, 'credits_private.probe_overdue_holds', 'have release_stale_reservations() called; the database''s log names what it passed over', 'sweeps'),
  ('debts', 50, 'credits_private.probe_debts', 'see who owes; forgive with adjust_credits, or wait for their next purchase', 'who-owes');

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.credit_settings', null), ('public.credit_pricing', 'action');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
