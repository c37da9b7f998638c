import { Hono } from "hono";
import { z } from "zod";
import type { ApiEnv } from "../api/env.ts";
import { expanded } from "../api/expand.ts";
import { find } from "../api/find.ts";
import { listPage, matchesCreated } from "../api/list.ts";
import { boolean, listParams, readParams, retrieveParams } from "../api/params.ts";
import { invalidRequest } from "../errors.ts";
import type { StandIn } from "../stand_in.ts";
import type { EventRecord } from "../state.ts";

const KEPT_SECONDS = 30 * 24 * 60 * 60;

const listEvents = z.strictObject({
  ...listParams,
  type: z.string().optional(),
  types: z.array(z.string()).max(20).optional(),
  delivery_success: boolean.optional(),
});

/** `/v1/events`: retrieve, list; as with Stripe, only the last 30 days. */
export function eventRoutes(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .get("/", async (c) => {
      const query = await readParams(c, listEvents);
      if (query.type !== undefined && query.types !== undefined) {
        throw invalidRequest("You may only specify one of these parameters: type, types.");
      }
      const found = [...standIn.state.events.values()].filter((record) =>
        record.created > standIn.now() - KEPT_SECONDS &&
        matchesType(record.type, query.type, query.types) &&
        (query.delivery_success ?? succeeded(record)) === succeeded(record) &&
        matchesCreated(record.created, query.created)
      );
      const page = listPage(found, query, "/v1/events");
      const events = { ...page, data: page.data.map(current) };
      return c.json(expanded(standIn, events, query.expand));
    })
    .get("/:id", async (c) => {
      const { expand } = await readParams(c, retrieveParams);
      return c.json(expanded(standIn, current(find(standIn, "events", c.req.param("id"))), expand));
    });
}

function succeeded(record: EventRecord): boolean {
  return record.delivery === "delivered" || record.delivery === "unsubscribed";
}

/** The event as it is now: its data never changes, the number of webhooks that still wait for it does. */
function current(record: EventRecord): object {
  return { ...JSON.parse(record.payload), pending_webhooks: succeeded(record) ? 0 : 1 };
}

/** `type` may end in `.*`, or be `*`, for a group of events. */
function matchesType(type: string, wanted: string | undefined, several: string[] | undefined): boolean {
  if (several !== undefined) return several.includes(type);
  if (wanted === undefined) return true;
  return wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}
