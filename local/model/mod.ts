/**
 * A stand-in for a language model and an image model, for development and tests only: it speaks OpenAI's protocol, writes
 * stories from data and puts pictures together. Nothing leaves the machine, and nothing of it is deployed.
 *
 * @module
 */
import { app } from "./app.ts";

/** A running stand-in. */
export interface ModelStandIn {
  url: string;
  close(): Promise<void>;
}

/** Starts the stand-in on 127.0.0.1; `port` 0 or absent takes a free one. */
export function startModelStandIn(options: { port?: number } = {}): ModelStandIn {
  const server = Deno.serve({ hostname: "127.0.0.1", port: options.port ?? 0, onListen() {} }, app.fetch);
  return { url: `http://127.0.0.1:${server.addr.port}/v1`, close: () => server.shutdown() };
}
