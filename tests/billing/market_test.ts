/**
 * Many buyers of two products, one of which has two environments, and all of that in one Stripe account: whatever
 * they pay, get back and dispute, and however their events come, the books of each environment end equal to Stripe's, and
 * the operator's list holds what a person must decide and nothing else.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type postgres from "postgres";
import type Stripe from "stripe";
import { type KeptEvent, keptEvent } from "../../supabase/functions/_billing/event.ts";
import { type Order, sessionFor } from "../../supabase/functions/_billing/session_params.ts";
import { type Clone, clone } from "../support/clone.ts";
import { disagreements } from "../support/credit_calls.ts";
import { effort } from "../support/effort.ts";
import { type Harness, withStandIn } from "../support/stripe_stand_in.ts";

const BUYERS = effort(2_000);
const PRICE = 1200;

/** What a buyer does in the end, and what the bank does about it. */
const PAYMENTS = ["card", "card", "card", "declined first", "debit", "debit refused", "abandoned"] as const;
const AFTERWARDS = [
  ...["none", "none", "none", "part back", "twice part back", "all back", "refund fails"],
  ...["disputed", "won", "lost", "won, then appealed", "appeal lost", "appeal won", "part back, then lost"],
  ...["inquiry"],
] as const;
/** What leaves something to decide. */
const TROUBLES = [
  "none",
  "none",
  "none",
  "none",
  "none",
  "none",
  "erased",
  "paid twice",
  "paid too little",
] as const;
const PLACES = ["production", "production", "staging", "another product"] as const;

const plan = fc.record({
  place: fc.constantFrom(...PLACES),
  payment: fc.constantFrom(...PAYMENTS),
  afterwards: fc.constantFrom(...AFTERWARDS),
  trouble: fc.constantFrom(...TROUBLES),
});
type Plan = ReturnType<typeof planOf>;
const planOf = () => fc.sample(plan, 1)[0];

/** An environment of our product: its database and its tag. */
interface Environment {
  tag: string;
  database: Clone;
  pack: string;
  /** What an operator must find, by purchase. */
  toDecide: string[];
}

interface Sale {
  plan: Plan;
  session: string;
  environment?: Environment;
  purchase?: string;
  user?: string;
}

Deno.test("books of environments that share a Stripe account end equal to Stripe's, whatever happens", () =>
  withStandIn(async (stripe) => {
    await using databases = new AsyncDisposableStack();
    const environments: Record<string, Environment> = Object.fromEntries(
      await Promise.all(["production", "staging"].map(async (tag) => {
        const database = databases.use(await clone(4));
        const [{ id }] = await database.sql`
          insert into public.credit_packs (name, credits, amount_cents) values ('Twelve', 12, ${PRICE}) returning id`;
        return [tag, { tag, database, pack: id, toDecide: [] } satisfies Environment];
      })),
    );
    const seed = crypto.getRandomValues(new Int32Array(1))[0];
    console.log(`seed ${seed}`);
    const sales: Sale[] = [];
    for (const one of fc.sample(plan, { numRuns: BUYERS, seed })) {
      sales.push(await live(stripe, one, environments[one.place], sales));
    }
    await stripe.settled();
    const events = stripe.bodies.map((body, index) => {
      // The stand-in is faster than a second, which is as fine as Stripe's clock is.
      const event = { ...JSON.parse(body), created: 1_900_000_000 + index };
      return keptEvent(event, body);
    });
    for (const environment of Object.values(environments)) {
      await erase(environment, sales);
      await deliver(environment, events, seed);
      await compare(environment, sales, stripe);
    }
  }, { retries: { attempts: 1, firstWaitMs: 1 } }));

/** Somebody buys; what is paid for is what `environment` sells, or something else of another product. */
async function live(
  stripe: Harness,
  plan: Plan,
  environment: Environment | undefined,
  before: Sale[],
): Promise<Sale> {
  const order = environment && await begin(environment);
  const session = environment && order
    ? await stripe.stripe.checkout.sessions.create(
      paramsOf(
        environment.tag,
        plan.trouble === "paid too little" ? { ...order, amount_cents: PRICE - 1 } : order,
        (await stripe.stripe.customers.create({ metadata: { user_id: order.user_id } })).id,
      ),
    )
    // Its payer can choose the reference, and chooses somebody's purchase.
    : await stripe.open(PRICE, {
      metadata: { order: "a shirt" },
      client_reference_id: before.findLast(({ purchase }) => purchase)?.purchase ?? "none",
    });
  const sale: Sale = {
    plan,
    session: session.id,
    environment,
    purchase: order?.purchase_id,
    user: order?.user_id,
  };
  if (environment && order && plan.trouble !== "paid too little") await attach(environment, order, session);
  const isPaid = await pay(stripe, session, plan.payment);
  if (isPaid) await goOn(stripe, session, plan.afterwards);
  if (isPaid && environment && order) await makeTrouble(stripe, sale, order, environment);
  return sale;
}

