// Both shapes of Stripe's API say the same, and what is odd is missing and never an error.
import assert from "node:assert/strict";
import fc from "fast-check";
import { keptEvent } from "./event.ts";
import { planFields } from "./plan_objects.ts";

const period = { start: 100, end: 200 };
const LINES = [
  { price: "price_1", quantity: 2, amount: 2000, proration: false, ...period },
  { price: "price_0", quantity: 1, amount: -50, proration: true, ...period },
];
const INVOICE = {
  ...{ customer: "cus_1", subscription: "sub_1", total: 1950, discount: 70, lines: LINES },
  payments: [{ payment_intent: "pi_1", amount: null }],
};
const common = {
  ...{ object: "invoice", total: 1950, total_discount_amounts: [{ amount: 50 }, { amount: 20 }] },
  customer_email: "ada@example.com",
};

Deno.test("an invoice of before and since basil is one", () => {
  const before = {
    ...common,
    ...{ customer: { id: "cus_1", name: "Ada" }, subscription: "sub_1", payment_intent: "pi_1" },
    lines: {
      data: LINES.map(({ price, quantity, amount, proration }) => ({
        ...{ price: { id: price }, quantity, amount, proration, period, description: "For Ada" },
      })),
    },
  };
  const since = {
    ...common,
    customer: "cus_1",
    parent: { subscription_details: { subscription: { id: "sub_1" }, metadata: { project: "shop" } } },
    payments: { data: [{ amount_paid: 1950, payment: { type: "payment_intent", payment_intent: "pi_1" } }] },
    lines: {
      data: LINES.map(({ price, quantity, amount, proration }) => ({
        ...{ pricing: { price_details: { price } }, quantity, amount, period },
        parent: proration
          ? { invoice_item_details: { proration } }
          : { subscription_item_details: { proration } },
      })),
    },
  };
  assert.deepEqual(planFields(before), INVOICE);
  const payments = [{ payment_intent: "pi_1", amount: 1950 }];
  assert.deepEqual(planFields(since), { metadata: { project: "shop" }, ...INVOICE, payments });
});

Deno.test("a subscription has its periods on itself or on its items", () => {
  const own = { current_period_start: 100, current_period_end: 200 };
  const items = [{ price: { id: "price_1" }, quantity: 1 }];
  const about = {
    ...{
      object: "subscription",
      customer: "cus_1",
      billing_cycle_anchor: 50,
      trial_end: null,
      cancel_at: null,
    },
    cancel_at_period_end: true,
  };
  const same = {
    ...{ customer: "cus_1", anchor: 50, cancel_at: 200, trial_end: null },
    items: [{ price: "price_1", quantity: 1, ...period }],
  };
  assert.deepEqual(planFields({ ...about, ...own, items: { data: items } }), same);
  assert.deepEqual(
    planFields({ ...about, items: { data: items.map((item) => ({ ...item, ...own })) } }),
    same,
  );
});

Deno.test("what is credited cost nothing, and a payment says which invoice it paid", () => {
  assert.equal(planFields({ ...common, total: -5 }).total, 0);
  const payment = { type: "payment_intent", payment_intent: "pi_1" };
  const paid = { object: "invoice_payment", invoice: "in_1", amount_paid: 5, payment };
  assert.deepEqual(planFields(paid), { invoice: "in_1", payment_intent: "pi_1", amount: 5 });
  assert.deepEqual(planFields({ object: "charge", invoice: "in_1" }), {});
});

Deno.test("any JSON at all in the place of such an object can be kept", () => {
  const objects = ["subscription", "invoice", "invoice_payment"];
  const fields = [
    "customer",
    "items",
    "lines",
    "total",
    "payments",
    "parent",
    "payment",
    "total_discount_amounts",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...objects), fc.constantFrom(...fields), fc.json(), (object, field, json) => {
      const value = {
        id: "evt_1",
        type: "invoice.paid",
        created: 1,
        data: { object: { object, [field]: JSON.parse(json) } },
      };
      const kept = keptEvent(value, "");
      assert.equal(kept.data.object.object, object);
      assert.ok(!JSON.stringify(kept).includes("\\u0000"));
    }),
  );
});
