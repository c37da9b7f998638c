/**
 * A new project starts on empty tables, and a connection keeps the plans it made there. Those plans must still be good once
 * a hundred thousand reservations are open and thousands of jobs are due: found by their key, neither by reading a table
 * nor the index of all that are open.
 *
 * @module
 */
import assert from "node:assert/strict";
import postgres from "postgres";
import { z } from "zod";
import { openJob, seed, seededUser } from "../../bench/seed.ts";
import { type Clone, clone } from "../support/clone.ts";
import { newcomer } from "../support/newcomer.ts";
import { confirm, extend, grant, release, reserve } from "../support/credit_calls.ts";

const USERS = 1_000;
const OPEN_EACH = 100;
const JOBS = 20_000;
/** Small tables that may be read as a whole; settings are found by their key. */
const WHOLE = ["credit_packs"];
/** Postgres settles for a generic plan after five executions. */
const WARM_UP = 8;
/** More rows than any step of these functions has to look at. */
const MANY = 20;

type PlanNode = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows"?: number;
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
};

const PlanNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    "Node Type": z.string(),
    "Relation Name": z.string().optional(),
    "Index Name": z.string().optional(),
    "Actual Rows": z.number().optional(),
    "Rows Removed by Filter": z.number().optional(),
    Plans: z.array(PlanNode).optional(),
  })
);

const Explained = z.object({ "Query Text": z.string(), Plan: PlanNode });

