/**
 * What a user does with credits: spends them, holds them while a period ends, buys more.
 *
 * @module
 */
import { DAY, HOUR } from "./months.ts";
import { News } from "./news.ts";

/** How far our clock is from Stripe's at most, and by how much that changes. */
const SKEW = 10 * 60_000;

/** Steps of a user who spends. */
export class Habits extends News {
  readonly monthEnds: number[] = [];
  #jobs = 0;
  #ours = (at: number) => at;

  /** Our clock when Stripe's says `at`. */
  ours(at: number): number {
    return this.#ours(at);
  }

  /** Our clock is minutes off, and gains or loses minutes from `start` to `end`. */
  protected setClock(start: number, end: number): void {
    const [skew, drift] = [this.int(-SKEW, SKEW), this.int(-SKEW, SKEW)];
    this.count(skew < 0 ? "our clock behind" : "our clock ahead");
    this.count(`from ${new Date(start).toISOString().slice(5, 10)}`);
    this.#ours = (at) => at + skew + Math.round(drift * (at - start) / (end - start));
  }

  protected spendAMonth(start: number): void {
    this.monthEnds.push(start);
    if (this.chance(10)) this.buy(start + this.int(0, 25) * DAY + 7, this.int(1, 40) * 50);
    for (let n = this.int(0, 3); n > 0; n--) {
      const at = start + this.int(0, 26 * 24) * HOUR + 13 * 60_000;
      this.spend(at, this.int(1, 600), at + 1000, true);
    }
    // Held while one period ends and the next begins.
    if (this.chance(30)) {
      this.count("held across a boundary");
      this.spend(start - 40 * 60_000, this.int(1, 900), start + 5 * HOUR, this.chance(50));
    }
    // The sweep runs now and then; whoever needs what is due does not wait for it.
    for (const day of [0.01, 4, 11, 23]) {
      this.steps.push({
        at: start + day * DAY + 11,
        sql: "select public.grant_plan_credits()",
        apply: (contract, now) => contract.drip(now),
      });
    }
  }

  protected buy(at: number, amount: number): void {
    this.count("bought");
    const sql = `select outcome from public.grant_credits('${this.user}', ${
      amount / 100
    }, 'migration', 'bought ${at}')`;
    this.steps.push({ at, sql, apply: (contract, now) => contract.buy(amount, now) });
  }

  protected spend(at: number, amount: number, settled: number, isSpent: boolean): void {
    const job = `${this.user.slice(0, 24)}${String(++this.#jobs).padStart(12, "0")}`;
    const who = `'${this.user}', '${job}'`;
    this.steps.push({
      at,
      sql: `select outcome from public.reserve_credits(${who}, ${
        amount / 100
      }, 'test', null, '{}', '24 hours')`,
      apply: (contract, now) => contract.reserve(job, amount, now),
    }, {
      at: settled,
      sql: `select outcome from public.${
        isSpent ? `confirm_credits(${who})` : `release_credits(${who}, 'x')`
      }`,
      apply: (contract, now) => contract.wallet.settle(job, isSpent, now),
    });
  }
}
