/** `deno task bench failover`: what it costs that a replica has what was acknowledged. */
import postgres from "postgres";
import { type Mode, Replicas, replicatingPostgres } from "../tests/support/replicas.ts";
import { newJob } from "./credits.ts";
import { CONNECTIONS, measure, table, upTo, type Variant } from "./measure.ts";
import { seed, seededUser } from "./seed.ts";

const USERS = 10_000;

const LEVELS: ("off" | Mode["synchronous_commit"])[] = ["local", "off", "remote_write", "on", "remote_apply"];

/** Runs everything and gives back the results as Markdown. */
export async function benchFailover(): Promise<string> {
  if (!replicatingPostgres) return "Not measured: there is no Postgres of a package here.\n";
  await using all = new AsyncDisposableStack();
  const mode: Mode = { synchronous_standby_names: "replica", synchronous_commit: "on" };
  const pair = all.use(await Replicas.start(replicatingPostgres, mode, { fsync: "on", max_wal_size: "4GB" }));
  const open = (level: string) => {
    const connection = { synchronous_commit: level };
    const options = { max: CONNECTIONS, onnotice: () => {}, connection };
    return all.adopt(postgres(pair.primary.server.url(), options), (sql) => sql.end());
  };
  await seed(open("off"), { users: USERS });
  await pair.primary.ask("vacuum analyze");
  await pair.primary.ask("checkpoint");
  const variants = LEVELS.map((level): Variant => {
    const sql = open(level);
    const once = async () => {
      const [user, job] = [seededUser(upTo(USERS)), newJob()];
      await sql`select outcome from public.reserve_credits(${user}, ${job}, 1, 'story')`;
      return await sql`select outcome from public.confirm_credits(${user}, ${job})`;
    };
    return { name: `\`synchronous_commit = ${level}\``, once };
  });
  return `Postgres 15 of a package, 8 connections, prepared statements, variants in turns and in random order, medians of 25
rounds; ratios are to the first line. Primary and replica are on one machine and one disk, so that what is missing is the network
between them.

${table("Reserve + confirm with one synchronous replica", await measure(variants))}`;
}