/** One connection whose plans, those of the statements inside functions too, can be listened to. */
function explained(database: Clone) {
  const plans: z.infer<typeof Explained>[] = [];
  const onnotice = ({ message = "" }: postgres.Notice) => {
    const json = message.match(/plan:\n(\{.*)$/s)?.[1];
    if (json) plans.push(Explained.parse(JSON.parse(json)));
  };
  const sql = postgres(database.url, { max: 1, onnotice });
  return { sql, plans };
}

async function listen(sql: postgres.Sql) {
  await sql`load 'auto_explain'`;
  await sql.unsafe(`
    set auto_explain.log_min_duration = 0;
    set auto_explain.log_nested_statements = on;
    set auto_explain.log_analyze = on;
    set auto_explain.log_format = json;
    set auto_explain.log_level = notice`).simple();
}

interface Admitted {
  outcome: string;
  job_id: string;
  resource_id: string;
}

/** A job from its admission to its end, a second one that is given up, and a purchase, of one user. */
async function orderEverything(sql: postgres.Sql, user: string) {
  const request = sql.json({ prompt: "a shy dragon", age_min: 4, age_max: 7, pages: 1 });
  const admit = async (admission: postgres.PendingQuery<Admitted[]>) => {
    const [admitted] = await admission;
    assert.equal(admitted.outcome, "accepted");
    return admitted;
  };
  const work = async (job: string) => {
    const [claim] = await sql`select outcome, attempt from public.claim_job(${job}, 'worker', null)`;
    assert.equal(claim.outcome, "claimed");
    await sql`select public.heartbeat_job(${job}, ${claim.attempt}, 0, 'writing')`;
    return claim.attempt;
  };
  const end = async (answer: postgres.PendingQuery<postgres.Row[]>) =>
    assert.equal((await answer)[0].outcome, "completed");

  const story = await admit(
    sql`select * from public.create_story(${user}, ${request}, ${crypto.randomUUID()})`,
  );
  const pages = sql.json([{ text: "Once.", image_prompt: "a dragon" }]);
  await end(
    sql`select outcome from public.complete_story(${story.job_id}, ${await work(
      story.job_id,
    )}, 'Title', ${pages})`,
  );
  const wish = sql.json({ story_id: story.resource_id, with_images: false });
  const book = await admit(sql`select * from public.create_book(${user}, ${wish}, ${crypto.randomUUID()})`);
  const path = `${user}/${book.resource_id}/1-${"0".repeat(64)}.pdf`;
  await end(
    sql`select outcome from public.complete_book(${book.job_id}, ${await work(
      book.job_id,
    )}, ${path}, 1, 1000)`,
  );

  const failing = await admit(sql`select * from public.create_story(${user}, ${request})`);
  await sql`select public.fail_job(${failing.job_id}, ${await work(
    failing.job_id,
  )}, 'broken', 'It broke', false)`;
  const unwanted = await admit(sql`select * from public.create_story(${user}, ${request})`);
  await sql`select public.cancel_job(${user}, ${unwanted.job_id})`;
  await sql`select public.delete_book(${user}, ${book.resource_id})`;
  await sql`select public.delete_story(${user}, ${unwanted.resource_id})`;
  const [pack] = await sql`select id from public.credit_packs limit 1`;
  await sql`select public.create_checkout(${user}, ${pack.id})`;
  await sql`select public.read_balance(${user}), public.read_usage(${user}, 5)`;
}

/** Everything that happens to a credit, on one user. */
async function useEverything(sql: postgres.Sql, user: string, jobs: string[]) {
  await grant(sql, user, crypto.randomUUID(), 10_000);
  const [confirmed, partly, released, extended] = jobs;
  for (const job of jobs) await reserve(sql, user, job, 100);
  await confirm(sql, user, confirmed);
  await confirm(sql, user, partly, 50);
  await release(sql, user, released);
  await extend(sql, user, extended);
  await sql`select public.check_rate_limit(${user}, 'plans', 3)`;
  await sql`select public.check_rate_limit(${user}, 'plans', 1)`;
  await useMeters(sql, user);
  await orderEverything(sql, user);
}

/** Work priced by what it uses: held for, added to, and settled above what is held. */
async function useMeters(sql: postgres.Sql, user: string) {
  const job = crypto.randomUUID();
  const usage = (tokens: number) => JSON.stringify([{ meter: "token", quantity: tokens, model: "m" }]);
  await sql`select public.read_estimate(${user}, 'plans', ${usage(1)}::text::jsonb)`;
  await sql`select public.reserve_metered(${user}, ${job}, 'plans', ${usage(1)}::text::jsonb)`;
  await sql`select public.add_to_reservation(${user}, ${job}, 0.5, 1)`;
  const [{ outcome }] = await sql<{ outcome: string }[]>`
    select outcome from public.settle_usage(${user}, ${job}, ${usage(3)}::text::jsonb)`;
  assert.equal(outcome, "settled");
  await sql`select public.read_usage_lines(${user}, 5)`;
}

/** As many queued jobs, stories, books, purchases and rate limits of others. */
async function seedOthers(sql: postgres.Sql) {
  await sql.unsafe(`
    insert into public.generation_jobs (id, user_id, job_type, resource_id, units_total, idempotency_key, request_digest, cost)
    select gen_random_uuid(), gen_random_uuid(), 'story', gen_random_uuid(), 1, n::text, '', 1
    from generate_series(1, ${JOBS}) n;
    insert into public.stories (user_id, job_id, prompt, age_min, age_max, language, page_count)
    select user_id, id, 'seeded', 4, 7, 'en', 1 from public.generation_jobs where request_digest = '';
    insert into public.books (user_id, job_id, story_id, title, with_images, content, page_count)
    select user_id, gen_random_uuid(), id, 'seeded', false, '{}', 1 from public.stories where prompt = 'seeded';
    insert into public.credit_purchases (user_id, pack_id, credits, amount_cents, currency)
    select j.user_id, p.id, p.credits, p.amount_cents, p.currency
    from public.generation_jobs j, lateral (select * from public.credit_packs limit 1) p where request_digest = '';
    insert into public.metered_jobs (user_id, job_id, action, version, ceiling, created_at)
    select user_id, id, 'plans', 1, '[]', now() from public.generation_jobs where request_digest = '';
    insert into public.usage_lines (user_id, job_id, line, meter, quantity, matched, cost, estimated)
    select user_id, job_id, 1, 'token', 1, '{}', 0, false from public.metered_jobs where ceiling = '[]';
    insert into public.rate_cards (action, version, valid_from, over_hold, digest)
    select 'others', n, now(), 'cap', '' from generate_series(1, ${JOBS}) n;
    insert into public.rates (action, version, position, meter, unit, price, per, minimum, match, keys, priority)
    select action, version, 1, 'token', 'token', 1, 1, 0, '{}', 0, 0 from public.rate_cards where action = 'others';
    insert into public.api_rate_limits (identifier, action, hits)
    select user_id::text, 'story_create', '{}' from public.generation_jobs where request_digest = ''`)
    .simple();
}

function nodes(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}

/** What is wrong with a plan; nothing where it looks at the rows it needs and no others. */
function faults({ Plan, "Query Text": text }: z.infer<typeof Explained>): string[] {
  return nodes(Plan).filter((node) =>
    (node["Relation Name"] && node["Node Type"] === "Seq Scan" &&
      !WHOLE.includes(node["Relation Name"])) ||
    node["Index Name"] === "credit_usage_logs_open" ||
    (node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0) > MANY
  ).map((node) =>
    `${JSON.stringify({ ...node, Plans: undefined })} in ${text.replaceAll(/\s+/g, " ").trim()}`
  );
}

async function plansMadeEmpty(prepare: string) {
  await using database = await clone(1);
  const tables = [
    "credit_accounts",
    "user_credits",
    "credit_usage_logs",
    "credit_ledger",
    "credit_debts",
    "api_rate_limits",
    "generation_jobs",
    "stories",
    "books",
    "credit_purchases",
    "metered_jobs",
    "usage_lines",
    "rate_cards",
    "rates",
  ];
  for (const table of tables) {
    await database.sql.unsafe(`alter table public.${table} set (autovacuum_enabled = off)`);
  }
  await database.sql.unsafe(prepare);
  const card = JSON.stringify([{ meter: "token", price: 1 }, {
    meter: "token",
    price: 2,
    match: { model: "m" },
  }]);
  await database.sql`
    select public.save_rate_card('plans', ${card}::text::jsonb, null, 'available', 'test', 'test')`;

  const { sql, plans } = explained(database);
  const newJobs = () => Array.from({ length: 4 }, () => crypto.randomUUID());
  for (let round = 0; round < WARM_UP; round++) {
    await useEverything(sql, await newcomer(database.sql), newJobs());
  }
  await seed(database.sql, { users: USERS, open: OPEN_EACH });
  await seedOthers(database.sql);

  await listen(sql);
  await useEverything(sql, seededUser(1), [1, 2, 3, 4].map((n) => openJob(1, n)));
  await useEverything(sql, seededUser(USERS), newJobs());
  await sql.end();
  assert.ok(plans.length > 50, `only ${plans.length} plans were seen`);
  assert.deepEqual(plans.flatMap(faults), []);
}

Deno.test("plans made on new tables find one reservation among 100,000, and one job among 20,000, by its key", async () => {
  await plansMadeEmpty("select");
});

Deno.test("plans made on tables that were analyzed while empty do so too", async () => {
  await plansMadeEmpty("vacuum analyze");
});
