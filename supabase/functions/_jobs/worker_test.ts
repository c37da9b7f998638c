import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { BACKEND_KEY, USER_ID } from "../../../tests/support/functions.ts";
import {
  BOOK_CLAIM,
  JOB,
  PDF,
  RESOURCE,
  run,
  STORY,
  STORY_CLAIM,
} from "../../../tests/support/scripted_worker.ts";

Deno.test("a story is asked for with key and user, and stored with its attempt", async () => {
  const { backend, rpcs } = await run(STORY_CLAIM, () => Response.json(STORY));
  assert.equal(backend.length, 1);
  assert.equal(backend[0].path, "/backend/stories");
  assert.equal(backend[0].headers.get("x-api-key"), BACKEND_KEY);
  assert.equal(backend[0].headers.get("x-user-id"), USER_ID);
  assert.deepEqual(JSON.parse(backend[0].body), {
    job_id: JOB,
    attempt: 3,
    ...STORY_CLAIM.request as object,
  });
  assert.deepEqual(rpcs, [{
    name: "complete_story",
    args: { p_job_id: JOB, p_attempt: 3, p_title: "T", p_pages: STORY.pages },
  }]);
});

Deno.test("a book's PDF is stored first, then the book that points to it", async () => {
  const { backend, rpcs, storage } = await run(BOOK_CLAIM, () => new Response(PDF));
  assert.equal(backend[0].path, "/backend/books");
  const path = `${USER_ID}/${RESOURCE}/3-${createHash("sha256").update(PDF).digest("hex")}.pdf`;
  assert.equal(storage[0].path, `/storage/v1/object/books/${path}`);
  assert.equal(storage[0].headers.get("x-upsert"), "true");
  assert.deepEqual(rpcs.map(({ name }) => name), ["heartbeat_job", "complete_book"]);
  assert.deepEqual(rpcs[1].args, {
    p_job_id: JOB,
    p_attempt: 3,
    p_pdf_path: path,
    p_page_count: 1,
    p_byte_size: PDF.length,
  });
});

Deno.test("a book is charged for the pictures that its answer counts, and no count that cannot be is believed", async () => {
  const answered = (count: string) => () => new Response(PDF, { headers: { "X-Picture-Count": count } });
  const { rpcs } = await run(BOOK_CLAIM, answered("0"));
  assert.equal(rpcs[1].args.p_picture_count, 0);
  for (const count of ["", "-1", "1.5", "1001", "many"]) {
    const { rpcs, storage } = await run(BOOK_CLAIM, answered(count));
    assert.deepEqual(rpcs.map(({ name, args }) => [name, args.p_error_code]), [[
      "fail_job",
      "backend_answer_invalid",
    ]]);
    assert.deepEqual(storage, []);
  }
});

Deno.test("the PDF of a book that is gone meanwhile is removed again", async () => {
  const { storage } = await run(BOOK_CLAIM, () => new Response(PDF), {
    complete_book: { outcome: "not_found", status: null },
  });
  assert.deepEqual(storage.map(({ method }) => method), ["POST", "DELETE"]);
});

Deno.test("an attempt that no longer counts leaves the PDF of the one that does alone", async () => {
  const { rpcs, storage } = await run(BOOK_CLAIM, () => new Response(PDF), {
    heartbeat_job: { outcome: "fenced", status: "ready", user_id: USER_ID, resource_id: RESOURCE },
    complete_book: { outcome: "fenced", status: "ready" },
  });
  assert.deepEqual(rpcs.map(({ name }) => name), ["heartbeat_job", "complete_book"]);
  assert.deepEqual(storage, []);
});

Deno.test("V9: a file that another one of the same attempt came before is removed again, the other one is not", async () => {
  const { rpcs, storage } = await run(BOOK_CLAIM, () => new Response(PDF), {
    complete_book: { outcome: "fenced", status: "ready" },
  });
  assert.deepEqual(storage.map(({ method }) => method), ["POST", "DELETE"]);
  assert.deepEqual(JSON.parse(storage[1].body).prefixes, [rpcs[1].args.p_pdf_path]);
});

Deno.test("V1: what an answer cost at the model is noted, a refusal too, and what cannot be read is not", async () => {
  const usage = {
    "X-Generation-Usage":
      'model_calls=2, input_tokens=812, output_tokens=2011, model="m-1", cached_input_tokens=8',
  };
  const tokens = {
    p_model_calls: 2,
    p_input_tokens: 812,
    p_output_tokens: 2011,
    p_model: "m-1",
    p_cached_input_tokens: 8,
  };
  const noted = { p_job_id: JOB, p_attempt: 3, ...tokens };
  for (
    const answer of [
      Response.json(STORY, { headers: usage }),
      Response.json({}, { status: 422, headers: usage }),
    ]
  ) {
    const { rpcs } = await run(STORY_CLAIM, () => answer.clone(), { note_job_usage: { outcome: "noted" } });
    const note = rpcs.find(({ name }) => name === "note_job_usage");
    assert.deepEqual(note?.args, noted);
    const names = rpcs.map(({ name }) => name);
    assert.equal(names[0], "note_job_usage", "noted before it is settled");
  }
  for (const text of ["model_calls=-1", "model_calls=1.5", "model_calls=many", "=", "pictures=99999999999"]) {
    const headers = { "X-Generation-Usage": text };
    const { rpcs, log } = await run(STORY_CLAIM, () => Response.json(STORY, { headers }));
    assert.deepEqual(rpcs.map(({ name }) => name), ["complete_story"], text);
    assert.ok(log.some(({ event }) => event === "usage_unreadable"), text);
  }
});

Deno.test("202 leaves the job to the callbacks", async () => {
  const { rpcs, log } = await run(STORY_CLAIM, () => new Response(null, { status: 202 }));
  assert.deepEqual(rpcs, []);
  assert.equal(log[0].outcome, "later");
});

Deno.test("L5: a release that fails is logged with reservation, job, user and error", async () => {
  const broken = Response.json({ code: "XX000", message: "disk", details: null, hint: null }, {
    status: 500,
  });
  const { log } = await run(STORY_CLAIM, () => new Response(null, { status: 400 }), { fail_job: broken });
  const line = log.find(({ event }) => event === "release_failed");
  assert.equal(line?.level, "error");
  assert.equal(line?.job_id, JOB);
  assert.equal(line?.reservation_id, JOB);
  assert.equal(line?.user_id, USER_ID);
  assert.match(JSON.stringify(line?.error), /XX000/);
});

Deno.test("a commit that meets a busy database is tried again", async () => {
  const busy = Response.json({ code: "40001", message: "m", details: null, hint: null }, { status: 500 });
  const answers = [busy, { outcome: "completed", status: "ready" }];
  const { rpcs, log } = await run(STORY_CLAIM, () => Response.json(STORY), {
    complete_story: () => answers.shift(),
  });
  assert.deepEqual(rpcs.map(({ name }) => name), ["complete_story", "complete_story"]);
  assert.equal(log[0].outcome, "completed");
});
