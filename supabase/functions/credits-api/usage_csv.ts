/**
 * A user's usage as CSV, read and written a page at a time, so that its length does not matter.
 *
 * @module
 */
// The edition for browsers: hosted functions have no global Buffer.
import { stringify } from "csv-stringify/browser/esm/sync";
import { z } from "@hono/zod-openapi";
import { call } from "../_shared/database/client.ts";
import type { RateLimitState } from "../_shared/http/rate_limit.ts";

const COLUMNS = [
  ...["settled_at", "job_id", "action", "meter", "quantity", "unit", "model", "size", "unit_price", "per"],
  ...["card_version", "cost", "job_charged", "job_refunded"],
];

const Rows = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])));

/**
 * The stream. Its first page is there already, so that what goes wrong with it is answered as an error; what it says of the
 * rate limit is told to `limited`.
 *
 * @throws {ApiError} as the database's calls do.
 */
export async function usageAsCsv(
  userId: string,
  limited: (state: RateLimitState) => void,
): Promise<ReadableStream<Uint8Array>> {
  const { page: first, state } = await read(userId);
  limited(state);
  const encoder = new TextEncoder();
  async function* chunks() {
    for (let page = first, header = true;; { page } = await read(userId, page.cursor), header = false) {
      // A spreadsheet would run what begins as a formula.
      const text = stringify(page.rows, { columns: COLUMNS, header, escape_formulas: true });
      if (text !== "") yield encoder.encode(text);
      if (page.cursor === undefined) return;
    }
  }
  return ReadableStream.from(chunks());
}

async function read(userId: string, cursor?: string) {
  const state = await call("read_usage_lines", { p_user_id: userId, p_cursor: cursor });
  const page = { rows: Rows.parse(state.items ?? []), cursor: state.next_cursor ?? undefined };
  return { page, state };
}
