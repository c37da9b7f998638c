import assert from "node:assert/strict";
import { ApiError } from "../../_shared/http/errors.ts";
import type { StoryRequest } from "../shapes.ts";
import { completion, draft, streamed, withEndpoint } from "../../../../tests/support/model_endpoint.ts";
import { writeStory } from "./story.ts";

const request: StoryRequest = {
  job_id: "j",
  attempt: 1,
  prompt: "a fox who waits",
  age_min: 4,
  age_max: 6,
  pages: 3,
  language: "en",
};
const never = new AbortController().signal;
const write = (change: Partial<StoryRequest> = {}) => writeStory({ ...request, ...change }, never);
const failsWith = (code: string) => (error: unknown) => error instanceof ApiError && error.code === code;

Deno.test("a story from a model: key, schema and prompt are sent, the pages come back", async () => {
  await withEndpoint("LLM", () => completion(draft(3)), async (calls) => {
    const story = await write();
    assert.equal(story.title, "The Fox Who Waited");
    assert.equal(story.pages.length, 3);
    const [call] = calls;
    assert.equal(call.path, "/v1/chat/completions");
    assert.equal(call.key, "Bearer test-key");
    const { prompt, age_min, age_max, pages, language } = request;
    const said = JSON.parse(call.body.messages?.at(-1)?.content ?? "");
    assert.deepEqual(said, { prompt, age_min, age_max, pages, language });
    assert.match(JSON.stringify(call.body.response_format), /"strict":true/);
  });
});

Deno.test("a streamed answer is put together", async () => {
  await withEndpoint("LLM", () => streamed(draft(3)), async (calls) => {
    assert.equal((await write()).pages.length, 3);
    assert.equal(calls[0].body.stream, true);
  }, { LLM_STREAM: "true" });
});

Deno.test("a stream that breaks off is repaired once", async () => {
  await withEndpoint("LLM", async (_, number) => {
    const whole = streamed(draft(3));
    if (number > 1) return whole;
    return new Response((await whole.text()).slice(0, 300), {
      headers: { "Content-Type": "text/event-stream" },
    });
  }, async (calls) => {
    assert.equal((await write()).pages.length, 3);
    assert.equal(calls.length, 2);
  }, { LLM_STREAM: "true" });
});

for (
  const [name, answer] of [
    [
      "the refusal field",
      () => completion("", { message: { content: null, refusal: "I cannot help with that" } }),
    ],
    ["a content filter", () => completion("", { finish_reason: "content_filter" })],
    ["its own judgement", () => completion(draft(0, { unsafe: true, title: "" }))],
  ] as const
) {
  Deno.test(`a model that refuses by ${name} fails the job as unsafe, without another try`, async () => {
    await withEndpoint("LLM", answer, async (calls) => {
      await assert.rejects(write(), failsWith("unsafe_prompt"));
      assert.equal(calls.length, 1);
    });
  });
}

Deno.test("a wrong page count goes back with the number that is wanted", async () => {
  await withEndpoint("LLM", (_, number) => completion(draft(number === 1 ? 5 : 3)), async (calls) => {
    assert.equal((await write()).pages.length, 3);
    assert.match(calls[1].body.messages?.at(-1)?.content ?? "", /5 pages.*exactly 3/);
  });
});

Deno.test("truncated JSON and an answer that fits no schema are repaired", async () => {
  const flawed = [
    () => completion(JSON.stringify(draft(3)).slice(0, 60)),
    () => completion(JSON.stringify(draft(3)).slice(0, -10), { finish_reason: "length" }),
    () => completion({ title: "Only a title" }),
  ];
  for (const flaw of flawed) {
    await withEndpoint("LLM", (_, number) => number === 1 ? flaw() : completion(draft(3)), async (calls) => {
      assert.equal((await write()).pages.length, 3);
      assert.equal(calls.length, 2);
    });
  }
});

Deno.test("a draft that is still wrong after one repair is bad_generation", async () => {
  await withEndpoint("LLM", () => completion(draft(5)), async (calls) => {
    await assert.rejects(write(), failsWith("bad_generation"));
    assert.equal(calls.length, 2);
  });
});

Deno.test("429 is tried again, and not before Retry-After has passed", async () => {
  await withEndpoint(
    "LLM",
    (_, number) =>
      number === 1
        ? new Response("busy", { status: 429, headers: { "Retry-After": "1" } })
        : completion(draft(3)),
    async (calls) => {
      assert.equal((await write()).pages.length, 3);
      assert.equal(calls.length, 2);
      assert.ok(calls[1].at - calls[0].at >= 990, "waited as long as it was told to");
    },
  );
});

Deno.test("a Retry-After that is too long, and a broken endpoint, end as bad_generation", async () => {
  await withEndpoint(
    "LLM",
    () => new Response("busy", { status: 429, headers: { "Retry-After": "3600" } }),
    async (calls) => {
      await assert.rejects(write(), failsWith("bad_generation"));
      assert.equal(calls.length, 1);
    },
  );
  await withEndpoint("LLM", () => new Response("no", { status: 401 }), async (calls) => {
    await assert.rejects(write(), failsWith("bad_generation"));
    assert.equal(calls.length, 1);
  });
});

Deno.test("an answer that does not come in time ends as bad_generation", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  await withEndpoint("LLM", () => promise, async () => {
    await assert.rejects(write(), failsWith("bad_generation"));
    resolve(new Response());
  }, { LLM_TIMEOUT_SECONDS: "0.05" });
});

Deno.test("without a model a story fails for good, as model_not_configured", async () => {
  await assert.rejects(write(), failsWith("model_not_configured"));
});
