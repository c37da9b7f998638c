import assert from "node:assert/strict";
import { withClock } from "../../../tests/support/functions.ts";
import { deliver, EVENT, now, sign } from "../../../tests/support/webhook_delivery.ts";

Deno.test("either of two secrets signs, so that one can be rotated", async () => {
  const body = JSON.stringify(EVENT);
  assert.equal((await deliver(body, await sign(body, "whsec_old"))).answer.status, 200);
  assert.equal((await deliver(body, await sign(body, "whsec_new"))).answer.status, 200);
});

Deno.test("one good signature among several is enough, in any place, and none is not", async () => {
  const body = JSON.stringify(EVENT);
  const good = await sign(body);
  const [timestamp, signature] = good.split(",");
  const other = `v1=${"0".repeat(64)}`;
  const accepted = [
    `${timestamp},${other},${signature}`,
    `${timestamp},${signature},${other}`,
    `${timestamp},v0=${"0".repeat(64)},${signature}`,
  ];
  for (const header of accepted) assert.equal((await deliver(body, header)).answer.status, 200, header);
  const { answer, rpcs } = await deliver(body, `${timestamp},${other},v1=${"1".repeat(64)}`);
  assert.deepEqual([answer.status, answer.code, rpcs.length], [400, "invalid_signature", 0]);
});

Deno.test("a signature is of its timestamp too", async () => {
  const body = JSON.stringify(EVENT);
  const old = await sign(body, "whsec_new", now() - 600);
  const renewed = old.replace(/^t=\d+/, `t=${now()}`);
  assert.equal((await deliver(body, renewed)).answer.code, "invalid_signature");
});

Deno.test("C2: what Stripe did not sign reaches nobody", async () => {
  const body = JSON.stringify(EVENT);
  const good = await sign(body);
  const refused: [name: string, body: string, signature: string | undefined][] = [
    ["no signature", body, undefined],
    ["an empty signature", body, ""],
    ["nonsense", body, "t=1,v1=00"],
    ["another secret", body, await sign(body, "whsec_other")],
    ["another body", body.replace("500", "50000"), good],
    ["a body spaced differently", JSON.stringify(EVENT, null, 1), good],
    ["no time", body, good.replace(/^t=\d+,/, "")],
    ["a time that is none", body, good.replace(/^t=\d+/, "t=now")],
    ["half a signature", body, good.slice(0, -32)],
    ["from the future", body, await sign(body, "whsec_new", now() + 310)],
    ["too old", body, await sign(body, "whsec_new", now() - 301)],
    ["an old scheme", body, good.replace("v1=", "v0=")],
    ["an empty body", "", good],
  ];
  for (const [name, sent, signature] of refused) {
    const { answer, rpcs } = await deliver(sent, signature);
    assert.deepEqual([answer.status, answer.code], [400, "invalid_signature"], name);
    assert.equal(rpcs.length, 0, name);
  }
});

Deno.test("a signature is good for five minutes", async () => {
  const body = JSON.stringify(EVENT);
  assert.equal((await deliver(body, await sign(body, "whsec_new", now() - 290))).answer.status, 200);
});

Deno.test("without a secret nothing is believed", async () => {
  const body = JSON.stringify(EVENT);
  const { answer, rpcs } = await deliver(body, await sign(body), undefined, {
    STRIPE_WEBHOOK_SECRET: undefined,
  });
  assert.deepEqual([answer.status, answer.code, rpcs.length], [503, "not_configured", 0]);
});

Deno.test("M4: what Stripe signed is never refused because of its address, what it did not is counted", async () => {
  const body = JSON.stringify(EVENT);
  const env = { ADDRESS_REQUESTS_PER_MINUTE: "3" };
  const ask = async (times: number, sent: string, signature?: string) => {
    const statuses = [];
    for (let i = 0; i < times; i++) {
      statuses.push((await deliver(sent, signature, undefined, env)).answer.status);
    }
    return statuses;
  };
  await withClock(async (pass) => {
    pass(120_000 - Date.now() % 60_000);
    assert.deepEqual(await ask(5, "{}", await sign("{}")), [200, 200, 200, 200, 200]);
    assert.deepEqual(await ask(2, body), [400, 400]);
    assert.deepEqual(await ask(3, body, await sign("another body")), [400, 429, 429]);
    assert.deepEqual(await ask(5, body, await sign(body)), [200, 200, 200, 200, 200]);
  });
});
