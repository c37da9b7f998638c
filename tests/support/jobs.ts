/**
 * Stories, books and the jobs behind them, for the tests that run against a stack.
 *
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ask } from "./calls.ts";
import { type Person, stack } from "./people.ts";
import { service } from "./service.ts";

/** A request for a story, and what a backend might make of it. */
export const STORY = { prompt: "a shy dragon who learns to whistle", age_min: 4, age_max: 7, pages: 2 };
export const PAGES = [{ text: "Once there was a dragon.", image_prompt: "a dragon" }, {
  text: "It whistled.",
  image_prompt: "",
}];
export const PDF = new TextEncoder().encode("%PDF-1.7\nnot much of a book\n%%EOF");

/** What an accepted request is told. */
export interface Accepted {
  story_id: string;
  book_id: string;
  job_id: string;
  status: string;
  cost: number;
}

/** A story or book in a list. */
export interface Item {
  id: string;
  status: string;
  error_code: string | null;
}

/** A page of a list. */
export interface Listing {
  items: Item[];
  next_cursor: string | null;
}

/** What a report about a job is answered. */
export interface Report {
  outcome: string;
  status: string | null;
}

/** The headers of the generation backend. */
export const backend = { "x-api-key": stack("API_SHARED_SECRET") };
/** The headers of a scheduler. */
export const scheduler = { "x-api-key": stack("SCHEDULER_SECRET") };

type Request = Record<string, string | number | boolean>;

/**
 * A job in the hands of this test: admitted and claimed past the functions, which would start on it at once.
 * A function that is still busy with another test's jobs may be faster; then the next one will do.
 */
export async function claimed(person: Person, type: "story" | "book", request: Request) {
  const args = { p_user_id: person.id, p_request: request };
  for (let i = 0; i < 3; i++) {
    const { data } = type === "story"
      ? await service.rpc("create_story", args)
      : await service.rpc("create_book", args);
    assert.equal(data?.outcome, "accepted");
    const { job_id, resource_id } = data as { job_id: string; resource_id: string };
    const claim = await service.rpc("claim_job", { p_job_id: job_id });
    if (claim.data?.outcome === "claimed") {
      return { job_id, resource_id, attempt: claim.data.attempt as number };
    }
  }
  throw new Error("every job was taken before this test could have it");
}

/** A finished story of `person`'s. */
export async function finishedStory(person: Person): Promise<string> {
  const { job_id, resource_id, attempt } = await claimed(person, "story", STORY);
  const done = await ask<Report>("POST", `story-api/jobs/${job_id}/complete`, backend, {
    attempt,
    title: "The Dragon",
    pages: PAGES,
  });
  assert.deepEqual(done.body, { outcome: "completed", status: "ready" });
  return resource_id;
}

/** Hands a PDF in, as a backend does that promised it. */
export function handIn(
  jobId: string,
  attempt: number,
  pdf: Uint8Array<ArrayBuffer>,
  type = "application/pdf",
): Promise<Response> {
  const url = `${
    stack("API_URL")
  }/functions/v1/book-api/jobs/${jobId}/complete?attempt=${attempt}&page_count=2`;
  return fetch(url, { method: "POST", headers: { ...backend, "content-type": type }, body: pdf });
}

/** Where the PDF of an attempt at a book is kept. */
export function placeOf(userId: string, bookId: string, attempt: number, pdf: Uint8Array): string {
  return `${userId}/${bookId}/${attempt}-${createHash("sha256").update(pdf).digest("hex")}.pdf`;
}
