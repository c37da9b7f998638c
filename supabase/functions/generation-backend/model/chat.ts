import { EventSourceParserStream } from "eventsource-parser/stream";
import { z } from "zod";
import { clientFor } from "./client.ts";
import type { ModelSettings } from "./settings.ts";

/** One turn of a conversation with a model. */
export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

/** What came back: text (perhaps cut off), or the model's own refusal. */
export type Reply = { kind: "text"; text: string; complete: boolean } | { kind: "refusal" };

const Choice = z.object({
  finish_reason: z.string().nullish(),
  message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
});
const Completion = z.object({ choices: z.array(Choice).min(1) });
const Delta = z.object({
  choices: z.array(z.object({
    finish_reason: z.string().nullish(),
    delta: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }).partial().default({}),
  })),
});

const reply = (content: string, refusal: string, finish: string | null | undefined): Reply =>
  refusal || finish === "content_filter"
    ? { kind: "refusal" }
    : { kind: "text", text: content, complete: finish !== "length" };

async function readStream(response: Response): Promise<Reply> {
  let [content, refusal, finish] = ["", "", "length"];
  const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(
    new EventSourceParserStream(),
  );
  for await (const { data } of events ?? []) {
    if (data === "[DONE]") break;
    const [choice] = Delta.parse(JSON.parse(data)).choices;
    content += choice?.delta.content ?? "";
    refusal += choice?.delta.refusal ?? "";
    finish = choice?.finish_reason ?? finish;
  }
  return reply(content, refusal, finish);
}

/** Asks a chat model for an answer in the shape of `schema`, a JSON schema. */
export async function ask(
  settings: ModelSettings & { stream: boolean },
  messages: Message[],
  schema: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Reply> {
  const response = await clientFor(settings, signal).post("chat/completions", {
    json: {
      model: settings.model,
      messages,
      stream: settings.stream,
      response_format: { type: "json_schema", json_schema: { name: "story", strict: true, schema } },
    },
  });
  if (settings.stream) return await readStream(response);
  const [{ message, finish_reason }] = Completion.parse(await response.json()).choices;
  return reply(message.content ?? "", message.refusal ?? "", finish_reason);
}
