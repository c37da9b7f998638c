/**
 * Ana, who owns something of everything there is, and Eve, who wants it. What there is beside credits, each product says.
 *
 * @module
 */
import assert from "node:assert/strict";
import Stripe from "stripe";
import type postgres from "postgres";
import { ask, balance } from "../calls.ts";
import { as, grant, type Person, signUp, stack } from "../people.ts";
import { service } from "../service.ts";
import { subscribe } from "./subscriber.ts";

/** Who is attacked, by whom, and what there is to take. */
export interface Scene {
  ana: Person;
  eve: Person;
  purchaseId: string;
  packId: string;
}

/** Tables that say nothing about anybody. */
const ABOUT_NOBODY = "credit_packs credit_pack_prices credit_pricing rate_limit_policies " +
  "plans plan_versions plan_prices plan_offers";

/** Signs both up and lets Ana have what `give` gives her, buy, and spend what she gave back. */
export async function scene<Things>(
  sql: postgres.Sql,
  give: (ana: Person) => Promise<Things>,
): Promise<Scene & Things> {
  const [ana, eve] = [await signUp(), await signUp()];
  await Promise.all([grant(ana, 10), grant(eve, 10)]);
  const things = await give(ana);
  await leaveTraces(sql, ana);
  const bought = await buyAndSpend(ana);
  await subscribe(sql, ana);
  await everyTableHasSomething(sql);
  return { ana, eve, ...bought, ...things };
}

/** A purchase whose money is disputed after its credits were spent, which leaves a debt, and a payment nobody knows. */
async function buyAndSpend(ana: Person): Promise<{ purchaseId: string; packId: string }> {
  const stripeUrl = new URL(stack("STRIPE_API_URL"));
  const stripe = new Stripe(stack("STRIPE_SECRET_KEY"), {
    host: stripeUrl.hostname,
    port: stripeUrl.port,
    protocol: "http",
    telemetry: false,
  });
  const packs = await ask<{ items: { id: string }[] }>("GET", "credits-api/packs", as(ana));
  const packId = packs.body.items[0].id;
  const order = { pack_id: packId, return_to: "https://talehop.com/" };
  const { body } = await ask<{ url: string; purchase_id: string }>(
    "POST",
    "credits-api/checkout",
    as(ana),
    order,
  );
  const { balance: before } = await balance(ana);
  const paid = await pay(new URL(body.url).pathname.split("/").at(-1) ?? "");
  await control("/delivery/wait", {});
  const { balance: all } = await balance(ana);
  assert.ok(all > before, "what was bought did not arrive");
  await spend(ana, all);
  await stripe.refunds.create({ payment_intent: paid, amount: 300 });
  await control("/disputes", { payment_intent: paid, amount: 500 });
  const line = {
    price_data: { currency: "usd", unit_amount: 100, product_data: { name: "?" } },
    quantity: 1,
  };
  const metadata = { user_id: ana.id, credits: "500" };
  const elsewhere = await stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [line],
    metadata,
    success_url: "https://talehop.com/",
  });
  await pay(elsewhere.id);
  await control("/delivery/wait", {});
  return { purchaseId: body.purchase_id, packId };
}

/** What operators noted about Ana, and an archive of nothing, so that her books still agree. */
async function leaveTraces(sql: postgres.Sql, ana: Person): Promise<void> {
  const repair = { p_amount: 1, p_adjustment_key: "sorry", p_reason: "a test", p_actor: "test" };
  await service.rpc("adjust_credits", { p_user_id: ana.id, ...repair }).throwOnError();
  const job = { p_user_id: ana.id, p_job_id: crypto.randomUUID() };
  await service.rpc("reserve_credits", { ...job, p_amount: 1, p_job_type: "story" }).throwOnError();
  await service.rpc("confirm_credits", job).throwOnError();
  const refund = { p_refund_key: "sorry", p_reason: "a test", p_actor: "test" };
  await service.rpc("refund_job", { ...job, ...refund }).throwOnError();
  await sql`insert into public.credit_ledger_archive select * from public.credit_ledger where user_id = ${ana.id} limit 1`;
  await sql`insert into public.credit_checkpoints values (${ana.id}, 0, 0, 0, 0, now())`;
  await sql`insert into public.credit_archive_sums (user_id, kind, amount) values (${ana.id}, 'confirm', 0)`;
  await sql`insert into public.users_to_erase values (${crypto.randomUUID()}, now())`;
  await sql`insert into public.credit_usage_months values (${ana.id}, '2020-01-01', 'story', 0, 0, 0)`;
}

async function spend(ana: Person, amount: number): Promise<void> {
  const job = await charge(ana, amount);
  const refund = { p_user_id: ana.id, p_job_id: job, p_refund_key: job, p_reason: "spent", p_amount: 1 };
  const { data, error } = await service.rpc("refund_job", refund);
  assert.deepEqual({ outcome: data?.outcome, error }, { outcome: "refunded", error: null });
  await charge(ana, 1);
}

async function charge(ana: Person, amount: number): Promise<string> {
  const reservation = { p_user_id: ana.id, p_job_id: crypto.randomUUID() };
  const what = { p_amount: amount, p_job_type: "story", p_metadata: { prompt: "spent" } };
  const held = await service.rpc("reserve_credits", { ...reservation, ...what });
  assert.deepEqual([held.data?.outcome, held.error], ["reserved", null]);
  const { data, error } = await service.rpc("confirm_credits", reservation);
  assert.deepEqual({ outcome: data?.outcome, error }, { outcome: "confirmed", error: null });
  return reservation.p_job_id;
}

async function pay(sessionId: string): Promise<string> {
  return (await control(`/sessions/${sessionId}/pay`, {})).payment_intent;
}

async function control(path: string, body: unknown): Promise<{ payment_intent: string }> {
  const init = { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${stack("STRIPE_API_URL")}/_test${path}`, init);
  assert.ok(response.ok, await response.clone().text());
  return await response.json();
}

/** What nobody has cannot be shown to be safe: who adds a table gives Ana something in it here. */
async function everyTableHasSomething(sql: postgres.Sql): Promise<void> {
  for (const { name, isPersonal } of await relations(sql)) {
    if (!isPersonal) continue;
    const [{ count }] = await sql`select count(*)::int from ${sql(`public.${name}`)}`;
    assert.ok(count > 0, `${name} is empty`);
  }
}

/** Every table and view that the Data API might serve, with its columns. */
export async function relations(
  sql: postgres.Sql,
): Promise<{ name: string; columns: string[]; isPersonal: boolean }[]> {
  const rows = await sql<{ name: string; columns: string[] }[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
    group by c.relname
    order by c.relname`;
  return rows.map((row) => ({ ...row, isPersonal: !ABOUT_NOBODY.split(" ").includes(row.name) }));
}
