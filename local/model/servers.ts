/**
 * What the servers that call themselves OpenAI-compatible really send: recorded from their documentation and from reports about
 * them, in the parts that matter here. The stand-in plays each below `/as/NAME/v1`.
 *
 * @module
 */

/** One kind of server. */
export interface Server {
  /** Where it is said that it answers so. */
  source: string;
  /** The ways to ask for JSON that it takes; any other is refused with {@linkcode Server.formatError}. */
  formats: readonly string[];
  formatError?: { status: number; body: unknown };
  /** Its answer with the model's text in it. */
  says(text: string): Record<string, unknown>;
  /** Its answer when a prompt is not allowed. */
  refuses(): { status: number; body: unknown };
  /** A stream's lines around the model's text, when they differ from OpenAI's. */
  streams?(text: string): string[];
}

const ALL = ["json_schema", "json_object", "none"];
const choice = (message: unknown, finish_reason: unknown = "stop", more = {}) => ({
  choices: [{ index: 0, message, finish_reason, ...more }],
});
const assistant = (content: unknown, more = {}) => ({ role: "assistant", content, ...more });
const error = (status: number, error: unknown) => ({ status, body: { error } });
const ok = (body: unknown) => ({ status: 200, body });
const data = (value: unknown) => `data: ${JSON.stringify(value)}`;
const delta = (content: string, more = {}) => data({ choices: [{ index: 0, delta: { content }, ...more }] });

export const SERVERS: Record<string, Server> = {
  openai: {
    source: "https://platform.openai.com/docs/guides/structured-outputs: a refusal stands beside the content",
    formats: ALL,
    says: (text) => choice(assistant(text, { refusal: null }), "stop", { logprobs: null }),
    refuses: () => ok(choice(assistant(null, { refusal: "I can't help with that." }))),
  },
  azure: {
    source:
      "https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter: 400, content_filter",
    formats: ALL,
    says: (text) => ({
      prompt_filter_results: [],
      ...choice(assistant(text), "stop", { content_filter_results: {} }),
    }),
    refuses: () => error(400, { code: "content_filter", message: "The response was filtered", status: 400 }),
    streams: (
      text,
    ) => [data({ choices: [], prompt_filter_results: [] }), delta(text, { finish_reason: "stop" })],
  },
  anthropic: {
    source:
      "https://docs.anthropic.com/en/api/openai-sdk: response_format is ignored, so words stand around JSON",
    formats: ALL,
    says: (text) => choice(assistant(`Here is the story:\n\n\`\`\`json\n${text}\n\`\`\``), "stop"),
    refuses: () => ok(choice(assistant("I can't write this story."))),
  },
  gemini: {
    source: "https://github.com/HKUDS/Vibe-Trading/pull/308: its own reasons to finish are passed on",
    formats: ALL,
    says: (text) => choice(assistant(text)),
    refuses: () => ok(choice(assistant(null), "PROHIBITED_CONTENT")),
  },
  "gemini-blocked": {
    source: "https://github.com/googleapis/python-genai/issues/774: a blocked prompt has no candidates",
    formats: ALL,
    says: (text) => choice(assistant(text)),
    refuses: () => ok({ object: "chat.completion", choices: [], usage: {} }),
  },
  deepseek: {
    source:
      "https://github.com/llm-exe/llm-exe/issues/662: 400 for json_schema; thoughts in reasoning_content",
    formats: ["json_object", "none"],
    formatError: error(400, { message: "This response_format type is unavailable now", param: null }),
    says: (text) => choice(assistant(text, { reasoning_content: "A story {of} pages." })),
    refuses: () => error(400, { message: "Content Exists Risk", code: "invalid_request_error" }),
  },
  openrouter: {
    source:
      "https://openrouter.ai/docs/api-reference/errors: 403 when an input was flagged; comments in streams",
    formats: ALL,
    says: (text) => choice(assistant(text, { refusal: null, reasoning: null }), "stop"),
    refuses: () =>
      error(403, { code: 403, message: "Your input was flagged", metadata: { reasons: ["violence"] } }),
    streams: (text) => [": OPENROUTER PROCESSING", delta(text), delta("", { finish_reason: "stop" })],
  },
  vllm: {
    source:
      "https://docs.vllm.ai/en/latest/features/reasoning_outputs.html: unparsed thoughts stay in the content",
    formats: ALL,
    says: (text) => choice(assistant(`<think>\nTwo {pages}.\n</think>\n\n${text}`, { tool_calls: [] })),
    refuses: () => ok(choice(assistant("<think>No.</think>I'm sorry, I cannot help with that."))),
  },
  ollama: {
    source:
      "https://github.com/ollama/ollama/blob/main/docs/openai.md: small models add end tokens and commas",
    formats: ALL,
    says: (text) => choice(assistant(`${text.replace(/\]\}$/, ",]}")}<|im_end|>`)),
    refuses: () => ok(choice(assistant("Sorry, I won't write that."))),
  },
  lmstudio: {
    source: "https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/189: the error is a string",
    formats: ["json_schema", "none"],
    formatError: error(400, "'response_format.type' must be 'json_schema' or 'text'"),
    says: (text) => choice(assistant(text, { reasoning_content: "" })),
    refuses: () => ok(choice(assistant("I am unable to write this."))),
  },
  llamacpp: {
    source:
      "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md: 400 for a schema it lacks",
    formats: ["none"],
    formatError: error(400, { code: 400, message: "failed to parse json_schema" }),
    says: (text) => choice(assistant(text)),
    refuses: () => ok(choice(assistant("I cannot write this."))),
  },
};
