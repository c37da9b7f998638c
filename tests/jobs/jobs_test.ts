// What becomes of a job, through the functions of a running stack.
import assert from "node:assert/strict";
import { ask, balance, until } from "../support/calls.ts";
import { type Accepted, backend, claimed, type Item, PAGES, type Report, STORY } from "../support/jobs.ts";
import { as, grant, signUp } from "../support/people.ts";
import { readTerms } from "../support/terms.ts";

const COST = (await readTerms()).prices.story_page * STORY.pages;

Deno.test("a backend that answers later reports progress, hands the story in, and it is paid for then", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const before = await balance(ana);
  const { job_id, resource_id, attempt } = await claimed(ana, "story", STORY);
  assert.deepEqual(await balance(ana), { balance: before.balance - COST, reserved: COST, debt: 0 });

  const progress = { attempt, pages_done: 1, pages_total: 2, stage: "writing" };
  assert.equal(
    (await ask<Report>("POST", `story-api/jobs/${job_id}/progress`, backend, progress)).body.outcome,
    "alive",
  );
  const seen = await ask<{ job: Record<string, unknown> }>("GET", `story-api/${resource_id}`, as(ana));
  assert.deepEqual(seen.body.job, {
    id: job_id,
    status: "generating",
    stage: "writing",
    pages_done: 1,
    pages_total: 2,
    attempt,
    next_attempt_at: null,
  });

  const late = await ask<Report>("POST", `story-api/jobs/${job_id}/complete`, backend, {
    attempt: attempt + 1,
    title: "x",
    pages: PAGES,
  });
  assert.equal(late.body.outcome, "fenced");
  const story = { attempt, title: "The Dragon", pages: PAGES };
  for (const outcome of ["completed", "already_completed"]) {
    const { status, body } = await ask<Report>("POST", `story-api/jobs/${job_id}/complete`, backend, story);
    assert.deepEqual([status, body], [200, { outcome, status: "ready" }]);
  }
  const read = await ask<{ title: string; pages: unknown }>("GET", `story-api/${resource_id}`, as(ana));
  assert.equal(read.body.title, "The Dragon");
  assert.deepEqual(read.body.pages, PAGES);
  assert.deepEqual(await balance(ana), { balance: before.balance - COST, reserved: 0, debt: 0 });
});

Deno.test("a job that fails for good costs nothing", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const before = await balance(ana);
  const { job_id, resource_id, attempt } = await claimed(ana, "story", STORY);
  const failed = await ask<Report>("POST", `story-api/jobs/${job_id}/fail`, backend, {
    attempt,
    code: "unsafe_prompt",
  });
  assert.deepEqual(failed.body, { outcome: "failed", status: "failed" });
  const { body } = await ask<Item>("GET", `story-api/${resource_id}`, as(ana));
  assert.deepEqual([body.status, body.error_code], ["failed", "unsafe_prompt"]);
  assert.deepEqual(await balance(ana), before);
});

Deno.test("the same key and request are the same job, another request under it is 422", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const headers = { ...as(ana), "idempotency-key": crypto.randomUUID() };
  const first = await ask<Accepted>("POST", "story-api/create", headers, STORY);
  assert.equal(first.status, 202);
  const second = await ask<Accepted>("POST", "story-api/create", headers, STORY);
  assert.deepEqual([second.status, second.body.job_id, second.body.cost], [202, first.body.job_id, COST]);
  const other = await ask("POST", "story-api/create", headers, { ...STORY, pages: 3 });
  assert.deepEqual([other.status, other.body.code], [422, "idempotency_key_reused"]);
  const bad = await ask(
    "POST",
    "story-api/create",
    { ...as(ana), "idempotency-key": "x".repeat(256) },
    STORY,
  );
  assert.deepEqual([bad.status, bad.body.code], [400, "invalid_request"]);
});

Deno.test("a story and a book of it, from the request to the PDF, as a browser asks for them", async () => {
  const ana = await signUp();
  await grant(ana, 10);
  const before = await balance(ana);
  const invoke = async <T>(path: string, method: "GET" | "POST", body?: Record<string, unknown>) => {
    const { data, error } = await ana.client.functions.invoke<T>(path, { method, body });
    assert.equal(error, null);
    return data as T;
  };
  const ready = (path: string) =>
    until(() => ask<Item>("GET", path, as(ana)), ({ status }) => status === "ready");

  const story = await invoke<Accepted>("story-api/create", "POST", STORY);
  await ready(`story-api/${story.story_id}`);
  const book = await invoke<Accepted>("book-api/generate", "POST", {
    story_id: story.story_id,
    with_images: true,
  });
  await ready(`book-api/${book.book_id}`);
  const pdf = await invoke<Blob>(`book-api/${book.book_id}/pdf`, "GET");
  assert.equal(await pdf.slice(0, 5).text(), "%PDF-");
  assert.deepEqual(await balance(ana), {
    balance: before.balance - story.cost - book.cost,
    reserved: 0,
    debt: 0,
  });
});
