/**
 * What a chat endpoint answered, in any of the forms that servers send: one JSON object, a stream of events, lines.
 *
 * @module
 */
import { createParser } from "eventsource-parser";
import { z } from "zod";
import { Tokens } from "../usage.ts";

/** What came back: text (perhaps cut off), or the model's own refusal. */
export type Reply = { kind: "text"; text: string; complete: boolean } | { kind: "refusal" };

/** A reply, and the tokens that its answer names. */
export type Read = Reply & { tokens: z.infer<typeof Tokens> };

const Part = z.object({ text: z.string() });
const Said = z.object({
  content: z.unknown().optional(),
  refusal: z.string().nullish().catch(null),
  reasoning_content: z.string().nullish().catch(null),
  // The same as vLLM since 0.11, Ollama and OpenRouter call it.
  reasoning: z.string().nullish().catch(null),
  tool_calls: z.array(z.object({ function: z.object({ arguments: z.string() }) })).nullish().catch(null),
});
const Choice = z.object({
  finish_reason: z.string().nullish().catch(null),
  message: Said.nullish(),
  delta: Said.nullish(),
});
const Chunk = z.object({
  choices: z.array(Choice).nullish(),
  message: Said.nullish(),
  error: z.unknown().optional(),
  usage: Tokens,
});

/** Content may be text, a list of parts, or the JSON itself. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map((part) => Part.safeParse(part).data?.text ?? "").join("");
  return content ? JSON.stringify(content) : "";
}

function jsonOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

/** The JSON objects of an answer that is sent in pieces, whichever way. */
function chunksOf(body: string): unknown[] {
  const events: unknown[] = [];
  const parser = createParser({ onEvent: ({ data }) => events.push(...jsonOf(data)) });
  parser.feed(`${body}\n\n`);
  return events.length ? events : body.split("\n").flatMap(jsonOf);
}

/** Whether an endpoint's error is about what was asked for: each has its own words for that. */
export function isRefusal(error: unknown): boolean {
  return /content_filter|content_policy|moderation|safety|content exists risk|flagged|refusal/i.test(
    JSON.stringify(error ?? ""),
  );
}

/** Reasons to finish that mean a filter. Gemini's endpoint passes on its own, in capitals. */
const FILTERED =
  /^(?:content_filter.*|refusal|(?:image_)?(?:safety|prohibited_content|recitation)|blocklist|spii)$/i;

/** Reads an answer of any form. @throws {Error} when there is none in it */
export function readReply(body: string): Read {
  const whole = jsonOf(body);
  const chunks = (whole.length ? whole : chunksOf(body)).flatMap((chunk) =>
    Chunk.safeParse(chunk).data ?? []
  );
  if (!chunks.length) throw new Error("the answer is no chat completion");
  const error = chunks.find(({ error }) => error)?.error;
  if (error && isRefusal(error)) return { kind: "refusal", tokens: undefined };
  if (error) throw new Error("the answer is an error of the endpoint");
  // Servers that name them in each piece of a stream count on: the last one has them all.
  const tokens = chunks.findLast(({ usage }) => usage)?.usage;
  if (whole.length && chunks[0].choices?.length === 0) return { kind: "refusal", tokens };
  let [content, refusal, aside, finish] = ["", "", "", ""];
  for (const { choices, message } of chunks) {
    const choice = choices?.[0];
    const said = choice?.message ?? choice?.delta ?? message;
    content += textOf(said?.content);
    refusal += said?.refusal ?? "";
    aside += said?.tool_calls?.[0]?.function.arguments || said?.reasoning_content || said?.reasoning || "";
    finish = choice?.finish_reason || finish;
  }
  if (refusal.trim() || FILTERED.test(finish)) return { kind: "refusal", tokens };
  return {
    kind: "text",
    text: content.trim() ? content : aside,
    complete: !/^(?:length|max_tokens)$/i.test(finish),
    tokens,
  };
}
