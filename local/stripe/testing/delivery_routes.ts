import { Hono } from "hono";
import { find } from "../api/find.ts";
import type { StandIn } from "../stand_in.ts";
import { behaviourSchema } from "../webhooks/behaviour.ts";
import { readJson } from "./routes.ts";

/** `/_test/delivery` and `/_test/events`: how webhooks are delivered, and what became of each. */
export function deliveryRoutes(standIn: StandIn) {
  const { delivery } = standIn;
  const status = () => ({ ...delivery.behaviour, held: delivery.heldIds });
  return new Hono()
    .get("/delivery", (c) => c.json(status()))
    .post("/delivery", async (c) => {
      delivery.configure(await readJson(c, behaviourSchema.partial()));
      return c.json(status());
    })
    .post("/delivery/flush", async (c) => {
      await delivery.flush();
      return c.json(status());
    })
    .post("/delivery/wait", async (c) => {
      await delivery.idle();
      return c.json(status());
    })
    .get("/events", (c) => c.json({ data: [...standIn.state.events.values()] }))
    .get("/events/:id", (c) => c.json(find(standIn, "events", c.req.param("id"))))
    .post("/events/:id/resend", async (c) => {
      const attempt = await delivery.resend(find(standIn, "events", c.req.param("id")));
      return c.json(attempt);
    });
}
