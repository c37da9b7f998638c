/**
 * The body of an order, by the bounds that Postgres has: what a route publishes is what the database enforces.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { BOUNDS } from "../../_shared/database/bounds.ts";
import { text } from "../../_shared/http/schemas.ts";
import type { Product } from "../product.ts";

/** A row of `credits_private.job_request_fields`. */
type Field =
  & { required: boolean; fallback?: string | number | boolean }
  & (
    | { kind: "text" | "integer"; least: number; most: number }
    | { kind: "boolean" | "uuid" | "language" }
  );

/** As browsers report it; what counts is the code before the first hyphen. */
const LANGUAGE = /^[A-Za-z]{2}(-[A-Za-z0-9]{1,8}){0,4}$/;

/** The schema of an order for `jobType`. A rule about two fields is left to Postgres, which names the field. */
export function orderOf(jobType: Product["jobType"]) {
  const fields = Object.entries<Field>(BOUNDS[jobType]).map(([name, field]) => {
    const { required, fallback } = field;
    const described = fallback === undefined ? valueOf(field) : valueOf(field).openapi({ default: fallback });
    return [name, required ? described : described.optional()];
  });
  return z.strictObject(Object.fromEntries(fields) as Record<string, z.ZodType<string | number | boolean>>);
}

function valueOf(field: Field): z.ZodType<string | number | boolean> {
  switch (field.kind) {
    case "text":
      return text(field.least, field.most);
    case "integer":
      return z.int().min(field.least).max(field.most);
    case "boolean":
      return z.boolean();
    case "uuid":
      return z.guid();
    case "language":
      return z.string().regex(LANGUAGE, "Must be a language tag with a two-letter code, such as de or de-DE");
  }
}
