/**
 * Which requests are sent, in batches of one operation each.
 *
 * @module
 */
import fc from "fast-check";
import { signedEvents } from "./events.ts";
import { type Operation, operations } from "./operations.ts";
import { type Cast, requestsFor, type Sent } from "./requests.ts";

/** Requests for one operation, to be sent at the same time. */
export interface Batch {
  operation: Operation;
  requests: Sent[];
}

const BATCH = 100;

/** How many signed events a thorough run delivers. */
const EVENTS = 1100;

/** How often a route is asked that has nothing to vary. */
const FEWEST = 60;

/** All batches, `atLeast` so many requests; the same seed makes the same ones for the same ids. */
export async function* plan(cast: Cast, seed: number, atLeast: number): AsyncGenerator<Batch> {
  const all = await operations();
  const varied = all.map(howMany).filter((count) => count > FEWEST);
  const times = atLeast / varied.reduce((sum, count) => sum + count, 0);
  for (const operation of all) {
    const count = howMany(operation);
    const numRuns = count > FEWEST ? Math.ceil(count * times) : count;
    yield* batches(operation, fc.sample(requestsFor(operation, cast), { seed, numRuns }));
    if (operation.name !== "post /stripe-webhook") continue;
    const events = fc.sample(signedEvents(cast.ids), { seed, numRuns: Math.ceil(EVENTS * times) });
    yield* batches(operation, await Promise.all(events));
  }
}

/** The more there is to vary, the more; what writes or prints a whole story when it likes what it gets, less. */
function howMany({ name, body, path, query }: Operation): number {
  if (name.endsWith("generation-backend/books")) return FEWEST;
  if (name.endsWith("generation-backend/stories")) return 300;
  if (body) return 1400;
  if (Object.keys(query).length) return 500;
  return path.includes("{id}") ? 250 : FEWEST;
}

function* batches(operation: Operation, requests: Sent[]): Generator<Batch> {
  for (let i = 0; i < requests.length; i += BATCH) {
    yield { operation, requests: requests.slice(i, i + BATCH) };
  }
}
