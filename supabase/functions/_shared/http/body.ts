/**
 * How large a body may be.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiError } from "./errors.ts";
import { isExcessive } from "./nesting.ts";

/** In bytes. */
export const KIBIBYTE = 1024;

/** Refuses bodies over `bytes` with 413. */
export function limitSizeTo(bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new ApiError("payload_too_large", { fields: { max_bytes: bytes } });
    },
  });
}

/** The same, and refuses large JSON that nobody could mean before it is parsed. */
export function limitBodyTo(bytes: number): MiddlewareHandler {
  const limit = limitSizeTo(bytes);
  if (bytes <= 64 * KIBIBYTE) return limit;
  return (c, next) =>
    limit(c, async () => {
      const isJson = /^application\/([\w.-]+\+)?json\b/i.test(c.req.header("content-type") ?? "");
      if (isJson && isExcessive(await c.req.text())) throw new ApiError("invalid_json");
      await next();
    });
}
