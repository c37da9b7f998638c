// What a request may name beside ids: keys that somebody else chose, prices, users and addresses.
import assert from "node:assert/strict";
import { ask } from "../support/calls.ts";
import { type Accepted, STORY } from "../support/jobs.ts";
import { as, grant, signUp } from "../support/people.ts";
import { service } from "../support/service.ts";
import { database, unchanged } from "../support/attack/state.ts";
import { scene } from "../support/attack/victim.ts";
import { giveStories } from "../support/stories/belongings.ts";

const sql = database();
const { ana, eve, purchaseId, packId } = await scene(sql, giveStories);

Deno.test("an Idempotency-Key finds nobody else's job", async () => {
  const key = crypto.randomUUID();
  const args = { p_user_id: ana.id, p_request: STORY, p_idempotency_key: key };
  await grant(ana, 10);
  const hers = await service.rpc("create_story", args);
  assert.equal(hers.data?.outcome, "accepted");
  const mallory = await signUp();
  await grant(mallory, 10);
  const { status, body } = await ask<Accepted>("POST", "story-api/create", {
    ...as(mallory),
    "idempotency-key": key,
  }, STORY);
  assert.equal(status, 202);
  assert.notEqual(body.job_id, hers.data?.job_id);
  assert.notEqual(body.story_id, hers.data?.resource_id);
  // The functions make both stories now; what they write must not be mistaken for the next test's doing.
  const jobs = [body.job_id, hers.data?.job_id ?? ""];
  const open = () =>
    sql`select from public.generation_jobs where id in ${sql(jobs)} and status in ('queued', 'generating')`;
  while ((await open()).length) await new Promise((resolve) => setTimeout(resolve, 50));
});

Deno.test("a checkout cannot be aimed at another purchase, user, price or site", async () => {
  await unchanged(sql, async () => {
    const order = { pack_id: packId, return_to: "https://talehop.com/" };
    const extras = {
      user_id: ana.id,
      purchase_id: purchaseId,
      credits: 1000,
      amount_cents: 1,
    };
    for (const [field, value] of Object.entries(extras)) {
      const { status } = await ask("POST", "credits-api/checkout", as(eve), { ...order, [field]: value });
      assert.equal(status, 400, field);
    }
    const elsewhere = [
      "https://talehop.com.evil.example/",
      "https://talehop.com@evil.example/",
      "javascript:alert(1)",
    ];
    for (
      const return_to of [
        ...elsewhere,
        "//evil.example",
        "https://evil.example\\@talehop.com",
        "data:text/html,x",
      ]
    ) {
      const { status } = await ask("POST", "credits-api/checkout", as(eve), { ...order, return_to });
      assert.equal(status, 400, return_to);
    }
  });
});

Deno.test.afterAll(() => sql.end());
