import { HTTPError } from "ky";
import { deadlineOf, post, Unanswered, type Work } from "./client.ts";
import { isRefusal, readReply, type Reply } from "./reply.ts";
import type { ChatSettings } from "./settings.ts";

/** One turn of a conversation with a model. */
export interface Message {
  role: "system" | "user" | "assistant";
  content: string;
}

/** Sixty long pages as a stream, in which each word travels in a frame of its own. */
const MOST_BYTES = 16 * 1024 * 1024;

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
  if (isRefusal(error.data)) return "refusal";
  const said = JSON.stringify(error.data ?? "");
  if (/response_format|json_object|schema|grammar/i.test(said)) return "format";
}

/**
 * Asks a chat model for an answer in the shape of `schema`, a JSON schema: one call that it works on, however many the
 * endpoint refuses before.
 *
 * @throws {Unanswered} when the model may have worked and nothing readable came of it
 */
export async function ask(
  settings: ChatSettings,
  messages: Message[],
  schema: Record<string, unknown>,
  { signal, usage }: Work,
): Promise<Reply> {
  const { base, model, stream } = settings;
  const deadline = deadlineOf(settings, signal);
  const endpoint = `${base} ${model}`;
  usage.model = model;
  const onWork = () => void usage.modelCalls++;
  for (let at = known.get(endpoint) ?? 0;; at++) {
    const body = { model, messages, stream, ...formatOf(FORMATS[at], schema) };
    try {
      const call = { route: "chat/completions", body, deadline, mostBytes: MOST_BYTES, onWork };
      const answer = await post(settings, call);
      known.set(endpoint, at);
      return read(answer, usage);
    } catch (error) {
      const about = complaint(error);
      if (about === "refusal") return { kind: "refusal" };
      if (about !== "format" || at + 1 >= FORMATS.length) throw error;
    }
  }
}

function read(answer: string, usage: Work["usage"]): Reply {
  try {
    const { tokens, ...reply } = readReply(answer);
    usage.addTokens(tokens);
    return reply;
  } catch (cause) {
    throw new Unanswered("the answer cannot be read", { cause });
  }
}
