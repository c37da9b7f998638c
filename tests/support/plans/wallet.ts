/**
 * Batches, holds and debts of one user, computed without a look at the SQL. Amounts are hundredths of a credit, times are
 * milliseconds.
 *
 * @module
 */

/** Credits that came together; those of a plan name what paid for them. */
export interface Batch<Source> {
  source?: Source;
  kind: "credits" | "trial" | "rollover" | "late" | "reinstated" | "bought";
  amount: number;
  rest: number;
  expires: number;
  /** From when on they were due. */
  due?: number;
}

/** A part of a batch. */
export type Part<Source> = { batch: Batch<Source>; amount: number };

/** One user's credits. */
export class Wallet<Source> {
  readonly batches: Batch<Source>[] = [];
  readonly #holds = new Map<string, Part<Source>[]>();
  #debts: { owner: Source; left: number }[] = [];

  /** `onExpiry` is told what expires unused. */
  constructor(readonly onExpiry: (batch: Batch<Source>) => void) {}

  available(now: number, kind?: Batch<Source>["kind"]): number {
    this.expire(now);
    return sum(this.batches.filter((batch) => !kind || batch.kind === kind).map(({ rest }) => rest));
  }

  hold(job: string, amount: number): void {
    this.#holds.set(job, this.take(amount));
  }

  settle(job: string, isSpent: boolean, now: number): void {
    if (!isSpent) { for (const { batch, amount } of this.#holds.get(job) ?? []) batch.rest += amount; }
    this.#holds.delete(job);
    this.expire(now);
    this.#repay();
  }

  add(batch: Omit<Batch<Source>, "rest">, now: number): void {
    this.expire(now);
    this.batches.push({ ...batch, rest: batch.amount });
    this.#repay();
  }

  /** Takes up to `amount`, what ends first first, or in the order that is given. */
  take(amount: number, from = this.batches.toSorted(bySpending)): Part<Source>[] {
    const parts: Part<Source>[] = [];
    for (const batch of from) {
      const part = Math.min(amount, batch.rest);
      if (part > 0) parts.push({ batch, amount: part });
      batch.rest -= part;
      amount -= part;
    }
    return parts;
  }

  owe(owner: Source, left: number): void {
    if (left > 0) this.#debts.push({ owner, left });
  }

  forgive(owner: Source): void {
    this.#debts = this.#debts.filter((debt) => debt.owner !== owner);
  }

  expire(now: number): void {
    for (const batch of this.batches) {
      if (batch.expires > now || batch.rest === 0) continue;
      this.onExpiry(batch);
      batch.rest = 0;
    }
  }

  #repay(): void {
    for (const debt of this.#debts) debt.left -= sum(this.take(debt.left).map(({ amount }) => amount));
    this.#debts = this.#debts.filter(({ left }) => left > 0);
  }
}

function bySpending(a: Batch<unknown>, b: Batch<unknown>): number {
  return a.expires === b.expires ? 0 : a.expires - b.expires;
}

/** What numbers add up to. */
export function sum(all: number[]): number {
  return all.reduce((total, one) => total + one, 0);
}
