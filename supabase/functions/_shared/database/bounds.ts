/**
 * What a request for work may say, field by field, in the order in which Postgres checks it.
 *
 * Made by `deno task gen:types` from `credits_private.job_request_fields`, where a bound is changed. Texts are counted in
 * characters, and only those that can be seen are among the least.
 *
 * @module
 */
export const BOUNDS = {
  book: {
    with_images: { kind: "boolean", required: true },
    title: { kind: "text", least: 1, most: 200, required: false },
    story_id: { kind: "uuid", required: true },
  },
  story: {
    prompt: { kind: "text", least: 3, most: 1000, required: true },
    age_min: { kind: "integer", least: 2, most: 12, required: true },
    age_max: { kind: "integer", least: 2, most: 12, required: true },
    pages: { kind: "integer", least: 1, most: 60, required: false, fallback: 8 },
    language: { kind: "language", required: false, fallback: "en" },
  },
} as const;