/** A purchase as `/checkout` makes one. */
async function begin({ database: { sql }, pack }: Environment): Promise<Order> {
  const user_id = crypto.randomUUID();
  await sql`insert into auth.users (id, email) values (${user_id}, ${`${user_id}@example.com`})`;
  const [order] = await sql`select * from public.create_checkout(${user_id}, ${pack})`;
  return {
    ...order as unknown as Order,
    credits: 12,
    amount_cents: Number(order.amount_cents),
    user_id,
    pack_id: pack,
  };
}

/** What `/checkout` of an environment asks Stripe for. */
function paramsOf(tag: string, order: Order, customer: string): Stripe.Checkout.SessionCreateParams {
  const others = Deno.env.get("STRIPE_PROJECT");
  Deno.env.set("STRIPE_PROJECT", tag);
  try {
    return sessionFor(order, customer, "https://shop.example/");
  } finally {
    if (others === undefined) Deno.env.delete("STRIPE_PROJECT");
    else Deno.env.set("STRIPE_PROJECT", others);
  }
}

async function attach({ database: { sql } }: Environment, order: Order, session: Stripe.Checkout.Session) {
  const [{ outcome }] = await sql`
    select outcome from public.attach_checkout_session(
      ${order.user_id}, ${order.purchase_id}, ${session.id}, ${new Date(session.expires_at * 1000)}, false
    )`;
  assert.equal(outcome, "attached");
}

/** Whether the session ends as paid. */
async function pay({ control }: Harness, { id }: { id: string }, payment: Plan["payment"]): Promise<boolean> {
  if (payment === "abandoned") await control(`/sessions/${id}/expire`);
  if (payment === "declined first") await control(`/sessions/${id}/pay`, { outcome: "declined" });
  if (payment === "card" || payment === "declined first") {
    await control(`/sessions/${id}/pay`, { outcome: "paid" });
  }
  if (payment === "debit" || payment === "debit refused") {
    await control(`/sessions/${id}/pay`, { outcome: "delayed" });
    await control(`/sessions/${id}/settle`, { outcome: payment === "debit" ? "succeeded" : "failed" });
  }
  return payment !== "abandoned" && payment !== "debit refused";
}

/** What happens to the money afterwards. */
async function goOn(
  { stripe, control }: Harness,
  { id }: { id: string },
  afterwards: Plan["afterwards"],
): Promise<void> {
  const { payment_intent } = await stripe.checkout.sessions.retrieve(id);
  const refund = (amount?: number) =>
    stripe.refunds.create({ payment_intent: String(payment_intent), amount });
  const dispute = async (...outcomes: string[]) => {
    const input = { payment_intent, inquiry: outcomes[0] === "inquiry" };
    const made = await control<Stripe.Dispute>("/disputes", input);
    for (const outcome of outcomes) {
      if (outcome === "appeal") await control(`/disputes/${made.id}/appeal`);
      if (outcome === "won" || outcome === "lost") await control(`/disputes/${made.id}/close`, { outcome });
    }
  };
  const happens: Record<Plan["afterwards"], () => Promise<unknown>> = {
    none: () => Promise.resolve(),
    "part back": () => refund(PRICE / 4),
    "twice part back": async () => [await refund(PRICE / 4), await refund(PRICE / 3)],
    "all back": () => refund(),
    "refund fails": async () => {
      const made = await refund(PRICE / 2);
      await control(`/refunds/${made.id}`, { status: "failed", failure_reason: "lost_or_stolen_card" });
    },
    disputed: () => dispute(),
    won: () => dispute("won"),
    lost: () => dispute("lost"),
    "won, then appealed": () => dispute("won", "appeal"),
    "appeal lost": () => dispute("won", "appeal", "lost"),
    "appeal won": () => dispute("won", "appeal", "won"),
    "part back, then lost": async () => [await refund(PRICE / 4), await dispute("lost")],
    inquiry: () => dispute("inquiry"),
  };
  await happens[afterwards]();
}

