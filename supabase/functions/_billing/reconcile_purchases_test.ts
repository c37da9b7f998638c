import assert from "node:assert/strict";
import { reconcilePurchases } from "./reconcile_purchases.ts";
import { connect } from "./stripe.ts";
import { type Received, withEnv, withServer } from "../../../tests/support/functions.ts";

const ID = "0198a000-0000-7000-8000-00000000000d";
const SESSION = {
  id: "cs_1",
  object: "checkout.session",
  payment_status: "paid",
  amount_total: 1000,
  currency: "usd",
  metadata: { purchase_id: ID } as Record<string, string>,
  payment_intent: { id: "pi_1", latest_charge: { id: "ch_1", amount_refunded: 0, disputed: false } },
};
const PURCHASE = {
  ...{ id: ID, status: "paid", stripe_session_id: "cs_1" },
  ...{ paid_at: "2026-01-01" as string | null, paid_cents: 1000, reversed_cents: 0 },
};
const OPEN = { status: "open", paid_at: null, paid_cents: 0 };

type World = {
  session?: Partial<typeof SESSION> | null;
  charge?: { amount_refunded?: number; disputed?: boolean };
  purchase?: Partial<typeof PURCHASE> | null;
  disputes?: { status: string; amount: number; currency?: string }[];
};

/** Stripe's lists and the table of purchases, each with at most one row. */
function answer(
  { session = {}, charge = {}, purchase = {}, disputes = [] }: World,
  { path }: Received,
): Response {
  const latest_charge = { ...SESSION.payment_intent.latest_charge, ...charge };
  const sold = { ...SESSION, payment_intent: { id: "pi_1", latest_charge }, ...session };
  const lists: Record<string, unknown[]> = {
    "/v1/checkout/sessions": session === null ? [] : [sold],
    "/v1/disputes": disputes.map((dispute) => ({ currency: "usd", ...dispute })),
  };
  const url = new URL(path, "http://any");
  if (url.pathname in lists) {
    return Response.json({ object: "list", url: url.pathname, data: lists[url.pathname], has_more: false });
  }
  const row = purchase === null ? undefined : { ...PURCHASE, ...purchase };
  const wanted = row !== undefined && (!url.searchParams.has("paid_at") || row.paid_at !== null);
  return Response.json(wanted ? [row] : []);
}

async function differences(world: World, received: Received[] = []): Promise<string[]> {
  const found: string[] = [];
  received.push(
    ...await withServer(
      (request) => answer(world, request),
      (url) =>
        withEnv({ SUPABASE_URL: url, STRIPE_API_URL: url }, async () => {
          const { differences } = await reconcilePurchases(connect(), 1_700_000_000, () => {});
          found.push(...differences.map(({ problem, here, stripe }) => `${problem}: ${here} | ${stripe}`));
        }),
    ),
  );
  return found;
}

const elsewhere = { metadata: {} };
const FREE = { payment_status: "no_payment_required", amount_total: 0 };
const refunded = { amount_refunded: 400 };
const disputed = { amount_refunded: 400, disputed: true };
const CASES: [what: string, world: World, found: string[]][] = [
  ["all is well", {}, []],
  [
    "nothing was paid",
    { session: { payment_status: "unpaid" }, purchase: OPEN },
    [],
  ],
  ["paid there, open here", { purchase: OPEN }, ["not_granted: open | 1000"]],
  [
    "paid there, open here, and given back",
    { charge: { amount_refunded: 1000 }, purchase: OPEN },
    [],
  ],
  ["paid here, not there", { session: { payment_status: "unpaid" } }, ["not_paid: 1000 | unpaid"]],
  ["a purchase that is not here", { purchase: null }, ["unknown_session: no purchase | 1000"]],
  ["credits sold elsewhere", { session: { ...elsewhere, metadata: { credits: "5" } }, purchase: null }, [
    "unknown_session: no purchase | 1000",
  ]],
  ["something else sold", { session: elsewhere, purchase: null }, []],
  ["another amount", { session: { amount_total: 1200 } }, ["amount_differs: 1000 | 1200"]],
  ["a refund that is not here", { charge: refunded }, ["reversal_differs: 0 | 400"]],
  ["a refund that is here", { charge: refunded, purchase: { reversed_cents: 400 } }, []],
  ["a refund here alone", { purchase: { reversed_cents: 400 } }, ["reversal_differs: 400 | 0"]],
  ["a dispute that was lost", { charge: disputed, disputes: [{ status: "lost", amount: 1000 }] }, [
    "reversal_differs: 0 | 1000",
  ]],
  ["a dispute that was won", { charge: disputed, disputes: [{ status: "won", amount: 1000 }] }, [
    "reversal_differs: 0 | 400",
  ]],
  ["an appeal", { charge: disputed, disputes: [{ status: "appeal_under_review", amount: 600 }] }, [
    "reversal_differs: 0 | 1000",
  ]],
  [
    "a dispute in another currency",
    { charge: { disputed: true }, disputes: [{ status: "lost", amount: 1, currency: "eur" }] },
    ["reversal_differs: 0 | 1000"],
  ],
  ["nothing to pay, here as there", { session: FREE, purchase: { paid_cents: 0 } }, []],
  ["nothing to pay there, open here", { session: FREE, purchase: OPEN }, ["not_granted: open | 0"]],
  ["no such session there", { session: null }, ["unknown_purchase: paid | no such session"]],
];

for (const [what, world, expected] of CASES) {
  Deno.test(`purchases against Stripe's sessions: ${what}`, async () => {
    assert.deepEqual(await differences(world), expected);
  });
}

Deno.test("purchases against Stripe's sessions: a second session for one purchase", async () => {
  const world = { purchase: { stripe_session_id: "cs_first" } };
  assert.deepEqual(await differences(world), [
    "other_session: cs_first | 1000",
    "unknown_purchase: paid | no such session",
  ]);
  assert.deepEqual(await differences({ ...world, charge: { amount_refunded: 1000 } }), [
    "unknown_purchase: paid | no such session",
  ]);
});

Deno.test("purchases of before the window are not read", async () => {
  const received: Received[] = [];
  await differences({}, received);
  const asked = received.map(({ path }) => new URL(path, "http://any").searchParams)
    .find((search) => search.has("paid_at"));
  // A day after 1,700,000,000 seconds: a session lives that long before it is paid.
  assert.equal(asked?.get("or"), "(livemode.is.null,livemode.is.false)", "nor are those of the other mode");
  assert.equal(asked?.get("id"), "gt.018bd50b-c400-7000-8000-000000000000");
});
