/** `deno task bench soak [MINUTES]`: half of what the database can do, for long, while servers and clients are killed. */
import postgres from "postgres";
import { join } from "node:path";
import { startDatabase } from "../local/database/database.ts";
import { keptCluster, shortLivedFolder, withMigrations } from "../local/database/kept_cluster.ts";
import { pgbouncerPath, startPooler } from "../local/database/pooler.ts";
import { Children } from "../local/processes/children.ts";
import { freePort } from "../local/processes/ports.ts";
import { removeFolder } from "../local/processes/remove.ts";
import { memoryOfServer, signalServer } from "../tests/support/server_processes.ts";
import { drawSoak, type Kills, type Sample } from "./soak_chart.ts";
import { SoakLoad } from "./soak_load.ts";
import { proveSoak } from "./soak_proof.ts";
import { seed } from "./seed.ts";

const USERS = 2_000;
const CLIENTS = 4;
const CHART = new URL("../docs/soak.svg", import.meta.url);

/** Seconds of the wall clock: how long the limit is measured, and how often each thing happens, not often at once. */
const [LIMIT, SAMPLE, SWEEP, SERVER_KILL, CLIENT_KILL] = [20, 15, 5, 187, 50];

/** A day passes in every ten seconds, so that what is 60 days old can be archived after ten minutes. */
const clock = (start: number) => `
  create or replace function credits_private.clock() returns timestamptz language plpgsql volatile set search_path = '' as $$
  begin
    return clock_timestamp() + floor((extract(epoch from clock_timestamp()) - ${start}) / 10) * interval '1 day';
  end $$;
  update credits_private.retention set keep_for = '60 days' where what = 'ledger';
  create extension pgstattuple schema extensions;`;

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

type Sizes = Pick<Sample, "tables" | "indexes" | "archive" | "updated" | "rows" | "waste">;

async function sizesOf(sql: postgres.Sql) {
  const [row] = await sql<Sizes[]>`
    select (pg_table_size('public.credit_ledger') + pg_table_size('public.credit_usage_logs'))::float / 1048576 as tables,
      (pg_indexes_size('public.credit_ledger') + pg_indexes_size('public.credit_usage_logs'))::float / 1048576 as indexes,
      pg_total_relation_size('public.credit_ledger_archive')::float / 1048576 as archive,
      (pg_total_relation_size('public.credit_accounts') + pg_total_relation_size('public.user_credits'))::float
        / 1048576 as updated,
      (select count(*) from public.credit_ledger)::float / 1000 as rows,
      dead_tuple_percent + approx_free_percent as waste
    from extensions.pgstattuple_approx('public.credit_ledger')`;
  return row;
}

/** All that the database's own timer runs. */
async function sweep(sql: postgres.Sql): Promise<void> {
  const sweeps = await sql<{ sweep: string }[]>`select sweep from credits_private.sweeps`;
  for (const { sweep } of sweeps) await sql`select ${sql(`public.${sweep}`)}()`;
}

/** Runs everything and gives back the results as Markdown. */
export async function benchSoak(): Promise<string> {
  const minutes = Number(Deno.args[1] ?? 30);
  await using all = new AsyncDisposableStack();
  const dir = all.adopt(await shortLivedFolder(), removeFolder);
  const children = all.adopt(new Children(), (children) => children.stop());
  const cluster = await keptCluster({}, await withMigrations());
  const { server, adminUrl } = await startDatabase({ children, dir, port: freePort(), ...cluster });
  const sql = all.adopt(postgres(adminUrl, { max: 2, onnotice: () => {} }), (sql) => sql.end({ timeout: 1 }));
  await seed(sql, { users: USERS });
  await sql.unsafe(clock(Date.now() / 1000)).simple();
  const settings = { server_login_retry: "1" };
  const pooler = pgbouncerPath && all.use(await startPooler(adminUrl, 8, settings));
  const url = pooler ? pooler.url : adminUrl;
  const load = new SoakLoad(children, { url, users: USERS, connections: 4 });

  await load.start(CLIENTS, 0);
  await pause(LIMIT / 2);
  const before = load.ended;
  await pause(LIMIT);
  const limit = (load.ended - before) / LIMIT;
  await load.stop();
  load.latencies();

  const rate = Math.max(1, Math.floor(limit / 2));
  await load.start(CLIENTS, rate);
  const started = performance.now();
  const minute = () => (performance.now() - started) / 60_000;
  const samples: Sample[] = [];
  const kills: Kills = { server: [], client: [] };
  let [away, failed] = [0, 0];
  const data = join(dir, "postgres");

  const killServer = async () => {
    kills.server.push(minute());
    const killed = performance.now();
    await signalServer(data, "SIGKILL");
    await server.kill();
    await server.restart();
    away = Math.max(away, performance.now() - killed);
  };
  let [ended, asked] = [load.ended, performance.now()];
  const sample = async () => {
    const found = await sizesOf(sql);
    const times = load.latencies();
    const part = (share: number) => times[Math.floor(times.length * share)] ?? 0;
    const jobs = (load.ended - ended) / (performance.now() - asked) * 1_000;
    [ended, asked] = [load.ended, performance.now()];
    const memory = await memoryOfServer(data);
    samples.push({ minute: minute(), jobs, p50: part(0.5), p99: part(0.99), memory, ...found });
    console.error(Object.entries(samples.at(-1)!).map(([name, n]) => `${name} ${n.toFixed(1)}`).join("  "));
  };
  const every = async (seconds: number, work: () => Promise<unknown>) => {
    for (let next = seconds; next < minutes * 60; next += seconds) {
      await pause(Math.max(0, next - minute() * 60));
      // A server that was just killed is asked again the next time.
      await work().catch(() => failed++);
    }
  };
  await Promise.all([
    every(SAMPLE, sample),
    every(SWEEP, () => sweep(sql)),
    every(SERVER_KILL, killServer),
    every(CLIENT_KILL, async () => {
      kills.client.push(minute());
      await load.killOne(rate);
    }),
  ]);
  await load.stop();
  await sample();
  const proof = await proveSoak(sql, load, () => sweep(sql));
  await Deno.writeTextFile(CHART, drawSoak(samples, kills));
  return report({ minutes, limit, rate, load, samples, kills, away, failed, proof });
}

interface Outcome {
  minutes: number;
  limit: number;
  rate: number;
  load: SoakLoad;
  samples: Sample[];
  kills: Kills;
  away: number;
  failed: number;
  proof: string;
}

function report({ minutes, limit, rate, load, samples, kills, away, failed, proof }: Outcome): string {
  const quarters = [0.25, 0.5, 0.75, 1].map((share) => samples[Math.ceil(samples.length * share) - 1]);
  const fields = Object.keys(quarters[0]) as (keyof Sample)[];
  const rows = fields.map((field) =>
    `| ${field} | ${quarters.map((one) => one[field].toFixed(1)).join(" | ")} |`
  );
  const errors = [...load.errors].map(([code, count]) => `${code} ${count}`).join(", ");
  return `${minutes} minutes at ${rate} jobs a second, half of the ${
    limit.toFixed(0)
  } that went at its start. The server was
killed ${kills.server.length} times, and answered again after ${
    (away / 1000).toFixed(1)
  } s at the latest; clients ${kills.client.length} times. Errors that
clients met and tried again: ${errors || "none"}; sweeps and samples that a kill cut short: ${failed}.

${proof}

| | ${quarters.map(() => "").join(" | ")} |
| --- | ${quarters.map(() => "---:").join(" | ")} |
${rows.join("\n")}
`;
}
