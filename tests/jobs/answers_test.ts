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
  site.backend.tell(customer.id, (order, signal) => {
    if (order.attempt > 1) return goodAnswer(order);
    asked.resolve(order);
    return script(order, signal);
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

  await t.step(
    "V9: of two files of one attempt handed in at once, the one that is charged for is the one that is kept",
    async () => {
      const { customer, jobId, order } = await start(site, "book", promise);
      const file = (pages: number) =>
        new Blob([`%PDF-1.7\n${pages} pages\n%%EOF`], { type: "application/pdf" });
      const path = `book-api/jobs/${jobId}/complete?attempt=${order.attempt}`;
      const answers = await Promise.all(
        [1, 1, 0].map((picture_count, index) =>
          outcomeOf(
            site.call("POST", `${path}&page_count=1&picture_count=${picture_count}`, "backend", file(index)),
          )
        ),
      );
      assert.deepEqual(answers.toSorted(), ["completed", "fenced", "fenced"]);
      const { resource_id } = await site.job(jobId);
      const pdf = await site.call("GET", `book-api/${resource_id}/pdf`, customer);
      assert.equal(await pdf.text(), await file(answers.indexOf("completed")).text());
      const stored = await site
        .sql`select name from storage.objects where name like ${`${customer.id}/${resource_id}/%`}`;
      assert.equal(stored.length, 1, "the others are removed again");
    },
  );

  await t.step(
    "V1: ordering and giving up, again and again, costs the operator at most the day's budget",
    async () => {
      const customer = await site.buyer();
      const letGo: Promise<unknown>[] = [];
      let begun = Promise.withResolvers<void>();
      site.backend.tell(customer.id, async (_, signal) => {
        const aborted = Promise.withResolvers<void>();
        signal.addEventListener("abort", () => aborted.resolve());
        letGo.push(aborted.promise);
        begun.resolve();
        await aborted.promise;
        return promise();
      });
      const [{ unpaid_budget, cost }] = await site.sql<{ unpaid_budget: number; cost: number }[]>`
      select unpaid_budget::float, (credits_private.price_of('story_page', 40)).cost::float as cost
      from credits_private.work_policy`;
      let orders = 0;
      for (;; orders++) {
        const request = { prompt: `a dragon number ${orders}`, age_min: 4, age_max: 7, pages: 40 };
        const answer = await site.call("POST", "story-api/create", customer, request);
        const body = await answer.json();
        if (answer.status === 429) {
          assert.equal(body.code, "unpaid_work");
          assert.ok(Number(answer.headers.get("retry-after")) > 23 * 3600);
          break;
        }
        assert.equal(answer.status, 202, JSON.stringify(body));
        await begun.promise;
        begun = Promise.withResolvers();
        const given = await site.call("POST", `story-api/${body.story_id}/cancel`, customer);
        assert.equal((await given.json()).outcome, "cancelled");
      }
      assert.equal(orders, Math.ceil(unpaid_budget / cost));
      // The hand of the worker and the model are free at once, not when the backend would have been done.
      await Promise.all(letGo);
      assert.deepEqual([...await site.sql`select * from public.verify_credits(${customer.id})`], []);
    },
  );
});
