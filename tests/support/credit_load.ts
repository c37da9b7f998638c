/**
 * A mixed load on one user that keeps its own books from nothing but the answers it got, to compare them with the
 * database's afterwards.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Queries } from "./clone.ts";
import type postgres from "postgres";
import { adjust, confirm, extend, grant, release, reserve, type SettlementAnswer } from "./credit_calls.ts";

/** Something to be done, with its keys: however often it is tried, it must happen once. Resolves when acknowledged. */
export type Intent = (sql: postgres.Sql) => Promise<unknown>;

const RECENT = 40;

/** A user, what was asked for in their name, and what was acknowledged. */
export class Customer {
  readonly id = crypto.randomUUID();
  /** Acknowledged amounts by grant or adjustment key. */
  readonly granted = new Map<string, number>();
  /** Acknowledged amounts by job: held, and of those finally charged. */
  readonly reserved = new Map<string, number>();
  readonly charged = new Map<string, number>();
  readonly released = new Set<string>();
  readonly #jobs: string[] = [];
  readonly #keys: string[] = [];

  /** `together`: whether several calls may be one transaction, which they are not through a router. */
  constructor(private readonly together = true) {}

  /** The next thing to do, at random. Keys and jobs come up again and again, with other amounts. */
  next(): Intent {
    const chance = Math.random();
    if (chance < 0.14) return this.#grant(recurring(this.#keys, 0.3));
    if (chance < 0.17) return this.#adjust(recurring(this.#keys, 0.3));
    if (chance < 0.52) return this.#reserve(recurring(this.#jobs, 0.1));
    if (chance < 0.94) return this.#settle();
    if (chance < 0.96 && this.together) return this.#settleTogether();
    if (chance < 0.98) return (sql) => sql`select public.release_stale_reservations()`;
    return (sql) => sql`select public.expire_credits()`;
  }

  #grant(key: string): Intent {
    const amount = cents(5_000);
    // Long enough that a process which has to wait for its turn does not ask for an end that is over already.
    const lifetime = Math.random() < 0.4 ? `${200 + cents(400)} milliseconds` : null;
    return async (sql) => agree(this.granted, key, (await grant(sql, this.id, key, amount, lifetime)).amount);
  }

  #adjust(key: string): Intent {
    const amount = -cents(2_000);
    return async (sql) =>
      agree(this.granted, `-${key}`, (await adjust(sql, this.id, `-${key}`, amount)).amount);
  }

  #reserve(job: string): Intent {
    const amount = cents(1_200);
    const ttl = Math.random() < 0.3 ? `${cents(50)} milliseconds` : "15 minutes";
    return async (sql) => {
      const answer = await reserve(sql, this.id, job, amount, ttl);
      if (answer.amount !== null) agree(this.reserved, job, answer.amount);
      else assert.equal(answer.outcome, "insufficient_credits");
    };
  }

  #settle(): Intent {
    const job = pick(this.#jobs);
    const chance = Math.random();
    if (chance < 0.1) return (sql) => extend(sql, this.id, job);
    if (chance < 0.45) return async (sql) => this.#note(job, await release(sql, this.id, job));
    const part = chance < 0.7 ? Math.random() : 1;
    return async (sql) => {
      const held = this.reserved.get(job);
      const amount = held === undefined || part === 1 ? null : Math.floor(held * part);
      this.#note(job, await confirm(sql, this.id, job, amount));
    };
  }

  /** Several jobs in one transaction, in either order, so that two such transactions meet head on. */
  #settleTogether(): Intent {
    const jobs = Array.from({ length: 4 }, () => pick(this.#jobs));
    const ordered = Math.random() < 0.5 ? jobs.sort() : jobs.sort().reverse();
    return async (sql) => {
      const answers = await sql.begin(async (transaction) => {
        const answers: SettlementAnswer[] = [];
        for (const job of ordered) answers.push(await this.#eitherWay(transaction, job));
        return answers;
      });
      answers.forEach((answer, index) => this.#note(ordered[index], answer));
    };
  }

  #eitherWay(sql: Queries, job: string): Promise<SettlementAnswer> {
    return Math.random() < 0.5 ? confirm(sql, this.id, job) : release(sql, this.id, job);
  }

  #note(job: string, answer: SettlementAnswer) {
    if (/^(already_confirmed|confirmed|confirmed_late)$/.test(answer.outcome)) {
      assert.ok(!this.released.has(job), `${job} was charged after it had been released`);
      agree(this.charged, job, Number(answer.charged));
    } else if (/^(already_released|released)$/.test(answer.outcome)) {
      assert.ok(!this.charged.has(job), `${job} was released after it had been charged`);
      this.released.add(job);
    } else {
      assert.match(answer.outcome, /^(not_found|expired)$/);
    }
  }
}

/** Every answer about the same key must tell of the same first time. */
function agree(known: Map<string, number>, key: string, amount: number) {
  assert.equal(amount, known.get(key) ?? amount, `two answers about ${key}`);
  known.set(key, amount);
}

function recurring(known: string[], share: number): string {
  if (known.length && Math.random() < share) return pick(known);
  const name = crypto.randomUUID();
  known.push(name);
  return name;
}

function pick(names: string[]): string {
  return names.slice(-RECENT)[Math.floor(Math.random() * Math.min(names.length, RECENT))] ??
    crypto.randomUUID();
}

function cents(limit: number): number {
  return 1 + Math.floor(Math.random() * limit);
}
