// Every outcome of a report about a job, of giving one up, and of a deletion.
import assert from "node:assert/strict";
import { app as books } from "../../book-api/app.ts";
import { app as stories } from "../../story-api/app.ts";
import { USER_ID } from "../../../../tests/support/functions.ts";
import { expectOutcome, ID, JOB } from "../../../../tests/support/outcomes.ts";

const job = (outcome: string, status: string | null) => ({
  ...{ outcome, status, job_id: JOB, user_id: USER_ID, resource_id: ID },
});

const PROGRESS = {
  app: stories,
  backend: true,
  ask: `POST /story-api/jobs/${JOB}/progress`,
  send: { attempt: 1 },
};
const COMPLETE = {
  app: stories,
  backend: true,
  ask: `POST /story-api/jobs/${JOB}/complete`,
  send: { attempt: 1, title: "T", pages: [{ text: "x" }] },
};
const FAIL = {
  app: books,
  backend: true,
  ask: `POST /book-api/jobs/${JOB}/fail`,
  send: { attempt: 1, code: "no_paper" },
};

Deno.test("a report is 200 with the outcome, also when it comes too late", async () => {
  const reports = [
    [PROGRESS, "alive", "generating"],
    [PROGRESS, "fenced", "generating"],
    [COMPLETE, "completed", "ready"],
    [COMPLETE, "already_completed", "ready"],
    [FAIL, "failed", "failed"],
    [FAIL, "requeued", "queued"],
  ] as const;
  for (const [report, outcome, status] of reports) {
    const body = `{"outcome":"${outcome}","status":"${status}"}`;
    await expectOutcome({ ...report, rpc: job(outcome, status), status: 200, body });
  }
});

Deno.test("V1: what a callback says of its cost is noted", async () => {
  const headers = { "x-generation-usage": "model_calls=2, pictures=1" };
  for (
    const [report, outcome, status] of [[COMPLETE, "completed", "ready"], [FAIL, "failed", "failed"]] as const
  ) {
    const asked = await expectOutcome({ ...report, headers, rpc: job(outcome, status), status: 200 });
    const note = asked.find(({ path }) => path.endsWith("/rpc/note_job_usage"));
    const { p_job_id, p_attempt, p_model_calls, p_pictures } = JSON.parse(note?.body ?? "{}");
    assert.deepEqual([p_job_id, p_attempt, p_model_calls, p_pictures], [JOB, 1, 2, 1]);
  }
});

Deno.test("a report about no job is 404, one that cannot be used 400", async () => {
  for (const report of [PROGRESS, COMPLETE, FAIL]) {
    await expectOutcome({ ...report, rpc: job("not_found", null), status: 404 });
  }
  await expectOutcome({ ...COMPLETE, rpc: job("invalid", "generating"), status: 400 });
});

Deno.test("deleting is 200 for the owner and 404 for anyone else", async () => {
  for (const [app, path] of [[stories, `/story-api/${ID}`], [books, `/book-api/${ID}`]] as const) {
    const ask = `DELETE ${path}`;
    await expectOutcome({
      app,
      ask,
      rpc: { outcome: "deleted", files: [] },
      status: 200,
      body: '{"outcome":"deleted"}',
    });
    await expectOutcome({ app, ask, rpc: { outcome: "not_found", files: null }, status: 404 });
  }
});

Deno.test("giving up is 200 with the outcome for the owner and 404 for anyone else", async () => {
  const rows = [{ job_id: JOB }];
  for (const [app, path] of [[stories, `/story-api/${ID}`], [books, `/book-api/${ID}`]] as const) {
    const ask = `POST ${path}/cancel`;
    for (
      const [outcome, status] of [
        ["cancelled", "cancelled"],
        ["already_cancelled", "cancelled"],
        ["already_ended", "ready"],
      ]
    ) {
      const body = `{"outcome":"${outcome}","status":"${status}"}`;
      const asked = await expectOutcome({ app, ask, rows, rpc: job(outcome, status), status: 200, body });
      assert.deepEqual(JSON.parse(asked[1].body), { p_user_id: USER_ID, p_job_id: JOB });
      const table = app === stories ? "stories" : "books";
      assert.equal(asked[0].path, `/rest/v1/${table}?select=job_id&id=eq.${ID}`);
    }
    await expectOutcome({ app, ask, rows, rpc: job("not_found", null), status: 404 });
    await expectOutcome({ app, ask, rpc: job("cancelled", "cancelled"), status: 404 });
  }
});
