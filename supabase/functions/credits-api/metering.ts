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
import { errors, json, wholeNumber } from "../_shared/http/schemas.ts";
import { METERING_ERRORS } from "./errors.ts";
import { usageAsCsv } from "./usage_csv.ts";

const name = () => z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}$/, "Must be a name without spaces");

const EstimateQuery = z.object({
  action: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "Must be the name of an action"),
  usage: z.string().max(1000).regex(
    /^[a-z][a-z0-9_]{0,39}:\d{1,15}(\.\d{1,6})?(,[a-z][a-z0-9_]{0,39}:\d{1,15}(\.\d{1,6})?){0,19}$/,
    "Must be meters with their quantities, such as input_tokens:812,output_tokens:2011",
  ).openapi({ example: "input_tokens:812,output_tokens:2011" }),
  model: name().optional(),
  size: name().optional(),
});

const estimateRoute = createRoute({
  method: "get",
  path: "/estimate",
  ...forUser(),
  request: { query: EstimateQuery },
  responses: {
    200: json(
      z.object({
        action: z.string(),
        cost: Credits,
        card_version: z.int().openapi({ description: "The version of the rate card that says so" }),
      }),
      "What this usage costs by today's rate card",
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
  ...forUser(),
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
  ...forUser(),
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
    const { action, usage, ...matched } = c.req.valid("query");
    const lines = usage.split(",").map((line) => {
      const [meter, quantity] = line.split(":");
      return { meter, quantity: Number(quantity), ...matched };
    });
    const estimate = await call("estimate_cost", { p_action: action, p_usage: lines });
    if (estimate.outcome === "not_offered") throw new ApiError("not_found");
    if (estimate.outcome === "no_rate") {
      throw new ApiError(METERING_ERRORS.no_rate, { message: `There is no rate for ${estimate.message}` });
    }
    if (estimate.outcome !== "ok") throw new ApiError("invalid_request", { fields: { field: "usage" } });
    const { cost, version } = present(estimate, "cost", "version");
    return c.json({ action, cost: amount(cost), card_version: version }, 200);
  });

  app.openapi(summaryRoute, async (c) => {
    const { by, days } = c.req.valid("query");
    const sums = await call("usage_summary", { p_user_id: caller(c).id, p_by: by, p_days: days });
    return c.json({ items: z.array(Sum).parse(sums) }, 200);
  });

  app.openapi(csvRoute, async (c) => {
    const headers = {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="usage.csv"',
    };
    if (c.req.method === "HEAD") return c.body(null, 200, headers);
    return c.body(await usageAsCsv(caller(c).id), 200, headers);
  });
}
