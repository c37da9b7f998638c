import { z } from "zod";
import type { EventRecord } from "../state.ts";

/** How deliveries misbehave on request; every field is optional in a request and keeps its value when absent. */
export const behaviourSchema = z.strictObject({
  /** Nothing is sent until this is false again or a flush is asked for. */
  paused: z.boolean(),
  /** So many of the next events are never sent: what a receiver that was down for days would miss. */
  drop: z.int().min(0),
  /** So many extra copies of every event. */
  duplicate: z.int().min(0).max(20),
  /** Wait before each first attempt, in milliseconds. */
  delay_ms: z.int().min(0).max(600_000),
  /** Collect so many events, then send them in `order`; 0 sends each at once. */
  hold: z.int().min(0),
  order: z.enum(["sent", "reverse", "shuffle"]),
  /** The same seed shuffles in the same way, so that a failing run can be repeated. */
  seed: z.int().min(0),
  /** How many deliveries are under way at the same time. */
  concurrency: z.int().min(1).max(100),
  /** Only these types are dropped, duplicated, delayed or held; null means all. */
  types: z.array(z.string()).nullable(),
});

export type Behaviour = z.infer<typeof behaviourSchema>;

/** Deliver everything at once, one after the other, in the order in which it happened. */
export function defaultBehaviour(): Behaviour {
  return {
    paused: false,
    drop: 0,
    duplicate: 0,
    delay_ms: 0,
    hold: 0,
    order: "sent",
    seed: 1,
    concurrency: 1,
    types: null,
  };
}

/** The held events in the order in which they are to be released. */
export function inOrder(events: EventRecord[], behaviour: Behaviour): EventRecord[] {
  if (behaviour.order === "reverse") return events.toReversed();
  return behaviour.order === "shuffle" ? shuffle(events, behaviour.seed) : events;
}

/** Fisher–Yates over a small linear congruential generator: `Math.random` cannot be seeded. */
function shuffle<T>(items: T[], seed: number): T[] {
  const shuffled = [...items];
  let random = seed;
  for (let last = shuffled.length - 1; last > 0; last--) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((random / 2 ** 32) * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
  }
  return shuffled;
}
