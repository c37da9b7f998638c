// Whoever dies, and at whichever step of a job: it ends ready and charged, or failed and refunded, once.
import assert from "node:assert/strict";
import { Client } from "pg";
import { assertSettled, runToTheEnd, sweep } from "../support/job_recovery.ts";
import { type Customer, JobSite } from "../support/job_site.ts";
import { goodAnswer } from "../support/scripted_backend.ts";
import type { Held, Stop } from "../support/wire.ts";

/** A job that is brought to a step and held there. */
interface Case {
  type: "story" | "book";
  step: Stop | "while the backend is at it" | "during the commit";
}

const STORY_STEPS: Case["step"][] = [
  "before the claim",
  "after the claim",
  "while the backend is at it",
  "before the commit",
  "during the commit",
  "after the commit",
];
const CASES: Case[] = [
  ...STORY_STEPS.map((step) => ({ type: "story" as const, step })),
  ...STORY_STEPS.map((step) => ({ type: "book" as const, step })),
  { type: "book", step: "before the upload" },
  { type: "book", step: "after the upload" },
];

interface Running extends Case {
  customer: Customer;
  jobId: string;
  held: Held;
}

/** Orders what `one` is about and resolves when its job is held at the step. */
async function bringTo(site: JobSite, one: Case): Promise<Running> {
  const customer = await site.customer();
  const held = hold(site, one.step, customer);
  const jobId = await site.order(one.type, customer);
  await held.reached;
  return { ...one, customer, jobId, held };
}

function hold(site: JobSite, step: Case["step"], customer: Customer): Held {
  if (step === "during the commit") return holdCommit(site, customer);
  if (step !== "while the backend is at it") return site.wire.hold(customer.id, step);
  const came = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  site.backend.tell(customer.id, async (order) => {
    came.resolve();
    await open.promise;
    return goodAnswer(order);
  });
  return { reached: came.promise, release: () => open.resolve() };
}

/** Lets the commit begin, and holds it where it has locked the account and wants to write the story or book. */
function holdCommit(site: JobSite, customer: Customer): Held {
  const begun = site.wire.hold(customer.id, "before the commit");
  const open = Promise.withResolvers<void>();
  const reached = begun.reached.then(async () => {
    const locker = new Client({ connectionString: site.stack.adminUrl });
    // It may lose its connection when the database is killed.
    locker.on("error", () => {});
    await locker.connect();
    await locker.query("begin");
    for (const table of ["stories", "books"]) {
      await locker.query(`select from public.${table} where user_id = $1 for update`, [customer.id]);
    }
    const { rows: [{ pid }] } = await locker.query("select pg_backend_pid() as pid");
    open.promise.then(() => locker.end());
    begun.release();
    await site.until("the commit waits", async () => {
      const waiting = await site.sql`select from pg_stat_activity where ${pid} = any (pg_blocking_pids(pid))`;
      return waiting.length > 0;
    });
  });
  return { reached, release: () => open.resolve() };
}

/** Ends somebody in the middle of everything and brings them back; held messages are let go in between. */
const VICTIMS: Record<string, (site: JobSite, running: Running[]) => Promise<void>> = {
  "the functions": async ({ stack }, running) => {
    await Promise.all(["story-api", "book-api"].map((name) => stack.killFunction(name)));
    // What a function had only just begun to send dies with it; what was under way arrives without it.
    for (const { held, step } of running) held.release(step.startsWith("before") ? "lost" : undefined);
    await Promise.all(["story-api", "book-api"].map((name) => stack.restartFunction(name)));
  },
  "the database": async (site, running) => {
    await site.stack.killDatabase();
    for (const { held } of running) held.release();
    await site.stack.restartDatabase();
    await everyAttemptIsOver(site, running);
  },
  "the backend": async (site, running) => {
    await site.backend.kill();
    for (const { held } of running) held.release();
    await everyAttemptIsOver(site, running);
    site.backend.restart();
  },
};

async function everyAttemptIsOver(site: JobSite, running: Running[]): Promise<void> {
  const over = (jobId: string) =>
    site.log.some(({ event, job_id }) =>
      job_id === jobId && (event === "job" || event === "background_failed")
    );
  await site.until("every attempt is over", () => running.every(({ jobId }) => over(jobId)));
}

Deno.test("whoever dies at whichever step, the job is delivered and charged once", async (t) => {
  await using site = await JobSite.start();
  for (const [victim, dies] of Object.entries(VICTIMS)) {
    const running = await Promise.all(CASES.map((one) => bringTo(site, one)));
    const jobs = running.map(({ jobId }) => jobId);
    await dies(site, running);
    await sweep(site);
    await runToTheEnd(site, jobs);
    for (const { type, step, customer, jobId } of running) {
      await t.step(`a ${type} when ${victim} died ${step}`, async () => {
        assert.equal((await site.job(jobId)).status, "ready");
        await assertSettled(site, type, customer, jobId);
      });
    }
  }
});
