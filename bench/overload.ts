/** `deno task bench overload`: 2,000 clients before PgBouncer, while the database is slowed down by ten. */
import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { startDatabase } from "../local/database/database.ts";
import { keptCluster, shortLivedFolder, withMigrations } from "../local/database/kept_cluster.ts";
import { pgbouncerPath, startPooler } from "../local/database/pooler.ts";
import { Children } from "../local/processes/children.ts";
import { freePort } from "../local/processes/ports.ts";
import { removeFolder } from "../local/processes/remove.ts";
import { signalServer } from "../tests/support/server_processes.ts";
import { Crowd, pause, Phase } from "./overload_load.ts";
import { seed } from "./seed.ts";

const USERS = 10_000;
const CLIENTS = 2_000;
const POOL = 8;

/** Seconds of each phase. */
const PHASES = { "as usual": 10, "slowed down": 25, "as usual again": 20 };

/** What the pooler is told beyond how many connections it has to the server, and how patient its clients are. */
const SETTINGS: [string, Record<string, string>][] = [
  ["query_wait_timeout 120, its default", { max_client_conn: "2500" }],
  ["query_wait_timeout 5", { max_client_conn: "2500", query_wait_timeout: "5" }],
  ["query_wait_timeout 5, max_client_conn 1000", { max_client_conn: "1000", query_wait_timeout: "5" }],
];

/** Clients come back after as long as the functions tell them to (`Retry-After`). */
const PATIENCE = 5;

/**
 * Lets the processes of a server run for a hundredth of a second in every four tenths, as on a machine that others keep busy.
 * That is a fortieth of the time and about a tenth of the work: at half of the limit a server waits for most of its time. In
 * a process of its own: a timer of this one would be late among 2,000 clients.
 */
const SLOW_DOWN = `
while :; do
  pids="$1 $(cat /proc/$1/task/$1/children)"
  kill -STOP $pids; sleep 0.39; kill -CONT $pids; sleep 0.01
done 2>/dev/null`;

/** Slows the server down whose data folder is `dir`; gives back what ends that. */
async function slowDown(dir: string) {
  const [postmaster] = (await Deno.readTextFile(join(dir, "postmaster.pid"))).split("\n");
  const shell = new Deno.Command("sh", { args: ["-c", SLOW_DOWN, "sh", postmaster] }).spawn();
  return async () => {
    shell.kill("SIGKILL");
    await shell.status;
    await signalServer(dir, "SIGCONT");
  };
}

const part = (values: number[], share: number) => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted.length
    ? Math.round(sorted[Math.floor((sorted.length - 1) * share)]).toLocaleString("en")
    : "";
};

function row(name: string, { answered, refused, errors }: Phase, seconds: number): string {
  const said = [...errors].sort((one, other) => other[1] - one[1]).map(([text, n]) => `${n} × ${text}`).join(
    "; ",
  );
  const cells = [
    (answered.length / seconds).toFixed(0),
    part(answered, 0.5),
    part(answered, 0.99),
    refused.length,
  ];
  return `| ${[name, ...cells, part(refused, 0.5), said].join(" | ")} |`;
}

/** Every job that was acknowledged is in the books once, at what was said; none is there that its client still waits for. */
async function prove(sql: postgres.Sql, charged: Map<string, number>): Promise<string> {
  assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
  const jobs = await sql<{ job: string; used: number }[]>`
    select job_id::text as job, credits_used::float as used from public.credit_usage_logs where status = 'confirmed'`;
  assert.equal(jobs.length, charged.size);
  for (const { job, used } of jobs) assert.equal(charged.get(job), used, job);
  const [{ held }] = await sql<
    { held: number }[]
  >`select sum(reserved)::float as held from public.credit_accounts`;
  assert.equal(held, 0);
  return `Afterwards: ${
    jobs.length.toLocaleString("en")
  } jobs acknowledged, each in the books once; nothing held; verify_credits() empty.\n`;
}

async function measured(settings: Record<string, string>): Promise<string> {
  await using all = new AsyncDisposableStack();
  const dir = all.adopt(await shortLivedFolder(), removeFolder);
  const children = all.adopt(new Children(), (children) => children.stop());
  const database = await startDatabase({
    ...{ children, dir, port: freePort(), settings: { shared_buffers: "1GB" } },
    ...await keptCluster({}, await withMigrations()),
  });
  const sql = all.adopt(postgres(database.adminUrl, { max: 2, onnotice: () => {} }), (sql) => sql.end());
  await seed(sql, { users: USERS });
  const pooler = all.use(await startPooler(database.adminUrl, POOL, settings));

  const few = new Crowd(pooler.url, 16, 1e9, PATIENCE, USERS);
  const trying = few.work();
  await pause(3_000);
  few.phase = new Phase();
  await pause(5_000);
  const limit = few.phase.answered.length / 2 / 5;
  few.stop();
  await trying;

  console.error(`${limit.toFixed(0)} jobs a second are the limit`);
  const crowd = new Crowd(pooler.url, CLIENTS, limit / 2, PATIENCE, USERS);
  const working = crowd.work();
  // Connecting is none of what is measured.
  await pause(10_000);
  const rows: string[] = [];
  for (const [name, seconds] of Object.entries(PHASES)) {
    const phase = crowd.phase = new Phase();
    const quicker = name === "slowed down" ? await slowDown(join(dir, "postgres")) : undefined;
    await pause(seconds * 1_000);
    await quicker?.();
    rows.push(row(name, phase, seconds));
    console.error(rows.at(-1));
  }
  crowd.stop();
  await working;
  const proof = await prove(sql, new Map([...few.charged, ...crowd.charged]));
  return `The limit was ${limit.toFixed(0)} jobs a second; the clients want ${(limit / 2).toFixed(0)}.

| | calls answered a second | p50 ms | p99 ms | refused | after ms | what was said |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
${rows.join("\n")}

${proof}`;
}

/** Runs everything and gives back the results as Markdown. */
export async function benchOverload(): Promise<string> {
  if (!pgbouncerPath) return "Not measured: there is no pgbouncer here.\n";
  const parts: string[] = [];
  for (const [title, settings] of SETTINGS) parts.push(`### ${title}\n\n${await measured(settings)}`);
  return `${
    CLIENTS.toLocaleString("en")
  } clients before PgBouncer in transaction mode with ${POOL} connections to the server; a job is two calls; a
refused client tries again after ${PATIENCE / 2} to ${PATIENCE * 1.5} s, with the same keys.

${parts.join("\n")}`;
}
