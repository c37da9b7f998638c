import assert from "node:assert/strict";
import { deliver, EVENT, sign } from "../../../tests/support/webhook_delivery.ts";

const OBJECT = { id: "cs_1", object: "checkout.session", amount_total: 500 };

Deno.test("of a signed event Postgres gets what is used, and its outcome is the answer", async () => {
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
    const { p_event, ...rest } = JSON.parse(rpcs[0].body);
    assert.deepEqual(p_event.data, { object: OBJECT });
    assert.deepEqual([p_event.id, p_event.type, p_event.created], ["evt_1", "checkout.session.completed", 1]);
    assert.deepEqual(rest, {
      p_livemode: false,
      p_accounts: [],
      p_projects: ["talehop", "talehop-before"],
    });
  }
});

Deno.test("the mode is that of the deployment's own key, and its accounts are those that it names", async () => {
  const body = JSON.stringify(EVENT);
  for (
    const [key, mode] of [["sk_live_x", true], ["rk_live_x", true], ["sk_test_x", false], ["x", undefined]]
  ) {
    const env = { STRIPE_SECRET_KEY: String(key), STRIPE_ACCOUNTS: "acct_1, acct_2" };
    const { rpcs } = await deliver(body, await sign(body), undefined, env);
    const { p_livemode, p_accounts } = JSON.parse(rpcs[0].body);
    assert.deepEqual([p_livemode, p_accounts], [mode, ["acct_1", "acct_2"]]);
  }
});

Deno.test("a signed body that is no event is kept all the same", async () => {
  const { data: _data, ...withoutData } = EVENT;
  for (const body of ["not json", "[]", "null", "5", "{}", JSON.stringify(withoutData)]) {
    const { answer, rpcs } = await deliver(body, await sign(body));
    assert.equal(answer.status, 200, body);
    assert.equal(rpcs.length, 1, body);
  }
});

Deno.test("Stripe is asked to try again only where that can help", async () => {
  const body = JSON.stringify(EVENT);
  const failure = (code: string, status: number) =>
    Response.json({ code, message: "m", details: null, hint: null }, { status });
  const expected: [Response, number][] = [
    [failure("40001", 500), 503],
    [failure("57P01", 503), 503],
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
