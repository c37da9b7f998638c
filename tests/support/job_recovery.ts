/**
 * What puts jobs right after an accident, and what must be true of them then.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Customer, type JobSite } from "./job_site.ts";

/** The sweeps a scheduler runs, after the leases of every attempt have run out and every wait is over. */
export async function sweep({ sql }: JobSite): Promise<void> {
  await sql`update public.generation_jobs set lease_expires_at = now() - interval '1 second' where status = 'generating'`;
  await sql`select public.requeue_stale_jobs()`;
  await sql`select public.release_stale_reservations()`;
  await sql`select public.expire_credits()`;
  await sql`update public.generation_jobs set next_attempt_at = now() where status = 'queued'`;
}

/** Has due jobs taken on again and again, as a scheduler does, until all of `jobs` have ended. */
export async function runToTheEnd(site: JobSite, jobs: string[]): Promise<void> {
  await ended(site, jobs, async () => {
    for (const type of ["story", "book"]) {
      const response = await site.call("POST", `${type}-api/jobs/run`, "scheduler");
      // What asks every minute comes again after a 503.
      assert.ok([202, 503].includes(response.status), await response.text());
    }
  });
}

/** Waits until all of `jobs` have ended, doing `meanwhile` in every round. */
export async function ended(site: JobSite, jobs: string[], meanwhile = async () => {}): Promise<void> {
  await site.until("every job has ended", async () => {
    await meanwhile();
    const open = await site.sql`
      select from public.generation_jobs where id in ${
      site.sql(jobs)
    } and status in ('queued', 'generating')`;
    return open.length === 0;
  });
}

/** One job of `type` and all that belongs to it: ready and charged, or failed and refunded, once, and nothing else. */
export async function assertSettled(
  site: JobSite,
  type: "story" | "book",
  customer: Customer,
  jobId: string,
) {
  const { sql } = site;
  const [facts] = await sql`
    select j.status::text, j.cost::float, l.status::text as reservation, l.credits_used::float as charged,
      (select count(*)::int from public.credit_usage_logs where user_id = j.user_id) as reservations,
      (select count(*)::int from public.books where user_id = j.user_id) as books,
      (select count(*)::int from public.stories where user_id = j.user_id) as stories,
      (select coalesce(sum(credits_used), 0)::float from public.credit_usage_logs
        where user_id = j.user_id and status = 'confirmed') as spent,
      a.available::float, a.reserved::float,
      (select sum(original_amount)::float from public.user_credits where user_id = j.user_id) as granted
    from public.generation_jobs j
    join public.credit_accounts a using (user_id)
    join public.credit_usage_logs l on l.user_id = j.user_id and l.job_id = j.id
    where j.id = ${jobId} and j.user_id = ${customer.id}`;
  assert.ok(["ready", "failed"].includes(facts.status), facts.status);
  const isReady = facts.status === "ready";
  assert.equal(facts.reservation, isReady ? "confirmed" : "refunded");
  if (isReady) assert.equal(facts.charged, facts.cost);
  assert.equal(facts.reserved, 0);
  assert.equal(facts.available, facts.granted - facts.spent);
  assert.deepEqual([facts.stories, facts.books], type === "book" ? [1, 1] : [2, 0]);
  assert.equal(facts.reservations, 2);
  assert.deepEqual([...await sql`select * from public.verify_credits(${customer.id})`], []);
  await assertDelivered(site, type, customer, jobId, isReady);
}

/** What the owner gets to see is what the job's row says. */
async function assertDelivered(
  site: JobSite,
  type: "story" | "book",
  customer: Customer,
  jobId: string,
  isReady: boolean,
) {
  const { resource_id, status, attempt } = await site.job(jobId);
  const read = await site.call("GET", `${type}-api/${resource_id}`, customer);
  const item = await read.json();
  assert.deepEqual([read.status, item.status, item.job.status], [200, status, status]);
  if (type === "story") {
    assert.equal(item.pages?.[0].text, isReady ? `Written by attempt ${attempt}.` : undefined);
    return;
  }
  const pdf = await site.call("GET", `book-api/${resource_id}/pdf`, customer);
  const text = await pdf.text();
  assert.equal(pdf.status, isReady ? 200 : 409);
  if (isReady) assert.match(text, new RegExp(`made by attempt ${attempt}\n`));
}

/** What must be true of many jobs together: each ended once with its story or book, and the amounts add up. */
export async function assertAgreement({ sql }: JobSite, customers: Customer[], jobs: string[]) {
  const wrong = await sql`
    select j.id, j.job_type, j.status, l.status as reservation, s.pages is not null as has_pages, b.pdf_path
    from public.generation_jobs j
    join public.credit_usage_logs l on l.user_id = j.user_id and l.job_id = j.id
    left join public.stories s on s.job_id = j.id
    left join public.books b on b.job_id = j.id
    where j.id in ${sql(jobs)} and not coalesce(
      case j.status
        when 'ready' then l.status = 'confirmed' and l.credits_used = j.cost
          and coalesce(s.status, b.status) = 'ready' and (s.pages is not null or b.pdf_path is not null)
        when 'failed' then l.status = 'refunded' and j.error_code = 'unsafe_prompt'
          and coalesce(s.status, b.status) = 'failed' and s.pages is null and b.pdf_path is null
      end, false)`;
  assert.deepEqual([...wrong], []);
  const users = sql(customers.map(({ id }) => id));
  const [count] = await sql`
    select (select count(*)::int from public.stories where user_id in ${users}) as stories,
      (select count(*)::int from public.books where user_id in ${users}) as books`;
  assert.deepEqual(count.stories + count.books, jobs.length + customers.length);
  const [sum] = await sql`
    select sum(available)::text as left,
      (sum(granted) - sum(spent))::text as expected, sum(reserved)::float as reserved
    from public.credit_accounts a,
      lateral (select sum(original_amount) as granted from public.user_credits where user_id = a.user_id) g,
      lateral (select sum(credits_used) as spent from public.credit_usage_logs
        where user_id = a.user_id and status = 'confirmed') u
    where a.user_id in ${users}`;
  assert.equal(sum.left, sum.expected);
  assert.equal(sum.reserved, 0);
  assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
}
