import type { Context } from "hono";
// @ts-types="@types/qs"
import qs from "qs";
import { z } from "zod";
import { invalidRequest, StripeApiError } from "../errors.ts";

// The SDK sends everything as text in a form, so that numbers and booleans arrive as words.
export const integer = z.string().regex(/^-?\d+$/, "must be an integer").transform(Number);
export const amount = integer.pipe(z.number().int().min(0).max(99_999_999));
export const boolean = z.enum(["true", "false"]).transform((word) => word === "true");
export const currency = z.string().toLowerCase().regex(/^[a-z]{3}$/, "must be a three-letter currency");
export const webUrl = z.url({ protocol: /^https?$/, error: "Not a valid URL" });
export const expand = z.array(z.string()).optional();

/** How often a price is paid; every interval, unless it is said how many of them. */
export const recurring = z.strictObject({
  interval: z.enum(["day", "week", "month", "year"]),
  interval_count: integer.pipe(z.number().min(1).max(36)).default(1),
}).transform(({ interval, interval_count }) => ({ interval, count: interval_count }));

/** What becomes of a subscription whose trial ends without a card. */
export const trialSettings = z.strictObject({
  end_behavior: z.strictObject({ missing_payment_method: z.enum(["cancel", "create_invoice", "pause"]) }),
});

/** At most 50 keys of 40 characters with values of 500, as Stripe allows; an empty value is no value. */
export const metadata = z.record(z.string().max(40), z.string().max(500))
  .refine((entries) => Object.keys(entries).length <= 50, "must have at most 50 keys")
  .transform((entries) => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== "")));

const range = z.strictObject({
  gt: integer.optional(),
  gte: integer.optional(),
  lt: integer.optional(),
  lte: integer.optional(),
});

/** What every list takes; spread into the list's own filters. */
export const listParams = {
  limit: integer.pipe(z.number().min(1).max(100)).default(10),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  created: z.union([integer, range]).optional(),
  expand,
};

/** What a retrieve takes. */
export const retrieveParams = z.strictObject({ expand });

/** Reads the query of a GET or the form of a POST and checks it; a mistake becomes Stripe's error. */
export async function readParams<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const text = c.req.method === "GET" ? new URL(c.req.url).search.slice(1) : await c.req.text();
  const parsed = schema.safeParse(qs.parse(text, { depth: 8, arrayLimit: 100 }), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw fromIssue(parsed.error.issues[0]);
}

function fromIssue(issue: z.core.$ZodIssue): StripeApiError {
  const param = paramName(issue.path);
  if (issue.code === "unrecognized_keys") {
    const unknown = paramName([...issue.path, issue.keys[0]]);
    const message = `Received unknown parameter: ${unknown} (or one that this stand-in does not have)`;
    return invalidRequest(message, "parameter_unknown", unknown);
  }
  if (issue.input === undefined) {
    return invalidRequest(`Missing required param: ${param}.`, "parameter_missing", param);
  }
  return invalidRequest(`Invalid ${param}: ${issue.message}`, undefined, param);
}

/** `line_items[0][price]`, as Stripe names a nested parameter. */
function paramName(path: PropertyKey[]): string {
  return path.map((part, depth) => depth === 0 ? String(part) : `[${String(part)}]`).join("");
}
