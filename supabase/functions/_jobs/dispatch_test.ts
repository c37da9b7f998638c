// V5: asking about a job takes nobody else's turn, and a job that is given up is let go at once.
import assert from "node:assert/strict";
import { app } from "../story-api/app.ts";
import { captureLogs, SCHEDULER_KEY, token, withEnv, withServer } from "../../../tests/support/functions.ts";
import { JOB, RESOURCE, STORY_CLAIM } from "../../../tests/support/scripted_worker.ts";

const STORY = {
  ...{ id: RESOURCE, title: null, prompt: "p", status: "queued", age_min: 4, age_max: 7, language: "en" },
  ...{ page_count: 1, pages: null, error_code: null, created_at: "2030-01-01T12:00:00Z" },
  ...{ updated_at: "2030-01-01T12:00:00Z", bookable: true, book_refusal: null },
};

const inTime = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

/** The story as its owner reads it, with a job that is due at `next_attempt_at`. */
function storyDueAt(next_attempt_at: string) {
  const job = { id: JOB, status: "queued", stage: null, attempt: 1, pages_done: 0, pages_total: 1 };
  return { ...STORY, job: { ...job, next_attempt_at } };
}

/** Follows the story `times` at once while its job is due at `next`; resolves to what else was asked of the database. */
async function follow(next: string, times: number, claimed: Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  await captureLogs(async () => {
    await withServer(async ({ path }) => {
      const name = path.split("?")[0].split("/").at(-1) as string;
      if (name === "story_progress") return Response.json(storyDueAt(next));
      asked.push(name);
      await claimed;
      return Response.json({ outcome: "none" });
    }, (SUPABASE_URL) =>
      withEnv({ SUPABASE_URL }, async () => {
        const headers = { authorization: `Bearer ${await token()}` };
        const requests = Array.from(
          { length: times },
          () => app.request(`/story-api/${RESOURCE}`, { headers }),
        );
        for (const response of await Promise.all(requests)) assert.equal(response.status, 200);
      }));
  });
  return asked;
}

Deno.test("V5: a job that is not due is not claimed, however often somebody asks about it", async () => {
  assert.deepEqual(await follow(inTime(5_000), 40, Promise.resolve()), []);
});

Deno.test("V5: a job that is due is claimed once at a time", async () => {
  const claim = Promise.withResolvers<void>();
  const asked = follow(inTime(-1), 40, claim.promise);
  setTimeout(claim.resolve, 100);
  assert.deepEqual(await asked, ["claim_job"]);
});

Deno.test("V1: the worker of a job that its owner cancels or deletes lets go at once, and so does the backend", async () => {
  for (
    const [method, path] of [["POST", `/story-api/${RESOURCE}/cancel`], ["DELETE", `/story-api/${RESOURCE}`]]
  ) {
    let claims = 0;
    const begun = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const lines = await captureLogs(async () => {
      await withServer(async ({ path, signal }) => {
        const name = path.split("?")[0].split("/").at(-1) as string;
        if (path.startsWith("/backend/")) {
          signal.addEventListener("abort", () => letGo.resolve());
          begun.resolve();
          await letGo.promise;
          return new Response();
        }
        if (name === "claim_job") return Response.json(claims++ ? { outcome: "none" } : STORY_CLAIM);
        if (name === "stories") return Response.json([{ job_id: JOB }]);
        if (name === "generation_jobs") return Response.json([{ status: "generating", attempt: 3 }]);
        return Response.json({
          outcome: name === "delete_story" ? "deleted" : "cancelled",
          status: "cancelled",
        });
      }, (url) =>
        withEnv({ SUPABASE_URL: url, GENERATION_BACKEND_URL: `${url}/backend` }, async () => {
          const run = { method: "POST", headers: { "x-api-key": SCHEDULER_KEY } };
          await app.request("/story-api/jobs/run", run);
          await begun.promise;
          const headers = { authorization: `Bearer ${await token()}` };
          assert.equal((await app.request(path, { method, headers })).status, 200);
          await letGo.promise;
        }));
    });
    const work = lines.map((line) => JSON.parse(line)).find(({ event }) => event === "job");
    assert.equal(work?.outcome, "fenced");
  }
});
