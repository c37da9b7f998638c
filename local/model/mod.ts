/**
 * A stand-in for a language model and an image model, for development and tests only: it speaks OpenAI's protocol, writes
 * stories from data and puts pictures together. Nothing leaves the machine, and nothing of it is deployed.
 *
 * @module
 */
import { serve, type ServeOptions } from "../http/own_site.ts";
import { app } from "./app.ts";

/** A running stand-in. */
export interface ModelStandIn {
  url: string;
  close(): Promise<void>;
}

/** Starts the stand-in on 127.0.0.1. */
export function startModelStandIn(options: Pick<ServeOptions, "port" | "hosts"> = {}): ModelStandIn {
  const server = serve(app.fetch, options);
  return { url: `http://127.0.0.1:${server.addr.port}/v1`, close: () => server.shutdown() };
}
