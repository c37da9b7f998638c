import postgres from "postgres";
import type { Addresses } from "./addresses.ts";
import { messageOf } from "../errors.ts";

const MINUTE = 60_000;

/** The job that is none of the database's: it has the functions take up queued work. */
const RUN_DUE_JOBS = "run_due_jobs";

/** How often scheduled jobs run, in milliseconds, where it differs from what `credits_private.sweeps` says. */
export type TimerIntervals = Record<string, number>;

/**
 * Runs the sweeps of the database, as pg_cron does on a hosted project, and has the functions take up queued jobs, as a
 * scheduler of one's own does there. A job never runs twice at once; a run that did something, or failed, is a JSON line
 * for `onLine`. Gives back what stops the timers.
 */
export async function startTimers(
  addresses: Addresses,
  intervals: TimerIntervals,
  onLine: (line: string) => void,
): Promise<() => Promise<void>> {
  const sql = postgres(addresses.DB_URL, { max: 1, onnotice: () => {} });
  const busy = new Set<string>();
  const run = async (job: string) => {
    if (busy.has(job)) return;
    busy.add(job);
    try {
      const rows = job === RUN_DUE_JOBS ? await runDueJobs(sql, addresses) : await call(sql, job);
      if (rows) onLine(line("info", { job, rows }));
    } catch (error) {
      onLine(line("error", { job, error: messageOf(error) }));
    } finally {
      busy.delete(job);
    }
  };
  const timers = Object.entries({ ...await usualIntervals(sql), ...intervals }).map(([job, every]) =>
    setInterval(() => run(job), every)
  );
  return async () => {
    timers.forEach(clearInterval);
    await sql.end({ timeout: 1 });
  };
}

async function usualIntervals(sql: postgres.Sql): Promise<TimerIntervals> {
  const [{ none }] = await sql`select to_regclass('credits_private.sweeps') is null as none`;
  if (none) return {};
  const sweeps = await sql<{ sweep: string; every: number; queue: boolean }[]>`
    select sweep, every_minutes * ${MINUTE}::int as every, to_regclass('public.generation_jobs') is not null as queue
    from credits_private.sweeps`;
  const intervals = Object.fromEntries(sweeps.map(({ sweep, every }) => [sweep, every]));
  return sweeps.some(({ queue }) => queue) ? { ...intervals, [RUN_DUE_JOBS]: MINUTE } : intervals;
}

async function call(sql: postgres.Sql, job: string): Promise<number> {
  const [{ rows }] = await sql<{ rows: number }[]>`select ${sql(`public.${job}`)}() as rows`;
  return rows;
}

/** Asks only those functions to look for jobs that have some waiting. */
async function runDueJobs(sql: postgres.Sql, { API_URL, SCHEDULER_SECRET }: Addresses): Promise<number> {
  const waiting = await sql<{ type: string; jobs: number }[]>`
    select job_type as type, count(*)::int as jobs from public.generation_jobs where status = 'queued' group by job_type`;
  for (const { type } of waiting) {
    const url = `${API_URL}/functions/v1/${type}-api/jobs/run`;
    const response = await fetch(url, { method: "POST", headers: { "X-Api-Key": SCHEDULER_SECRET } });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    await response.body?.cancel();
  }
  return waiting.reduce((total, { jobs }) => total + jobs, 0);
}

function line(level: string, what: Record<string, unknown>): string {
  return JSON.stringify({ time: new Date().toISOString(), level, event: "timer", ...what });
}
