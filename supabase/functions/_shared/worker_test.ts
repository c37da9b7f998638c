import assert from "node:assert/strict";
import { app as books } from "../book-api/app.ts";
import { app as stories } from "../story-api/app.ts";
import { captureLogs, type Received, USER_ID, withEnv, withServer } from "./testing.ts";

const JOB = "0198a000-0000-7000-8000-00000000000b";
const RESOURCE = "0198a000-0000-7000-8000-00000000000e";
const STORY = { title: "T", pages: [{ text: "Once", image_prompt: "a hill" }] };
const PDF = "%PDF-1.7 tiny";

const claim = (type: "story" | "book", request: unknown) => ({
  outcome: "claimed",
  job_id: JOB,
  job_type: type,
  attempt: 3,
  user_id: USER_ID,
  resource_id: RESOURCE,
  request,
  lease_expires_at: new Date(Date.now() + 60_000).toISOString(),
});
const STORY_CLAIM = claim("story", { prompt: "p", age_min: 4, age_max: 7, pages: 1, language: "en" });
const BOOK_CLAIM = claim("book", {
  story: { ...STORY, language: "en", age_min: 4, age_max: 7 },
  title: "T",
  with_images: true,
});

interface Run {
  rpcs: { name: string; args: Record<string, unknown> }[];
  backend: Received[];
  storage: Received[];
  log: Record<string, unknown>[];
}

/** Runs one due job against a backend that answers `answer`, with `results` for the RPCs that follow. */
async function run(
  job: typeof STORY_CLAIM,
  answer: () => Response,
  results: Record<string, unknown> = {},
): Promise<Run> {
  let claims = 0;
  let received: Received[] = [];
  const app = job.job_type === "story" ? stories : books;
  const lines = await captureLogs(async () => {
    received = await withServer(({ path }) => {
      if (path.startsWith("/backend/")) return answer();
      if (path.startsWith("/storage/")) return Response.json({ Id: "1", Key: "k" });
      const name = path.split("/").at(-1) as string;
      if (name === "claim_job") return Response.json(claims++ === 0 ? job : { outcome: "none" });
      const given = results[name];
      const result = (typeof given === "function" ? given() : given) ??
        { outcome: name === "fail_job" ? "requeued" : "completed", status: "ready" };
      return result instanceof Response ? result.clone() : Response.json(result);
    }, (url) =>
      withEnv({ SUPABASE_URL: url, GENERATION_BACKEND_URL: `${url}/backend` }, async () => {
        const path = `/${job.job_type}-api/jobs/run`;
        const response = await app.request(path, { method: "POST", headers: { "x-api-key": "shared-two" } });
        assert.deepEqual([response.status, await response.json()], [202, { started: 1 }]);
      }));
  });
  return {
    rpcs: received.filter(({ path }) => path.startsWith("/rest/")).map(({ path, body }) => ({
      name: path.split("/").at(-1) as string,
      args: JSON.parse(body),
    })).filter(({ name }) => name !== "claim_job"),
    backend: received.filter(({ path }) => path.startsWith("/backend/")),
    storage: received.filter(({ path }) => path.startsWith("/storage/")),
    log: lines.map((line) => JSON.parse(line)).filter(({ event }) => event !== "request"),
  };
}

Deno.test("a story is asked for with key and user, and stored with its attempt", async () => {
  const { backend, rpcs } = await run(STORY_CLAIM, () => Response.json(STORY));
  assert.equal(backend.length, 1);
  assert.equal(backend[0].path, "/backend/stories");
  assert.equal(backend[0].headers.get("x-api-key"), "shared-one");
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
  assert.equal(storage[0].path, `/storage/v1/object/books/${USER_ID}/${RESOURCE}.pdf`);
  assert.equal(storage[0].headers.get("x-upsert"), "true");
  assert.deepEqual(rpcs[0].args, {
    p_job_id: JOB,
    p_attempt: 3,
    p_pdf_path: `${USER_ID}/${RESOURCE}.pdf`,
    p_page_count: 1,
    p_byte_size: PDF.length,
  });
});

Deno.test("the PDF of a book that is gone meanwhile is removed again", async () => {
  const { storage } = await run(BOOK_CLAIM, () => new Response(PDF), {
    complete_book: { outcome: "not_found", status: null },
  });
  assert.deepEqual(storage.map(({ method }) => method), ["POST", "DELETE"]);
});

Deno.test("202 leaves the job to the callbacks", async () => {
  const { rpcs, log } = await run(STORY_CLAIM, () => new Response(null, { status: 202 }));
  assert.deepEqual(rpcs, []);
  assert.equal(log[0].outcome, "later");
});

const FAILURES: [name: string, answer: () => Response, code: string, retryable: boolean][] = [
  [
    "a refusal with a code",
    () => Response.json({ code: "unsafe_prompt" }, { status: 422 }),
    "unsafe_prompt",
    false,
  ],
  ["a refusal without", () => new Response("no", { status: 400 }), "generation_refused", false],
  ["a code that is none", () => Response.json({ code: "<b>" }, { status: 422 }), "generation_refused", false],
  ["an overload", () => new Response(null, { status: 429 }), "backend_unavailable", true],
  ["a fault", () => Response.json({ code: "model_failed" }, { status: 502 }), "backend_unavailable", true],
  ["a wrong key", () => Response.json({ detail: "no" }, { status: 403 }), "backend_unavailable", true],
  [
    "a redirect",
    () => new Response(null, { status: 307, headers: { location: "./" } }),
    "backend_unavailable",
    true,
  ],
  ["truncated JSON", () => new Response('{"title":"T","pa'), "backend_answer_invalid", true],
  ["no page", () => Response.json({ title: "T", pages: [] }), "backend_answer_invalid", true],
  ["a page without text", () => Response.json({ title: "T", pages: [{}] }), "backend_answer_invalid", true],
  [
    "too much",
    () => new Response(JSON.stringify(STORY) + " ".repeat(2 * 1024 * 1024)),
    "backend_answer_invalid",
    true,
  ],
];

for (const [name, answer, code, retryable] of FAILURES) {
  Deno.test(`${name} from the backend fails the attempt as ${code}`, async () => {
    const { rpcs, backend } = await run(STORY_CLAIM, answer);
    assert.equal(backend.length, 1);
    assert.deepEqual(rpcs.map(({ name }) => name), ["fail_job"]);
    const { p_attempt, p_error_code, p_retryable } = rpcs[0].args;
    assert.deepEqual([p_attempt, p_error_code, p_retryable], [3, code, retryable]);
  });
}

Deno.test("what is no PDF is not stored", async () => {
  const { rpcs, storage } = await run(BOOK_CLAIM, () => new Response("<html>"));
  assert.equal(rpcs[0].args.p_error_code, "backend_answer_invalid");
  assert.equal(storage.length, 0);
});

Deno.test("L5: a release that fails is logged with job, user and error", async () => {
  const broken = Response.json({ code: "XX000", message: "disk", details: null, hint: null }, {
    status: 500,
  });
  const { log } = await run(STORY_CLAIM, () => new Response(null, { status: 400 }), { fail_job: broken });
  const line = log.find(({ event }) => event === "release_failed");
  assert.equal(line?.level, "error");
  assert.equal(line?.job_id, JOB);
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
