/**
 * The secret shared with the generation backend (C1), in both directions.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { derived, list, listed } from "../env.ts";
import { ApiError } from "../http/errors.ts";

const NAME = "API_SHARED_SECRET";

/** Lets through who sends one of the accepted secrets in `X-Api-Key`. With none configured, nobody. */
export const requireBackend: MiddlewareHandler = async (c, next) => {
  const accepted = await digests();
  if (accepted.length === 0) throw missing();
  if (!await isOneOf(c.req.header("x-api-key") ?? "", accepted)) throw new ApiError("invalid_api_key");
  await next();
};

/** The secret to send: the first of the accepted ones. @throws {ApiError} `not_configured` without any. */
export function backendKey(): string {
  const [first] = list(NAME);
  if (first === undefined) throw missing();
  return first;
}

const digests = derived(NAME, (text) => Promise.all(listed(text).map(sha256)));

/** Compares digests, and all of them, so that the time taken says nothing about the secrets. */
async function isOneOf(given: string, accepted: Uint8Array[]): Promise<boolean> {
  const digest = await sha256(given);
  return accepted.filter((one) => timingSafeEqual(digest, one)).length > 0;
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function missing(): ApiError {
  return new ApiError("not_configured", { cause: new Error(`${NAME} is not set`) });
}
