/**
 * What Ana has of stories and books, for those who attack it.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Belongings } from "../attack/belongings.ts";
import { claimed, finishedStory, handIn, PDF, placeOf, STORY } from "../jobs.ts";
import type { Person } from "../people.ts";

/** A finished story and a book of it, a story that is being written, and a book that is being made. */
export async function giveStories(ana: Person) {
  const storyId = await finishedStory(ana);
  const book = { story_id: storyId, with_images: false, title: "Ana's book" };
  const { job_id, resource_id: bookId, attempt } = await claimed(ana, "book", book);
  assert.equal((await handIn(job_id, attempt, PDF)).status, 200);
  const writing = await claimed(ana, "story", { ...STORY, prompt: "a secret that only Ana knows" });
  const binding = await claimed(ana, "book", book);
  return { storyId, bookId, writing, binding, pdfPath: placeOf(ana.id, bookId, attempt, PDF) };
}

/** The same, for an attack that need not know what a story is. */
export async function give(ana: Person): Promise<Belongings> {
  const { storyId, bookId, writing, binding } = await giveStories(ana);
  return {
    ids: [storyId, bookId, writing.job_id, binding.job_id],
    marks: ["only Ana knows"],
    parameters: {
      p_story_id: storyId,
      p_book_id: bookId,
      p_job_id: writing.job_id,
      p_attempt: writing.attempt,
      p_action: "story_create",
      p_title: "Eve was here",
      p_pages: [{ text: "Eve was here" }],
      p_request: { prompt: "Eve was here", age_min: 4, age_max: 6, pages: 1 },
    },
  };
}
