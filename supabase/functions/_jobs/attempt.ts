/**
 * One attempt at one job, from what the generation backend answers to the commit.
 *
 * @module
 */
import { inBackground } from "../_shared/background.ts";
import { asService, call, dataApi, read } from "../_shared/database/client.ts";
import { describe, log } from "../_shared/log.ts";
import { generate, GenerationFailure, malformed } from "./backend_client.ts";
import type { Claim, Product } from "./product.ts";

/** The longest a backend may take to answer, in milliseconds. */
const ANSWER_WITHIN = 120_000;
/** How often an attempt looks whether it still counts, in milliseconds. */
const LOOK_EVERY = 2_000;

/** What this instance works on, and how each is let go. */
const underWay = new Map<Claim, AbortController>();

/** The platform's notice that this instance is about to end ("Background Tasks" in Supabase's guides). */
const ending = new AbortController();
addEventListener("beforeunload", () => ending.abort());
export const leaving = ending.signal;

/** Lets go at once of a job, or of what makes the thing with this id: nothing more is spent on it. */
export function letGo(id: string): void {
  for (const [claim, fenced] of underWay) {
    if (claim.job_id === id || claim.resource_id === id) fenced.abort();
  }
}

/** One attempt at one job. Never throws. */
export async function work(product: Product, claim: Claim): Promise<void> {
  const start = performance.now();
  const fenced = new AbortController();
  underWay.set(claim, fenced);
  const stopBeating = keepAlive(claim, fenced);
  let outcome: string;
  try {
    const answer = await generate(
      product.backendPath,
      claim,
      // Letting go of a job queues it again at once; otherwise its lease would have to run out first.
      AbortSignal.any([fenced.signal, leaving, AbortSignal.timeout(ANSWER_WITHIN)]),
    );
    outcome = answer === "later" ? answer : await deliver(product, claim, answer);
  } catch (error) {
    outcome = fenced.signal.aborted ? "fenced" : await fail(claim, error);
  } finally {
    stopBeating();
    underWay.delete(claim);
  }
  log("info", "job", { ...names(claim), outcome, duration_ms: Math.round(performance.now() - start) });
}

/** Delivered means paid: one RPC stores the result and settles its credits. Resolves to its outcome. */
async function deliver({ delivery }: Product, claim: Claim, answer: Response): Promise<string> {
  const { outcome } = await delivery.accept(claim, answer);
  if (outcome === "invalid") throw malformed("the result was refused");
  return outcome ?? "unknown";
}

/**
 * Tells Postgres at a third of the lease that this attempt is alive, and looks in between, which writes nothing; lets go
 * when it no longer counts.
 */
function keepAlive(claim: Claim, fenced: AbortController): () => void {
  const lease = Date.parse(claim.lease_expires_at) - Date.now();
  const beat = async () => {
    const { outcome } = await call("heartbeat_job", { p_job_id: claim.job_id, p_attempt: claim.attempt });
    if (outcome !== "alive") fenced.abort();
  };
  const period = Math.min(30_000, Math.max(1000, lease / 3));
  const look = async () => {
    if (!await counts(claim)) fenced.abort();
  };
  const timers = [
    setInterval(() => inBackground("heartbeat", beat()), period),
    setInterval(() => inBackground("look", look()), LOOK_EVERY),
  ];
  return () => timers.forEach(clearInterval);
}

/** Whether the attempt is still the one that would be charged. */
async function counts({ job_id, attempt }: Claim): Promise<boolean> {
  const query = asService(dataApi().from("generation_jobs").select("status, attempt").eq("id", job_id));
  const job = await read("generation_jobs", query.maybeSingle());
  return job?.status === "generating" && job.attempt === attempt;
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
