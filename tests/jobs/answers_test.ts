// Whatever a backend answers, how often and how late: a job is delivered and charged once, or failed and refunded.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { assertSettled, ended, runToTheEnd, sweep } from "../support/job_recovery.ts";
import { type Customer, JobSite } from "../support/job_site.ts";
import { handIn } from "../support/hand_in.ts";
import { goodAnswer, type Order, pdfOf, type Script } from "../support/scripted_backend.ts";

type Type = Order["type"];

/** A backend that answers badly `times` times, and well from then on. */
const badly = (times: number, answer: (order: Order) => Response): Script => (order) =>
  order.attempt <= times ? answer(order) : goodAnswer(order);

const fault = () => Response.json({ code: "model_failed" }, { status: 500 });
const malformed = () => new Response('{"title": "%PDF"}');
const cutOff = () =>
  new Response(gzipSync(pdfOf({ attempt: 1 })).subarray(0, -12), { headers: { "content-encoding": "gzip" } });
const refusal = () => Response.json({ code: "unsafe_prompt" }, { status: 422 });

const ANSWERS: [name: string, script: Script, attempts: number, error: string | null][] = [
  ["a fault and then the result", badly(1, fault), 2, null],
  ["two results that are none and then one", badly(2, malformed), 3, null],
  ["half a result and then all of it", badly(1, cutOff), 2, null],
  ["faults for ever", badly(9, fault), 3, "backend_unavailable"],
  ["what is no result, for ever", badly(9, malformed), 3, "backend_answer_invalid"],
  ["a refusal", badly(9, refusal), 1, "unsafe_prompt"],
];

async function outcomeOf(report: Promise<Response>): Promise<string> {
  const response = await report;
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()).outcome;
}

/** Orders one, and has `script` do the first attempt; the next ones are done well. */
async function start(site: JobSite, type: Type, script: Script) {
  const customer = await site.customer();
  const asked = Promise.withResolvers<Order>();
  site.backend.tell(customer.id, (order) => {
    if (order.attempt > 1) return goodAnswer(order);
    asked.resolve(order);
    return script(order);
  });
  const jobId = await site.order(type, customer);
  return { customer, jobId, order: await asked.promise };
}

async function assertReady(site: JobSite, type: Type, customer: Customer, jobId: string, attempt: number) {
  const job = await site.job(jobId);
  assert.deepEqual([job.status, job.attempt], ["ready", attempt]);
  await assertSettled(site, type, customer, jobId);
}

const promise = () => new Response(null, { status: 202 });

Deno.test("whatever the backend answers, a job ends once", async (t) => {
  await using site = await JobSite.start();
  await site.sql`update credits_private.job_settings set retry_delay = '0', max_attempts = 3`;
  for (const type of ["story", "book"] as const) {
    for (const [name, script, attempts, error] of ANSWERS) {
      await t.step(`a ${type}: ${name}`, async () => {
        const customer = await site.customer();
        site.backend.tell(customer.id, script);
        const jobId = await site.order(type, customer);
        await ended(site, [jobId]);
        const job = await site.job(jobId);
        assert.deepEqual([job.attempt, job.error_code], [attempts, error]);
        assert.equal(job.status, error === null ? "ready" : "failed");
        await assertSettled(site, type, customer, jobId);
      });
    }

    await t.step(`a ${type}: promised, and handed in twice`, async () => {
      const { customer, jobId, order } = await start(site, type, promise);
      assert.equal(await outcomeOf(handIn(site, order)), "completed");
      assert.equal(await outcomeOf(handIn(site, order)), "already_completed");
      await assertReady(site, type, customer, jobId, 1);
    });

    await t.step(`a ${type}: answered and handed in at the same time`, async () => {
      let handedIn: Promise<unknown> | undefined;
      const { customer, jobId } = await start(site, type, (order) => {
        handedIn = outcomeOf(handIn(site, order));
        return goodAnswer(order);
      });
      await handedIn;
      await ended(site, [jobId]);
      await assertReady(site, type, customer, jobId, 1);
    });

    await t.step(`a ${type}: promised, never handed in, made again, and handed in after all`, async () => {
      const { customer, jobId, order } = await start(site, type, promise);
      await sweep(site);
      await runToTheEnd(site, [jobId]);
      await assertReady(site, type, customer, jobId, 2);
      assert.equal(await outcomeOf(handIn(site, order)), "fenced");
      await assertReady(site, type, customer, jobId, 2);
    });

    await t.step(`a ${type}: no answer, made again, and then the answer`, async () => {
      const late = Promise.withResolvers<void>();
      const { customer, jobId } = await start(site, type, async (order) => {
        await late.promise;
        return goodAnswer(order);
      });
      await sweep(site);
      await runToTheEnd(site, [jobId]);
      late.resolve();
      await site.until(
        "the first attempt is over",
        () => site.log.some((line) => line.event === "job" && line.job_id === jobId && line.attempt === 1),
      );
      await assertReady(site, type, customer, jobId, 2);
    });
  }
});
