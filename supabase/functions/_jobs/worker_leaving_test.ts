// In a process of its own: an instance leaves only once.
import assert from "node:assert/strict";
import { run, STORY, STORY_CLAIM } from "../../../tests/support/scripted_worker.ts";

Deno.test("an instance that is about to end lets go of its job, to be tried again at once", async () => {
  const { rpcs } = await run(STORY_CLAIM, () => {
    dispatchEvent(new Event("beforeunload"));
    return Response.json(STORY);
  });
  assert.deepEqual(rpcs.map(({ name, args }) => [name, args.p_attempt, args.p_retryable]), [[
    "fail_job",
    3,
    true,
  ]]);
});
