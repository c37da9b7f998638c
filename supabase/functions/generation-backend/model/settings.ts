import { z } from "zod";
import { optional } from "../../_shared/env.ts";
import { ApiError } from "../../_shared/http/errors.ts";

/** An OpenAI-compatible endpoint and how to call it. */
export interface ModelSettings {
  /** Without a slash at the end: `https://api.openai.com/v1`. */
  baseUrl: string;
  key?: string;
  model: string;
  /** How long one answer may take. */
  timeoutMs: number;
}

const DEFAULT_TIMEOUT_SECONDS = 60;

function endpoint(prefix: "LLM" | "IMAGE"): ModelSettings | undefined {
  const baseUrl = optional(`${prefix}_BASE_URL`)?.replace(/\/+$/, "");
  if (!baseUrl) return;
  const model = optional(`${prefix}_MODEL`);
  if (!model) throw new ApiError("not_configured", { cause: new Error(`${prefix}_MODEL is not set`) });
  const seconds = Number(optional(`${prefix}_TIMEOUT_SECONDS`)) || DEFAULT_TIMEOUT_SECONDS;
  return { baseUrl, key: optional(`${prefix}_API_KEY`), model, timeoutMs: seconds * 1000 };
}

/** The model that writes, and whether its answer is streamed; `undefined` means: write offline. */
export function textModel(): (ModelSettings & { stream: boolean }) | undefined {
  const settings = endpoint("LLM");
  return settings && { ...settings, stream: optional("LLM_STREAM") === "true" };
}

/** The model that paints, with further fields for its requests; `undefined` means: draw. */
export function imageModel(): (ModelSettings & { options: Record<string, unknown> }) | undefined {
  const settings = endpoint("IMAGE");
  if (!settings) return;
  const options = z.string().transform((text) => JSON.parse(text)).pipe(z.record(z.string(), z.unknown()))
    .safeParse(optional("IMAGE_OPTIONS") ?? "{}");
  return { ...settings, options: options.success ? options.data : {} };
}
