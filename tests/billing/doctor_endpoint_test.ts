// What the doctor says of an endpoint at Stripe.
import assert from "node:assert/strict";
import Stripe from "stripe";
import { EVENT_TYPES } from "../../supabase/functions/_billing/reconcile_events.ts";
import { checkEndpoint, type Endpoint } from "../../tools/doctor/stripe.ts";

const ADDRESS = "https://abc.supabase.co/functions/v1/stripe-webhook";
const GOOD: Endpoint = {
  url: ADDRESS,
  status: "enabled",
  livemode: true,
  api_version: Stripe.API_VERSION,
  enabled_events: [...EVENT_TYPES],
};

Deno.test("the endpoint at Stripe is as it has to be, or the finding says what is not", () => {
  const found = (...endpoints: Endpoint[]) => {
    const { status, found } = checkEndpoint(endpoints, ADDRESS, true);
    return `${status}: ${found}`;
  };
  assert.match(found(GOOD), /^ok/);
  assert.match(found({ ...GOOD, enabled_events: ["*"] }), /^ok/);
  assert.match(found({ ...GOOD, status: "disabled" }, GOOD), /^ok/);
  assert.match(found(), /^alarm: none has/);
  assert.match(found({ ...GOOD, url: `${ADDRESS}/` }), /^alarm: none has/);
  assert.match(found({ ...GOOD, status: "disabled" }), /^alarm: it is disabled/);
  assert.match(found({ ...GOOD, livemode: false }), /^alarm: it is for test events, the key is a live one/);
  assert.equal(
    found({ ...GOOD, enabled_events: EVENT_TYPES.slice(1) }),
    `alarm: it lacks ${EVENT_TYPES[0]}`,
  );
  assert.match(found({ ...GOOD, api_version: "2020-08-27" }), /^warn: its API version is 2020-08-27/);
  assert.match(found({ ...GOOD, api_version: null }), /^warn: its API version is the account's default/);
});
