import { Hono } from "hono";
import { validator } from "hono/validator";
import type { z } from "zod";
import { ownPagesOnly } from "../http/own_site.ts";
import { isUnsafe } from "./prompt.ts";
import { ChatRequest, ImageRequest, sizeOf, wishIn } from "./request.ts";
import { SERVERS } from "./servers.ts";
import { tell } from "./tale.ts";

const MODELS = ["stand-in-writer", "stand-in-painter"];

const now = () => Math.floor(Date.now() / 1000);

const failure = (message: string, type = "invalid_request_error") => ({
  error: { message, type, param: null, code: null },
});

/** A body in the shape of `schema`, or OpenAI's answer to any other. */
const body = <S extends z.ZodType>(schema: S) =>
  validator("json", (value, c) => {
    const read = schema.safeParse(value);
    return read.success ? read.data : c.json(failure(read.error.issues[0].message), 400);
  });

/** What the model says to a request: JSON where that is asked for, the story to read otherwise. */
function reply(request: z.infer<typeof ChatRequest>): string {
  const wish = wishIn(request);
  const isJson = request.response_format?.type.startsWith("json") ?? false;
  if (isUnsafe(wish.prompt)) {
    return isJson
      ? JSON.stringify({ unsafe: true, title: "", pages: [] })
      : "I'm sorry, but I can't tell that.";
  }
  const { title, pages } = tell(wish);
  return isJson
    ? JSON.stringify({ unsafe: false, title, pages })
    : [title, ...pages.map(({ text }) => text)].join("\n\n");
}

/** About as many tokens as a tokenizer would make of `text`: one for four characters, the usual estimate. */
const tokens = (text: string) => Math.ceil(text.length / 4);

/** Tokens that an answer is thought about; the stand-in does not need more. */
const THOUGHTS = 20;

/** What an answer used. The instructions, all but the last message, are the same each time, and so cached. */
function usageOf({ messages }: z.infer<typeof ChatRequest>, content: string) {
  const said = messages.map(({ content }) =>
    typeof content === "string" ? content : JSON.stringify(content ?? "")
  );
  const [prompt_tokens, cached_tokens] = [said, said.slice(0, -1)].map((texts) => tokens(texts.join("\n")));
  const completion_tokens = THOUGHTS + tokens(content);
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens },
    completion_tokens_details: { reasoning_tokens: THOUGHTS },
  };
}

/** An answer as a stream of three events: everything, the end, and what was used. */
function stream(frame: Record<string, unknown>, content: string, usage: unknown): Response {
  const events = [{ delta: { role: "assistant", content }, finish_reason: null }, {
    delta: {},
    finish_reason: "stop",
  }]
    .map((choice) =>
      JSON.stringify({ ...frame, object: "chat.completion.chunk", choices: [{ index: 0, ...choice }] })
    );
  const last = JSON.stringify({ ...frame, object: "chat.completion.chunk", choices: [], usage });
  return new Response([...events, last, "[DONE]"].map((event) => `data: ${event}\n\n`).join(""), {
    headers: { "Content-Type": "text/event-stream" },
  });
}

/** The answer that a server of another kind would give. */
function playing(name: string, request: z.infer<typeof ChatRequest>): Response | undefined {
  const server = SERVERS[name];
  if (!server) return;
  const format = request.response_format?.type ?? "none";
  if (!server.formats.includes(format)) {
    return Response.json(server.formatError?.body, { status: server.formatError?.status });
  }
  const wish = wishIn(request);
  if (isUnsafe(wish.prompt)) {
    const { status, body } = server.refuses();
    return Response.json(body, { status });
  }
  const text = JSON.stringify({ unsafe: false, ...tell(wish) });
  if (!request.stream) return Response.json(server.says(text));
  const lines = server.streams?.(text) ?? [
    `data: ${JSON.stringify({ choices: [{ delta: { content: text }, finish_reason: "stop" }] })}`,
    "data: [DONE]",
  ];
  return new Response(lines.map((line) => `${line}\n\n`).join(""), {
    headers: { "Content-Type": "text/event-stream" },
  });
}

/** The routes of the stand-in. */
export const app = new Hono()
  .use(ownPagesOnly)
  .get("/v1/models", (c) =>
    c.json({
      object: "list",
      data: MODELS.map((id) => ({ id, object: "model", created: 0, owned_by: "local" })),
    }))
  .post("/v1/chat/completions", body(ChatRequest), (c) => {
    const request = c.req.valid("json");
    const content = reply(request);
    const frame = { id: `chatcmpl-${crypto.randomUUID()}`, created: now(), model: request.model };
    const usage = usageOf(request, content);
    if (request.stream) return stream(frame, content, usage);
    const message = { role: "assistant", content, refusal: null };
    return c.json({
      ...frame,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: "stop", logprobs: null }],
      usage,
    });
  })
  .post("/as/:server/v1/chat/completions", body(ChatRequest), (c) => {
    return playing(c.req.param("server"), c.req.valid("json")) ?? c.notFound();
  })
  .post("/v1/images/generations", body(ImageRequest), async (c) => {
    const { prompt, n, size } = c.req.valid("json");
    const { width, height } = sizeOf(size);
    // Loading it takes longer than all else of the stand-in's start, and most stacks paint nothing.
    const { paint } = await import("./picture.ts");
    const picture = { b64_json: (await paint(prompt, width, height)).toBase64() };
    return c.json({ created: now(), data: Array.from({ length: n ?? 1 }, () => picture) });
  })
  .notFound((c) => c.json(failure("There is no such route"), 404))
  .onError((error, c) => c.json(failure(error.message, "server_error"), 500));
