import postgres from "postgres";
import { messageOf } from "./errors.ts";

/** How often each job runs, in milliseconds; hosted, pg_cron runs the same statements. */
export type TimerIntervals = Record<keyof typeof DEFAULT_INTERVALS, number>;

const MINUTE = 60_000;

const DEFAULT_INTERVALS = {
  release_stale_reservations: 5 * MINUTE,
  expire_credits: 60 * MINUTE,
  cleanup_rate_limits: 60 * MINUTE,
  requeue_stale_jobs: MINUTE,
};

/**
 * Runs the scheduled functions of the database, each at its interval and never twice at once, and gives back what stops
 * them. A run that did something, or failed, is a JSON line for `onLine`.
 */
export function startTimers(
  dbUrl: string,
  intervals: Partial<TimerIntervals>,
  onLine: (line: string) => void,
): () => Promise<void> {
  const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
  const log = (entry: Record<string, unknown>) =>
    onLine(JSON.stringify({ time: new Date().toISOString(), ...entry }));
  const busy = new Set<string>();
  const run = async (job: string) => {
    if (busy.has(job)) return;
    busy.add(job);
    try {
      const [{ rows }] = await sql<{ rows: number }[]>`select ${sql(`public.${job}`)}() as rows`;
      if (rows) log({ level: "info", event: "timer", job, rows });
    } catch (error) {
      log({ level: "error", event: "timer", job, error: messageOf(error) });
    } finally {
      busy.delete(job);
    }
  };
  const timers = Object.entries({ ...DEFAULT_INTERVALS, ...intervals }).map(([job, milliseconds]) =>
    setInterval(() => run(job), milliseconds)
  );
  return async () => {
    timers.forEach(clearInterval);
    await sql.end({ timeout: 1 });
  };
}
