/**
 * The contract of credits in its plainest form, for one user. Amounts are whole hundredths, times milliseconds.
 * What has expired is gone at that moment here; the database may move it later, but nobody can spend it.
 *
 * @module
 */
import { type Part, sum, Wallet } from "./credit_wallet.ts";

/** A reservation as the model has it. */
export interface Reservation {
  status: "reserved" | "confirmed" | "refunded";
  amount: number;
  used: number;
  refunded: number;
  taken: Part[];
  /** What came after the reservation, and the amounts by step of those that were asked for. */
  added: number;
  steps: Map<number, number>;
  createdAt: number;
  expiresAt: number;
  /** Released by the sweep: a late confirm may take the credits again. */
  swept: boolean;
}

/** The fields of an answer that the contract fixes. */
export type Answer = Record<string, string | number | null>;

/** How long a reservation can be extended, in milliseconds: the database is to be told. */
export const LONGEST_HOLD = 120 * 60_000;

/** A user's credits. */
export class Model extends Wallet {
  readonly reservations = new Map<string, Reservation>();
  readonly #revocations = new Map<string, number>();
  readonly #refunds = new Map<string, { job: string; amount: number }>();
  /** The first and the last movement of each job, numbered by {@linkcode #moves}. */
  readonly #spans = new Map<string, { from: number; to: number }>();
  #moves = 0;

  get reserved(): number {
    return sum([...this.reservations.values()].map((held) => held.status === "reserved" ? held.amount : 0));
  }

  /** Credits of `job` have moved. */
  protected moved(job: string): void {
    const span = this.#spans.get(job) ?? { from: this.#moves, to: this.#moves };
    this.#spans.set(job, { ...span, to: this.#moves++ });
  }

  /** Everything has become old: forgets the reservations before the first that is still held, none of them in part. */
  archive(): void {
    const spans = [...this.#spans].map(([job, span]) =>
      this.reservations.get(job)?.status === "reserved" ? { job, ...span, to: Infinity } : { job, ...span }
    ).sort((one, other) => one.from - other.from);
    let [end, whole]: [number, string[]] = [-1, []];
    const seen: string[] = [];
    for (const { job, from, to } of spans) {
      if (from > end) whole = [...seen];
      end = Math.max(end, to);
      seen.push(job);
    }
    for (const job of end === Infinity ? whole : seen) {
      this.reservations.delete(job);
      this.#spans.delete(job);
    }
  }

  /** The part of a reservation, in quarters, that a test wants to confirm. */
  share(job: string, quarters: number): number {
    return Math.floor((this.reservations.get(job)?.amount ?? 100) * quarters / 4);
  }

  grant(now: number, key: string, amount: number, expiresAt: number): Answer {
    const known = this.batches.find((batch) => batch.key === key);
    if (known) return { outcome: "already_granted", amount: known.original, debt_paid: 0 };
    this.batches.push({ key, original: amount, remaining: amount, expiresAt });
    return { outcome: "granted", amount, debt_paid: this.payDebts(now) };
  }

  adjust(now: number, key: string, amount: number): Answer {
    const known = this.#revocations.get(key);
    if (known) return { outcome: "already_granted", amount: -known, debt_paid: 0 };
    const isGranted = this.batches.some((batch) => batch.key === key);
    if (amount > 0 || isGranted) return this.grant(now, key, amount, Infinity);
    this.#revocations.set(key, -amount);
    const owed = -amount - sum(this.take(now, -amount).map((part) => part.amount));
    if (owed) this.debts.push(owed);
    return { outcome: "granted", amount, debt_paid: 0 };
  }

  reserve(now: number, job: string, amount: number, ttl: number): Answer {
    const known = this.reservations.get(job);
    if (known) {
      return {
        outcome: known.amount - known.added === amount ? "already_reserved" : "different_amount",
        amount: known.amount,
        required: null,
        expires_at: known.expiresAt,
      };
    }
    if (this.available(now) < amount) {
      return { outcome: "insufficient_credits", amount: null, required: amount, expires_at: null };
    }
    const times = { createdAt: now, expiresAt: now + ttl };
    const taken = this.take(now, amount);
    this.reservations.set(job, {
      status: "reserved",
      amount,
      used: amount,
      refunded: 0,
      taken,
      added: 0,
      steps: new Map(),
      ...times,
      swept: false,
    });
    this.moved(job);
    return { outcome: "reserved", amount, required: null, expires_at: now + ttl };
  }

