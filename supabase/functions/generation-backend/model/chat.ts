import { HTTPError } from "ky";
import { deadlineOf, post } from "./client.ts";
import { readReply, type Reply } from "./reply.ts";
import type { ChatSettings } from "./settings.ts";

/** One turn of a conversation with a model. */
export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

/** Ways to ask for JSON, the strictest first: not every server knows every one. */
const FORMATS = ["json_schema", "json_object", "none"] as const;

/** The way each endpoint is known to take, for the life of the process. */
const known = new Map<string, number>();

function formatOf(format: typeof FORMATS[number], schema: Record<string, unknown>) {
  if (format === "none") return {};
  if (format === "json_object") return { response_format: { type: "json_object" } };
  return {
    response_format: { type: "json_schema", json_schema: { name: "story", strict: true, schema } },
  };
}

/** What a 400 is about, as far as its text says. */
function complaint(error: unknown): "refusal" | "format" | undefined {
  if (!(error instanceof HTTPError) || ![400, 403, 422].includes(error.response.status)) return;
  const said = JSON.stringify(error.data ?? "");
  if (/content_filter|content_policy|moderation|safety/i.test(said)) return "refusal";
  if (/response_format|json_schema|json_object|schema/i.test(said)) return "format";
}

/** Asks a chat model for an answer in the shape of `schema`, a JSON schema. */
export async function ask(
  settings: ChatSettings,
  messages: Message[],
  schema: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Reply> {
  const { base, model, stream } = settings;
  const deadline = deadlineOf(settings, signal);
  const endpoint = `${base} ${model}`;
  for (let at = known.get(endpoint) ?? 0;; at++) {
    const body = { model, messages, stream, ...formatOf(FORMATS[at], schema) };
    try {
      const response = await post(settings, "chat/completions", body, deadline);
      const reply = readReply(await response.text(), stream);
      known.set(endpoint, at);
      return reply;
    } catch (error) {
      const about = complaint(error);
      if (about === "refusal") return { kind: "refusal" };
      if (about !== "format" || at + 1 >= FORMATS.length) throw error;
    }
  }
}
