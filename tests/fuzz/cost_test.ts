// What the largest requests cost, on all routes: no input of an allowed size takes a function's time or memory away.
import assert from "node:assert/strict";
import fc from "fast-check";
import { database } from "../support/attack/state.ts";
import { effort } from "../support/effort.ts";
import { largeRequests, mostBytes } from "../support/fuzz/large.ts";
import { operations } from "../support/fuzz/operations.ts";
import type { Cast, Sent } from "../support/fuzz/requests.ts";
import { Stage } from "../support/fuzz/stage.ts";
import { stack } from "../support/people.ts";
import { costOf } from "../support/process_cost.ts";
import { signIn } from "../support/sign_in.ts";

const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 20261126);
const REQUESTS = effort(60);
const MEGABYTE = 1024 * 1024;
/** Seconds of processor time. A whole book may take as long as a hosted function has, on a machine that is not idle. */
const MOST_SECONDS = { any: 2, book: 4 };
const MOST_GROWTH = 64 * MEGABYTE;

const shown = ({ method, url, headers, body }: Sent) => {
  const text = typeof body === "string" ? body : "";
  return `${method} ${url.slice(0, 200)} ${
    JSON.stringify(headers).slice(0, 300)
  } ${text.length} characters: ${text.slice(0, 300)} … ${text.slice(-100)}`;
};

Deno.test({
  name: "the largest requests on every route cost two seconds and 64 MB at most",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using stage = await Stage.open();
    const sql = database();
    await using _closing = { [Symbol.asyncDispose]: () => sql.end() };
    const token = await signIn(sql);
    const cast: Cast = {
      users: [{ authorization: `Bearer ${token}` }],
      servers: ["API_SHARED_SECRET", "SCHEDULER_SECRET"].map((name) => ({ "x-api-key": stack(name) })),
      ids: Array.from({ length: 3 }, () => crypto.randomUUID()),
    };
    for (const operation of await operations()) {
      if (operation.name.startsWith("get") && !Object.keys(operation.query).length) continue;
      const most = await mostBytes(operation, cast);
      const requests = fc.sample(largeRequests(operation, cast, most), { seed: SEED, numRuns: REQUESTS });
      for (const [at, sent] of requests.entries()) {
        const { url, ...init } = sent;
        const request = new Request(url, init);
        let status = 0;
        const cost = await costOf(async () => {
          const answer = await operation.fetch(request);
          await answer.arrayBuffer();
          status = answer.status;
        });
        const seconds = cost.seconds.toFixed(2);
        const what = `${operation.name} (${status}) ${seconds} s, ${Math.round(cost.growth / MEGABYTE)} MB: ${
          shown(sent)
        }`;
        const isBook = operation.path.endsWith("/books") && status === 200;
        const length = typeof init.body === "string" ? init.body.length : 0;
        assert.ok(status < 500, what);
        // The first request of a route loads what it needs.
        if (at > 0) {
          assert.ok(cost.seconds <= (isBook ? MOST_SECONDS.book : MOST_SECONDS.any), what);
          // A file is in memory as what came, as what is looked at, and as what goes on.
          assert.ok(cost.growth <= MOST_GROWTH + 4 * length, what);
        }
      }
      await stage.quiet();
    }
  },
});
