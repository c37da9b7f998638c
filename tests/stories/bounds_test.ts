// What a route publishes in its openapi.json is what Postgres enforces: field by field, what is on a bound is taken by both,
// what is one beyond is refused by both, and both name the field.
import assert from "node:assert/strict";
import { SignJWT } from "jose";
import { app as bookApi } from "../../supabase/functions/book-api/app.ts";
import { app as storyApi } from "../../supabase/functions/story-api/app.ts";
import { beyond, padded, within } from "../support/bounds.ts";
import { ask } from "../support/calls.ts";
import type { Schema } from "../support/fuzz/schema.ts";
import { type Accepted, backend, PAGES, STORY } from "../support/jobs.ts";
import { stack } from "../support/people.ts";
import { service } from "../support/service.ts";

type Body = Record<string, unknown>;

interface Route {
  api: string;
  path: string;
  schema: Schema;
}

/** Every route of an API that takes a JSON body, as the API describes itself. */
async function routesOf(api: string, app: typeof storyApi): Promise<Route[]> {
  const { paths } = await (await app.request(`/${api}/openapi.json`)).json();
  return Object.entries<{ post?: { requestBody?: { content: Record<string, { schema: Schema }> } } }>(paths)
    .flatMap(
      ([path, { post }]) => {
        const schema = post?.requestBody?.content["application/json"]?.schema;
        return schema ? [{ api, path: path.slice(1), schema }] : [];
      },
    );
}

/** Somebody new with credits, because every order counts against a rate limit. */
async function customer() {
  const id = crypto.randomUUID();
  const token = await new SignJWT({ sub: id, aud: "authenticated", role: "authenticated" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" }).setExpirationTime("1h")
    .sign(new TextEncoder().encode(stack("JWT_SECRET")));
  const grant = { p_user_id: id, p_amount: 1000, p_source: "adjustment", p_grant_key: "bounds" };
  assert.equal((await service.rpc("grant_credits", grant)).error, null);
  return { id, headers: { authorization: `Bearer ${token}` } };
}

async function storyOf(userId: string): Promise<string> {
  const { data } = await service.rpc("create_story", { p_user_id: userId, p_request: STORY });
  const { job_id, resource_id } = data as { job_id: string; resource_id: string };
  // Nobody else knows of this job until it is asked for.
  const claim = await service.rpc("claim_job", { p_job_id: job_id });
  const done = { p_job_id: job_id, p_attempt: claim.data?.attempt ?? 0, p_title: "T", p_pages: PAGES };
  assert.equal((await service.rpc("complete_story", done)).data?.outcome, "completed");
  return resource_id;
}

interface Orders {
  rpc: "create_story" | "create_book";
  /** The least that can be ordered; each bound of one field goes with the rest of it. */
  request(userId: string): Promise<Body>;
}

const ORDERS: Record<string, Orders> = {
  "story-api/create": {
    rpc: "create_story",
    request: () => Promise.resolve({ prompt: "a shy dragon", age_min: 2, age_max: 12, pages: 1 }),
  },
  "book-api/generate": {
    rpc: "create_book",
    request: async (userId) => ({ story_id: await storyOf(userId), with_images: false }),
  },
};

/** What Postgres and HTTP say to the same order: `taken`, or the field that they refuse. */
async function said(path: string, change: (body: Body) => Body): Promise<{ postgres: string; http: string }> {
  const { rpc, request } = ORDERS[path];
  const { id, headers } = await customer();
  const body = change(await request(id));
  const { data, error } = await service.rpc(rpc, {
    p_user_id: id,
    p_request: body as Record<string, string>,
  });
  assert.equal(error, null);
  const answer = await ask<Accepted & { code: string; field?: string }>("POST", path, headers, body);
  if (answer.status === 202) {
    const { story_id, book_id } = answer.body;
    await ask("POST", `${path.split("/")[0]}/${story_id ?? book_id}/cancel`, headers);
  }
  return {
    postgres: data?.outcome === "accepted" ? "taken" : data?.field ?? `${data?.outcome}`,
    http: answer.status === 202 ? "taken" : answer.body.field ?? answer.body.code,
  };
}

const routes = [...await routesOf("story-api", storyApi), ...await routesOf("book-api", bookApi)];

for (const { path, schema } of routes.filter(({ path }) => path in ORDERS)) {
  const { properties = {}, required = [] } = schema;
  for (const [name, field] of Object.entries(properties)) {
    Deno.test(`${path}: ${name} is taken on its bounds and refused beyond, by Postgres as by HTTP`, async () => {
      const expectations = [
        ...within(field).map((value) => ({ value, verdict: "taken" })),
        ...[...beyond(field), ...padded(field)].map((value) => ({ value, verdict: name })),
        { value: undefined, verdict: required.includes(name) ? name : "taken" },
      ];
      for (const { value, verdict } of expectations) {
        const shown = `${name} = ${JSON.stringify(value)?.slice(0, 60)}`;
        const verdicts = await said(path, (body) => ({ ...body, [name]: value }));
        assert.deepEqual({ shown, ...verdicts }, { shown, postgres: verdict, http: verdict });
      }
    });
  }
}

Deno.test("every order that Postgres checks is described", () => {
  for (const path of Object.keys(ORDERS)) assert.ok(routes.some((route) => route.path === path), path);
});

/** A report that is taken as it is: what a backend says has bounds in HTTP alone, and Postgres takes what passes them. */
const REPORTS: Record<string, Body> = {
  progress: { attempt: 1 },
  fail: { attempt: 1, code: "broken" },
  complete: { attempt: 1, title: "T", pages: PAGES },
};

for (const { path, schema } of routes.filter(({ path }) => !(path in ORDERS))) {
  const report = REPORTS[path.split("/").at(-1) ?? ""];
  const bounded = Object.entries(schema.properties ?? {}).filter(([, field]) =>
    field.type === "integer" || field.maxLength !== undefined
  );
  Deno.test(`${path}: what is on a bound reaches Postgres, what is beyond is refused by its field`, async () => {
    const url = path.replace("{id}", crypto.randomUUID());
    for (const [name, field] of bounded) {
      for (const value of within(field).filter((value) => !String(value).includes("undefined"))) {
        const { body } = await ask("POST", url, backend, { ...report, [name]: value });
        assert.equal(body.code, "not_found", `${name} = ${String(value).slice(0, 60)}`);
      }
      for (const value of beyond(field).filter((value) => typeof value === typeof within(field)[0])) {
        const { body } = await ask<{ code: string; field?: string }>("POST", url, backend, {
          ...report,
          [name]: value,
        });
        assert.equal(body.field, name, `${name} = ${String(value).slice(0, 60)}`);
      }
    }
  });
}
