// OpenAI's protocol, as the stand-in speaks it.
import assert from "node:assert/strict";
import { decode } from "fast-png";
import { app } from "./app.ts";
import english from "./data/en.json" with { type: "json" };
import german from "./data/de.json" with { type: "json" };
import kinds from "./data/kinds.json" with { type: "json" };
import scenery from "./data/scenery.json" with { type: "json" };
import spanish from "./data/es.json" with { type: "json" };
import { iconsIn } from "./icons.ts";

const post = async (path: string, body: unknown) => {
  const response = await app.request(`/v1${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
};
const order = { prompt: "a fox who waits", age_min: 4, age_max: 6, pages: 3, language: "de" };
const messages = [{ role: "system", content: "Write." }, { role: "user", content: JSON.stringify(order) }];
const response_format = { type: "json_schema", json_schema: { name: "story", schema: {} } };

Deno.test("a chat completion holds the story that the message's JSON asks for", async () => {
  const { status, text } = await post("/chat/completions", { model: "m", messages, response_format });
  const { choices, model, usage } = JSON.parse(text);
  const { reasoning_tokens } = usage.completion_tokens_details;
  assert.ok(reasoning_tokens > 0 && usage.prompt_tokens_details.cached_tokens <= usage.prompt_tokens);
  assert.equal(usage.completion_tokens - reasoning_tokens, Math.ceil(choices[0].message.content.length / 4));
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
  const { title, pages, unsafe } = JSON.parse(choices[0].message.content);
  assert.deepEqual([status, model, pages.length, unsafe, choices[0].finish_reason], [
    200,
    "m",
    3,
    false,
    "stop",
  ]);
  assert.match(`${title} ${pages[0].text}`, / und | die | der .*„a fox who waits“/);
});

Deno.test("without JSON in the message all of it is the prompt, and without a format the answer is text", async () => {
  const { text } = await post("/chat/completions", {
    messages: [{ role: "user", content: [{ type: "text", text: "a robot" }] }],
  });
  assert.match(JSON.parse(text).choices[0].message.content, /“a robot”/);
});

Deno.test("a stream adds up to the same", async () => {
  const { text } = await post("/chat/completions", { messages, response_format, stream: true });
  const events = text.split("\n\n").filter((line) => line.startsWith("data: {")).map((line) =>
    JSON.parse(line.slice(6))
  );
  const content = events.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
  const { completion_tokens, completion_tokens_details } = events.at(-1).usage;
  assert.equal(completion_tokens - completion_tokens_details.reasoning_tokens, Math.ceil(content.length / 4));
  assert.equal(JSON.parse(content).pages.length, 3);
  assert.match(text, /data: \[DONE\]\n\n$/);
});

Deno.test("what is nothing for children is declined", async () => {
  const bad = [{ role: "user", content: JSON.stringify({ ...order, prompt: "a clown who murders people" }) }];
  const { text } = await post("/chat/completions", { messages: bad, response_format });
  assert.equal(JSON.parse(JSON.parse(text).choices[0].message.content).unsafe, true);
});

Deno.test("a picture is a PNG of the size asked for, always the same for the same line", async () => {
  const body = { model: "m", prompt: "Picture: fox, kite, meadow, morning", size: "320x200" };
  const [first, second, other] = await Promise.all(
    [body, body, { ...body, prompt: "a bear at night" }].map((body) => post("/images/generations", body)),
  );
  const [{ b64_json }] = JSON.parse(first.text).data;
  const { width, height, channels } = decode(Uint8Array.fromBase64(b64_json));
  assert.deepEqual([width, height, channels], [320, 200, 3]);
  assert.equal(JSON.parse(second.text).data[0].b64_json, b64_json);
  assert.notEqual(JSON.parse(other.text).data[0].b64_json, b64_json);
});

Deno.test("models are listed, and mistakes are answered as OpenAI does", async () => {
  const models = await (await app.request("/v1/models")).json();
  assert.equal(models.data.length, 2);
  const { status, text } = await post("/chat/completions", { messages: [] });
  assert.deepEqual([status, JSON.parse(text).error.type], [400, "invalid_request_error"]);
  assert.equal((await app.request("/v1/nowhere")).status, 404);
});

Deno.test("everything that a story can show has a picture", () => {
  const { friends, gifts, quests, troubles, interludes } = english;
  const names = [friends, gifts, quests, troubles, interludes].flatMap((all) => Object.keys(all))
    .concat(Object.values(kinds).map(({ picture }) => picture))
    .concat(
      Object.values(scenery).flatMap(({ row, ground_things }) => [...row, ...ground_things]).filter(Boolean),
    );
  for (const name of names) {
    const icon = name.replaceAll(" ", "-");
    assert.deepEqual(iconsIn(icon.split("-")), [icon], name);
  }
});

Deno.test("the languages tell of the same things", () => {
  const shape = (data: unknown): unknown =>
    Array.isArray(data)
      ? data.length
      : typeof data === "object" && data
      ? Object.entries(data).map(([key, value]) => [key, shape(value)])
      : null;
  assert.deepEqual(shape(german), shape(english));
  assert.deepEqual(shape(spanish), shape(english));
});
