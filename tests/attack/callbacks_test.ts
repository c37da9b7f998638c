// C1 and fencing: what a report about a real job is answered without the key, with a wrong one, and with the right one
// but about another attempt, another kind of job or one that has ended.
import assert from "node:assert/strict";
import { ask } from "../support/calls.ts";
import { backend, handIn, PAGES, PDF, type Report } from "../support/jobs.ts";
import { stack } from "../support/people.ts";
import { database, unchanged } from "../support/attack/state.ts";
import { scene } from "../support/attack/victim.ts";
import { giveStories } from "../support/stories/belongings.ts";

const sql = database();
const { ana, eve, writing, binding } = await scene(sql, giveStories);
const key = stack("API_SHARED_SECRET");

const STORY_REPORTS = (attempt: number) => ({
  progress: { attempt, pages_done: 1, stage: "stolen" },
  complete: { attempt, title: "Not Ana's", pages: PAGES },
  fail: { attempt, code: "stolen" },
});

/** What does not open the door, whatever else comes with it. */
const NO_KEY: Record<string, string>[] = [
  {},
  { "x-api-key": "" },
  { "x-api-key": `${key}x` },
  { "x-api-key": key.slice(0, -1) },
  { "x-api-key": key.toUpperCase() },
  { "x-api-key": `${key},${key}` },
  { "x-api-key": stack("SECRET_KEY") },
  { "x-api-key": stack("SCHEDULER_SECRET") },
  { "x-api-key": stack("PUBLISHABLE_KEY"), apikey: key },
  { authorization: `Bearer ${key}` },
  { authorization: `Bearer ${ana.token}` },
  { authorization: `Bearer ${eve.token}`, "x-user-id": ana.id },
  { authorization: `Bearer ${stack("SECRET_KEY")}`, apikey: stack("SECRET_KEY") },
  { cookie: `x-api-key=${key}` },
];

const REFUSAL = { detail: "Invalid or missing API key" };

async function report(path: string, body: unknown, headers: Record<string, string> = backend) {
  return await ask<Report>("POST", path, headers, body);
}

Deno.test("C1: without the key nothing is taken and nothing changes", async () => {
  await unchanged(sql, async () => {
    for (const headers of NO_KEY) {
      for (const [action, body] of Object.entries(STORY_REPORTS(writing.attempt))) {
        const path = `story-api/jobs/${writing.job_id}/${action}?api_key=${key}&x-api-key=${key}`;
        const answer = await report(path, body, headers);
        assert.deepEqual([answer.status, answer.body], [403, REFUSAL], `${action} ${Object.keys(headers)}`);
      }
      const answer = await report("generation-backend/stories", {}, headers);
      assert.deepEqual([answer.status, answer.body], [403, REFUSAL]);
    }
  });
});

Deno.test("C1: a compromised backend calls neither the reconciler nor the queue, and nor does anybody else without the scheduler's secret", async () => {
  const others = NO_KEY.filter((headers) => headers["x-api-key"] !== stack("SCHEDULER_SECRET"));
  for (const headers of [...others, backend, { "x-api-key": `${stack("SCHEDULER_SECRET")}x` }]) {
    for (const path of ["story-api/jobs/run", "book-api/jobs/run", "stripe-webhook/reconcile"]) {
      const answer = await report(path, {}, headers);
      assert.deepEqual([answer.status, answer.body], [403, REFUSAL], path);
    }
  }
});

Deno.test("C1: the generation backend says nothing without the key, beside that it is up", async () => {
  for (const path of ["stories", "books", "openapi.json", "nothing", ""]) {
    for (const headers of NO_KEY) {
      const method = ["stories", "books"].includes(path) ? "POST" : "GET";
      const { status, body } = await ask(method, `generation-backend/${path}`, headers);
      assert.deepEqual([status, body], [403, REFUSAL], path);
    }
  }
  assert.equal((await ask("GET", "generation-backend/health")).status, 200);
  const preflight = { origin: "https://talehop.com", "access-control-request-method": "POST" };
  assert.equal((await ask("OPTIONS", "generation-backend/stories", preflight)).status, 204);
  assert.equal((await ask("POST", "generation-backend/stories", backend, {})).status, 400);
});

Deno.test("another attempt's report is fenced and changes nothing", async () => {
  await unchanged(sql, async () => {
    for (const attempt of [writing.attempt + 1, writing.attempt + 999]) {
      for (const [action, body] of Object.entries(STORY_REPORTS(attempt))) {
        const answer = await report(`story-api/jobs/${writing.job_id}/${action}`, body);
        assert.deepEqual([answer.status, answer.body.outcome], [200, "fenced"], action);
      }
      const pdf = await handIn(binding.job_id, attempt, PDF);
      assert.equal((await pdf.json()).outcome, "fenced");
    }
    for (const attempt of [0, -1, 1.5, "1", null, 2 ** 31, 1e308]) {
      for (const [action, body] of Object.entries(STORY_REPORTS(1))) {
        const answer = await report(`story-api/jobs/${writing.job_id}/${action}`, { ...body, attempt });
        assert.equal(answer.status, 400, `${action} ${attempt}`);
      }
    }
  });
});

Deno.test("a job is not completed as what it is not, and leaves no file behind", async () => {
  const files = async () => await sql`select name from storage.objects order by name`;
  const before = [...await files()];
  const pdf = await handIn(writing.job_id, writing.attempt, PDF);
  assert.deepEqual([pdf.status, (await pdf.json()).code], [404, "not_found"]);
  const { attempt } = binding;
  const story = await report(`story-api/jobs/${binding.job_id}/complete`, {
    attempt,
    title: "x",
    pages: PAGES,
  });
  assert.equal(story.status, 404);
  assert.deepEqual([...await files()], before);
});

Deno.test("what is delivered cannot be delivered, failed or continued again", async () => {
  const { job_id, attempt } = writing;
  const story = STORY_REPORTS(attempt).complete;
  assert.equal((await report(`story-api/jobs/${job_id}/complete`, story)).body.outcome, "completed");
  const made = await handIn(binding.job_id, binding.attempt, PDF);
  assert.equal((await made.json()).outcome, "completed");
  await unchanged(sql, async () => {
    const late = { ...story, title: "Another", pages: PAGES.slice(0, 1) };
    const outcomes = { complete: "already_completed", fail: "fenced", progress: "fenced" };
    for (const [action, body] of Object.entries({ ...STORY_REPORTS(attempt), complete: late })) {
      const answer = await report(`story-api/jobs/${job_id}/${action}`, body);
      assert.equal(answer.body.outcome, outcomes[action as keyof typeof outcomes], action);
    }
    const another = new TextEncoder().encode("%PDF-1.7 another %%EOF");
    const again = async (pdf: Uint8Array<ArrayBuffer>) =>
      (await (await handIn(binding.job_id, binding.attempt, pdf)).json()).outcome;
    assert.equal(await again(PDF), "already_completed");
    assert.equal(await again(another), "fenced");
  });
});

Deno.test.afterAll(() => sql.end());
