/**
 * Secrets that servers show in `X-Api-Key` (C1), one for each direction: the functions and the generation backend show each
 * other `API_SHARED_SECRET`; schedulers and operators show `SCHEDULER_SECRET`, which no backend has.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { derived, secrets, secretsIn } from "../env.ts";
import type { Callers } from "../http/callers.ts";
import { know } from "../http/coarse_limit.ts";
import type { AppEnv } from "../http/context.ts";
import { ApiError } from "../http/errors.ts";

const BACKEND = "API_SHARED_SECRET";

/** Lets through who sends one of the secrets shared with the generation backend. With none configured, nobody. */
export const requireBackend = requireKey(BACKEND);

const requireScheduler = requireKey("SCHEDULER_SECRET");

/** For the generation backend; `more` runs once that is clear. */
export function forBackend(...more: MiddlewareHandler[]): Callers {
  return { "x-callers": "backend", "x-limits": [], middleware: [requireBackend, ...more] };
}

/** For schedulers and operators. */
export function forScheduler(): Callers {
  return { "x-callers": "scheduler", "x-limits": [], middleware: [requireScheduler] };
}

/** The secret to send: the first of the accepted ones. @throws {ApiError} `not_configured` without any. */
export function backendKey(): string {
  return secrets(BACKEND)[0];
}

function requireKey(name: string): MiddlewareHandler<AppEnv> {
  const digests = derived(name, (text) => Promise.all(secretsIn(name, text).map(sha256)));
  return async (c, next) => {
    const accepted = await digests();
    if (!await isOneOf(c.req.header("x-api-key") ?? "", accepted)) throw new ApiError("invalid_api_key");
    know(c);
    await next();
  };
}

/** Compares digests, and all of them, so that the time taken says nothing about the secrets. */
async function isOneOf(given: string, accepted: Uint8Array[]): Promise<boolean> {
  const digest = await sha256(given);
  return accepted.filter((one) => timingSafeEqual(digest, one)).length > 0;
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
