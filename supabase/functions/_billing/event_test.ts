// Whatever Stripe signs can be kept, and of what it says only what is used.
import assert from "node:assert/strict";
import fc from "fast-check";
import * as fixtures from "../../../local/stripe/fixtures.ts";
import { keptEvent } from "./event.ts";

const body = (value: unknown) => JSON.stringify(value) ?? "";
const kept = (value: unknown) => keptEvent(value, body(value));

Deno.test("an event keeps its id, type, time, mode and what its effect is computed from", () => {
  const object = {
    ...{ id: "cs_1", object: "checkout.session", amount_total: 500, currency: "usd", payment_intent: "pi_1" },
    ...{ metadata: { purchase_id: "p", user_id: "u", credits: "5.00", note: "for Ana" } },
    ...{ amount_subtotal: 600, allow_promotion_codes: true, livemode: false },
    total_details: { amount_discount: 100, breakdown: {} },
    presentment_details: { presentment_amount: 450, presentment_currency: "eur" },
    ...{ customer_email: "ana@example.com", customer_details: { name: "Ana" } },
  };
  const event = {
    id: "evt_1",
    object: "event",
    type: "checkout.session.completed",
    created: 7,
    livemode: false,
  };
  assert.deepEqual(kept({ ...event, api_version: "x", data: { object, previous_attributes: { a: 1 } } }), {
    ...event,
    account: null,
    data: {
      object: {
        ...{
          id: "cs_1",
          object: "checkout.session",
          amount_total: 500,
          currency: "usd",
          payment_intent: "pi_1",
        },
        ...{ amount_subtotal: 600, allow_promotion_codes: true, livemode: false },
        total_details: { amount_discount: 100 },
        presentment_details: { presentment_amount: 450, presentment_currency: "eur" },
        metadata: { purchase_id: "p", user_id: "u", credits: "5.00" },
      },
    },
  });
});

Deno.test("a NUL, half a surrogate pair and a text without end cost no payment", () => {
  const { data } = kept({
    ...{ id: "evt_\0", type: "a\ud800b", created: 1 },
    data: { object: { id: "cs\0\ud800", currency: "u".repeat(1000), metadata: { credits: "1\0" } } },
  });
  assert.deepEqual(data, {
    object: { id: "cs\ufffd\ufffd", currency: [], metadata: { credits: "1\ufffd" } },
  });
});

Deno.test("what has no id is kept under the digest of its body, and again under the same", () => {
  for (const value of [null, 5, "text", [], {}, { id: 7 }, { id: "" }, { id: "x".repeat(256) }]) {
    const event = kept(value);
    assert.match(event.id, /^unreadable_[0-9a-f]{64}$/);
    assert.deepEqual(kept(value), event);
  }
  assert.notEqual(keptEvent({}, "{}").id, keptEvent({}, "{ }").id);
});

Deno.test("a time that cannot be is the beginning of all", () => {
  for (const created of [-1, 1e300, 0.5, "1", null, 253_402_300_800]) {
    assert.equal(kept({ id: "evt", created }).created, 0, String(created));
  }
});

Deno.test("any JSON at all, in any place of a real event, is small and can be kept", () => {
  const real = JSON.stringify(fixtures.checkoutCompletedEvent());
  const paths = [
    "id",
    "type",
    "created",
    "livemode",
    "account",
    "data",
    "object",
    "metadata",
    "amount_total",
  ];
  fc.assert(fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
    const event = JSON.parse(real, (key, old) => key === path ? value : old);
    const text = JSON.stringify(kept(event));
    assert.ok(text.length < 20_000, "it is bounded");
    assert.ok(!/\\u0000|\\ud[89a-f]/i.test(text), text);
    assert.equal(typeof JSON.parse(text).id, "string");
  }));
});
