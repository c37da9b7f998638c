/**
 * Moves jobs on: claim one, ask the generation backend, store what came back.
 *
 * Postgres decides everything (who may have a job, whether an attempt still counts, what is charged). A
 * worker that dies leaves a lease that runs out, and the job is handed to another one.
 *
 * @module
 */
import { inBackground } from "../_shared/background.ts";
import { call, present } from "../_shared/database/client.ts";
import { leaving, work } from "./attempt.ts";
import type { Claim, Product } from "./product.ts";

/** Jobs one instance works on at the same time. What is over stays queued, free for any other. */
const MAX_RUNNING = 8;
/** An instance stops taking jobs after this long, in milliseconds: hosted ones live for 150 s. */
const SHIFT = 60_000;

const worker = crypto.randomUUID();
/** How many shifts are under way. */
let hands = 0;
/** The jobs that this instance is about to claim: nobody who asks twice has it claimed twice. */
const claiming = new Set<string>();

/** A job as whoever asks about it sees it; `next_attempt_at` is null when it was ordered this moment. */
interface Waiting {
  id: string;
  status: string;
  next_attempt_at: string | null;
}

/** Starts on a job if it is queued and due, unless this instance has its hands full: then it stays queued. */
export function dispatch(product: Product, { id, status, next_attempt_at }: Waiting): void {
  const isDue = status === "queued" &&
    (next_attempt_at === null || Date.parse(next_attempt_at) <= Date.now());
  if (!isDue || claiming.has(id) || isFull()) return;
  claiming.add(id);
  const claim = claimNext(product, id).finally(() => claiming.delete(id));
  inBackground("dispatch", claim.then((claim) => shift(product, claim)), { job_id: id });
}

function isFull(): boolean {
  return hands + claiming.size >= MAX_RUNNING;
}

/** Takes on due jobs, as many as this instance has hands free. Resolves to how many, once they are claimed. */
export async function runDueJobs(product: Product): Promise<number> {
  let started = 0;
  while (!isFull()) {
    const claim = await claimNext(product);
    if (claim === undefined) break;
    started++;
    inBackground("run", shift(product, claim));
  }
  return started;
}

/** Works on one job after another until none is due or the time is up. A hand is taken once there is work for it. */
async function shift(product: Product, first: Claim | undefined): Promise<void> {
  if (first === undefined) return;
  const end = Date.now() + SHIFT;
  hands++;
  try {
    for (let claim: Claim | undefined = first; claim !== undefined;) {
      await work(product, claim);
      claim = Date.now() < end ? await claimNext(product) : undefined;
    }
  } finally {
    hands--;
  }
}

async function claimNext(product: Product, jobId?: string): Promise<Claim | undefined> {
  if (leaving.aborted) return undefined;
  const row = await call("claim_job", { p_job_id: jobId, p_worker: worker, p_job_type: product.jobType });
  if (row.outcome !== "claimed") return undefined;
  return present(row, ...CLAIMED);
}

const CLAIMED = [
  ...["outcome", "job_id", "job_type", "attempt"] as const,
  ...["user_id", "resource_id", "request", "lease_expires_at"] as const,
];
