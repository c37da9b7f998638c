import assert from "node:assert/strict";
import Stripe from "stripe";
import { withPlans } from "../../tests/support/stripe_subscriptions.ts";

const START = "2027-01-15T12:00Z";
const FORMER = "2024-06-20";

type Json = Record<string, unknown>;

/** The object of the newest event of a type, as JSON has it. */
function told(bodies: string[], type: string): Json {
  const events = bodies.map((body) => JSON.parse(body)).filter((event) => event.type === type);
  return { ...events.at(-1).data.object, api_version: events.at(-1).api_version };
}

Deno.test("an endpoint of today's version gets invoices with a parent, and periods on items", () =>
  withPlans(START, async ({ subscribe, bodies, settled }) => {
    const { id, items } = await subscribe();
    await settled();
    const invoice = told(bodies, "invoice.paid");
    assert.equal(invoice.api_version, Stripe.API_VERSION);
    assert.equal((invoice.parent as { subscription_details: Json }).subscription_details.subscription, id);
    // A list of payments is only there where it is expanded, and so in no event.
    for (const gone of ["subscription", "payment_intent", "charge", "paid", "payments"]) {
      assert.ok(!(gone in invoice), gone);
    }
    const subscription = told(bodies, "customer.subscription.updated");
    assert.ok(!("current_period_end" in subscription));
    const [item] = (subscription.items as { data: Json[] }).data;
    assert.equal(item.current_period_end, items.data[0].current_period_end);
  }));

Deno.test("an endpoint of a version before basil gets the shapes of that version", () =>
  withPlans(START, async ({ stripe, subscribe, bodies, settled, control }) => {
    await control("/dashboard", { api_version: FORMER });
    const { id, items } = await subscribe({ metadata: { user_id: "u1" } });
    await settled();
    const invoice = told(bodies, "invoice.paid");
    const [{ payment }] = (await stripe.invoicePayments.list({ invoice: String(invoice.id) })).data;
    assert.deepEqual([invoice.api_version, invoice.subscription, invoice.payment_intent, invoice.paid], [
      FORMER,
      id,
      payment.payment_intent,
      true,
    ]);
    assert.deepEqual(invoice.subscription_details, { metadata: { user_id: "u1" } });
    assert.ok(!("parent" in invoice));
    const [line] = (invoice.lines as { data: Json[] }).data;
    assert.deepEqual([line.type, line.proration, line.subscription, line.subscription_item], [
      "subscription",
      false,
      id,
      items.data[0].id,
    ]);
    assert.deepEqual([(line.price as Json).id, (line.plan as Json).interval], ["basic", "month"]);
    assert.ok(!("parent" in line || "pricing" in line));
    const subscription = told(bodies, "customer.subscription.updated");
    assert.equal(subscription.current_period_end, items.data[0].current_period_end);
    assert.ok(!("current_period_end" in (subscription.items as { data: Json[] }).data[0]));
    assert.equal(told(bodies, "charge.succeeded").invoice, invoice.id);
  }));

Deno.test("a request is answered in the version that it names", () =>
  withPlans(START, async ({ subscribe, url }) => {
    const { id, latest_invoice } = await subscribe();
    const get = async (path: string, version: string) => {
      const headers = { authorization: "Bearer sk_test_x", "stripe-version": version };
      return await (await fetch(`${url}/v1/${path}`, { headers })).json();
    };
    const path = `invoices?subscription=${id}`;
    assert.equal((await get(path, FORMER)).data[0].subscription, id);
    assert.equal((await get(path, Stripe.API_VERSION)).data[0].subscription, undefined);
    const expanded = `subscriptions/${id}?expand[]=latest_invoice`;
    assert.equal((await get(expanded, FORMER)).latest_invoice.subscription, id);
    assert.equal((await get(`subscriptions/${id}`, Stripe.API_VERSION)).latest_invoice, latest_invoice);
  }));
