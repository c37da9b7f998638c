/**
 * Runs one job through a function against a backend, a storage and a database that answer as told.
 *
 * @module
 */
import assert from "node:assert/strict";
import { app as books } from "../../supabase/functions/book-api/app.ts";
import { app as stories } from "../../supabase/functions/story-api/app.ts";
import { captureLogs, type Received, SCHEDULER_KEY, USER_ID, withEnv, withServer } from "./functions.ts";

/** What the job is about. */
export const JOB = "0198a000-0000-7000-8000-00000000000b";
export const RESOURCE = "0198a000-0000-7000-8000-00000000000e";
export const STORY = { title: "T", pages: [{ text: "Once", image_prompt: "a hill" }] };
export const PDF = "%PDF-1.7 tiny %%EOF";

const claim = (type: "story" | "book", request: unknown) => ({
  outcome: "claimed",
  job_id: JOB,
  job_type: type,
  attempt: 3,
  user_id: USER_ID,
  resource_id: RESOURCE,
  request,
  lease_expires_at: new Date(Date.now() + 60_000).toISOString(),
});
/** Jobs as `claim_job` hands them out. */
export const STORY_CLAIM = claim("story", { prompt: "p", age_min: 4, age_max: 7, pages: 1, language: "en" });
export const BOOK_CLAIM = claim("book", {
  story: { ...STORY, language: "en", age_min: 4, age_max: 7 },
  title: "T",
  with_images: true,
});

/** What the RPCs that follow a claim return when all goes well. */
const RESULTS: Record<string, unknown> = {
  heartbeat_job: { outcome: "alive", status: "generating", user_id: USER_ID, resource_id: RESOURCE },
  complete_story: { outcome: "completed", status: "ready" },
  complete_book: { outcome: "completed", status: "ready" },
  fail_job: { outcome: "requeued", status: "queued" },
};

/** Who was asked what, and what was logged. */
export interface Run {
  rpcs: { name: string; args: Record<string, unknown> }[];
  backend: Received[];
  storage: Received[];
  log: Record<string, unknown>[];
}

/** Runs one due job against a backend that answers `answer`, with `results` for the RPCs that follow. */
export async function run(
  job: typeof STORY_CLAIM,
  answer: () => Response,
  results: Record<string, unknown> = {},
): Promise<Run> {
  let claims = 0;
  let received: Received[] = [];
  const app = job.job_type === "story" ? stories : books;
  const lines = await captureLogs(async () => {
    received = await withServer(({ path }) => {
      if (path.startsWith("/backend/")) return answer();
      if (path.startsWith("/storage/")) return Response.json({ Id: "1", Key: "k" });
      const name = path.split("/").at(-1) as string;
      if (name === "claim_job") return Response.json(claims++ === 0 ? job : { outcome: "none" });
      const given = results[name];
      const result = (typeof given === "function" ? given() : given) ?? RESULTS[name];
      return result instanceof Response ? result.clone() : Response.json(result);
    }, (url) =>
      withEnv({ SUPABASE_URL: url, GENERATION_BACKEND_URL: `${url}/backend` }, async () => {
        const path = `/${job.job_type}-api/jobs/run`;
        const response = await app.request(path, { method: "POST", headers: { "x-api-key": SCHEDULER_KEY } });
        assert.deepEqual([response.status, await response.json()], [202, { started: 1 }]);
      }));
  });
  return {
    rpcs: received.filter(({ path }) => path.startsWith("/rest/")).map(({ path, body }) => ({
      name: path.split("/").at(-1) as string,
      args: JSON.parse(body),
    })).filter(({ name }) => name !== "claim_job"),
    backend: received.filter(({ path }) => path.startsWith("/backend/")),
    storage: received.filter(({ path }) => path.startsWith("/storage/")),
    log: lines.map((line) => JSON.parse(line)).filter(({ event }) => event !== "request"),
  };
}
