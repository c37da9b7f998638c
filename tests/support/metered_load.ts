/**
 * A mixed load of metered work on one user, which keeps what it was answered to compare it with the database's books.
 *
 * @module
 */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { disagreements, grant, release } from "./credit_calls.ts";
import type { Intent } from "./credit_load.ts";
import { POLICIES, type Policy } from "./metered_model.ts";

/** What `settle_usage` answers, in whole hundredths. */
export interface UsageAnswer {
  outcome: string;
  cost: number | null;
  charged: number | null;
  owed: number | null;
  absorbed: number | null;
}

const RECENT = 12;

const random = (limit: number) => 1 + Math.floor(Math.random() * limit);
const usage = (tokens: number) => JSON.stringify([{ meter: "token", quantity: tokens }]);

/** Saves a card for each policy, at another price each time. */
export async function saveCards(sql: postgres.Sql): Promise<void> {
  for (const policy of POLICIES) {
    const card = JSON.stringify([{ meter: "token", price: random(30) / 1000 }]);
    await sql`select public.save_rate_card(${policy}, ${card}::text::jsonb, null, ${policy}, 'test', 'test')`;
  }
}

/** Settles `job`, with `tokens` or without a report. */
export async function settle(
  sql: postgres.Sql,
  user: string,
  job: string,
  tokens: number | null,
): Promise<UsageAnswer> {
  const report = tokens === null ? null : usage(tokens);
  const [answer] = await sql<UsageAnswer[]>`
    select outcome, cost, charged, owed, absorbed from public.settle_usage(${user}, ${job}, ${report}::text::jsonb)`;
  return answer;
}

/** A user and what was acknowledged to them. */
export class MeteredCustomer {
  readonly id = crypto.randomUUID();
  readonly #added = new Map<string, number>();
  readonly #settled = new Map<string, string>();
  readonly #released = new Set<string>();
  readonly #jobs: string[] = [];

  /** The next thing to do, at random. Jobs, steps and keys come up again and again, with other amounts. */
  next(): Intent {
    const chance = Math.random();
    if (chance < 0.1) return (sql) => grant(sql, this.id, crypto.randomUUID(), random(3_000));
    if (chance < 0.3) return this.#reserve();
    if (chance < 0.6) return this.#add(this.#recent(), random(4));
    if (chance < 0.88) return this.#settle(this.#recent(), chance < 0.62 ? null : random(900));
    if (chance < 0.93) return this.#release(this.#recent());
    if (chance < 0.94) return saveCards;
    return (sql) => sql`select public.release_stale_reservations()`;
  }

  #recent(): string {
    return this.#jobs.slice(-RECENT)[random(RECENT) - 1] ?? crypto.randomUUID();
  }

  #reserve(): Intent {
    const job = Math.random() < 0.2 ? this.#recent() : crypto.randomUUID();
    this.#jobs.push(job);
    const policy: Policy = POLICIES[random(3) - 1];
    const ttl = Math.random() < 0.3 ? `${random(50)} milliseconds` : "15 minutes";
    const tokens = usage(random(300));
    return (sql) =>
      sql`
        select * from public.reserve_metered(${this.id}, ${job}, ${policy}, ${tokens}::text::jsonb, p_ttl => ${ttl}::interval)`;
  }

  #add(job: string, seq: number): Intent {
    const amount = random(200);
    return async (sql) => {
      const [{ outcome }] = await sql<{ outcome: string }[]>`
        select outcome from public.add_to_reservation(${this.id}, ${job}, ${amount / 100}, ${seq})`;
      const key = `${job} add:${seq}`;
      if (outcome !== "added" && outcome !== "already_added") return;
      assert.equal(this.#added.get(key) ?? amount, amount, `two amounts of ${key}`);
      this.#added.set(key, amount);
    };
  }

  #settle(job: string, tokens: number | null): Intent {
    return async (sql) => {
      const { outcome, ...paid } = await settle(sql, this.id, job, tokens);
      if (!/settled/.test(outcome)) return;
      assert.ok(!this.#released.has(job), `${job} was settled after it had been released`);
      const text = JSON.stringify(paid);
      assert.equal(this.#settled.get(job) ?? text, text, `two answers about ${job}`);
      this.#settled.set(job, text);
    };
  }

  #release(job: string): Intent {
    return async (sql) => {
      const { outcome } = await release(sql, this.id, job);
      if (/released/.test(outcome)) this.#released.add(job);
    };
  }

  /** What was acknowledged is there, nothing else is, and it adds up to the balance. */
  async reconcile(sql: postgres.Sql): Promise<void> {
    assert.deepEqual(await disagreements(sql), []);
    const settled = await sql<({ job_id: string } & UsageAnswer)[]>`
      select job_id, cost::numeric, charged::numeric, owed::numeric, absorbed::numeric
      from public.metered_jobs where user_id = ${this.id} and settled_at is not null`;
    assert.deepEqual(
      settled.map(({ job_id, ...paid }) => `${job_id} ${JSON.stringify(paid)}`).sort(),
      [...this.#settled].map((entry) => entry.join(" ")).sort(),
    );
    const added = await sql<{ key: string; amount: number }[]>`
      select job_id || ' ' || reference as key, sum(amount)::numeric as amount from public.credit_ledger
      where user_id = ${this.id} and reference ~ '^add:' group by 1`;
    assert.deepEqual(new Map(added.map(({ key, amount }) => [key, amount])), this.#added);
    const [balance] = await sql<{ has: number; spent: number }[]>`
      select (available + reserved - debt)::numeric as has,
        (select sum(original_amount) from public.user_credits where user_id = a.user_id)
          - (select coalesce(sum(charged + owed), 0) from public.metered_jobs where user_id = a.user_id) as spent
      from public.credit_accounts a where user_id = ${this.id}`;
    assert.equal(balance.has, balance.spent);
    assert.ok(this.#settled.size > 0 && this.#added.size > 0, "nothing was tried");
  }
}