  confirm(now: number, job: string, amount: number | null): Answer {
    const held = this.reservations.get(job);
    if (!held || held.status === "confirmed" || (held.status === "refunded" && !held.swept)) {
      return ended(held);
    }
    const charged = amount ?? held.amount;
    const late = held.status === "refunded" || held.expiresAt <= now;
    if (held.status === "refunded") {
      if (this.available(now) < charged) return { outcome: "expired", charged: 0, returned: held.amount };
      held.taken = this.take(now, charged);
      held.steps.clear();
    } else {
      this.giveBack(now, held.taken, held.amount - charged);
    }
    if (held.status === "reserved" || charged > 0) this.moved(job);
    Object.assign(held, { status: "confirmed", used: charged });
    return { outcome: late ? "confirmed_late" : "confirmed", charged, returned: held.amount - charged };
  }

  add(now: number, job: string, seq: number, amount: number): Answer {
    const held = this.reservations.get(job);
    const answer = (outcome: string) => ({
      outcome,
      amount: held?.amount ?? null,
      required: outcome === "insufficient_credits" ? amount : null,
    });
    if (!held) return answer("not_found");
    const known = held.steps.get(seq);
    if (known !== undefined) return answer(known === amount ? "already_added" : "different_amount");
    if (held.status === "confirmed" || (held.status === "refunded" && !held.swept)) {
      return answer(`${ended(held).outcome}`);
    }
    if (held.status === "refunded" || held.expiresAt <= now) return answer("expired");
    if (this.available(now) < amount) return answer("insufficient_credits");
    this.grow(now, job, amount);
    held.steps.set(seq, amount);
    return answer("added");
  }

  /** Adds to a hold what is available; to one that was swept only the right to take it. */
  protected grow(now: number, job: string, amount: number): void {
    const held = this.reservations.get(job)!;
    held.amount += amount;
    held.used += amount;
    held.added += amount;
    if (held.status !== "reserved") return;
    held.taken.push(...this.take(now, amount));
    this.moved(job);
  }

  release(now: number, job: string): Answer {
    const held = this.reservations.get(job);
    if (held?.status !== "reserved") {
      if (held) held.swept = false;
      return ended(held);
    }
    held.status = "refunded";
    this.moved(job);
    this.giveBack(now, held.taken, held.amount);
    return { outcome: "released", charged: 0, returned: held.amount };
  }

  refund(now: number, job: string, key: string, part: (charged: number) => number): Answer {
    const held = this.reservations.get(job);
    if (!held) return ended(held);
    const charged = held.status === "confirmed" ? held.used - held.refunded : 0;
    const known = this.#refunds.get(key);
    if (known?.job === job) return { outcome: "already_refunded", charged, returned: known.amount };
    if (known || !charged) return { outcome: known ? "key_used" : "nothing_charged", charged, returned: 0 };
    const amount = part(charged);
    this.giveBack(now, held.taken, amount, sum(held.taken.map((one) => one.amount)) - charged);
    held.refunded += amount;
    this.moved(job);
    this.#refunds.set(key, { job, amount });
    return { outcome: "refunded", charged: charged - amount, returned: amount };
  }

  extend(now: number, job: string, ttl: number): Answer {
    const held = this.reservations.get(job);
    if (!held || held.status === "confirmed" || (held.status === "refunded" && !held.swept)) {
      return { outcome: ended(held).outcome, expires_at: null };
    }
    if (held.status === "refunded" || held.expiresAt <= now) {
      return { outcome: "expired", expires_at: held.expiresAt };
    }
    const limit = held.createdAt + LONGEST_HOLD;
    held.expiresAt = Math.max(held.expiresAt, Math.min(now + ttl, limit));
    return { outcome: now + ttl > limit ? "limit_reached" : "extended", expires_at: held.expiresAt };
  }

  /** Releases what was to be settled by `deadline`; gives back how many reservations that were. */
  sweep(now: number, deadline: number): number {
    const stale = [...this.reservations.entries()]
      .filter(([, held]) => held.status === "reserved" && held.expiresAt <= deadline)
      .sort(([, one], [, other]) => one.expiresAt - other.expiresAt);
    for (const [job, held] of stale) {
      this.release(now, job);
      held.swept = true;
    }
    return stale.length;
  }
}

function ended(held: Reservation | undefined): Answer {
  if (!held) return { outcome: "not_found", charged: null, returned: null };
  if (held.status === "refunded") return { outcome: "already_released", charged: 0, returned: held.amount };
  return { outcome: "already_confirmed", charged: held.used, returned: held.amount - held.used };
}
