/** `deno task bench http`: what a function adds to the RPC or the query it stands for, with the whole stack on this machine. */
import { SignJWT } from "jose";
import postgres from "postgres";
import { join } from "node:path";
import { CHECKOUT } from "../local/checkout.ts";
import { type Bundle, runBundler } from "../local/functions/bundle.ts";
import { type Stack, startStack } from "../local/stack/stack.ts";
import { measure, type Measurement, table, upTo, type Variant } from "./measure.ts";
import { seed, seededUser } from "./seed.ts";
import { removeFolder } from "../local/processes/remove.ts";

/** So many that no rate limit is met and hardly any account is asked for twice at once. */
const USERS = 1_000;

const STORY = { prompt: "a shy dragon who learns to whistle", age_min: 4, age_max: 7, pages: 2 };

const USED = [{ meter: "input_tokens", quantity: 812 }, { meter: "output_tokens", quantity: 511 }];
const CEILING = [{ meter: "input_tokens", quantity: 900 }, { meter: "output_tokens", quantity: 700 }];

/** One route and what it stands for, asked for as some user. */
interface Route {
  name: string;
  method: "GET" | "POST";
  path: (user: string) => string;
  body?: unknown;
  /** The same in SQL, without any HTTP. */
  sql: (sql: postgres.Sql, user: string) => Promise<unknown>;
  /** The same through the Data API: an RPC with its arguments, or a query as the user. */
  data: (user: string) => { path: string; args?: Record<string, unknown> };
  /** The same with an RPC that does nothing, where that is worth knowing. */
  nothing?: { path: string; args: Record<string, unknown> };
}

function routes(storyOf: Map<string, string>): Route[] {
  const story = (user: string) => storyOf.get(user) ?? "";
  return [
    {
      name: "balance",
      method: "GET",
      path: () => "credits-api/balance",
      sql: (sql, user) => sql`select * from public.read_balance(${user})`,
      data: (user) => ({ path: "rpc/read_balance", args: { p_user_id: user } }),
    },
    {
      name: "usage",
      method: "GET",
      path: () => "credits-api/usage",
      sql: (sql, user) => sql`select * from public.read_usage(${user})`,
      data: (user) => ({ path: "rpc/read_usage", args: { p_user_id: user } }),
    },
    {
      name: "estimate of two lines",
      method: "GET",
      path: () => "credits-api/estimate?action=chat&usage=input_tokens:812,output_tokens:511",
      sql: (sql, user) => sql`select * from public.read_estimate(${user}, 'chat', ${sql.json(USED)})`,
      data: (user) => ({
        path: "rpc/read_estimate",
        args: { p_user_id: user, p_action: "chat", p_usage: USED },
      }),
      nothing: { path: "rpc/nothing", args: { p_action: "chat", p_usage: USED } },
    },
    {
      name: "one story and its job",
      method: "GET",
      path: (user) => `story-api/${story(user)}`,
      sql: (sql, user) => sql`select * from public.story_progress where id = ${story(user)}`,
      data: (user) => ({ path: `story_progress?id=eq.${story(user)}` }),
    },
    {
      name: "admission of a story, while all workers are busy",
      method: "POST",
      path: () => "story-api/create",
      body: STORY,
      sql: (sql, user) => sql`select * from public.create_story(${user}, ${sql.json(STORY)})`,
      data: (user) => ({ path: "rpc/create_story", args: { p_user_id: user, p_request: STORY } }),
    },
  ];
}

function variants(stack: Stack, sql: postgres.Sql, tokens: Map<string, string>, route: Route): Variant[] {
  const { SECRET_KEY, PUBLISHABLE_KEY } = stack.env;
  const secret = { apikey: SECRET_KEY, authorization: `Bearer ${SECRET_KEY}` };
  const gateway = `${stack.apiUrl}/functions/v1`;
  const caller = () => {
    const user = seededUser(upTo(USERS));
    return { user, own: { authorization: `Bearer ${tokens.get(user)}` } };
  };
  const bare = (of: (user: string) => ReturnType<Route["data"]>) => {
    const { user, own } = caller();
    const { path, args } = of(user);
    const query = route.method === "GET" && args ? `?args=${encodeURIComponent(JSON.stringify(args))}` : "";
    return send(route.method, `${gateway}/bare/${path}${query}`, own, route.body);
  };
  const { nothing } = route;
  const empty = nothing &&
    { name: "bare function: a call that does nothing", once: () => bare(() => nothing) };
  return [
    { name: "bare function: token, the one call, answer", once: () => bare(route.data) },
    {
      name: "function",
      once: () => {
        const { user, own } = caller();
        return send(route.method, `${gateway}/${route.path(user)}`, own, route.body);
      },
    },
    {
      name: "Data API",
      once: () => {
        const { user, own } = caller();
        const { path, args } = route.data(user);
        const headers = args ? secret : { apikey: PUBLISHABLE_KEY, ...own };
        return send(args ? "POST" : "GET", `${stack.apiUrl}/rest/v1/${path}`, headers, args);
      },
    },
    { name: "SQL on a connection of its own", once: () => route.sql(sql, caller().user) },
    ...(empty ? [empty] : []),
  ];
}

async function send(method: string, url: string, headers: Record<string, string>, body?: unknown) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
}

