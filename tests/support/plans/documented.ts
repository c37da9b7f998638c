/**
 * Whole objects in the shapes of before "basil" (2025-03-31) and since, written after Stripe's API reference: its own fixtures
 * are in no package of npm's.
 *
 * https://docs.stripe.com/api/subscriptions/object, https://docs.stripe.com/api/invoices/object
 * https://docs.stripe.com/changelog/basil
 *
 * @module
 */
import type { Json } from "./events.ts";

/** Whose an object is, and when; times in Unix seconds. */
export interface Documented {
  CUSTOMER: string;
  SUBSCRIPTION: string;
  PRICE: string;
  INVOICE?: string;
  start: number;
  end: number;
}

/** In the place of the period's beginning and end. */
const [START, END] = ["1111111111", "1222222222"];

/** The object in `documented/NAME.json` with the ids and times of `of`, standing as `status`. */
export async function documented(
  name: string,
  { start, end, ...ids }: Documented,
  status?: string,
): Promise<Json> {
  const file = new URL(`documented/${name}.json`, import.meta.url);
  let text = (await Deno.readTextFile(file)).replaceAll(START, String(start)).replaceAll(END, String(end));
  for (const [word, id] of Object.entries(ids)) text = text.replaceAll(word, id);
  return { ...JSON.parse(text), ...(status ? { status } : {}) };
}
