/**
 * The built-in generation backend: writes stories and makes books, for callers with the shared secret (C1).
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { createApp } from "../_shared/http/app.ts";
import { forBackend, requireBackend } from "../_shared/auth/keys.ts";
import { forAnyone } from "../_shared/http/callers.ts";
import { deployedVersion } from "../_shared/version.ts";
import { log } from "../_shared/log.ts";
import { strongSecrets } from "../_shared/needs.ts";
import { errors, json, jsonBody } from "../_shared/http/schemas.ts";
import { GENERATION_ERRORS } from "./errors.ts";
import { loadFonts } from "./book/fonts.ts";
import { makeBook, settable, withRoom } from "./book/make.ts";
import { picturesFor } from "./model/pictures.ts";
import { usable } from "./model/settings.ts";
import { writeStory } from "./model/story.ts";
import { BookRequest, StoryAnswer, StoryRequest } from "./shapes.ts";
import { sayUsage } from "./usage.ts";

/** The longest story that story-api keeps (2 MiB), and what a request says beside it. */
const MAX_BODY_BYTES = (2048 + 64) * 1024;
/** The caller waits for 120 seconds: whatever waits for a model gives up before. */
const LONGEST_WORK_MS = 110_000;
const NAME = "generation-backend";
const OPEN_PATH = `/${NAME}/health`;

const Health = z.object({
  status: z.literal("ok"),
  version: z.string(),
  stories: z.boolean().openapi({ description: "Whether a model that writes is configured" }),
  pictures: z.boolean().openapi({ description: "Whether a model that paints is configured" }),
  refused: z.array(z.string()).openapi({
    description: "Settings that cannot be used, by name",
    example: ["LLM_MODEL is not set"],
  }),
});

const healthRoute = createRoute({
  method: "get",
  path: "/health",
  ...forAnyone(),
  responses: { 200: json(Health, "It is up, and what it can make here"), ...errors("not_configured") },
});

const storyRoute = createRoute({
  method: "post",
  path: "/stories",
  ...forBackend(),
  request: jsonBody(StoryRequest),
  responses: {
    200: json(StoryAnswer, "The finished story"),
    ...errors(
      "invalid_request",
      "invalid_api_key",
      GENERATION_ERRORS.unsafe_prompt,
      GENERATION_ERRORS.model_not_configured,
      GENERATION_ERRORS.bad_generation,
      GENERATION_ERRORS.model_unavailable,
      "not_configured",
    ),
  },
});

const bookRoute = createRoute({
  method: "post",
  path: "/books",
  ...forBackend(),
  request: jsonBody(BookRequest),
  responses: {
    200: {
      description:
        "The book. X-Page-Count says how many pages the PDF has, X-Picture-Count how many of the story's pages have a picture.",
      content: { "application/pdf": { schema: z.string().openapi({ format: "binary" }) } },
    },
    ...errors(
      "invalid_request",
      "invalid_api_key",
      GENERATION_ERRORS.page_too_long,
      GENERATION_ERRORS.book_too_long,
      GENERATION_ERRORS.unsupported_script,
      GENERATION_ERRORS.model_not_configured,
      "temporarily_unavailable",
    ),
  },
});

/** The routes of the generation backend. Keeps nothing from request to request. */
export const app = createApp(NAME, {
  bodyBytes: MAX_BODY_BYTES,
  guard: (c, next) => c.req.path === OPEN_PATH ? next() : sayUsage(c, () => requireBackend(c, next)),
  description: forBackend(),
});

const isConfigured = strongSecrets("API_SHARED_SECRET");

app.openapi(healthRoute, (c) => {
  isConfigured();
  loadFonts();
  const version = deployedVersion();
  return c.json({ status: "ok" as const, version, ...usable() }, 200);
});

for (const reason of usable().refused) log("error", "setting_refused", { reason });

/** Ends what is done for a caller: when it has gone, and when it waits no longer. */
const untilGone = ({ req }: Context) =>
  AbortSignal.any([req.raw.signal, AbortSignal.timeout(LONGEST_WORK_MS)]);

app.openapi(storyRoute, async (c) => {
  const request = c.req.valid("json");
  c.set("jobId", request.job_id);
  const story = await writeStory(request, { signal: untilGone(c), usage: c.get("usage") });
  c.set("outcome", "written");
  return c.json(story, 200);
});

app.openapi(bookRoute, async (c) => {
  const { job_id, story, title, with_images } = c.req.valid("json");
  c.set("jobId", job_id);
  const signal = untilGone(c);
  const set = settable({ ...story, title: title?.trim() || story.title });
  const { pictures, book } = await withRoom(story.pages.length, with_images, async () => {
    const pictures = with_images ? await picturesFor(story.pages, { signal, usage: c.get("usage") }) : null;
    return { pictures, book: await makeBook(set, pictures, signal) };
  });
  c.set("outcome", pictures ? `bound with ${book.pictureCount} pictures` : "bound");
  return c.body(book.bytes, 200, {
    "Content-Type": "application/pdf",
    "X-Page-Count": String(book.pageCount),
    // Without a count, the caller takes it that every page has its picture.
    ...(pictures && { "X-Picture-Count": String(book.pictureCount) }),
  });
});
