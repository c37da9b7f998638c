/**
 * `GET /estimate`, `GET /usage/summary` and `GET /usage.csv`: what work would cost, and what it did.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { amount, Credits } from "../_shared/http/amounts.ts";
import type { App } from "../_shared/http/app.ts";
import { forUser } from "../_shared/auth/users.ts";
import { call, present } from "../_shared/database/client.ts";
import { caller } from "../_shared/http/context.ts";
import { ApiError } from "../_shared/http/errors.ts";
import { MATCHED, METER, METERED } from "../_shared/http/meters.ts";
import { applyRateLimit } from "../_shared/http/rate_limit.ts";
import { errors, json, wholeNumber } from "../_shared/http/schemas.ts";
import { METERING_ERRORS } from "./errors.ts";
import { usageAsCsv } from "./usage_csv.ts";

const name = () => z.string().regex(MATCHED, "Must be a name without spaces");

const EstimateQuery = z.object({
  action: z.string().regex(METER, "Must be the name of an action"),
  usage: z.string().max(1000).regex(
    METERED,
    "Must be meters with their quantities, such as input_tokens:812,output_tokens:2011",
  ).optional().openapi({ example: "input_tokens:812,output_tokens:2011" }),
  units: wholeNumber(1, 1000).optional().openapi({
    description: "Instead of usage, how many of what the product sells by the unit: of a story, its pages",
  }),
  model: name().optional(),
  size: name().optional(),
});

const estimateRoute = createRoute({
  method: "get",
  path: "/estimate",
  ...forUser("estimate"),
  request: { query: EstimateQuery },
  responses: {
    200: json(
      z.object({
        action: z.string(),
        cost: Credits,
        card_version: z.int().nullable().openapi({
          description: "The version of the rate card that says so; null where the price is fixed",
        }),
        over_hold: z.enum(["cap", "available", "debt"]).nullable().openapi({
          description:
            "What becomes of usage beyond what is held: nobody pays (`cap`), what is `available` pays, or that " +
            "and then a `debt`; null where the price is fixed",
        }),
      }),
      "What this costs today. What is priced by its use is held for by this much and settled by what it used",
    ),
    ...errors("invalid_request", "unauthorized", "not_found", METERING_ERRORS.no_rate),
  },
});

const Sum = z.object({
  key: z.string().openapi({
    description: "The day (UTC), the action or the model; of a model, what names none is empty",
  }),
  jobs: z.int(),
  credits: Credits,
});

const summaryRoute = createRoute({
  method: "get",
  path: "/usage/summary",
  ...forUser("usage_summary"),
  request: {
    query: z.object({
      by: z.enum(["day", "action", "model"]).default("day"),
      days: wholeNumber(1, 60).optional().openapi({ description: "30 when absent" }),
    }),
  },
  responses: {
    200: json(z.object({ items: z.array(Sum) }), "What was paid in the last days, today among them"),
    ...errors("invalid_request", "unauthorized"),
  },
});

const csvRoute = createRoute({
  method: "get",
  path: "/usage.csv",
  ...forUser("usage_csv"),
  responses: {
    200: {
      description: "What was charged, newest first: a row for each line of usage, else for each job",
      content: { "text/csv": { schema: z.string() } },
    },
    ...errors("unauthorized"),
  },
});

/** Adds the routes about what work costs by what it uses. */
export function addMetering(app: App): void {
  app.openapi(estimateRoute, async (c) => {
    const { action, usage, units, ...matched } = c.req.valid("query");
    const estimate = await call("read_estimate", {
      p_user_id: caller(c).id,
      p_action: action,
      p_usage: usage && linesOf(usage, matched),
      p_units: units,
    });
    applyRateLimit(c, "estimate", estimate);
    if (estimate.outcome === "not_offered") throw new ApiError("not_found");
    if (estimate.outcome === "no_rate") {
      throw new ApiError(METERING_ERRORS.no_rate, { message: `There is no rate for ${estimate.message}` });
    }
    if (estimate.outcome !== "ok") throw new ApiError("invalid_request", { fields: { field: "usage" } });
    const { cost } = present(estimate, "cost");
    const over_hold = z.enum(["cap", "available", "debt"]).nullable().parse(estimate.over_hold);
    return c.json({ action, cost: amount(cost), card_version: estimate.version, over_hold }, 200);
  });

  app.openapi(summaryRoute, async (c) => {
    const { by, days } = c.req.valid("query");
    const result = await call("usage_summary", { p_user_id: caller(c).id, p_by: by, p_days: days });
    applyRateLimit(c, "usage_summary", result);
    return c.json({ items: z.array(Sum).parse(result.items) }, 200);
  });

  app.openapi(csvRoute, async (c) => {
    const headers = {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="usage.csv"',
    };
    const csv = await usageAsCsv(caller(c).id, (state) => applyRateLimit(c, "usage_csv", state));
    if (c.req.method !== "HEAD") return c.body(csv, 200, headers);
    await csv.cancel();
    return c.body(null, 200, headers);
  });
}

function linesOf(usage: string, matched: { model?: string; size?: string }) {
  return usage.split(",").map((line) => {
    const [meter, quantity] = line.split(":");
    return { meter, quantity: Number(quantity), ...matched };
  });
}
