/**
 * A story as a model drafts it: the schema it is asked for, and a reader that takes it in the forms models really send.
 *
 * @module
 */
import { jsonrepair } from "jsonrepair";
import { z } from "zod";
import { storable } from "../storable.ts";

/** No story needs more: sixty long pages, each letter written as an escape. */
const LONGEST_TEXT = 2_000_000;
const MOST_PAGES = 1000;
/** How much of what is wrong a model is told. */
const LONGEST_FLAW = 1000;

const UNSAFE = "true if the request is not fit for children; then title is empty and pages is []";

/** What a model is asked for. */
const Wanted = z.object({
  unsafe: z.boolean().describe(UNSAFE),
  title: z.string(),
  pages: z.array(z.object({
    text: z.string().describe("What is read aloud on this page, without page numbers or markup"),
    image_prompt: z.string().describe("One line in English: who does what, where, at what time of day"),
  })),
});

/** {@linkcode Wanted} as a JSON schema. */
export const draftSchema = z.toJSONSchema(Wanted) as Record<string, unknown>;

const line = z.string().nullish().transform((text) => storable((text ?? "").replace(/\s+/g, " "), 1000));
const Draft = z.object({
  unsafe: z.union([z.boolean(), z.string().transform((word) => word.trim().toLowerCase() === "true")])
    .nullish().transform((unsafe) => unsafe ?? false),
  title: line,
  pages: z.array(z.unknown()).max(MOST_PAGES).pipe(
    z.array(z.object({ text: z.string().transform((text) => storable(text)), image_prompt: line })),
  ),
});

/** A draft that could be read. */
export type Draft = z.infer<typeof Draft>;

/** What a model said after it had thought. Not by a pattern, which would take the square of the time. */
function spoken(text: string): string {
  const thought = "</think>";
  const said = text.slice(text.lastIndexOf(thought) + thought.length);
  return text.includes(thought) && said.includes("{") ? said : text;
}

/** The object in a model's text: behind its thoughts, in a code fence, mended where it is not quite JSON. */
function objectIn(text: string): { value?: unknown; mended: boolean } {
  const said = spoken(text);
  const [start, end] = [said.indexOf("{"), said.lastIndexOf("}")];
  if (start < 0) return { mended: false };
  for (const candidate of [said.slice(start, end + 1), said.slice(start)]) {
    try {
      return { value: JSON.parse(candidate), mended: false };
    } catch {
      // Not yet.
    }
  }
  // What follows the last brace may be the rest of an answer that was cut off, or no JSON at all.
  for (const candidate of [said.slice(start), said.slice(start, end + 1)]) {
    try {
      const value = JSON.parse(jsonrepair(candidate));
      return { value: Array.isArray(value) ? value[0] : value, mended: true };
    } catch {
      // Not yet.
    }
  }
  return { mended: false };
}

/** `{"story": {…}}` means what is in it. */
function unwrapped(value: unknown): unknown {
  if (typeof value !== "object" || value === null || "pages" in value) return value;
  const [only, ...others] = Object.values(value);
  return others.length || typeof only !== "object" ? value : only;
}

/** Words in which models decline, when they answer in words. */
const DECLINES =
  /(?<!\p{L})(?:sorry|apologi[sz]e|can(?:no|['’])t|unable to|won['’]t)(?!\p{L})|leid|kann .*nicht|lo siento|no puedo/iu;

/** The draft in a model's text, that it declined, or what is wrong with it, in words the model can act on. */
export function readDraft(text: string, complete: boolean): Draft | "declined" | { flaw: string } {
  if (text.length > LONGEST_TEXT) return { flaw: "The answer is too long." };
  const { value, mended } = objectIn(text);
  if (value === undefined) {
    return text.length < 1000 && DECLINES.test(text) ? "declined" : { flaw: "The answer is not valid JSON." };
  }
  if (!complete && mended) return { flaw: "The answer was cut off. Write shorter pages." };
  const draft = Draft.safeParse(unwrapped(value));
  if (draft.success) return draft.data.unsafe ? "declined" : draft.data;
  return {
    flaw: `The answer does not fit the schema: ${z.prettifyError(draft.error)}`.slice(0, LONGEST_FLAW),
  };
}
