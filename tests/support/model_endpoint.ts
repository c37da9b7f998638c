/**
 * An OpenAI-compatible endpoint that answers what a test tells it to, and remembers the calls.
 *
 * @module
 */

/** One call that it received. */
export interface Call {
  path: string;
  key: string | null;
  body: { messages?: { role: string; content: string }[]; [name: string]: unknown };
  at: number;
}

type Answer = (call: Call, number: number) => Response | Promise<Response>;

/** A chat completion with `content`. */
export const completion = (content: unknown, extra: Record<string, unknown> = {}): Response =>
  Response.json({
    choices: [{
      finish_reason: "stop",
      message: {
        role: "assistant",
        content: typeof content === "string" ? content : JSON.stringify(content),
      },
      ...extra,
    }],
  });

/** The same as a stream of events, in small pieces. */
export function streamed(content: unknown): Response {
  const text = JSON.stringify(content);
  const events = Array.from({ length: Math.ceil(text.length / 40) }, (_, at) => ({
    choices: [{ delta: { content: text.slice(at * 40, at * 40 + 40) } }],
  }));
  const body = [...events, { choices: [{ delta: {}, finish_reason: "stop" }] }]
    .map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  return new Response(`${body}data: [DONE]\n\n`, { headers: { "Content-Type": "text/event-stream" } });
}

/** A draft with as many pages as asked for. */
export const draft = (pages: number, extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  unsafe: false,
  title: "The Fox Who Waited",
  pages: Array.from(
    { length: pages },
    (_, at) => ({ text: `The fox waited for day ${at + 1}.`, image_prompt: "a fox" }),
  ),
  ...extra,
});

/** Runs `use` against an endpoint whose address is in the environment while it runs. */
export async function withEndpoint(
  kind: "LLM" | "IMAGE",
  answer: Answer,
  use: (calls: Call[]) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<void> {
  const calls: Call[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const call = {
      path: new URL(request.url).pathname,
      key: request.headers.get("Authorization"),
      body: request.method === "POST" ? await request.json() : {},
      at: performance.now(),
    };
    calls.push(call);
    return await answer(call, calls.length);
  });
  const variables: Record<string, string> = {
    [`${kind}_BASE_URL`]: `http://127.0.0.1:${server.addr.port}/v1/`,
    [`${kind}_API_KEY`]: "test-key",
    [`${kind}_MODEL`]: "some-model",
    ...environment,
  };
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    await use(calls);
  } finally {
    for (const name of Object.keys(variables)) Deno.env.delete(name);
    await server.shutdown();
  }
}
