// A signed event of any content is answered 200 and kept, and grants nothing that was not paid for.
import assert from "node:assert/strict";
import fc from "fast-check";
import Stripe from "stripe";
import * as fixtures from "../../local/stripe/fixtures.ts";
import { database } from "../support/attack/state.ts";
import { effort } from "../support/effort.ts";
import { signUp, stack } from "../support/people.ts";

const EVENTS = effort(4_000);
const AT_ONCE = 8;

/** Texts, numbers and nesting that somebody may not have thought of. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(
    "\0",
    "\ud800",
    "a\udc00",
    "x".repeat(20_000),
    1e308,
    -1,
    0.1,
    2 ** 53,
    "",
    [],
    {},
    null,
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constant(JSON.parse("[".repeat(500) + "]".repeat(500))),
);

const KINDS = [
  fixtures.checkoutCompletedEvent,
  fixtures.refundCreatedEvent,
  fixtures.disputeCreatedEvent,
];

/** An event of Stripe's with something else in one to three of its places. */
const mutated = fc.tuple(
  fc.constantFrom(...KINDS),
  fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 3 }),
).map(([make, changes]) => {
  let event: unknown = JSON.parse(JSON.stringify(make()));
  for (const [place, value] of changes) event = replaced(event, place, value);
  return event;
});

/** `value` with the thing at the `place`-th of its keys, counted all through it, replaced by `other`. */
function replaced(value: unknown, place: number, other: unknown): unknown {
  const count = { all: 0 };
  JSON.stringify(value, (_, one) => (count.all++, one));
  const chosen = place % count.all;
  let at = 0;
  return JSON.parse(JSON.stringify(value, (_, one) => at++ === chosen ? other ?? null : one));
}

async function deliver(event: unknown): Promise<number> {
  const payload = JSON.stringify(event);
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret: stack("STRIPE_WEBHOOK_SECRET"),
    cryptoProvider: Stripe.createSubtleCryptoProvider(),
  });
  const headers = { "content-type": "application/json", "stripe-signature": signature };
  const url = `${stack("API_URL")}/functions/v1/stripe-webhook`;
  const response = await fetch(url, { method: "POST", headers, body: payload });
  await response.body?.cancel();
  return response.status;
}

Deno.test("every signed event is answered 200 and kept, and none grants what was not paid for", async () => {
  const sql = database();
  await using _closing = { [Symbol.asyncDispose]: () => sql.end() };
  await signUp();
  const granted = () => sql`select coalesce(sum(original_amount), 0) as credits from public.user_credits`;
  const [before] = await granted();
  const events = fc.sample(mutated, EVENTS).values();
  const work = async () => {
    for (const event of events) {
      const status = await deliver(event);
      assert.equal(status, 200, `${status} for ${JSON.stringify(event).slice(0, 3_000)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  assert.deepEqual([...await granted()], [before]);
  assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
});
