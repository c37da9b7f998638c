/**
 * `GET /health`: whether the function runs and its database answers. For monitors: nobody has to sign in.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "./app.ts";
import { read, serviceClient } from "./db.ts";
import { optional } from "./env.ts";
import { errors, json } from "./schemas.ts";

const Health = z.object({ status: z.literal("ok"), version: z.string(), database: z.literal("ok") });

const route = createRoute({
  method: "get",
  path: "/health",
  responses: { 200: json(Health, "All is well"), ...errors("temporarily_unavailable") },
});

/** Adds the health route to `app`. */
export function addHealth(app: App): void {
  app.openapi(route, async (c) => {
    const query = serviceClient().from("credit_pricing").select("action").limit(1);
    await read("credit_pricing", query.abortSignal(AbortSignal.timeout(3000)));
    return c.json({
      status: "ok" as const,
      version: optional("CREDITS_APP_VERSION") ?? "dev",
      database: "ok" as const,
    }, 200);
  });
}
