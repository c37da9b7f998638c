-- Schedules: the sweeps, where the project has pg_cron. They are plain SQL, so that nothing outside the database has
-- to be up for credits to come back; elsewhere (the local stack) a timer calls the same functions. A call does a limited
-- amount of work, so reservations are swept each minute and not only every five, which is what M6 asks.

do $$
begin
  if not exists (select from pg_available_extensions where name = 'pg_cron') then
    return;
  end if;
  create extension if not exists pg_cron;
  perform cron.schedule('release-stale-reservations', '* * * * *', 'select public.release_stale_reservations()');
  perform cron.schedule('requeue-stale-jobs', '* * * * *', 'select public.requeue_stale_jobs()');
  perform cron.schedule('expire-credits', '*/5 * * * *', 'select public.expire_credits()');
  perform cron.schedule('cleanup-rate-limits', '23 * * * *', 'select public.cleanup_rate_limits()');
end;
$$;
