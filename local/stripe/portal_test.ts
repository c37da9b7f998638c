import assert from "node:assert/strict";
import { minute, type Plans, withPlans } from "../../tests/support/stripe_subscriptions.ts";

const START = "2027-04-01T00:00Z";

/** A subscriber's portal: `press` sends one of its forms, `page` is what it shows. */
async function portal({ stripe, subscribe, url }: Plans) {
  const { id, customer } = await subscribe();
  const session = await stripe.billingPortal.sessions.create({
    customer: String(customer),
    return_url: "http://shop.example/",
  });
  const press = async (action: string, fields: Record<string, string> = {}, at = session.url) => {
    const body = new URLSearchParams({ subscription: id, ...fields });
    const answer = await fetch(`${at}/${action}`, { method: "POST", body, redirect: "manual" });
    await answer.body?.cancel();
    return answer.status;
  };
  return {
    id,
    customer: String(customer),
    press,
    page: async () => (await (await fetch(session.url)).text()).replaceAll(/\s+/g, " "),
    current: () => stripe.subscriptions.retrieve(id),
    other: `${url}/portal/bps_nope`,
  };
}

Deno.test("a larger plan begins at once, in a cycle of its own", () =>
  withPlans(START, async (plans) => {
    const { press, page, current, id } = await portal(plans);
    await plans.moveTo("2027-04-16T00:00Z");
    assert.match(await page(), /Your plan: Basic/);
    plans.news();
    await plans.control("/delivery", { delay_ms: 50 });
    assert.equal(await press("change", { price: "pro" }), 303);
    // The browser is sent on once the shop has been told.
    assert.ok(plans.news().includes("invoice.paid"));
    const { items, billing_cycle_anchor } = await current();
    assert.deepEqual([items.data[0].price.id, minute(billing_cycle_anchor)], ["pro", "2027-04-16T00:00Z"]);
    assert.equal((await plans.invoices(id))[0].amount_paid, 3000);
  }));

Deno.test("what is unused of the old plan can be set off", () =>
  withPlans(START, async (plans) => {
    const { press, id } = await portal(plans);
    await plans.control("/dashboard", { portal_proration: "always_invoice" });
    await plans.moveTo("2027-04-16T00:00Z");
    await press("change", { price: "pro" });
    assert.equal((await plans.invoices(id))[0].amount_paid, 2500);
  }));

Deno.test("a smaller plan waits for the end of the period, and can be taken back until then", () =>
  withPlans(START, async (plans) => {
    const { press, page, current, id } = await portal(plans);
    await press("change", { price: "pro" });
    await press("change", { price: "basic" });
    assert.match(await page(), /It becomes Basic on May 1, 2027/);
    assert.match(String((await current()).schedule), /^sub_sched_/);
    await press("keep");
    assert.equal((await current()).schedule, null);
    await press("change", { price: "basic" });
    assert.equal((await current()).items.data[0].price.id, "pro");
    await plans.moveTo("2027-05-01T01:00Z");
    assert.equal((await current()).items.data[0].price.id, "basic");
    assert.equal((await plans.invoices(id))[0].amount_paid, 1000);
  }));

Deno.test("a plan is cancelled for the end of the period, and kept again", () =>
  withPlans(START, async (plans) => {
    const { press, page, current } = await portal(plans);
    await press("cancel");
    assert.match(await page(), /It ends on May 1, 2027/);
    await press("keep");
    assert.equal((await current()).cancel_at, null);
    await press("cancel");
    await plans.moveTo("2027-05-01T00:00Z");
    assert.equal((await current()).status, "canceled");
    assert.doesNotMatch(await page(), /Your plan/);
  }));

Deno.test("a card that is always declined is replaced, and what is owed is paid", () =>
  withPlans(START, async (plans) => {
    const { press, page, current, id } = await portal(plans);
    await press("card", { outcome: "declines" });
    await plans.moveTo("2027-05-01T01:00Z");
    assert.match(await page(), /The last payment failed.*Not paid yet.*\$10\.00 of May 1, 2027/);
    const [invoice] = await plans.invoices(id);
    await press("pay", { invoice: invoice.id });
    assert.equal((await current()).status, "past_due");
    await press("card", { outcome: "pays" });
    await press("pay", { invoice: invoice.id });
    assert.equal((await current()).status, "active");
  }));

Deno.test("the page of an invoice takes another card", () =>
  withPlans(START, async (plans) => {
    const { press, current, id } = await portal(plans);
    await press("card", { outcome: "declines" });
    await plans.moveTo("2027-05-01T01:00Z");
    const [{ hosted_invoice_url }] = await plans.invoices(id);
    const page = await (await fetch(String(hosted_invoice_url))).text();
    assert.match(page, /Pay \$10\.00/);
    await (await fetch(String(hosted_invoice_url), { method: "POST" })).body?.cancel();
    assert.equal((await current()).status, "active");
    assert.doesNotMatch(await (await fetch(String(hosted_invoice_url))).text(), /<form/);
  }));

Deno.test("nobody changes another customer's subscription, or one that is over", () =>
  withPlans(START, async (plans) => {
    const [mine, other] = [await portal(plans), await portal(plans)];
    await mine.press("cancel", { subscription: other.id });
    await mine.press("change", { subscription: other.id, price: "pro" });
    assert.equal(await mine.press("cancel", {}, mine.other), 400);
    const { cancel_at, items } = await other.current();
    assert.deepEqual([cancel_at, items.data[0].price.id], [null, "basic"]);
    await plans.stripe.subscriptions.cancel(mine.id);
    assert.equal(await mine.press("keep"), 303);
    assert.equal((await mine.current()).status, "canceled");
  }));
