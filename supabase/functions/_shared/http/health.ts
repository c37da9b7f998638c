/**
 * `GET /health`: whether the function runs and its database answers. For monitors: nobody has to sign in.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "./app.ts";
import { read, serviceClient } from "../database/client.ts";
import { deployedVersion } from "../version.ts";
import { errors, json } from "./schemas.ts";

const Health = z.object({ status: z.literal("ok"), version: z.string(), database: z.literal("ok") });

const route = createRoute({
  method: "get",
  path: "/health",
  responses: { 200: json(Health, "All is well"), ...errors("temporarily_unavailable") },
});

/** How long the database may take, in milliseconds. */
const PATIENCE = 3000;

/** Adds the health route to `app`. */
export function addHealth(app: App): void {
  app.openapi(route, async (c) => {
    await read("credit_pricing", serviceClient(PATIENCE).from("credit_pricing").select("action").limit(1));
    return c.json({
      status: "ok" as const,
      version: deployedVersion(),
      database: "ok" as const,
    }, 200);
  });
}
