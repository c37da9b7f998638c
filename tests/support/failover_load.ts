/**
 * Clients who reserve and settle while the database changes under them, and who note what was acknowledged to them: which of it
 * is there afterwards is then a question to the new primary.
 *
 * @module
 */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { confirm, grant, release, reserve } from "./credit_calls.ts";

/** Something that was acknowledged: a grant by its key, a job with what it held, its end with what it charged. */
export interface Ack {
  what: "grant" | "reserve" | "confirm" | "release";
  user: string;
  /** Grant key or job. */
  key: string;
  /** Hundredths of a credit. */
  amount: number;
}

const GRANT = 100_000;

/** Tries until the database answers; what it answers is not for this to judge. */
export async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Users, each with a client, and what all of them were told. */
export class FailoverLoad {
  readonly acks: Ack[] = [];
  #stopped = false;

  constructor(private readonly sql: postgres.Sql, private readonly users: string[]) {}

  /** Works until {@link stop}, one job after the other for each user. */
  async work(): Promise<void> {
    await Promise.all(this.users.map(async (user) => {
      await this.#grant(user, `first ${user}`);
      while (!this.#stopped) await this.#job(user, crypto.randomUUID());
    }));
  }

  /** Lets every client end the job that it is about. */
  stop(): void {
    this.#stopped = true;
  }

  /** Does all of it again with the same keys, as clients do who do not know whether they were heard. */
  async again(): Promise<void> {
    const keys = new Map(this.acks.map(({ what, user, key }) => [key, { what, user }]));
    const grants = [...keys].filter(([, { what }]) => what === "grant");
    for (const [key, { user }] of grants) await this.#grant(user, key);
    const jobs = [...keys].filter(([, { what }]) => what !== "grant");
    const next = jobs.values();
    const work = async () => {
      for (const [key, { user }] of next) await this.#job(user, key);
    };
    await Promise.all(this.users.map(work));
  }

  async #grant(user: string, key: string): Promise<void> {
    await insist(() => grant(this.sql, user, key, GRANT));
    this.#note({ what: "grant", user, key, amount: GRANT });
  }

  /** What becomes of a job follows from its id, so that it is asked for the same every time. */
  async #job(user: string, job: string): Promise<void> {
    const fate = parseInt(job.slice(-2), 16);
    const amount = 100 + fate;
    for (;;) {
      const held = await insist(() => reserve(this.sql, user, job, amount));
      // A primary that lost the grant has nothing to hold: somebody has to repeat that first.
      if (held.outcome === "insufficient_credits") {
        await this.#grant(user, `first ${user}`);
        continue;
      }
      this.#note({ what: "reserve", user, key: job, amount });
      const what = fate % 4 === 0 ? "release" : "confirm";
      const end = () => what === "release" ? release(this.sql, user, job) : confirm(this.sql, user, job, 100);
      const { outcome } = await insist(end);
      // The reservation was acknowledged by a primary that is gone: it is made again under its own key.
      if (outcome === "not_found") continue;
      assert.match(outcome, /^(already_)?(confirmed|released)$/);
      return this.#note({ what, user, key: job, amount: what === "confirm" ? 100 : 0 });
    }
  }

  #note(ack: Ack) {
    if (!this.#stopped) this.acks.push(ack);
  }
}

/** Those of `acks` that a database does not have, or has otherwise. */
export async function missing(sql: postgres.Sql, acks: Ack[]): Promise<Ack[]> {
  const grants = await sql<{ key: string; amount: number }[]>`
    select grant_key as key, original_amount::numeric as amount from public.user_credits`;
  const jobs = await sql<{ key: string; held: number; used: number; status: string }[]>`
    select job_id::text as key, reserved_amount::numeric as held, credits_used::numeric as used, status::text
    from public.credit_usage_logs`;
  const there = new Set([
    ...grants.map(({ key, amount }) => `grant ${key} ${amount}`),
    ...jobs.map(({ key, held }) => `reserve ${key} ${held}`),
    ...jobs.filter(({ status }) => status === "confirmed").map(({ key, used }) => `confirm ${key} ${used}`),
    ...jobs.filter(({ status }) => status === "refunded").map(({ key }) => `release ${key} 0`),
  ]);
  return acks.filter(({ what, key, amount }) => !there.has(`${what} ${key} ${amount}`));
}

/** Every balance is what was granted less what was charged, and nothing is held: nothing was doubled. */
export async function provedBalances(sql: postgres.Sql, users: string[]): Promise<void> {
  const wrong = await sql`
    select a.user_id from public.credit_accounts a
    where user_id = any(${users}::uuid[]) and (reserved <> 0 or debt <> 0 or available <> (
      select sum(original_amount) from public.user_credits c where c.user_id = a.user_id
    ) - (select coalesce(sum(credits_used), 0) from public.credit_usage_logs u where u.user_id = a.user_id and u.status = 'confirmed'))`;
  assert.deepEqual([...wrong], []);
}
