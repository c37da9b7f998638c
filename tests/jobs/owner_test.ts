// Jobs that nobody is at, and jobs that their owner no longer wants.
import assert from "node:assert/strict";
import { ask, balance, until } from "../support/calls.ts";
import {
  backend,
  claimed,
  finishedStory,
  type Item,
  PAGES,
  type Report,
  scheduler,
  STORY,
} from "../support/jobs.ts";
import { as, grant, type Person, signUp } from "../support/people.ts";
import { service } from "../support/service.ts";

Deno.test("a job that nobody started on is taken on by jobs/run", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const { data } = await service.rpc("create_story", { p_user_id: ana.id, p_request: STORY });
  assert.equal(data?.outcome, "accepted");
  const run = await ask<{ started: number }>("POST", "story-api/jobs/run", scheduler);
  assert.equal(run.status, 202);
  const again = () => ask<Item>("GET", `story-api/${data?.resource_id}`, as(ana));
  await until(again, ({ status }) => ["ready", "failed"].includes(status));
});

Deno.test("a job that nobody started on moves on when its owner asks for it", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const { data } = await service.rpc("create_story", { p_user_id: ana.id, p_request: STORY });
  assert.equal(data?.outcome, "accepted");
  const again = () => ask<Item>("GET", `story-api/${data?.resource_id}`, as(ana));
  await until(again, ({ status }) => status === "ready");
});

Deno.test("a job that its owner gives up costs nothing, and whoever is at it is fenced", async () => {
  const ana = await signUp();
  const eve = await signUp();
  await grant(ana, 10);
  const before = await balance(ana);
  const { job_id, resource_id, attempt } = await claimed(ana, "story", STORY);
  const cancel = (path: string, person: Person) => ask<Report>("POST", `${path}/cancel`, as(person));

  assert.equal((await cancel(`story-api/${resource_id}`, eve)).status, 404);
  assert.equal((await cancel(`book-api/${resource_id}`, ana)).status, 404);
  for (const outcome of ["cancelled", "already_cancelled"]) {
    const { status, body } = await cancel(`story-api/${resource_id}`, ana);
    assert.deepEqual([status, body], [200, { outcome, status: "cancelled" }]);
    assert.deepEqual(await balance(ana), before);
  }
  const late = await ask<Report>("POST", `story-api/jobs/${job_id}/complete`, backend, {
    ...{ attempt, title: "The Dragon", pages: PAGES },
  });
  assert.deepEqual(late.body, { outcome: "fenced", status: "cancelled" });
  assert.deepEqual(await balance(ana), before);

  const story = await finishedStory(ana);
  const tooLate = await cancel(`story-api/${story}`, ana);
  assert.deepEqual([tooLate.status, tooLate.body], [200, { outcome: "already_ended", status: "ready" }]);
});
