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
    source:
      "https://platform.openai.com/docs/guides/structured-outputs, “Refusals”: one stands beside the content",
    formats: ALL,
    says: (text) => choice(assistant(text, { refusal: null }), "stop", { logprobs: null }),
    refuses: () => ok(choice(assistant(null, { refusal: "I can't help with that." }))),
  },
  azure: {
    source:
      "https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter, “Content filtering”: 400, content_filter",
    formats: ALL,
    says: (text) => ({
      prompt_filter_results: [],
      ...choice(assistant(text), "stop", { content_filter_results: {} }),
    }),
    refuses: () =>
      error(400, {
        code: "content_filter",
        message:
          "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        param: "prompt",
        status: 400,
        innererror: {
          code: "ResponsibleAIPolicyViolation",
          content_filter_result: { violence: { filtered: true, severity: "medium" } },
        },
      }),
    streams: (
      text,
    ) => [data({ choices: [], prompt_filter_results: [] }), delta(text, { finish_reason: "stop" })],
  },
  anthropic: {
    source:
      "https://platform.claude.com/docs/en/api/openai-sdk, “OpenAI SDK compatibility”: response_format is ignored, so words stand around JSON",
    formats: ALL,
    says: (text) => choice(assistant(`Here is the story:\n\n\`\`\`json\n${text}\n\`\`\``), "stop"),
    refuses: () => ok(choice(assistant("I can't write this story."))),
  },
  gemini: {
    source:
      "https://github.com/HKUDS/Vibe-Trading/pull/308, as the vendor's page does not say: its own reasons to finish are passed on",
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
      "https://api-docs.deepseek.com/api/create-chat-completion, “Create Chat Completion”: no json_schema, thoughts in reasoning_content; https://github.com/llm-exe/llm-exe/issues/662 and https://github.com/666ghj/BettaFish/issues/108: the errors",
    formats: ["json_object", "none"],
    formatError: error(400, {
      message: "This response_format type is unavailable now",
      type: "invalid_request_error",
      param: null,
      code: "invalid_request_error",
    }),
    says: (text) => choice(assistant(text, { reasoning_content: "A story {of} pages." })),
    refuses: () =>
      error(400, {
        message: "Content Exists Risk",
        type: "invalid_request_error",
        param: null,
        code: "invalid_request_error",
      }),
  },
  openrouter: {
    source:
      "https://openrouter.ai/docs/api/reference/errors-and-debugging, “Errors and Debugging”: 403 when an input was flagged; comments in streams",
    formats: ALL,
    says: (text) => choice(assistant(text, { refusal: null, reasoning: null }), "stop"),
    refuses: () =>
      error(403, {
        code: 403,
        message: "Your chosen model requires moderation and your input was flagged",
        metadata: { reasons: ["violence"], flagged_input: "…", provider_name: "p", model_slug: "m" },
      }),
    streams: (text) => [": OPENROUTER PROCESSING", delta(text), delta("", { finish_reason: "stop" })],
  },
  "openrouter-begun": {
    source:
      "https://openrouter.ai/docs/api/reference/errors-and-debugging, “Errors and Debugging”: once the model has begun, an error stands in a 200",
    formats: ALL,
    says: (text) => choice(assistant(text, { refusal: null, reasoning: "A story {of} pages." }), "stop"),
    refuses: () => ok({ error: { code: 403, message: "Flagged", metadata: { reasons: ["violence"] } } }),
  },
  vllm: {
    source:
      "https://docs.vllm.ai/en/stable/features/reasoning_outputs/, “Reasoning Outputs”: thoughts are in reasoning, and without a parser for them in the content",
    formats: ALL,
    says: (text) =>
      choice(assistant(`<think>\nTwo {pages}.\n</think>\n\n${text}`, { reasoning: null, tool_calls: [] })),
    refuses: () => ok(choice(assistant("<think>No.</think>I'm sorry, I cannot help with that."))),
  },
  ollama: {
    source:
      "https://docs.ollama.com/api/openai-compatibility, “OpenAI compatibility”; https://github.com/anomalyco/opencode/issues/46061: thoughts are in reasoning. Small models add end tokens and commas",
    formats: ALL,
    says: (text) =>
      choice(
        assistant(`${text.replace(/\]\}$/, ",]}")}<|im_end|>`, { reasoning: "The user wants {pages}." }),
      ),
    refuses: () => ok(choice(assistant("Sorry, I won't write that."))),
  },
  lmstudio: {
    source:
      "https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/189, by the vendor: json_object is refused, and the error is a string",
    formats: ["json_schema", "none"],
    formatError: error(400, "'response_format.type' must be 'json_schema' or 'text'"),
    says: (text) => choice(assistant(text, { reasoning_content: "" })),
    refuses: () => ok(choice(assistant("I am unable to write this."))),
  },
  llamacpp: {
    source:
      "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md, “LLaMA.cpp HTTP Server”; https://github.com/ggml-org/llama.cpp/pull/19349: 400 for a schema that makes no grammar",
    formats: ["json_object", "none"],
    formatError: error(400, {
      code: 400,
      message: "Failed to initialize samplers: failed to parse grammar",
      type: "invalid_request_error",
    }),
    says: (text) => choice(assistant(text)),
    refuses: () => ok(choice(assistant("I cannot write this."))),
  },
};
