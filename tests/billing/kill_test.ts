/** C2: a function that is killed between Stripe and the commit: once everything is back, one session and one grant. */
import assert from "node:assert/strict";
import { type Buyer, JobSite } from "../support/job_site.ts";

interface Shop {
  site: JobSite;
  buyer: Buyer;
  pack: string;
  credits: number;
}

/** Somebody who is known to Auth, and a pack of credits. */
async function shop(site: JobSite): Promise<Shop> {
  const buyer = await site.buyer();
  const [{ id, credits }] = await site.sql`select id, credits::float from public.credit_packs limit 1`;
  return { site, buyer, pack: id, credits };
}

async function checkout(
  { site, buyer, pack }: Shop,
  page = "shop",
): Promise<{ session: string; purchase: string }> {
  const order = { pack_id: pack, return_to: `https://talehop.com/${page}` };
  const response = await site.call("POST", "credits-api/checkout", buyer, order);
  const body = await response.json();
  assert.equal(response.status, 200, JSON.stringify(body));
  return { session: new URL(body.url).pathname.split("/").at(-1) ?? "", purchase: body.purchase_id };
}

async function control<T>({ site }: Shop, path: string, body: unknown = {}): Promise<T> {
  const response = await fetch(`${site.stack.stripeUrl}/_test${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, await response.clone().text());
  return await response.json();
}

/** Holds the purchase, lets `happening` wait for it, kills the function, and lets the database finish or not. */
async function killWaiting(
  { site }: Shop,
  purchase: string,
  name: string,
  happening: () => Promise<unknown>,
  commits: boolean,
): Promise<void> {
  const undone = new Error("undone");
  let happened: Promise<unknown> = Promise.resolve();
  const waiting = () =>
    site
      .sql`select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  await site.sql.begin(async (holder) => {
    await holder`select from public.credit_purchases where id = ${purchase} for update`;
    happened = happening().catch(() => {});
    await site.until("the function's call waits", async () => (await waiting()).length > 0);
    await site.stack.killFunction(name);
    for (const { pid } of commits ? [] : await waiting()) {
      await site.sql`select pg_cancel_backend(${pid}::int)`;
    }
    await site.until("the call is gone", async () => commits || (await waiting()).length === 0);
    throw undone;
  }).catch((error) => assert.equal(error, undone));
  await happened;
}

/** Status of the purchase, how many batches it was granted, how much money of the buyer's is here. */
async function bought({ site, buyer }: Shop, purchase: string): Promise<unknown[]> {
  const [row] = await site.sql`
    select p.status::text, p.stripe_session_id, (
      select count(*)::int from public.user_credits c where c.user_id = p.user_id and c.source = 'purchase'
    ) as batches, (
      select sum(c.original_amount)::float from public.user_credits c where c.user_id = p.user_id and c.source = 'purchase'
    ) as credits
    from public.credit_purchases p where p.id = ${purchase} and p.user_id = ${buyer.id}`;
  return [row.status, row.batches, row.credits, row.stripe_session_id];
}

Deno.test("C2: functions killed between Stripe and the commit lose no payment and count none twice", async (test) => {
  await using site = await JobSite.start();

  for (const commits of [false, true]) {
    const how = commits ? "after it was asked, which commits unheard" : "before the commit, which is lost";
    await test.step(`the webhook ${how}`, async () => {
      const one = await shop(site);
      const { session, purchase } = await checkout(one);
      const pay = () => control(one, `/sessions/${session}/pay`, { outcome: "paid" });
      await killWaiting(one, purchase, "stripe-webhook", pay, commits);
      if (commits) {
        await site.until("it was committed", async () => (await bought(one, purchase))[0] === "paid");
      } else assert.deepEqual(await bought(one, purchase), ["open", 0, null, session]);
      await site.stack.restartFunction("stripe-webhook");
      await control(one, "/delivery/wait");
      assert.deepEqual(await bought(one, purchase), ["paid", 1, one.credits, session]);
    });
  }

  await test.step("the checkout after Stripe's answer, then tried again from another page", async () => {
    const one = await shop(site);
    const [{ purchase_id }] = await site
      .sql`select * from public.create_checkout(${one.buyer.id}, ${one.pack})`;
    await killWaiting(one, purchase_id, "credits-api", () => checkout(one), false);
    assert.deepEqual(await bought(one, purchase_id), ["open", 0, null, null]);
    await site.stack.restartFunction("credits-api");
    const { session, purchase } = await checkout(one, "elsewhere");
    assert.equal(purchase, purchase_id);
    await control(one, `/sessions/${session}/pay`, { outcome: "paid" });
    await control(one, "/delivery/wait");
    assert.deepEqual(await bought(one, purchase_id), ["paid", 1, one.credits, session]);
    assert.deepEqual(await checkout(one).then(({ purchase }) => purchase === purchase_id), false);
  });
});
