/** What a user has and owes in the model of credits: batches that expire, and debts that the next credits pay. */

/** Credits that were granted together. */
export interface Batch {
  key: string;
  original: number;
  remaining: number;
  expiresAt: number;
}

/** What was taken from a batch. */
export interface Part {
  batch: Batch;
  amount: number;
}

/** Batches and debts of one user. */
export class Wallet {
  readonly batches: Batch[] = [];
  protected readonly debts: number[] = [];

  /** What can be reserved at `now`. */
  available(now: number): number {
    return sum(this.spendable(now).map((batch) => batch.remaining));
  }

  get debt(): number {
    return sum(this.debts);
  }

  protected spendable(now: number): Batch[] {
    return this.batches.filter((batch) => batch.expiresAt > now).sort((one, other) =>
      one.expiresAt === other.expiresAt ? 0 : one.expiresAt - other.expiresAt
    );
  }

  protected take(now: number, amount: number): Part[] {
    const taken: Part[] = [];
    for (const batch of this.spendable(now)) {
      const part = Math.min(amount - sum(taken.map((one) => one.amount)), batch.remaining);
      if (part) taken.push({ batch, amount: part });
      batch.remaining -= part;
    }
    return taken;
  }

  /** Returns what was taken last first, passing over `before`, which has been returned already. */
  protected giveBack(now: number, taken: Part[], amount: number, before = 0) {
    for (const { batch, amount: most } of taken.toReversed()) {
      const part = Math.min(amount, Math.max(most - before, 0));
      before = Math.max(before - most, 0);
      batch.remaining += part;
      amount -= part;
    }
    this.payDebts(now);
  }

  protected payDebts(now: number): number {
    let paid = 0;
    for (const [index, owed] of this.debts.entries()) {
      const part = sum(this.take(now, owed).map((one) => one.amount));
      this.debts[index] -= part;
      paid += part;
    }
    return paid;
  }
}

/** What the amounts come to. */
export function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
