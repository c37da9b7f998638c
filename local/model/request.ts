/**
 * What requests say, read from OpenAI's protocol.
 *
 * @module
 */
import { z } from "zod";
import type { Wish } from "./tale.ts";

const Content = z.union([z.string(), z.array(z.object({ text: z.string().optional() }))]);

/** What `POST /v1/chat/completions` takes, as far as it matters here. */
export const ChatRequest = z.object({
  model: z.string().default("stand-in"),
  messages: z.array(z.object({ role: z.string(), content: Content.nullish() })).min(1),
  stream: z.boolean().nullish(),
  response_format: z.object({ type: z.string() }).nullish(),
});

/** What `POST /v1/images/generations` takes, as far as it matters here. */
export const ImageRequest = z.object({
  prompt: z.string(),
  n: z.number().int().min(1).max(10).nullish(),
  size: z.string().nullish(),
});

/** A story request as the generation backend writes it into its message; whatever is odd about it is left out. */
const Order = z.object({
  prompt: z.string(),
  age_min: z.number().catch(5),
  age_max: z.number().catch(5),
  pages: z.number().int().min(1).max(60).catch(8),
  language: z.string().catch("en"),
});

function orderIn(text: string): Wish | undefined {
  try {
    const { prompt, age_min, age_max, pages, language } = Order.parse(JSON.parse(text));
    return { prompt, pages, language, age: (age_min + age_max) / 2 };
  } catch {
    return undefined;
  }
}

/** What is wished for: the JSON of a message, or else the last words of the user. */
export function wishIn({ messages }: z.infer<typeof ChatRequest>): Wish {
  const said = messages.filter(({ role }) => role === "user").map(({ content }) =>
    typeof content === "string" ? content : content?.map(({ text }) => text ?? "").join("") ?? ""
  );
  return said.map(orderIn).find((wish) => wish) ??
    { prompt: said.at(-1) ?? "", pages: 8, language: "en", age: 5 };
}

const DEFAULT_SIZE = { width: 1024, height: 896 };

/** The size of a picture: `1024x896`, or what a caller asks for between 64 and 2,048. */
export function sizeOf(size: string | null | undefined): { width: number; height: number } {
  const [, width, height] = /^(\d{2,4})x(\d{2,4})$/.exec(size ?? "")?.map(Number) ?? [];
  const fits = [width, height].every((side) => side >= 64 && side <= 2048);
  return fits ? { width, height } : DEFAULT_SIZE;
}
