-- Schedules: the sweeps, where the project has pg_cron. They are plain SQL, so that nothing outside the database has
-- to be up for credits to come back; elsewhere (the local stack) a timer calls the same functions. A call does a limited
-- amount of work, so reservations are swept each minute and not only every five, which is what M6 asks.
--
-- What is swept, and how often, each domain says in credits_private.sweeps: a row that comes later is scheduled too.

create function credits_private.schedule_sweeps() returns trigger
  language plpgsql security definer set search_path = ''
as $$
declare
  v_sweep record;
begin
  if not exists (select from pg_extension where extname = 'pg_cron') then
    return null;
  end if;
  for v_sweep in select sweep, every_minutes from credits_private.sweeps loop
    perform cron.schedule(
      replace(v_sweep.sweep, '_', '-'),
      case when v_sweep.every_minutes < 60 then format('*/%s * * * *', v_sweep.every_minutes) else '23 * * * *' end,
      format('select public.%I()', v_sweep.sweep)
    );
  end loop;
  return null;
end;
$$;

comment on function credits_private.schedule_sweeps() is
  'Gives pg_cron, where the project has it, every sweep; one that it has already is set to today''s interval.';

create trigger schedule_sweeps after insert or update of sweep, every_minutes on credits_private.sweeps
  for each statement execute function credits_private.schedule_sweeps();

do $$
begin
  if exists (select from pg_available_extensions where name = 'pg_cron') then
    create extension if not exists pg_cron;
  end if;
  -- Sets off the trigger for the sweeps that came before it.
  update credits_private.sweeps set every_minutes = every_minutes;
end;
$$;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
