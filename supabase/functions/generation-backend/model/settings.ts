import { z } from "zod";
import { list, notConfigured, optional } from "../../_shared/env.ts";

/** An OpenAI-compatible endpoint and how to call it. */
export interface ModelSettings {
  /** The address below which its routes are: `https://api.openai.com/v1`. */
  base: URL;
  key?: string;
  model: string;
  /** How long one answer may take, further tries included. */
  timeoutMs: number;
}

/** The model that writes, and whether it is asked for a stream. */
export type ChatSettings = ModelSettings & { stream: boolean };

/** The model that paints, with further fields for its requests and the hosts that it may keep its pictures on. */
export type ImageSettings = ModelSettings & { options: Record<string, unknown>; hosts: string[] };

const DEFAULT_TIMEOUT_SECONDS = 60;
/** Hosts on one's own machine or network, which rarely have a certificate. */
const NEARBY = /^(?:localhost|host\.docker\.internal|127\.|10\.|192\.168\.|\[)/;
const ROUTE = /\/(?:chat\/completions|completions|images\/generations)$/;

/** The base address as it was meant: with a scheme, without the route itself, `/v1` where no path is. */
export function baseAddress(text: string): URL | undefined {
  const url = URL.parse(
    /^https?:\/\//i.test(text) ? text : `${NEARBY.test(text) ? "http" : "https"}://${text}`,
  );
  if (!url) return;
  url.pathname = url.pathname.replace(/\/+$/, "").replace(ROUTE, "") || "/v1";
  return url;
}

/** The variable's value without the quotes that some tools leave around it. */
function bare(name: string): string | undefined {
  return optional(name)?.replace(/^(["'])(.*)\1$/, "$2").trim() || undefined;
}

function endpoint(prefix: "LLM" | "IMAGE"): ModelSettings | undefined {
  const address = bare(`${prefix}_BASE_URL`);
  if (!address) return;
  const base = baseAddress(address);
  if (!base) throw notConfigured(`${prefix}_BASE_URL is no address`);
  const model = bare(`${prefix}_MODEL`);
  if (!model) throw notConfigured(`${prefix}_MODEL is not set`);
  const seconds = Number(bare(`${prefix}_TIMEOUT_SECONDS`) ?? DEFAULT_TIMEOUT_SECONDS);
  if (!(seconds > 0 && seconds < Infinity)) {
    throw notConfigured(`${prefix}_TIMEOUT_SECONDS is no number above 0`);
  }
  return { base, key: bare(`${prefix}_API_KEY`), model, timeoutMs: seconds * 1000 };
}

/** The model that writes; `undefined` when none is configured. */
export function chatModel(): ChatSettings | undefined {
  const settings = endpoint("LLM");
  if (!settings) return;
  const stream = bare("LLM_STREAM")?.toLowerCase() ?? "false";
  if (!["true", "false"].includes(stream)) throw notConfigured("LLM_STREAM is neither true nor false");
  return { ...settings, stream: stream === "true" };
}

/** The model that paints; `undefined` when none is configured. */
export function imageModel(): ImageSettings | undefined {
  const settings = endpoint("IMAGE");
  if (!settings) return;
  const options = z.string().transform((text) => JSON.parse(text)).pipe(z.record(z.string(), z.unknown()))
    .safeParse(bare("IMAGE_OPTIONS") ?? "{}");
  if (!options.success) throw notConfigured("IMAGE_OPTIONS is no JSON object");
  const hosts = list("LLM_IMAGE_HOSTS").map((host) => host.toLowerCase());
  return { ...settings, options: options.data, hosts };
}

/** What can be made here, and the settings that cannot be used: their names and what is wrong, never their values. */
export function usable(): { stories: boolean; pictures: boolean; refused: string[] } {
  const refused: string[] = [];
  const has = (model: () => unknown) => {
    try {
      return model() !== undefined;
    } catch (error) {
      refused.push(((error as Error).cause as Error).message);
      return false;
    }
  };
  return { stories: has(chatModel), pictures: has(imageModel), refused };
}
