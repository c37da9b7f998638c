/**
 * The routes of stories and books that take JSON, and the least that can be ordered on them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { BOUNDS } from "../../../supabase/functions/_shared/database/bounds.ts";
import { operations } from "../fuzz/operations.ts";
import { PAGES, STORY } from "../jobs.ts";
import { as, grant, signUp } from "../people.ts";
import { service } from "../service.ts";

const { age_min, age_max } = BOUNDS.story;

/** What is sent. */
export type Body = Record<string, unknown>;

/** Each route, as its API describes it. */
export const routes = (await operations()).flatMap(({ path, body, headers }) =>
  /^\/(story|book)-api\//.test(path) && body?.type === "application/json"
    ? [{ path: path.slice(1), schema: body.schema, headers }]
    : []
);

/** Somebody new with credits, because every order counts against a rate limit. */
export async function customer() {
  const person = await signUp();
  await grant(person, 1000);
  return { id: person.id, headers: as(person) };
}

async function storyOf(userId: string): Promise<string> {
  const { data } = await service.rpc("create_story", { p_user_id: userId, p_request: STORY });
  const { job_id, resource_id } = data as { job_id: string; resource_id: string };
  // Nobody else knows of this job until it is asked for.
  const claim = await service.rpc("claim_job", { p_job_id: job_id });
  const done = { p_job_id: job_id, p_attempt: claim.data?.attempt ?? 0, p_title: "T", p_pages: PAGES };
  assert.equal((await service.rpc("complete_story", done)).data?.outcome, "completed");
  return resource_id;
}

interface Orders {
  rpc: "create_story" | "create_book";
  /** The least that can be ordered; each bound of one field goes with the rest of it. */
  request(userId: string): Promise<Body>;
}

/** The orders that Postgres checks, by the path that takes them. */
export const ORDERS: Record<string, Orders> = {
  "story-api/create": {
    rpc: "create_story",
    request: () =>
      Promise.resolve({ prompt: "a shy dragon", age_min: age_min.least, age_max: age_max.most, pages: 1 }),
  },
  "book-api/generate": {
    rpc: "create_book",
    request: async (userId) => ({ story_id: await storyOf(userId), with_images: false }),
  },
};
