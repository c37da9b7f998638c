/**
 * What the queue, its worker and its routes know of a product: this interface, and nothing else.
 *
 * A third product is a function with a {@linkcode Product} of its own; the compiler says what it lacks. What Postgres needs
 * to know of it stands in `credits_private.job_kinds` and `credits_private.job_request_fields`.
 *
 * @module
 */
import type { z } from "@hono/zod-openapi";
import type { App } from "../_shared/http/app.ts";
import type { Problem } from "../_shared/http/errors.ts";
import type { BOUNDS } from "../_shared/database/bounds.ts";
import type { Database, Json } from "../_shared/database/types.ts";

type Schema = Database["public"];

/** What an admission RPC decided; `resource_id` is what the job will make. */
export type Admission = Schema["CompositeTypes"]["admission_result"];

/** What an RPC about a job answers. */
export type JobResult = Schema["CompositeTypes"]["job_result"];

/** A job in the hands of this worker: every field of a claim that was granted. */
export type Claim = { [F in keyof ClaimResult]: NonNullable<ClaimResult[F]> };
type ClaimResult = Schema["CompositeTypes"]["job_claim_result"];

/** One attempt at a job, as the RPCs want it named; whatever comes from an older one is refused as `fenced`. */
export interface Attempt {
  p_job_id: string;
  p_attempt: number;
}

/** Who asks for a job, and for what. */
export interface Order {
  p_user_id: string;
  p_request: Json;
  p_idempotency_key?: string;
}

/** How a product is ordered. */
export interface Creation {
  /** Path of the route, e.g. `/create`. */
  path: `/${string}`;
  /** The rate limit that applies, as `RateLimit-Policy` names it. */
  policy: string;
  /** Calls the product's admission RPC: limit, rules, price, reservation and job in one transaction. */
  admit(order: Order): Promise<Admission>;
  /** What else an accepted order is told. */
  told?: { shape: z.ZodRawShape; of(admission: Admission): Record<string, unknown> };
  /** Refusals of the product's own, by the code with which its RPC returns them as `invalid`. */
  refusals?: Record<string, Problem>;
  /** Whether an order names something that may not be there, so that 404 is an answer. */
  namesAnother?: boolean;
}

/** How what the generation backend made is stored and paid for. */
export interface Delivery {
  /**
   * Takes the backend's answer to `claim`: stores it and settles its credits, in one RPC.
   *
   * @throws {GenerationFailure} when the answer cannot be used.
   * @throws {ApiError} when the database or the storage stays away.
   */
  accept(claim: Claim, answer: Response): Promise<JobResult>;
  /** Adds `POST /jobs/{id}/complete`, on which a backend that promised an answer hands it in. */
  addCompletion(app: App): void;
}

/** A kind of work that users pay for. */
export interface Product {
  /** As in `job_kinds`. Its ids are called after it: `{jobType}_id`. */
  jobType: keyof typeof BOUNDS;
  /** What progress is counted in, e.g. `pages`: an answer has `pages_done` and `pages_total`. */
  unit: string;
  /** Where the generation backend takes orders for it. */
  backendPath: `/${string}`;
  creation: Creation;
  delivery: Delivery;
  /** The table of what was made, and the view that has a `job` beside it. Row security shows both to the owner alone. */
  table: keyof Schema["Tables"];
  progress: keyof Schema["Views"];
  /** Columns that a list shows, beside those that every product has. */
  summary: z.ZodRawShape;
  /** Columns that only the thing itself shows, in addition. */
  details: z.ZodRawShape;
  /** Deletes what a user made, cancelling it first if need be. Resolves to the outcome: `deleted` or `not_found`. */
  remove(userId: string, id: string): Promise<string | null>;
}
