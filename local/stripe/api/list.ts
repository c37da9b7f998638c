import type Stripe from "stripe";
import { invalidRequest, resourceMissing } from "../errors.ts";

interface Page {
  limit: number;
  starting_after?: string;
  ending_before?: string;
}

type Created = number | { gt?: number; gte?: number; lt?: number; lte?: number };

/** Whether a time falls into what a `created` parameter asks for; absent means any. */
export function matchesCreated(created: number, wanted: Created | undefined): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === "number") return created === wanted;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = wanted;
  return created > gt && created >= gte && created < lt && created <= lte;
}

/**
 * One page of `items`, which are given oldest first and answered newest first.
 * `ending_before` answers the page that lies directly before that object, as Stripe does.
 */
export function listPage<T extends { id: string }>(
  items: Iterable<T>,
  page: Page,
  url: string,
  order: "newest first" | "as given" = "newest first",
): Stripe.ApiList<T> {
  if (page.starting_after !== undefined && page.ending_before !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: ending_before, starting_after.");
  }
  const all = order === "as given" ? [...items] : [...items].reverse();
  if (page.ending_before !== undefined) {
    const before = all.slice(0, indexOf(all, page.ending_before, "ending_before"));
    const data = before.slice(-page.limit);
    return { object: "list", data, has_more: before.length > data.length, url };
  }
  const after = page.starting_after === undefined
    ? all
    : all.slice(indexOf(all, page.starting_after, "starting_after") + 1);
  const data = after.slice(0, page.limit);
  return { object: "list", data, has_more: after.length > data.length, url };
}

function indexOf(items: { id: string }[], id: string, param: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw resourceMissing("object", id, param, 400);
  return index;
}
