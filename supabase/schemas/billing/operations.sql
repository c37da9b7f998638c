-- Billing for operators: what is checked, what can be set, and which events need not be kept.

create function credits_private.probe_held_events() returns credits_private.finding
  language sql set search_path = ''
as $$
  -- Who pays by a delayed method is waited for, two weeks at most.
  select credits_private.finding(
    count(*), min(received_at), count(*) > 0,
    coalesce(bool_or(received_at < credits_private.clock() - case reason when 'unpaid' then interval '14 days' else interval '1 day' end), false) -- rule: held-long
  )
  from public.stripe_events
  where outcome = 'held' and reason <> 'waits_for_payment';
$$;

comment on function credits_private.probe_held_events() is
  'Events that were held: an alarm when one is for a day, or for two weeks where the money is still on its way.';

insert into credits_private.health_checks (name, position, probe, advice, section)
values ('held_events', 2, 'credits_private.probe_held_events', 'select * from held_stripe_events, then replay or dismiss each', 'events-that-were-held');

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.billing_settings', null), ('public.credit_packs', 'name');

insert into credits_private.retention (what) values ('stripe_events');

create function public.prune_stripe_events(p_before timestamptz default null, p_limit integer default 10000) returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  v_before timestamptz := credits_private.kept_since('stripe_events', p_before);
  v_count integer;
begin
  -- Materialized: a limit that a join may run again for each row is no limit.
  with old as materialized (
    select id from public.stripe_events
    where received_at < v_before
      and (outcome <> 'held' or reason = 'waits_for_payment') -- rule: settled-events-only
    limit p_limit -- rule: events-limit
    for update skip locked
  )
  delete from public.stripe_events e using old
  where e.id = old.id;
  get diagnostics v_count = row_count;
  perform credits_private.note_run('prune_stripe_events', v_count);
  return v_count;
end;
$$;

comment on function public.prune_stripe_events(timestamptz, integer) is
  'Deletes events that are settled, and news of payments that never came, received before p_before (null: as the retention says, which is never until it is set), at most p_limit; returns how many. Payments, refunds and disputes stay, so that a copy of such an event would change nothing. Idempotent. Raises 22023 for less than 60 days ago.';

revoke all on function public.prune_stripe_events(timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function public.prune_stripe_events(timestamptz, integer) to service_role;

insert into credits_private.sweeps (sweep, every_minutes) values ('prune_stripe_events', 60);

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
