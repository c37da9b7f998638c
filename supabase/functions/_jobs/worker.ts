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
import { describe, log } from "../_shared/log.ts";
import { generate, GenerationFailure, malformed } from "./backend_client.ts";
import type { Claim, Product } from "./product.ts";

/** Jobs one instance works on at the same time. What is over stays queued, free for any other. */
const MAX_RUNNING = 8;
/** An instance stops taking jobs after this long, in milliseconds: hosted ones live for 150 s. */
const SHIFT = 60_000;
/** The longest a backend may take to answer, in milliseconds. */
const ANSWER_WITHIN = 120_000;

const worker = crypto.randomUUID();
let running = 0;

/** The platform's notice that this instance is about to end ("Background Tasks" in Supabase's guides). */
const leaving = new AbortController();
addEventListener("beforeunload", () => leaving.abort());

/** Starts on a job if it is queued and due, unless this instance has its hands full: then it stays queued. */
export function dispatch(product: Product, { id, status }: { id: string; status: string }): void {
  if (status === "queued" && running < MAX_RUNNING) {
    inBackground("dispatch", shift(product, id), { job_id: id });
  }
}

/** Takes on due jobs, as many as this instance has hands free. Resolves to how many, once they are claimed. */
export async function runDueJobs(product: Product): Promise<number> {
  let started = 0;
  while (running < MAX_RUNNING) {
    const claim = await claimNext(product);
    if (claim === undefined) break;
    started++;
    inBackground("run", shift(product, undefined, claim));
  }
  return started;
}

/** Works on one job after another until none is due or the time is up. */
async function shift(product: Product, jobId?: string, first?: Claim): Promise<void> {
  const end = Date.now() + SHIFT;
  running++;
  try {
    let claim = first ?? await claimNext(product, jobId);
    while (claim !== undefined) {
      await work(product, claim);
      claim = Date.now() < end ? await claimNext(product) : undefined;
    }
  } finally {
    running--;
  }
}

async function claimNext(product: Product, jobId?: string): Promise<Claim | undefined> {
  if (leaving.signal.aborted) return undefined;
  const row = await call("claim_job", { p_job_id: jobId, p_worker: worker, p_job_type: product.jobType });
  if (row.outcome !== "claimed") return undefined;
  return present(row, ...CLAIMED);
}

const CLAIMED = [
  ...["outcome", "job_id", "job_type", "attempt"] as const,
  ...["user_id", "resource_id", "request", "lease_expires_at"] as const,
];

/** One attempt at one job, from the backend's answer to the commit. Never throws. */
async function work(product: Product, claim: Claim): Promise<void> {
  const start = performance.now();
  const fenced = new AbortController();
  const stopBeating = keepAlive(claim, fenced);
  let outcome: string;
  try {
    const answer = await generate(
      product.backendPath,
      claim,
      // Letting go of a job queues it again at once; otherwise its lease would have to run out first.
      AbortSignal.any([fenced.signal, leaving.signal, AbortSignal.timeout(ANSWER_WITHIN)]),
    );
    outcome = answer === "later" ? answer : await deliver(product, claim, answer);
  } catch (error) {
    outcome = fenced.signal.aborted ? "fenced" : await fail(claim, error);
  } finally {
    stopBeating();
  }
  log("info", "job", { ...names(claim), outcome, duration_ms: Math.round(performance.now() - start) });
}

/** Delivered means paid: one RPC stores the result and settles its credits. Resolves to its outcome. */
async function deliver({ delivery }: Product, claim: Claim, answer: Response): Promise<string> {
  const { outcome } = await delivery.accept(claim, answer);
  if (outcome === "invalid") throw malformed("the result was refused");
  return outcome ?? "unknown";
}

/** Tells Postgres at a third of the lease that this attempt is alive; lets go when it no longer counts. */
function keepAlive(claim: Claim, fenced: AbortController): () => void {
  const lease = Date.parse(claim.lease_expires_at) - Date.now();
  const beat = async () => {
    const { outcome } = await call("heartbeat_job", { p_job_id: claim.job_id, p_attempt: claim.attempt });
    if (outcome !== "alive") fenced.abort();
  };
  const period = Math.min(30_000, Math.max(1000, lease / 3));
  const timer = setInterval(() => inBackground("heartbeat", beat()), period);
  return () => clearInterval(timer);
}

/** Marks the attempt as failed, which releases the credits or queues the next attempt, in one transaction. */
async function fail(claim: Claim, error: unknown): Promise<string> {
  const { code, retryable, message } = error instanceof GenerationFailure
    ? error
    : new GenerationFailure("internal", true, "the result could not be stored");
  log("warn", "attempt_failed", { ...names(claim), code, retryable, error: describe(error) });
  try {
    const result = await call("fail_job", {
      p_job_id: claim.job_id,
      p_attempt: claim.attempt,
      p_error_code: code,
      p_message: message,
      p_retryable: retryable,
    });
    return result.outcome ?? "unknown";
  } catch (failure) {
    // L5: the sweep returns the credits; an operator can see which ones waited for it.
    log("error", "release_failed", {
      ...names(claim),
      reservation_id: claim.job_id,
      error: describe(failure),
    });
    return "release_failed";
  }
}

function names(claim: Claim) {
  const { job_id, job_type, attempt, user_id, resource_id } = claim;
  return { job_id, job_type, attempt, user_id, resource_id };
}
