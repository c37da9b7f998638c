import { createMiddleware } from "hono/factory";
import { invalidRequest, StripeApiError } from "../errors.ts";
import type { StandIn } from "../stand_in.ts";
import type { SavedResponse } from "../state.ts";
import type { ApiEnv } from "./env.ts";

type Kept = Pick<StandIn, "state" | "now" | "changed">;

const KEPT_SECONDS = 24 * 60 * 60;

/**
 * The same key with the same request gets the same answer for a day; with another request it is refused.
 * Only successful answers are kept: what was refused changed nothing and may be tried again.
 */
export function idempotency(standIn: Kept) {
  const underWay = new Set<string>();
  return createMiddleware<ApiEnv>(async (c, next) => {
    const key = c.req.header("idempotency-key");
    if (c.req.method !== "POST" || key === undefined) return await next();
    if (key.length > 255) throw invalidRequest("Idempotency-Key is too long: at most 255 characters.");
    const body = await c.req.text();
    const saved = savedUnder(standIn, key);
    if (saved !== undefined) return replay(saved, c.req.path, body);
    if (underWay.has(key)) throw inUse(key);
    underWay.add(key);
    try {
      await next();
      if (c.res.ok) await save(standIn, key, c.req.path, body, c.res.clone(), c.var.requestId);
    } finally {
      underWay.delete(key);
    }
  });
}

function savedUnder(standIn: Kept, key: string): SavedResponse | undefined {
  const saved = standIn.state.idempotency.get(key);
  if (saved === undefined || standIn.now() - saved.created < KEPT_SECONDS) return saved;
  standIn.state.idempotency.delete(key);
  return undefined;
}

function replay(saved: SavedResponse, path: string, body: string): Response {
  if (saved.path !== path) {
    throw mismatch(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ` +
        `('${path}' vs '${saved.path}'). Try using a key other than '${saved.key}' if you meant to ` +
        `execute a different request.`,
    );
  }
  if (saved.body !== body) {
    throw mismatch(
      `Keys for idempotent requests can only be used with the same parameters they were first used with. ` +
        `Try using a key other than '${saved.key}' if you meant to execute a different request.`,
    );
  }
  return new Response(saved.response, {
    status: saved.status,
    headers: {
      "content-type": "application/json",
      "idempotency-key": saved.key,
      "idempotent-replayed": "true",
      "original-request": saved.requestId,
    },
  });
}

async function save(
  standIn: Kept,
  key: string,
  path: string,
  body: string,
  answer: Response,
  requestId: string,
): Promise<void> {
  const response = await answer.text();
  const created = standIn.now();
  standIn.state.idempotency.set(key, {
    key,
    created,
    path,
    body,
    requestId,
    status: answer.status,
    response,
  });
  standIn.changed();
}

function mismatch(message: string): StripeApiError {
  return new StripeApiError(400, { type: "idempotency_error", message });
}

function inUse(key: string): StripeApiError {
  const message = `There is currently another in-progress request using this Idempotent Key (${key}).`;
  return new StripeApiError(409, { type: "idempotency_error", code: "idempotency_key_in_use", message });
}
