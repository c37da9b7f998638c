import assert from "node:assert/strict";
import { deliver, EVENT, sign } from "../../../tests/support/webhook_delivery.ts";

Deno.test("a signed event is handed to Postgres whole, and its outcome is the answer", async () => {
  const body = JSON.stringify(EVENT);
  for (const outcome of ["applied", "duplicate", "ignored", "held"]) {
    const { answer, rpcs } = await deliver(body, await sign(body), {
      outcome,
      event_id: "evt_1",
      reason: "why",
    });
    assert.deepEqual({ ...answer }, { received: true, outcome, status: 200 });
    assert.equal(rpcs.length, 1);
    assert.equal(rpcs[0].path, "/rest/v1/rpc/apply_stripe_event");
    assert.deepEqual(JSON.parse(rpcs[0].body), { p_event: EVENT });
  }
});

Deno.test("a signed body that is no event is 400", async () => {
  const { data: _data, ...withoutData } = EVENT;
  for (
    const body of [
      "not json",
      "[]",
      "null",
      "5",
      "{}",
      JSON.stringify(withoutData),
      JSON.stringify({ ...EVENT, object: "charge" }),
    ]
  ) {
    const { answer, rpcs } = await deliver(body, await sign(body));
    assert.deepEqual([answer.status, answer.code], [400, "invalid_payload"], body);
    assert.equal(rpcs.length, 0, body);
  }
});

Deno.test("Stripe is asked to try again only where that can help", async () => {
  const body = JSON.stringify(EVENT);
  const failure = (code: string, status: number) =>
    Response.json({ code, message: "m", details: null, hint: null }, { status });
  const expected: [Response, number][] = [
    [failure("40001", 500), 503],
    [failure("57P01", 503), 503],
    [failure("22023", 400), 400],
    [failure("XX000", 500), 500],
  ];
  for (const [result, status] of expected) {
    assert.equal((await deliver(body, await sign(body), result)).answer.status, status);
  }
});

Deno.test("no part of an event is logged but its id, type and reason", async () => {
  const body = JSON.stringify(EVENT);
  const { logs } = await deliver(body, await sign(body), {
    outcome: "held",
    event_id: "evt_1",
    reason: "amount",
  });
  assert.equal(logs.length, 2);
  assert.match(logs[0], /"event_id":"evt_1"/);
  assert.doesNotMatch(logs.join("\n"), /ana@|cs_1|whsec|v1=/);
});
