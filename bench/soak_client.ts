/**
 * A client of the soak: jobs of random users, each reserved and then charged, released or left to the sweep, at the pace
 * of `RATE` a second or, with 0, as fast as they go.
 *
 * What becomes of a job follows from its id alone, so that whoever comes after a client that was killed ends what it had
 * begun (`BEGUN`) with the same keys and the same wishes. Every line it writes is a fact: `begin USER JOB` before the
 * first call, `end JOB CREDITS MILLISECONDS` once the last was acknowledged.
 *
 * @module
 */
import postgres from "postgres";
import { newJob } from "./credits.ts";
import { upTo } from "./measure.ts";
import { seededUser } from "./seed.ts";

/** A job, and whose it is. */
export interface Begun {
  user: string;
  job: string;
}

/** What a client is started with, in JSON, in the variable `SOAK`. */
export interface ClientOptions {
  url: string;
  users: number;
  connections: number;
  /** Jobs a second; as many as there can be with 0. */
  rate: number;
  /** What another client had begun. */
  begun: Begun[];
}

/** Whether it is one of the one in twenty that nobody settles. */
export const isLeft = (job: string) => fate(job) < 13;

const isReleased = (job: string) => fate(job) < 64;
const creditsOf = (job: string) => 1 + fate(job) % 4;
const fate = (job: string) => parseInt(job.slice(-2), 16);

/** Tries until the server answers, however often it dies meanwhile. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      console.log(`error ${(error as { code?: string }).code ?? "unknown"}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function live(sql: postgres.Sql, { user, job }: Begun): Promise<void> {
  const started = performance.now();
  const credits = creditsOf(job);
  await insist(() => sql`select outcome from public.reserve_credits(${user}, ${job}, ${credits}, 'story')`);
  let charged = 0;
  if (!isLeft(job)) {
    const [row] = await insist(() =>
      isReleased(job)
        ? sql`select charged from public.release_credits(${user}, ${job}, 'soak')`
        : sql`select charged from public.confirm_credits(${user}, ${job}, ${Math.ceil(credits / 2)})`
    );
    charged = Number(row.charged);
  }
  console.log(`end ${job} ${charged} ${(performance.now() - started).toFixed(1)}`);
}

async function main({ url, users, connections, rate, begun }: ClientOptions): Promise<void> {
  const sql = postgres(url, { max: connections, prepare: false, fetch_types: false, onnotice: () => {} });
  const queue = [...begun];
  let stopped = false;
  Deno.addSignalListener("SIGTERM", () => stopped = true);
  const start = performance.now();
  let taken = 0;
  const next = async (): Promise<Begun | undefined> => {
    const again = queue.shift();
    if (again || stopped) return again;
    const turn = rate === 0 ? 0 : start + taken++ * 1_000 / rate - performance.now();
    if (turn > 0) await new Promise((resolve) => setTimeout(resolve, turn));
    const one = { user: seededUser(upTo(users)), job: newJob().slice(0, 19) + crypto.randomUUID().slice(19) };
    console.log(`begin ${one.user} ${one.job}`);
    return one;
  };
  const work = async () => {
    for (let one = await next(); one; one = await next()) await live(sql, one);
  };
  await Promise.all(Array.from({ length: connections }, work));
  await sql.end();
  Deno.exit(0);
}

if (import.meta.main) await main(JSON.parse(Deno.env.get("SOAK") ?? "{}"));