/** Users with credits, a story each, and no limit that a benchmark could meet. */
async function fill(sql: postgres.Sql, stack: Stack) {
  await seed(sql, { users: USERS });
  await sql`update public.rate_limit_policies set max_requests = 1000`;
  await sql`update credits_private.work_policy set max_unfinished = 1000000`;
  await sql.unsafe(`
    create function public.nothing(p_user_id uuid, p_action text, p_usage jsonb) returns public.estimate_result
      language plpgsql security definer set search_path = '' as
      'begin return row(''ok'', 0.67, 1, ''cap'', null, 1000, 999, 60, null)::public.estimate_result; end';
    revoke all on function public.nothing(uuid, text, jsonb) from public, anon, authenticated;
    grant execute on function public.nothing(uuid, text, jsonb) to service_role;
    create function public.nothing_estimated(p_action text, p_usage jsonb) returns public.cost_estimate
      language plpgsql stable security definer set search_path = '' as
      'begin return row(''ok'', p_action, 1, 0.67, null)::public.cost_estimate; end';
    revoke all on function public.nothing_estimated(text, jsonb) from public, anon, authenticated;
    grant execute on function public.nothing_estimated(text, jsonb) to service_role`);
  const card = ["input_tokens", "output_tokens"].map((meter) => ({ meter, price: 0.5, per: 1000 }));
  await sql`select public.save_rate_card('chat', ${sql.json(card)}, p_reason => 'bench')`;
  const tokens = new Map<string, string>();
  const storyOf = new Map<string, string>();
  for (let n = 1; n <= USERS; n++) {
    const user = seededUser(n);
    tokens.set(user, await tokenOf(user, stack.env.JWT_SECRET));
    const [{ resource_id }] = await sql`select * from public.create_story(${user}, ${sql.json(STORY)})`;
    storyOf.set(user, resource_id);
  }
  await sql`update public.generation_jobs set status = 'cancelled'`;
  await sql`analyze`;
  return { tokens, storyOf };
}

/** What a function waits for that sells metered work: its calls, beside those at a fixed price and one that does nothing. */
async function meteredCalls({ apiUrl, env: { SECRET_KEY } }: Stack): Promise<string[]> {
  const headers = { apikey: SECRET_KEY, authorization: `Bearer ${SECRET_KEY}` };
  const call = (name: string, args: Record<string, unknown>) =>
    send("POST", `${apiUrl}/rest/v1/rpc/${name}`, headers, args);
  const job = () => ({ p_user_id: seededUser(upTo(USERS)), p_job_id: crypto.randomUUID() });
  const pairs = [
    {
      name: "reserve_credits + confirm_credits",
      once: async () => {
        const own = job();
        await call("reserve_credits", { ...own, p_amount: 1, p_job_type: "chat" });
        await call("confirm_credits", { ...own, p_amount: 0.67 });
      },
    },
    {
      name: "reserve_metered + settle_usage",
      once: async () => {
        const own = job();
        await call("reserve_metered", { ...own, p_action: "chat", p_usage: CEILING });
        await call("settle_usage", { ...own, p_usage: USED });
      },
    },
  ];
  const estimate = { p_action: "chat", p_usage: USED };
  const estimates = [
    { name: "a call that does nothing", once: () => call("nothing_estimated", estimate) },
    { name: "estimate_cost", once: () => call("estimate_cost", estimate) },
  ];
  return [
    table("Data API: a reservation and its end, by price and by usage", await measure(pairs)),
    table("Data API: an estimate of two lines", await measure(estimates)),
  ];
}

function tokenOf(user: string, secret: string): Promise<string> {
  return new SignJWT({ sub: user, aud: "authenticated", role: "authenticated" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" }).setExpirationTime("1h")
    .sign(new TextEncoder().encode(secret));
}

/** How much longer a request through the function occupies the machine than one through the bare function. */
function added(measurements: Measurement[]): string {
  const [bare, own] = measurements;
  const milliseconds = 1_000 / own.perSecond - 1_000 / bare.perSecond;
  return `Beyond the bare function a request occupies the whole machine for ${
    milliseconds.toFixed(1)
  } ms more.\n`;
}

/** What every route is measured against, bundled as the functions are. */
async function bareFunction(folder: string): Promise<Bundle> {
  const path = join(folder, "index.js");
  await runBundler([join(CHECKOUT, "bench", "bare_function.ts")], `--output=${path}`);
  return { name: "bare", path, bytes: (await Deno.stat(path)).size };
}

/** Measures every route and gives back the tables. */
export async function benchHttp(): Promise<string> {
  await using all = new AsyncDisposableStack();
  const dir = all.adopt(await Deno.makeTempDir(), removeFolder);
  await Deno.chmod(dir, 0o755);
  // A backend that never answers keeps the workers busy, so that an admission is measured and not the writing.
  const silence = new AbortController();
  const options = { hostname: "127.0.0.1", port: 0, signal: silence.signal, onListen: () => {} };
  const backend = Deno.serve(options, () => new Promise<Response>(() => {}));
  all.defer(() => silence.abort());
  const functionEnv = {
    GENERATION_BACKEND_URL: `http://127.0.0.1:${backend.addr.port}`,
    USER_REQUESTS_PER_MINUTE: "1000000",
  };
  const moreFunctions = [await bareFunction(join(dir, "bare"))];
  const stack = all.adopt(
    await startStack({ port: 0, dir, functionEnv, moreFunctions, timers: false }),
    (stack) => stack.stop(),
  );
  const sql = all.adopt(postgres(stack.adminUrl, { max: 8, onnotice: () => {} }), (sql) => sql.end());
  const { tokens, storyOf } = await fill(sql, stack);
  const parts: string[] = [];
  for (const route of routes(storyOf)) {
    const measurements = await measure(variants(stack, sql, tokens, route));
    parts.push(table(`${route.method} ${route.name}`, measurements), added(measurements));
  }
  parts.push(...await meteredCalls(stack));
  return `Callers, gateway, functions, Data API and Postgres share the processors.\n\n${parts.join("\n")}`;
}
