import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "./env.ts";
import { asBeforeBasil, type Kept } from "./before_basil.ts";

const BASIL = "2025-03-31";

/** `value`, an object of the API or an event, in the shape that `version` of the API gives it. */
export function asOfVersion<T>(standIn: Kept, version: string, value: T): T {
  return version.slice(0, BASIL.length) < BASIL ? asBeforeBasil(standIn, value) : value;
}

/** Answers in the version that the request names. */
export function inVersionAskedFor(standIn: Kept) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    await next();
    const version = c.req.header("stripe-version");
    if (version === undefined || !c.res.headers.get("content-type")?.includes("json")) return;
    const answer = asOfVersion(standIn, version, await c.res.clone().json());
    c.res = new Response(JSON.stringify(answer), c.res);
  });
}
