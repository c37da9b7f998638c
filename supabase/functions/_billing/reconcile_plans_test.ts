// Subscriptions and paid invoices that no event told of are found at Stripe, and taken in.
import assert from "node:assert/strict";
import { type Received, withEnv, withServer } from "../../../tests/support/functions.ts";
import { reconcilePlans } from "./reconcile_plans.ts";
import { connect } from "./stripe.ts";

const END = 1_900_000_000;
const STRIPE_TIME = "Sun, 31 Jan 2027 12:00:00 GMT";
const sold = (id: string, status: string, price = "price_1", end = END) => ({
  ...{ id, object: "subscription", status, customer: "cus_1", livemode: false },
  latest_invoice: id === "sub_same" ? "in_old" : null,
  items: { data: [{ price: { id: price }, quantity: 1, current_period_start: 1, current_period_end: end }] },
});
const SUBSCRIPTIONS = [
  ...[sold("sub_same", "active"), sold("sub_new", "active"), sold("sub_moved", "active", "price_1", END + 1)],
  ...[sold("sub_over", "canceled", "price_1", END + 1), sold("sub_other", "active", "price_2")],
];
const invoice = (id: string, price = "price_1", proration = false) => ({
  ...{ id, object: "invoice", status: "paid", customer: "cus_1", livemode: false },
  parent: { subscription_details: { subscription: "sub_same" } },
  lines: {
    data: [{ pricing: { price_details: { price } }, parent: { subscription_item_details: { proration } } }],
  },
});
const OLD = { ...invoice("in_old"), created: 1 };
const INVOICES = [
  invoice("in_known"),
  invoice("in_lost"),
  invoice("in_other", "price_2"),
  invoice("in_part", "price_1", true),
];

async function run(apply: boolean, prices = [{ stripe_price_id: "price_1" }], unpaid = false) {
  const list = (data: unknown[]) =>
    Response.json({ object: "list", url: "/v1/x", data, has_more: false }, {
      headers: { date: STRIPE_TIME },
    });
  const here = (id: string, status: string, unpaid_since: string | null = null) => ({
    ...{ id, status, unpaid_since },
    period_end: new Date(END * 1000).toISOString(),
  });
  const answer = ({ path }: Received) => {
    if (path.startsWith("/v1/subscriptions")) return list(SUBSCRIPTIONS);
    if (path.startsWith("/v1/invoices/")) return Response.json(OLD);
    if (path.startsWith("/v1/invoices")) return list(INVOICES);
    if (path.includes("/plan_prices")) return Response.json(prices);
    if (path.includes("/subscription_invoices")) return Response.json([{ id: "in_known" }]);
    if (path.includes("/subscriptions")) {
      return Response.json([
        here("sub_same", "active", unpaid ? "2030-01-01T00:00:00Z" : null),
        here("sub_moved", "active"),
        here("sub_over", "canceled"),
      ]);
    }
    return Response.json({ outcome: "applied" });
  };
  let found: Awaited<ReturnType<typeof reconcilePlans>> | undefined;
  const received = await withServer(
    answer,
    (url) =>
      withEnv({ SUPABASE_URL: url, STRIPE_API_URL: url }, async () => {
        found = await reconcilePlans(connect(), { since: 5, apply });
      }),
  );
  return { found, received };
}

Deno.test("what is missing here or is another there is found, and nothing changes", async () => {
  const { found, received } = await run(false);
  assert.equal(found?.compared, 6);
  assert.deepEqual(found?.differences.map(({ problem, id, outcome }) => [problem, id, outcome]), [
    ["subscription_differs", "sub_new", "missing"],
    ["subscription_differs", "sub_moved", "missing"],
    ["invoice_missing", "in_lost", "missing"],
  ]);
  assert.equal(received.some(({ path }) => path.includes("/rpc/")), false);
  assert.ok(received.some(({ path }) => path.includes("status=paid") && path.includes("payments")));
});

Deno.test("and taken in as an event about it as it is now", async () => {
  const { found, received } = await run(true);
  assert.deepEqual(found?.differences.map(({ outcome }) => outcome), ["applied", "applied", "applied"]);
  const told = received.filter(({ path }) => path.includes("/apply_stripe_event")).map(({ body }) =>
    JSON.parse(body).p_event
  );
  assert.deepEqual(told.map(({ type }) => type), [
    ...["customer.subscription.updated", "customer.subscription.updated", "invoice.paid"],
  ]);
  // By Stripe's clock, which need not be ours.
  assert.deepEqual(told.map(({ created }) => created), Array(3).fill(Date.parse(STRIPE_TIME) / 1000));
});

Deno.test("an invoice that is older than what is looked through is found where a subscription lacks one", async () => {
  const ids = async (unpaid: boolean) =>
    (await run(false, undefined, unpaid)).found?.differences.map(({ id }) => id);
  assert.deepEqual(await ids(false), ["sub_new", "sub_moved", "in_lost"]);
  assert.deepEqual(await ids(true), ["sub_new", "sub_moved", "in_lost", "in_old"]);
});

Deno.test("where no plan is sold Stripe is not asked", async () => {
  const { found, received } = await run(true, []);
  assert.deepEqual(found, { compared: 0, differences: [] });
  assert.equal(received.length, 1);
});
