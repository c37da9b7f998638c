/**
 * `GET /health`: whether the function has what it needs. For monitors: nobody has to sign in.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "./app.ts";
import { forAnyone } from "./callers.ts";
import { coarseLimits } from "./coarse_limit.ts";
import { asService, dataApi, read } from "../database/client.ts";
import { projectKey } from "../env.ts";
import { meets, type Need, settings } from "../needs.ts";
import { deployedVersion } from "../version.ts";
import { errors, json } from "./schemas.ts";

/** How long the database may take, in milliseconds. */
const PATIENCE = 3000;

/** Needs the project's keys, and its database to answer. */
async function database(): Promise<void> {
  projectKey("publishable");
  const prices = dataApi().from("credit_pricing").select("action").limit(1).retry(false);
  await read("credit_pricing", asService(prices).abortSignal(AbortSignal.timeout(PATIENCE)));
}

const Health = z.object({ status: z.literal("ok"), version: z.string(), database: z.literal("ok") });

const route = createRoute({
  method: "get",
  path: "/health",
  ...forAnyone(),
  responses: { 200: json(Health, "All is well"), ...errors("not_configured", "temporarily_unavailable") },
});

/** Adds the health route to `app`, which needs `needs` beside its database. */
export function addHealth(app: App, ...needs: Need[]): void {
  const check = meets(settings("SUPABASE_URL"), coarseLimits, ...needs, database);
  app.openapi(route, async (c) => {
    await check();
    return c.json({ status: "ok" as const, version: deployedVersion(), database: "ok" as const }, 200);
  });
}