/** What a person must decide about. */
async function makeTrouble(
  stripe: Harness,
  { plan: { trouble }, purchase }: Sale,
  order: Order,
  { tag, toDecide }: Environment,
): Promise<void> {
  if (trouble === "erased") toDecide.push(`user_gone ${purchase}`);
  if (trouble === "paid too little") toDecide.push(`amount_too_small ${purchase}`);
  if (trouble !== "paid twice") return;
  const customer = await stripe.stripe.customers.create({});
  const second = await stripe.stripe.checkout.sessions.create(
    paramsOf(tag, order, customer.id),
  );
  await stripe.control(`/sessions/${second.id}/pay`, { outcome: "paid" });
  toDecide.push(`session_mismatch ${purchase}`);
}

/** Those who left before a word of their payment arrived. */
async function erase({ database: { sql } }: Environment, sales: Sale[]): Promise<void> {
  for (const { user, plan } of sales) {
    if (user && plan.trouble === "erased") await sql`select public.erase_user(${user})`;
  }
}

/** Hands in all events in any order, some twice and some not, over several connections; then those that were lost. */
async function deliver(
  { tag, database: { sql } }: Environment,
  events: KeptEvent[],
  seed: number,
): Promise<void> {
  const order = fc.shuffledSubarray([...events.keys()], { minLength: events.length });
  const [first, second] = fc.sample(order, { numRuns: 2, seed });
  const lost = new Set(first.slice(0, Math.floor(events.length / 5)));
  const twice = second.slice(0, Math.floor(events.length / 7));
  await handIn(
    sql,
    [...second, ...twice].filter((index) => !lost.has(index)).map((index) => events[index]),
    tag,
  );
  await handIn(sql, first.map((index) => events[index]), tag);
}

async function handIn(sql: postgres.Sql, events: KeptEvent[], tag: string): Promise<void> {
  const waiting = events.values();
  const caller = async () => {
    for (const event of waiting) {
      await sql`select public.apply_stripe_event(${sql.json(event)}, false, '{}', ${[tag]})`;
    }
  };
  await Promise.all([caller(), caller(), caller(), caller()]);
}

/** What Stripe says of a sale: what was paid, and what of it has gone back. */
async function atStripe({ stripe }: Harness, session: string): Promise<{ paid: number; back: number }> {
  const { payment_status, payment_intent } = await stripe.checkout.sessions.retrieve(session);
  if (payment_status !== "paid") return { paid: 0, back: 0 };
  const of = { payment_intent: String(payment_intent), limit: 100 };
  const refunds = await stripe.refunds.list(of);
  const disputes = await stripe.disputes.list(of);
  const returned = refunds.data.filter(({ status }) => status !== "failed" && status !== "canceled");
  const taken = disputes.data.filter(({ status }) => status !== "won" && !status.startsWith("warning"));
  const back = [...returned, ...taken].reduce((sum, { amount }) => sum + amount, 0);
  return { paid: PRICE, back: Math.min(back, PRICE) };
}

async function compare({ tag, database: { sql }, toDecide }: Environment, all: Sale[], stripe: Harness) {
  const sales = all.filter(({ environment }) => environment?.tag === tag);
  for (const { plan, session, purchase, user } of sales) {
    const { paid, back } = await atStripe(stripe, session);
    const bought = plan.trouble !== "erased" && plan.trouble !== "paid too little" ? paid : 0;
    const [row] = await sql`
      select p.paid_cents::int as paid, p.reversed_cents::int as back, (coalesce(a.available, 0) * 100)::int as available,
        (coalesce(a.debt, 0) * 100)::int as debt
      from public.credit_purchases p left join public.credit_accounts a using (user_id) where p.id = ${
      purchase ?? ""
    }`;
    const wanted = bought === 0
      ? { paid: 0, back: 0, available: 0, debt: 0 }
      : { paid, back, available: 1200 - Math.floor(1200 * back / paid), debt: 0 };
    assert.deepEqual({ ...row }, wanted, `${tag}: ${JSON.stringify(plan)} of ${user}`);
  }
  const listed = await sql`
    select split_part(reason, ':', 1) as reason, purchase_id from public.held_stripe_events order by 1, 2`;
  assert.deepEqual(
    [...new Set(listed.map(({ reason, purchase_id }) => `${reason} ${purchase_id}`))],
    [...new Set(toDecide)].sort(),
    `${tag}: the operator's list`,
  );
  const foreign = await sql`
    select distinct e.purchase_id from public.stripe_events e
    where e.purchase_id is not null and not exists (select from public.credit_purchases p where p.id = e.purchase_id)`;
  assert.deepEqual([...foreign], [], `${tag}: a purchase of another environment`);
  assert.deepEqual([...await disagreements(sql)], []);
}
