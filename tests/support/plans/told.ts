/**
 * What Stripe has of one customer: its events, those that it could not deliver too, and its objects as they are.
 *
 * @module
 */
import type { Contract } from "./contract.ts";
import type { Event, Json } from "./events.ts";

/** Something that Stripe says, and what follows from it by the contract, whenever it is heard. */
export interface Said {
  at: number;
  event: Event;
  /** Whether no delivery of it arrives. */
  isLost: boolean;
  apply(contract: Contract, now: number): void;
  /** The object in the shape of the API that the SDK speaks, and what follows where it is asked for. */
  object?: Json;
  applyObject?(contract: Contract, now: number, saidAt: number): void;
}

/** Everything that was said, as Stripe's API gives it. */
export class Told {
  readonly #all: Said[] = [];

  add(said: Said): void {
    this.#all.push(said);
  }

  /** What could not be delivered between two times, newest first. */
  undelivered(since: number, now: number): Said[] {
    return this.#until(now).filter(({ isLost, at }) => isLost && at >= since);
  }

  /** The objects of a kind as they are now, the newest first. */
  objects(kind: string, now: number): Said[] {
    const newest = new Map<unknown, Said>();
    for (const said of this.#until(now)) {
      const { object } = said;
      if (object?.object !== kind) continue;
      // What is canceled stays so, whatever is paid late: only its first cancellation counts.
      if (object.status === "canceled" || !newest.has(object.id)) newest.set(object.id, said);
    }
    return [...newest.values()];
  }

  event(id: string): Said | undefined {
    return this.#all.find(({ event }) => event.id === id);
  }

  #until(now: number): Said[] {
    return this.#all.filter(({ at }) => at <= now).sort((one, other) => other.at - one.at);
  }
}
