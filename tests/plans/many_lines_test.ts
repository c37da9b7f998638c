/** Of an invoice with many lines Stripe's events carry ten: the others are asked for before it counts. */
import assert from "node:assert/strict";
import Stripe from "stripe";
import { clone } from "../support/clone.ts";
import { withServer } from "../support/functions.ts";
import { subscriber } from "../support/plans/subscriber.ts";
import { withPlans } from "../support/stripe_subscriptions.ts";
import { deliver, type Delivery, EVENT, sign } from "../support/webhook_delivery.ts";

const START = "2027-01-31T12:00Z";

Deno.test("a plan whose line comes after the first ten is granted, whichever the shape", () =>
  withPlans(START, async (plans) => {
    const { stripe, control, customer, subscribe, settled, received, bodies, url } = plans;
    const extras = Array.from({ length: 11 }, async (_, index) => {
      const product_data = { name: `Extra ${index}` };
      const recurring = { interval: "month" } as const;
      return (await stripe.prices.create({ unit_amount: 100, currency: "usd", recurring, product_data })).id;
    });
    const items = [...await Promise.all(extras), "basic"].map((price) => ({ price }));
    for (const version of ["2025-02-24.acacia", Stripe.API_VERSION]) {
      await control("/dashboard", { api_version: version });
      await using database = await clone(1);
      const owner = await customer();
      await subscriber(database.sql, owner, START);
      const before = received.length;
      await subscribe({ customer: owner, items });
      await settled();
      const told = async (type: string) => {
        const index = received.findLastIndex((event) => event.type === type);
        assert.ok(index >= before);
        const body = bodies[index];
        const { answer, rpcs } = await deliver(body, await sign(body), undefined, { STRIPE_API_URL: url });
        assert.equal(answer.status, 200);
        const { p_event } = JSON.parse(rpcs[0].body);
        const [{ outcome }] = await database.sql`
          select outcome from public.apply_stripe_event(${database.sql.json(p_event)})`;
        assert.equal(outcome, "applied", `${type} of ${version}`);
        return p_event.data.object;
      };
      assert.equal((await told("invoice.paid")).lines.length, 12);
      assert.equal((await told("customer.subscription.updated")).items.length, 12);
      const [{ available }] = await database.sql`select available from public.credit_accounts`;
      assert.equal(available, 1000);
    }
  }));

Deno.test("an event whose lines Stripe does not hand out is not taken in, so that it comes again", async () => {
  const object = { id: "in_1", object: "invoice", lines: { object: "list", data: [], has_more: true } };
  const body = JSON.stringify({ ...EVENT, type: "invoice.paid", data: { object } });
  const answers = async (answer: Response) => {
    let delivered: Delivery | undefined;
    await withServer(() => answer.clone(), async (STRIPE_API_URL) => {
      delivered = await deliver(body, await sign(body), undefined, { STRIPE_API_URL });
    });
    return [delivered?.answer.status, delivered?.rpcs.length];
  };
  const error = (code: string, status: number) =>
    Response.json({ error: { type: "invalid_request_error", code, message: "no" } }, {
      status,
      headers: { "stripe-should-retry": "false" },
    });
  assert.deepEqual(await answers(error("lock_timeout", 429)), [502, 0]);
  assert.deepEqual(await answers(error("resource_missing", 404)), [200, 1]);
});
