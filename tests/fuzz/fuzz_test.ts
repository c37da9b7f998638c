// Valid, boundary and hostile requests over all routes, made from what the functions say about
// themselves: no 5xx, nothing told, and a refused request changes nothing but the count of having been made (M3, M4).
import assert from "node:assert/strict";
import type postgres from "postgres";
import { database, digests } from "../support/attack/state.ts";
import { effort } from "../support/effort.ts";
import { type Batch, plan } from "../support/fuzz/plan.ts";
import type { Cast, Sent } from "../support/fuzz/requests.ts";
import { Stage } from "../support/fuzz/stage.ts";
import { Judge } from "../support/fuzz/verdict.ts";
import { type Person, stack } from "../support/people.ts";
import { signIn } from "../support/sign_in.ts";

const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 20261121);
const AT_LEAST = effort(20_000);
const SECRETS = [
  "SECRET_KEY",
  "JWT_SECRET",
  "API_SHARED_SECRET",
  "SCHEDULER_SECRET",
  "STRIPE_SECRET_KEY",
  "STRIPE_WEBHOOK_SECRET",
];

Deno.test("requests of every kind: no 5xx, nothing told, nothing changed by a refusal", async () => {
  await using stage = await Stage.open();
  // Loaded now, because it looks for the stack as soon as it is.
  const { scene } = await import("../support/attack/victim.ts");
  const { giveEverything } = await import("../support/attack/belongings.ts");
  const sql = database();
  await using _closing = { [Symbol.asyncDispose]: () => sql.end() };
  await sql`update public.rate_limit_policies set max_requests = 1000`;
  const [{ sells }] = await sql`select to_regclass('credits_private.work_policy') is not null as sells`;
  if (sells) {
    await sql`update credits_private.work_policy set unpaid_budget = 1000000, max_unfinished = 1000000`;
  }
  const { ana, eve, purchaseId, packId, ids: others } = await scene(sql, giveEverything);
  const judge = new Judge([...SECRETS.map(stack), ana.token, eve.token, ana.email], await innerNames(sql));
  const ids = [ana.id, purchaseId, packId, ...others];

  const servers = ["API_SHARED_SECRET", "SCHEDULER_SECRET"].map((name) => ({ "x-api-key": stack(name) }));
  let sent = 0;
  let conclusive = 0;
  const cast = { users: await users(sql, [ana, eve]), servers, ids };
  let before = await kept(sql);
  for await (const batch of plan(cast, SEED, AT_LEAST)) {
    const statuses = await Promise.all(batch.requests.map((request) => send(batch, request, judge)));
    await stage.quiet();
    sent += statuses.length;
    const after = await kept(sql);
    if (batch.operation.method === "GET" || statuses.every((status) => status >= 400)) {
      conclusive += statuses.length;
      assert.deepEqual(
        after,
        before,
        `changed by what ${batch.operation.name} refused, with FUZZ_SEED=${SEED}`,
      );
    }
    before = after;
  }
  assert.ok(sent >= AT_LEAST, `only ${sent} requests`);
  assert.ok(
    conclusive >= AT_LEAST / 2,
    `only ${conclusive} of ${sent} were in a batch that was refused as a whole`,
  );
  for (const line of stage.logged) {
    assert.equal(typeof JSON.parse(line), "object");
    assert.equal(judge.leaked(line), undefined, line);
  }
  assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
});

/** Everything but the count of having asked, which a refusal may move. */
async function kept(sql: postgres.Sql): Promise<Record<string, string>> {
  return { ...await digests(sql), "public.api_rate_limits": "", "credits_private.rate_limit_chunks": "" };
}

async function send({ operation }: Batch, sent: Sent, judge: Judge): Promise<number> {
  const { url, ...init } = sent;
  const response = await operation.fetch(new Request(url, init));
  const wrong = judge.wrong(operation, sent, response, await response.text());
  if (wrong) assert.fail(`${operation.name} ${wrong}: ${JSON.stringify(sent).slice(0, 5000)}`);
  return response.status;
}

/** Two users who own things, and some who own nothing. */
async function users(sql: postgres.Sql, owners: Person[]): Promise<Cast["users"]> {
  const others = await Promise.all(Array.from({ length: 4 }, () => signIn(sql)));
  return [...owners.map(({ token }) => token), ...others].map((token) => ({
    authorization: `Bearer ${token}`,
  }));
}

/** The names of tables and functions that no answer has a reason to mention. */
async function innerNames(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace in ('public'::regnamespace, 'credits_private'::regnamespace)
    union
    select proname from pg_proc where pronamespace in ('public'::regnamespace, 'credits_private'::regnamespace)`;
  return rows.map(({ name }) => name).filter((name) => name.includes("_"));
}
