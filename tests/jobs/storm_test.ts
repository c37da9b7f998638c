// Many jobs at once, one answer in ten of which is none, late, given twice or broken: each ends once, and the amounts add up.
import assert from "node:assert/strict";
import { effort } from "../support/effort.ts";
import { assertAgreement, runToTheEnd } from "../support/job_recovery.ts";
import { type Customer, JobSite } from "../support/job_site.ts";
import { handIn } from "../support/hand_in.ts";
import { goodAnswer, type Order } from "../support/scripted_backend.ts";

const CUSTOMERS = Math.max(6, effort(20));
const STORIES_EACH = 6;
const BOOKS_EACH = 4;

type Mishap = (site: JobSite, order: Order) => Response | Promise<Response>;

const MISHAPS: Mishap[] = [
  () => Response.json({ code: "model_failed" }, { status: 500 }),
  () => Response.json({ code: "unsafe_prompt" }, { status: 422 }),
  () => new Response('{"title": "half a'),
  async (_, order) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return goodAnswer(order);
  },
  async (site, order) => {
    const twice = await Promise.all([handIn(site, order), handIn(site, order)]);
    await Promise.all(twice.map((response) => response.body?.cancel()));
    return goodAnswer(order);
  },
];

/** The backend's answers, every tenth of which meets with the next mishap in turn. */
function misbehave(site: JobSite) {
  let answers = 0;
  const met = MISHAPS.map(() => 0);
  return {
    met,
    answer(order: Order) {
      const turn = answers++;
      if (turn % 10 !== 0) return goodAnswer(order);
      const which = turn / 10 % MISHAPS.length;
      met[which]++;
      return MISHAPS[which](site, order);
    },
  };
}

async function orderAll(site: JobSite, customer: Customer): Promise<string[]> {
  const types = [...Array(STORIES_EACH).fill("story"), ...Array(BOOKS_EACH).fill("book")];
  return await Promise.all(types.map((type) => site.order(type, customer)));
}

Deno.test("many jobs at once, a tenth of whose answers go wrong, end once each", async () => {
  await using site = await JobSite.start();
  const { sql } = site;
  await sql`update credits_private.job_settings set retry_delay = '0'`;
  await sql`update public.rate_limit_policies set max_requests = 1000`;
  const customers = await Promise.all(Array.from({ length: CUSTOMERS }, () => site.customer()));
  const { answer, met } = misbehave(site);
  for (const { id } of customers) site.backend.tell(id, answer);

  const jobs = (await Promise.all(customers.map((customer) => orderAll(site, customer)))).flat();
  await runToTheEnd(site, jobs);

  assert.equal(new Set(jobs).size, CUSTOMERS * (STORIES_EACH + BOOKS_EACH));
  assert.ok(met.every((times) => times > 0), `every mishap happened: ${met}`);
  await assertAgreement(site, customers, jobs);
});
