/** The contract of metered work in its plainest form, on top of that of credits. Amounts are whole hundredths. */
import { type Answer, Model } from "./credit_model.ts";

/** What a card does with usage beyond its hold. The actions of the tests are called after it. */
export const POLICIES = ["cap", "available", "debt"] as const;
/** One of {@linkcode POLICIES}. */
export type Policy = typeof POLICIES[number];

/** How much an account may owe, as installed. */
const DEBT_CEILING = 1_000;

interface Metered {
  policy: Policy;
  price: number;
  tokens: number;
  settled?: { cost: number; charged: number; owed: number; absorbed: number };
}

/** A user whose work may be metered. */
export class MeteredModel extends Model {
  readonly #jobs = new Map<string, Metered>();

  /** `price` is today's, in thousandths of a credit for a token. */
  reserveMetered(
    now: number,
    job: string,
    order: { policy: Policy; tokens: number; price: number; ttl: number },
  ): Answer {
    const { policy, tokens, ttl } = order;
    const known = this.reservations.has(job) ? this.#jobs.get(job) : undefined;
    const price = known?.policy === policy ? known.price : order.price;
    const answer = this.reserve(now, job, costOf(tokens, price), ttl);
    if (answer.outcome === "reserved") this.#jobs.set(job, { policy, price, tokens });
    return answer;
  }

  /** `tokens` null: nobody reported how many. */
  settle(now: number, job: string, tokens: number | null): Answer {
    const metered = this.#jobs.get(job);
    const held = this.reservations.get(job);
    if (metered?.settled) {
      const returned = held ? held.amount - metered.settled.charged : null;
      return { outcome: "already_settled", ...metered.settled, returned };
    }
    if (!metered || !held) return { outcome: "not_found", charged: null };
    const cost = costOf(tokens ?? metered.tokens, metered.price);
    if (metered.policy !== "cap") this.#cover(now, job, cost);
    const { outcome, charged, returned } = this.confirm(now, job, Math.min(cost, held.amount));
    if (outcome !== "confirmed" && outcome !== "confirmed_late") {
      return { outcome, cost: null, charged, returned, owed: 0, absorbed: 0 };
    }
    const rest = cost - Number(charged);
    const owed = metered.policy === "debt" ? Math.min(rest, Math.max(DEBT_CEILING - this.debt, 0)) : 0;
    if (owed) {
      this.debts.push(owed);
      this.moved(job);
    }
    metered.settled = { cost, charged: Number(charged), owed, absorbed: rest - owed };
    return { outcome: outcome.replace("confirmed", "settled"), ...metered.settled, returned };
  }

  #cover(now: number, job: string, cost: number): void {
    const held = this.reservations.get(job);
    if (!held || held.status === "confirmed" || (held.status === "refunded" && !held.swept)) return;
    const isHeld = held.status === "reserved";
    const room = this.available(now) - (isHeld ? 0 : held.amount);
    const extra = Math.min(cost - held.amount, room);
    if (extra > 0) this.grow(now, job, extra);
  }
}

function costOf(tokens: number, price: number): number {
  return Math.ceil(tokens * price / 10);
}
