import assert from "node:assert/strict";
import { ApiError } from "../../_shared/http/errors.ts";
import type { StoryRequest } from "../shapes.ts";
import {
  completion,
  draft,
  streamed,
  withEndpoint,
  withSilence,
} from "../../../../tests/support/model_endpoint.ts";
import { Usage } from "../usage.ts";
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
const work = (signal = new AbortController().signal) => ({ signal, usage: new Usage() });
const write = (change: Partial<StoryRequest> = {}) => writeStory({ ...request, ...change }, work());
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

Deno.test("an endpoint that refuses to be asked is unavailable, and cost nothing", async () => {
  const refusals = [
    () => new Response("busy", { status: 429, headers: { "Retry-After": "3600" } }),
    () => new Response("no", { status: 401 }),
    () => new Response("pay", { status: 402 }),
    () => new Response(null, { status: 307, headers: { Location: "/elsewhere" } }),
  ];
  for (const refuse of refusals) {
    await withEndpoint("LLM", refuse, async (calls) => {
      const { usage, ...rest } = work();
      await assert.rejects(writeStory(request, { usage, ...rest }), failsWith("model_unavailable"));
      assert.equal(calls.length, 1);
      assert.equal(`${usage}`, 'model_calls=0, pictures=0, model="some-model"');
    });
  }
});

/** What costs the operator something and brings nothing. */
const WASTED: Record<string, () => Response> = {
  "a page too few": () => completion(draft(2)),
  "no JSON": () => completion("Once upon a time there was a fox."),
  "nothing": () => new Response(""),
  "an error in a 200": () => Response.json({ error: { message: "The provider failed" } }),
  "a body that breaks off": () =>
    new Response(new ReadableStream({ start: (body) => body.error(new Error("broken")) })),
  "a body without end": () =>
    new Response(new ReadableStream({ pull: (body) => body.enqueue(new Uint8Array(1 << 20).fill(32)) })),
  "a gateway that waited in vain": () => new Response("", { status: 504 }),
  "pages without end": () => completion({ title: "T", pages: Array(200_000).fill(1) }),
  "thoughts that begin and begin": () => completion("<think>".repeat(200_000)),
};
for (const [name, answer] of Object.entries(WASTED)) {
  Deno.test(`V1: a model that answers with ${name} is called twice and not again`, async () => {
    await withEndpoint("LLM", answer, async (calls) => {
      const { usage, ...rest } = work();
      await assert.rejects(
        writeStory(request, { usage, ...rest }),
        (error) => error instanceof ApiError && error.code === "bad_generation" && error.status === 422,
      );
      assert.equal(calls.length, 2);
      assert.equal(usage.modelCalls, 2);
    });
  });
}

Deno.test("tokens are summed over the calls of a story, however they are called and sent", async () => {
  const answers = [
    () =>
      completion(draft(2), {}, {
        usage: {
          prompt_tokens: 100,
          completion_tokens: 20,
          prompt_tokens_details: { cached_tokens: 64, audio_tokens: 0 },
          completion_tokens_details: null,
        },
      }),
    () =>
      completion(draft(3), {}, {
        usage: {
          input_tokens: 12,
          output_tokens: 1991,
          input_tokens_details: { cached_tokens: 3 },
          output_tokens_details: { reasoning_tokens: 1000 },
        },
      }),
  ];
  await withEndpoint("LLM", (_, number) => answers[number - 1](), async () => {
    const { usage, ...rest } = work();
    await writeStory(request, { usage, ...rest });
    assert.equal(
      `${usage}`,
      "model_calls=2, input_tokens=112, cached_input_tokens=67, output_tokens=2011, reasoning_tokens=1000, pictures=0, " +
        'model="some-model"',
    );
  });
  const event = (usage: unknown) => `data: ${JSON.stringify({ choices: [], usage })}\n\n`;
  const counting = async () =>
    new Response(
      event({ prompt_tokens: 7, completion_tokens: 1 }) +
        (await streamed(draft(3)).text()).replace(
          "data: [DONE]",
          event({ prompt_tokens: 7, completion_tokens: 90 }) + "data: [DONE]",
        ),
    );
  await withEndpoint("LLM", counting, async () => {
    const { usage, ...rest } = work();
    await writeStory(request, { usage, ...rest });
    assert.equal(
      `${usage}`,
      'model_calls=1, input_tokens=7, output_tokens=90, pictures=0, model="some-model"',
    );
  }, { LLM_STREAM: "true" });
});

Deno.test("V1: when the caller has gone the model is told at once, and not asked again", async () => {
  await withSilence("LLM", async (model) => {
    const caller = new AbortController();
    const { usage, ...rest } = work(caller.signal);
    const story = assert.rejects(
      writeStory(request, { usage, ...rest }),
      failsWith("temporarily_unavailable"),
    );
    await model.asked;
    caller.abort();
    await Promise.all([story, model.left]);
    assert.deepEqual([model.calls, usage.modelCalls], [1, 1]);
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
