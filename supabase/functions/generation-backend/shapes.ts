/**
 * What the generation backend takes and gives, described once.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { text } from "../_shared/http/schemas.ts";

/** The most pages that a story or a book may have. */
export const MAX_PAGES = 60;

/**
 * One page: what is read aloud, and one English line that says what its picture shows. As long as a story's may be: what a
 * book does not hold has a name of its own ({@link ./book/extent.ts}).
 */
export const StoryPage = z.object({
  text: text(1, 20_000),
  image_prompt: text(0, 4000).default(""),
}).openapi("StoryPage");

const age = z.number().int().min(0).max(18).openapi({ description: "Years", example: 5 });
const language = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "Must be a language tag such as en")
  .default("en");
const job = { job_id: text(1, 100), attempt: z.number().int().min(1) };

const agesInOrder = (value: { age_min: number; age_max: number }) => value.age_min <= value.age_max;
const agesOutOfOrder = { path: ["age_max"], message: "Must not be below age_min" };

/** What `POST /stories` takes. */
export const StoryRequest = z.object({
  ...job,
  prompt: text(1, 4000),
  age_min: age,
  age_max: age,
  pages: z.number().int().min(1).max(MAX_PAGES),
  language,
}).refine(agesInOrder, agesOutOfOrder).openapi("StoryRequest");

/** What `POST /stories` answers: exactly as many pages as were asked for. */
export const StoryAnswer = z.object({
  title: z.string().min(1).max(200),
  pages: z.array(StoryPage).min(1).max(MAX_PAGES),
}).openapi("StoryAnswer");

/** What `POST /books` takes: a finished story, the title for the cover, and whether to draw pictures. */
export const BookRequest = z.object({
  ...job,
  story: z.object({
    title: text(1, 300),
    pages: z.array(StoryPage).min(1, "Book must have at least one page").max(MAX_PAGES),
    language,
    age_min: age,
    age_max: age,
  }).refine(agesInOrder, agesOutOfOrder),
  title: text(0, 300).nullish(),
  with_images: z.boolean().default(true),
}).openapi("BookRequest");

export type StoryPage = z.infer<typeof StoryPage>;
export type StoryRequest = z.infer<typeof StoryRequest>;
export type StoryAnswer = z.infer<typeof StoryAnswer>;

/** A story as the book maker needs it. */
export type Story = z.infer<typeof BookRequest>["story"];
