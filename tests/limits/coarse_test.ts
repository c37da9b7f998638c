// M4: no route of any function can be called without end, whoever calls it, and who is known is not refused for an address.
import assert from "node:assert/strict";
import { SignJWT } from "jose";
import { database } from "../support/attack/state.ts";
import { type DescribedRoute, describedRoutes } from "../support/described_routes.ts";
import { newcomer } from "../support/newcomer.ts";
import { OwnStack } from "../support/own_stack.ts";
import { sign } from "../support/webhook_delivery.ts";

const LIMIT = 3;
const NOTHING = "0198a000-0000-7000-8000-000000000000";

/** Orders that reach Postgres, by the limit there that counts them. */
const ORDERS: Record<string, unknown> = {
  story_create: { prompt: "a shy dragon", age_min: 4, age_max: 7 },
  book_generate: { story_id: NOTHING, with_images: false },
  checkout: { pack_id: NOTHING, return_to: "https://talehop.com/shop" },
  portal: { return_to: "https://talehop.com/shop" },
  subscribe: { plan_id: NOTHING, return_to: "https://talehop.com/shop" },
};

/** What a route has to be asked with, to come as far as its limit in Postgres. */
const QUERIES: Record<string, string> = { estimate: "?action=story&units=8" };

type Headers = Record<string, string>;

Deno.test("M4: every route of a running stack", async (t) => {
  const env = { USER_REQUESTS_PER_MINUTE: `${LIMIT}`, ADDRESS_REQUESTS_PER_MINUTE: `${LIMIT}` };
  await using own = await OwnStack.start({ functionEnv: env });
  const { apiUrl, env: keys } = own.stack;
  const sql = database(own.stack.dbUrl);
  await using _closing = { [Symbol.asyncDispose]: () => sql.end() };

  /** A user whom nobody has counted yet. */
  const user = async (): Promise<Headers> => {
    const token = await new SignJWT({ sub: await newcomer(sql), aud: "authenticated", role: "authenticated" })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" }).setExpirationTime("1h")
      .sign(new TextEncoder().encode(keys.JWT_SECRET));
    return { authorization: `Bearer ${token}` };
  };

  /** Who may call the route; `undefined` where anybody may. */
  const rightful = async ({ callers }: DescribedRoute): Promise<Headers | undefined> =>
    ({
      user: await user(),
      backend: { "x-api-key": keys.API_SHARED_SECRET },
      scheduler: { "x-api-key": keys.SCHEDULER_SECRET },
      stripe: { "stripe-signature": await sign("{}", keys.STRIPE_WEBHOOK_SECRET) },
      anyone: undefined,
    })[callers!];

  /** The answers to as many requests, one after the other. */
  const ask = async ({ method, path, limits = [] }: DescribedRoute, headers: Headers, times: number) => {
    const answers = [];
    for (let i = 0; i < times; i++) {
      const asked = path.replace("{id}", NOTHING) + (QUERIES[limits[1]] ?? "");
      const response = await fetch(`${apiUrl}/functions/v1/${asked}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        body: method === "POST" ? JSON.stringify(ORDERS[limits[1]] ?? {}) : undefined,
      });
      await response.body?.cancel();
      answers.push({ status: response.status, policy: response.headers.get("ratelimit-policy") ?? "" });
    }
    return answers;
  };

  const refusedBy = (policy: string) => ({ status: 429, policy: `"${policy}";q=${LIMIT};w=60` });

  let addresses = 0;
  for (const route of await describedRoutes()) {
    await t.step(`${route.method} ${route.path}`, async () => {
      const from = { "x-forwarded-for": `192.0.2.${++addresses}` };
      const strangers = await ask(route, from, LIMIT + 1);
      assert.ok(strangers.slice(0, LIMIT).every(({ status }) => status !== 429), JSON.stringify(strangers));
      assert.deepEqual(strangers[LIMIT], refusedBy("address"));

      const who = await rightful(route);
      if (who === undefined) return;
      const known = await ask(route, { ...from, ...who }, LIMIT + 1);
      const [policy] = known[0].policy.match(/(?<=")\w+(?=")/) ?? [];
      assert.equal(policy, route.limits?.[1], "the limit in Postgres");
      assert.ok(
        known.slice(0, LIMIT).every(({ status }) => status !== 429 && status !== 403),
        JSON.stringify(known),
      );
      if (route.callers === "user") assert.deepEqual(known[LIMIT], refusedBy("user"));
      else assert.notEqual(known[LIMIT].status, 429);
    });
  }
});
