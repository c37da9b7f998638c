// What servers that call themselves OpenAI-compatible really send.
import assert from "node:assert/strict";
import { completion, draft, withEndpoint } from "../../../../tests/support/model_endpoint.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { Usage } from "../usage.ts";
import { writeStory } from "./story.ts";

const write = () =>
  writeStory(
    { job_id: "j", attempt: 1, prompt: "a fox", age_min: 4, age_max: 6, pages: 2, language: "en" },
    { signal: new AbortController().signal, usage: new Usage() },
  );
const whole = JSON.stringify(draft(2));
const message = (fields: Record<string, unknown>) =>
  completion("", { message: { role: "assistant", ...fields } });
const { title, pages } = draft(2);

const read: Record<string, () => Response> = {
  "a code fence with a sentence before it": () =>
    completion("Here it is:\n```json\n" + whole + "\n```\nEnjoy!"),
  "thoughts before the JSON": () => completion(`<think>\nThe user wants {two pages}.\n</think>\n\n${whole}`),
  "a byte order mark": () => completion(`\ufeff${whole}`),
  "an end token": () => completion(`${whole}<|im_end|>`),
  "the JSON twice": () => completion(`${whole}\n${whole}`),
  "a trailing comma": () => completion(whole.replace("]}", ",]}")),
  "JSON in reasoning_content": () => message({ content: null, reasoning_content: whole }),
  "JSON in reasoning": () => message({ content: "", reasoning: whole }),
  "JSON in a tool call": () =>
    message({ content: null, tool_calls: [{ id: "t", function: { name: "s", arguments: whole } }] }),
  "content in parts": () =>
    message({ content: [{ type: "thinking", thinking: [] }, { type: "text", text: whole }] }),
  "content that is an object": () => message({ content: draft(2) }),
  "a wrapper": () => completion({ story: draft(2) }),
  "no word on safety": () => completion({ title, pages }),
  "words for booleans": () => completion(draft(2, { unsafe: "false" })),
  "null for an image prompt": () =>
    completion(draft(2, { pages: [{ text: "One." }, { text: "Two.", image_prompt: null }] })),
  "a full answer that ended by length": () => completion(whole, { finish_reason: "length" }),
  "an empty refusal": () => message({ content: whole, refusal: "" }),
  "no finish_reason": () => Response.json({ choices: [{ message: { content: whole } }] }),
  "Ollama's own shape": () => Response.json({ message: { role: "assistant", content: whole }, done: true }),
  "white space before the body": () =>
    new Response(`\n\n${JSON.stringify({ choices: [{ message: { content: whole } }] })}`),
  "a stream nobody asked for": () =>
    new Response(`data: ${JSON.stringify({ choices: [{ delta: { content: whole } }] })}\n\ndata: [DONE]\n\n`),
};
for (const [name, answer] of Object.entries(read)) {
  Deno.test(`an answer with ${name} is read, without another call`, async () => {
    await withEndpoint("LLM", answer, async (calls) => {
      assert.equal((await write()).pages.length, 2);
      assert.equal(calls.length, 1);
    });
  });
}

const events = (...lines: string[]) => new Response(lines.map((line) => `${line}\n\n`).join(""));
const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}`;
const halves = [delta(whole.slice(0, 50)), delta(whole.slice(50))];
const streams: Record<string, () => Response> = {
  "comments and empty lines": () => events(": ping", "data: ", ...halves, "data: [DONE]"),
  "chunks without choices": () =>
    events('data: {"type":"ping"}', 'data: {"choices":[]}', ...halves, 'data: {"usage":{}}'),
  "delta null": () => events(...halves, 'data: {"choices":[{"delta":null,"finish_reason":"stop"}]}'),
  "no space after the colon": () => events(...halves.map((line) => line.replace("data: ", "data:"))),
  "a whole answer instead": () => completion(whole),
  "lines without events": () =>
    new Response(
      [whole.slice(0, 50), whole.slice(50)].map((content) => JSON.stringify({ message: { content } })).join(
        "\n",
      ),
    ),
};
for (const [name, answer] of Object.entries(streams)) {
  Deno.test(`a stream with ${name} is read`, async () => {
    await withEndpoint("LLM", answer, async (calls) => {
      assert.equal((await write()).pages.length, 2);
      assert.equal(calls.length, 1);
    }, { LLM_STREAM: "true" });
  });
}

const refusals: Record<string, () => Response> = {
  "no choices": () => Response.json({ choices: [], usage: {} }),
  "a filter and no message": () =>
    Response.json({ choices: [{ finish_reason: "content_filter", index: 0 }] }),
  "a filter as 400": () => Response.json({ error: { code: "content_filter" } }, { status: 400 }),
  "words alone": () => completion("I'm sorry, but I can't help with that."),
};
for (const [name, answer] of Object.entries(refusals)) {
  Deno.test(`a refusal by ${name} is unsafe_prompt at once`, async () => {
    await withEndpoint("LLM", answer, async (calls) => {
      await assert.rejects(write(), (error) => error instanceof ApiError && error.code === "unsafe_prompt");
      assert.equal(calls.length, 1);
    });
  });
}

Deno.test("a server that knows no schemas is asked again without one, and remembered", async () => {
  await withEndpoint(
    "LLM",
    ({ body }) =>
      JSON.stringify(body.response_format ?? {}).includes("json_schema")
        ? Response.json({ error: { message: "This response_format type is unavailable now" } }, {
          status: 400,
        })
        : completion(whole),
    async (calls) => {
      await write();
      await write();
      const formats = calls.map(({ body }) => JSON.stringify(body.response_format).slice(0, 22));
      assert.deepEqual(formats, [
        '{"type":"json_schema",',
        '{"type":"json_object"}',
        '{"type":"json_object"}',
      ]);
    },
  );
});

Deno.test("what Postgres and PDF cannot hold is taken out of a model's text, and nothing is cut in half", async () => {
  const odd = draft(2, {
    title: "The\0 \ud83e Fox",
    pages: [{ text: "One.", image_prompt: `${"x".repeat(999)}🦊 in snow` }, {
      text: "Two.",
      image_prompt: "",
    }],
  });
  await withEndpoint("LLM", () => completion(odd), async () => {
    const { title, pages } = await write();
    assert.equal(title, "The  Fox");
    assert.equal(pages[0].image_prompt, `${"x".repeat(999)}🦊`);
  });
});

Deno.test("a body that stalls is given up when the time for an answer is over", async () => {
  const stalled = () =>
    new Response(
      new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('{"choices":[')) }),
    );
  await withEndpoint("LLM", stalled, async () => {
    await assert.rejects(write(), (error) => error instanceof ApiError && error.code === "bad_generation");
  }, { LLM_TIMEOUT_SECONDS: "0.2" });
});
