/** What the visitor must have after each step, counted beside the product and compared with what it says. */
import { z } from "zod";
import { expectSame, Mismatch } from "./mismatch.ts";
import type { Visitor } from "./visitor.ts";

/** Credits as whole hundredths, so that adding them up is exact. */
export type Hundredths = number;

/** An amount in an answer. */
export const Credits = z.number().transform(hundredths);

const Balance = z.object({ balance: Credits, reserved: Credits });

const UsageItem = z.object({
  id: z.union([z.string(), z.number()]),
  job_type: z.string(),
  credits_used: Credits,
  status: z.string(),
  description: z.string().nullable(),
  created_at: z.string(),
});
const UsagePage = z.object({ items: z.array(UsageItem) });

/** A line of the usage table. */
export type UsageItem = z.infer<typeof UsageItem>;

/** Writes an amount as answers do: `1250` is `12.50`. */
export function credits(amount: Hundredths): string {
  return (amount / 100).toFixed(2);
}

function hundredths(amount: number): Hundredths {
  const exact = Math.round(amount * 100);
  if (Math.abs(amount * 100 - exact) > 1e-6) throw new Mismatch(`${amount} has more than two decimal places`);
  return exact;
}

/** The expected balance. Every change is followed by a comparison with `GET /balance`. */
export class Account {
  #expected: Hundredths = 0;

  constructor(private readonly visitor: Visitor) {}

  /** Takes what the product starts everybody with as the amount to count on from. */
  async open(): Promise<Hundredths> {
    const { balance, reserved } = await this.#read();
    expectSame("what is reserved before anything was bought", credits(reserved), credits(0));
    this.#expected = balance;
    return balance;
  }

  /** The balance must have changed by exactly `change`, and nothing may be held. */
  async moved(change: Hundredths): Promise<Hundredths> {
    this.#expected += change;
    const { balance, reserved } = await this.#read();
    expectSame("the balance", credits(balance), credits(this.#expected));
    expectSame("what is reserved", credits(reserved), credits(0));
    return balance;
  }

  /** `cost` must be out of the balance; it is held until the job is done, and the job may be done already. */
  async spent(cost: Hundredths): Promise<void> {
    this.#expected -= cost;
    const { balance, reserved } = await this.#read();
    expectSame("the balance", credits(balance), credits(this.#expected));
    if (reserved !== cost && reserved !== 0) {
      throw new Mismatch(`${credits(reserved)} are reserved for a job that costs ${credits(cost)}`);
    }
  }

  /** What was spent, newest first. */
  async usage(): Promise<UsageItem[]> {
    return (await this.visitor.get("credits-api/usage?limit=100", UsagePage)).items;
  }

  async #read() {
    return await this.visitor.get("credits-api/balance", Balance);
  }
}
