/**
 * Stories, as the queue, its worker and its routes know them.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { jsonDelivery } from "../_jobs/delivery/json.ts";
import type { Product } from "../_jobs/product.ts";
import { call } from "../_shared/database/client.ts";
import { text } from "../_shared/http/schemas.ts";

/** A finished story, as the backend hands it in. */
const Answer = z.object({
  title: text(1, 300),
  pages: z.array(z.object({
    text: text(1, 20_000),
    image_prompt: text(0, 4000).default(""),
  })).min(1).max(200),
});

/** Whether a story can become a book; known for certain once it is ready. */
const Bookable = {
  bookable: z.boolean().openapi({ description: "Whether a book can be made of it, as far as is known" }),
  book_refusal: z.string().nullable().openapi({ description: "Why not" }),
};

/** The product of story-api. */
export const story: Product = {
  jobType: "story",
  unit: "pages",
  backendPath: "/stories",
  creation: {
    path: "/create",
    policy: "story_create",
    admit: (order) => call("create_story", order),
    told: {
      shape: Bookable,
      of: ({ message }) => ({ bookable: message === null, book_refusal: message }),
    },
  },
  delivery: jsonDelivery({
    schema: Answer,
    mostBytes: 2 * 1024 * 1024,
    store: (attempt, { title, pages }) =>
      call("complete_story", { ...attempt, p_title: title, p_pages: pages }),
  }),
  table: "stories",
  progress: "story_progress",
  summary: {
    title: z.string().nullable(),
    prompt: z.string(),
    age_min: z.int(),
    age_max: z.int(),
    language: z.string(),
    page_count: z.int(),
  },
  details: {
    pages: z.array(z.object({ text: z.string(), image_prompt: z.string().optional() })).nullable(),
    ...Bookable,
  },
  async remove(userId, id) {
    return (await call("delete_story", { p_user_id: userId, p_story_id: id })).outcome;
  },
};
