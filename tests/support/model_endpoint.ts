/**
 * An OpenAI-compatible endpoint that answers what a test tells it to, and remembers the calls.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One call that it received. */
export interface Call {
  path: string;
  key: string | null;
  body: { messages?: { role: string; content: string }[]; [name: string]: unknown };
  at: number;
}

type Answer = (call: Call, number: number) => Response | Promise<Response>;

/** A chat completion with `content`; `extra` joins its choice, `beside` stands beside it. */
export const completion = (
  content: unknown,
  extra: Record<string, unknown> = {},
  beside: Record<string, unknown> = {},
): Response =>
  Response.json({
    ...beside,
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
  try {
    await withVariables(variables, () => use(calls));
  } finally {
    await server.shutdown();
  }
}

/** Runs `use` with `variables` in the environment. */
export async function withVariables(
  variables: Record<string, string>,
  use: () => Promise<void>,
): Promise<void> {
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    await use();
  } finally {
    for (const name of Object.keys(variables)) Deno.env.delete(name);
  }
}

/** What a silent endpoint notices. */
export interface Silence {
  /** Resolves once it was asked. */
  asked: Promise<void>;
  /** Resolves once whoever asked has gone. */
  left: Promise<void>;
  /** How often it was asked. */
  calls: number;
}

/**
 * The same for an endpoint that never answers. On Node's server, because Deno 2.9's does not notice that the sender of a
 * longer body has gone.
 */
export async function withSilence(
  kind: "LLM" | "IMAGE",
  use: (silence: Silence) => Promise<void>,
): Promise<void> {
  const [asked, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const silence = { asked: asked.promise, left: left.promise, calls: 0 };
  const server = createServer((request, response) => {
    silence.calls++;
    request.resume().on("end", asked.resolve);
    response.on("close", left.resolve);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const address = { [`${kind}_BASE_URL`]: `http://127.0.0.1:${port}/v1`, [`${kind}_MODEL`]: "silent" };
  try {
    await withVariables(address, () => use(silence));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
