/** The reconciler finds what Stripe could not deliver, takes it in when told to, and says where purchases disagree. */
import assert from "node:assert/strict";
import type { Report } from "../../supabase/functions/_billing/reconcile.ts";
import { ask, type Problem } from "../support/calls.ts";
import { connect } from "../support/clone.ts";
import { type Person, signUp, stack } from "../support/people.ts";
import { control, undelivered } from "../support/stripe_shop.ts";

const as = (person: Person) => ({ authorization: `Bearer ${person.token}` });
const key = () => ({ "x-api-key": stack("SCHEDULER_SECRET") });

interface Pack {
  id: string;
  credits: number;
  amount_cents: number;
}

interface Sale {
  buyer: Person;
  pack: Pack;
  purchase: string;
  session: string;
  intent: string;
}

/** Somebody who paid for the first pack. */
async function sell(): Promise<Sale> {
  const buyer = await signUp();
  const [pack] = (await ask<{ items: Pack[] }>("GET", "credits-api/packs", as(buyer))).body.items;
  const order = { pack_id: pack.id, return_to: "https://talehop.com/shop" };
  const { body } = await ask<{ url: string; purchase_id: string }>(
    "POST",
    "credits-api/checkout",
    as(buyer),
    order,
  );
  const session = new URL(body.url).pathname.split("/").at(-1) ?? "";
  const paid = await control<{ payment_intent: string }>(`/sessions/${session}/pay`, { outcome: "paid" });
  return { buyer, pack, purchase: body.purchase_id, session, intent: paid.payment_intent };
}

async function balance(person: Person): Promise<number> {
  return (await ask<{ balance: number }>("GET", "credits-api/balance", as(person))).body.balance;
}

/** `deno task stripe:reconcile` with the settings of a hosted project. */
async function reconcile(...args: string[]): Promise<{ code: number; text: string; error: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "tools/stripe_reconcile.ts", ...args],
    env: {
      SUPABASE_URL: stack("API_URL"),
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: stack("SECRET_KEY") }),
      STRIPE_SECRET_KEY: stack("STRIPE_SECRET_KEY"),
      STRIPE_API_URL: stack("STRIPE_API_URL"),
    },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, text: text(stdout), error: text(stderr) };
}

/** What a report says about one sale. */
async function about({ purchase, session }: Sale, report: Report) {
  const sql = connect(stack("DB_URL"), 1);
  const rows = await sql`select id from public.stripe_events where purchase_id = ${purchase}`;
  await sql.end();
  const kept = new Set(rows.map(({ id }) => id));
  return {
    taken: report.events.missing.filter(({ id, outcome }) => kept.has(id) && outcome === "applied").map((
      { type },
    ) => type),
    problems: report.purchases.differences.filter((one) =>
      one.purchase_id === purchase || one.session_id === session
    )
      .map(({ problem, here, stripe }) => `${problem}: ${here} | ${stripe}`),
  };
}

Deno.test("a payment that never arrived is reported, and taken in only when asked for", async () => {
  const sale = await undelivered(sell);
  const before = await balance(sale.buyer);

  const dry = await reconcile("--json");
  assert.equal(dry.code, 1, dry.error);
  const found: Report = JSON.parse(dry.text);
  assert.ok(found.events.missing.every(({ outcome }) => outcome === "missing"));
  assert.ok(found.events.missing.some(({ type }) => type === "checkout.session.completed"));
  assert.deepEqual(await about(sale, found), {
    taken: [],
    problems: [`not_granted: open | ${sale.pack.amount_cents}`],
  });
  assert.equal(await balance(sale.buyer), before);

  const applied: Report = JSON.parse((await reconcile("--json", "--apply")).text);
  assert.deepEqual(await about(sale, applied), { taken: ["checkout.session.completed"], problems: [] });
  assert.equal(await balance(sale.buyer), before + sale.pack.credits);
  const again: Report = JSON.parse((await reconcile("--json", "--apply")).text);
  assert.deepEqual(await about(sale, again), { taken: [], problems: [] });
  assert.equal(await balance(sale.buyer), before + sale.pack.credits);
});

Deno.test("the schedule takes in a refund and a dispute that never arrived", async () => {
  const sale = await sell();
  await control("/delivery/wait");
  const before = await balance(sale.buyer);
  await undelivered(() =>
    control("/disputes", { payment_intent: sale.intent, amount: sale.pack.amount_cents })
  );
  const post = (order: unknown, headers: Record<string, string>) =>
    ask<Report & Problem>("POST", "stripe-webhook/reconcile", headers, order);

  assert.equal((await post({}, {})).status, 403);
  assert.equal((await post({}, { "x-api-key": "guess" })).status, 403);
  for (const order of [{ days: 31 }, { days: 0 }, { apply: "yes" }, { until: 1 }]) {
    assert.equal((await post(order, key())).status, 400, JSON.stringify(order));
  }
  const dry = await post({}, key());
  assert.deepEqual(await about(sale, dry.body), {
    taken: [],
    problems: [`reversal_differs: 0 | ${sale.pack.amount_cents}`],
  });
  const { status, body } = await post({ apply: true }, key());
  assert.equal(status, 200);
  const { taken, problems } = await about(sale, body);
  assert.deepEqual([taken.toSorted(), problems], [
    ["charge.dispute.created", "charge.dispute.funds_withdrawn"],
    [],
  ]);
  assert.equal(await balance(sale.buyer), before - sale.pack.credits);
});

Deno.test("an event that was delivered and lost is found among all of them", async () => {
  const sale = await sell();
  await control("/delivery/wait");
  const sql = connect(stack("DB_URL"), 1);
  await sql`delete from public.stripe_events where purchase_id = ${sale.purchase}`;
  await sql.end();
  const some: Report = JSON.parse((await reconcile("--json", "--apply")).text);
  assert.deepEqual(await about(sale, some), { taken: [], problems: [] });
  const all: Report = JSON.parse((await reconcile("--json", "--apply", "--all")).text);
  assert.deepEqual(await about(sale, all), { taken: ["checkout.session.completed"], problems: [] });
});
