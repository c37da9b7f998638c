/**
 * A new project starts on empty tables, and a connection keeps the plans it made there. Those plans must still be good once
 * a hundred thousand reservations are open: found by their key, neither by reading a table nor the index of all open ones.
 *
 * @module
 */
import assert from "node:assert/strict";
import postgres from "postgres";
import { z } from "zod";
import { openJob, seed, seededUser } from "../bench/seed.ts";
import { type Clone, clone } from "./clone.ts";
import { confirm, extend, grant, release, reserve } from "./credit_calls.ts";

const USERS = 1_000;
const OPEN_EACH = 100;
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
}

function nodes(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}

/** What is wrong with a plan; nothing where it looks at the rows it needs and no others. */
function faults({ Plan, "Query Text": text }: z.infer<typeof Explained>): string[] {
  return nodes(Plan).filter((node) =>
    (node["Relation Name"] && node["Node Type"] === "Seq Scan" &&
      node["Relation Name"] !== "credit_settings") ||
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
    "credit_batches",
    "credit_usage_logs",
    "credit_ledger",
    "credit_debts",
    "api_rate_limits",
  ];
  for (const table of tables) {
    await database.sql.unsafe(`alter table public.${table} set (autovacuum_enabled = off)`);
  }
  await database.sql.unsafe(prepare);

  const { sql, plans } = explained(database);
  const newJobs = () => Array.from({ length: 4 }, () => crypto.randomUUID());
  for (let round = 0; round < WARM_UP; round++) await useEverything(sql, crypto.randomUUID(), newJobs());
  await seed(database.sql, { users: USERS, open: OPEN_EACH });

  await listen(sql);
  await useEverything(sql, seededUser(1), [1, 2, 3, 4].map((n) => openJob(1, n)));
  await useEverything(sql, seededUser(USERS), newJobs());
  await sql.end();
  assert.ok(plans.length > 50, `only ${plans.length} plans were seen`);
  assert.deepEqual(plans.flatMap(faults), []);
}

Deno.test("plans made on new tables find one reservation among 100,000 open ones by its key", async () => {
  await plansMadeEmpty("select");
});

Deno.test("plans made on tables that were analyzed while empty do so too", async () => {
  await plansMadeEmpty("vacuum analyze");
});
