// L5: a release that fails is logged with reservation, user, job and error, and the sweeps return the credits all the same.
import assert from "node:assert/strict";
import { assertSettled, sweep } from "../support/job_recovery.ts";
import { type Customer, JobSite } from "../support/job_site.ts";

/** Orders a story that the backend refuses, while a rule of the database's keeps the job from failing. */
async function failToRelease(site: JobSite): Promise<{ customer: Customer; jobId: string }> {
  const customer = await site.customer();
  site.backend.tell(customer.id, () => Response.json({ code: "unsafe_prompt" }, { status: 422 }));
  await site.sql`
    alter table public.generation_jobs add constraint no_failing check (status <> 'failed') not valid`;
  const jobId = await site.order("story", customer);
  const over = () => site.log.some(({ event, job_id }) => event === "job" && job_id === jobId);
  await site.until("the attempt is over", over);
  await site.sql`alter table public.generation_jobs drop constraint no_failing`;
  return { customer, jobId };
}

async function reserved({ sql }: JobSite, { id }: Customer): Promise<number> {
  const [{ reserved }] = await sql`
    select reserved::float from public.credit_accounts where user_id = ${id}`;
  return reserved;
}

Deno.test("L5: a release that fails is logged, and the credits come back without it", async (t) => {
  await using site = await JobSite.start();

  await t.step(
    "the log line names reservation, user, job and error, and nothing that was asked for",
    async () => {
      const { customer, jobId } = await failToRelease(site);
      const line = site.log.find(({ event, job_id }) => event === "release_failed" && job_id === jobId);
      assert.ok(line, "no line says that the release failed");
      assert.deepEqual(
        [line.level, line.reservation_id, line.user_id, line.job_type, line.attempt],
        ["error", jobId, customer.id, "story", 1],
      );
      assert.match(JSON.stringify(line.error), /fail_job: .*no_failing/);
      assert.doesNotMatch(JSON.stringify(line), /brave snail/);
      assert.ok(await reserved(site, customer) > 0);
    },
  );

  await t.step("the sweep of the jobs has it tried again, and returns the credits then", async () => {
    const { customer, jobId } = await failToRelease(site);
    await sweep(site);
    const { resource_id } = await site.job(jobId);
    await site.until("the job has ended", async () => {
      await (await site.call("GET", `story-api/${resource_id}`, customer)).body?.cancel();
      return (await site.job(jobId)).status === "failed";
    });
    await assertSettled(site, "story", customer, jobId);
  });

  await t.step(
    "the sweep of the reservations returns them even if nobody ever comes to the job",
    async () => {
      const { customer, jobId } = await failToRelease(site);
      await site.sql`
      update public.credit_usage_logs set expires_at = now() - interval '1 second' where job_id = ${jobId}`;
      await site.sql`select public.release_stale_reservations()`;
      assert.equal(await reserved(site, customer), 0);
      assert.deepEqual([...await site.sql`select * from public.verify_credits(${customer.id})`], []);
    },
  );
});
