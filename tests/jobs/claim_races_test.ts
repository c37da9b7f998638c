/** Claiming while the accounts of due jobs are in use. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import { clone } from "../support/clone.ts";
import { newcomer } from "../support/newcomer.ts";

/** Orders so many stories for a new user. */
async function order(sql: postgres.Sql, stories: number): Promise<{ user: string; jobs: string[] }> {
  const user = await newcomer(sql);
  const request = { prompt: "a shy dragon", age_min: 4, age_max: 7, pages: 1 };
  await sql`select public.grant_credits(${user}, 100, 'promotion', 'gift')`;
  const jobs: string[] = [];
  while (jobs.length < stories) {
    const [{ job_id }] = await sql`select job_id from public.create_story(${user}, ${sql.json(request)})`;
    jobs.push(job_id);
  }
  return { user, jobs };
}

Deno.test("a job is found behind any number of jobs of a user whose account is in use", async () => {
  await using database = await clone(2);
  const { sql } = database;
  await sql`update public.rate_limit_policies set max_requests = 64`;
  await sql`update credits_private.work_policy set max_unfinished = 64`;
  const busy = await order(sql, 60);
  const next = await order(sql, 1);
  await sql.begin(async (holder) => {
    await holder`select 1 from public.credit_accounts where user_id = ${busy.user} for update`;
    const [claim] = await sql`select outcome, job_id from public.claim_job(null, 'worker', 'story')`;
    assert.deepEqual({ ...claim }, { outcome: "claimed", job_id: next.jobs[0] });
    const [none] = await sql`select outcome from public.claim_job(null, 'worker', 'story')`;
    assert.equal(none.outcome, "none");
  });
  const [{ job_id }] = await sql`select job_id from public.claim_job(null, 'worker', 'story')`;
  assert.equal(job_id, busy.jobs[0]);
});
