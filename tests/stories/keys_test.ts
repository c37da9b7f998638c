// What openapi.json says of an Idempotency-Key: what is within is kept by Postgres as it is, what is beyond is refused by
// HTTP, which alone has these bounds.
import assert from "node:assert/strict";
import { ask } from "../support/calls.ts";
import type { Accepted } from "../support/jobs.ts";
import { service } from "../support/service.ts";
import { customer, ORDERS, routes } from "../support/stories/orders.ts";

const KEYS = { taken: ["k", "two words", "~".repeat(255)], refused: ["", "~".repeat(256), "é", "a\tb"] };

for (const { path, headers } of routes.filter(({ path }) => path in ORDERS)) {
  Deno.test(`${path}: a key within its bounds is kept by Postgres as it is, one beyond is refused by HTTP`, async () => {
    const name = "idempotency-key";
    const published = new RegExp(headers[name].pattern ?? "");
    const { rpc, request } = ORDERS[path];
    for (const key of KEYS.taken) {
      const { id, headers: caller } = await customer();
      const body = await request(id);
      const args = { p_user_id: id, p_request: body as Record<string, string>, p_idempotency_key: key };
      const { data } = await service.rpc(rpc, args);
      assert.equal(data?.outcome, "accepted", key);
      const again = await ask<Accepted>("POST", path, { ...caller, [name]: key }, body);
      assert.deepEqual([again.status, again.body.job_id], [202, data?.job_id], key);
      assert.match(key, published);
    }
    const { id, headers: caller } = await customer();
    const body = await request(id);
    for (const key of KEYS.refused) {
      const { status, body: { field } } = await ask<{ field?: string }>("POST", path, {
        ...caller,
        [name]: key,
      }, body);
      assert.deepEqual([status, field], [400, name], key);
      assert.doesNotMatch(key, published);
    }
  });
}
