import assert from "node:assert/strict";
import { createRoute, z } from "@hono/zod-openapi";
import { createApp } from "./app.ts";
import { UUID_PARAM } from "./routes.ts";
import { errors, IdParam, json, jsonBody, text } from "./schemas.ts";
import { captureLogs } from "./testing.ts";

const ID = "0198a000-0000-7000-8000-000000000001";
const Body = z.strictObject({ word: text(1, 5), nested: z.strictObject({ n: z.int() }).optional() });
const Echo = z.object({ word: z.string() });

function testApp() {
  const app = createApp("test-api", { bodyBytes: 200 });
  app.openapi(
    createRoute({
      method: "post",
      path: "/words",
      request: jsonBody(Body),
      responses: { 200: json(Echo, "ok"), ...errors("invalid_request") },
    }),
    (c) => c.json({ word: c.req.valid("json").word }, 200),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: `/${UUID_PARAM}`,
      request: { params: IdParam },
      responses: { 200: json(Echo, "ok") },
    }),
    (c) => c.json({ word: c.req.valid("param").id }, 200),
  );
  app.get("/broken", () => {
    throw new Error('relation "credit_accounts" does not exist at /srv/app.ts:1');
  });
  return app;
}

const JSON_TYPE = { "content-type": "application/json" };
const post = (body: BodyInit, headers: Record<string, string> = JSON_TYPE) => ({
  method: "POST",
  body,
  headers,
});

interface Case {
  name: string;
  path?: string;
  init?: RequestInit;
  status: number;
  code?: string;
  field?: string;
  headers?: Record<string, string>;
}

const CASES: Case[] = [
  { name: "a valid body", init: post('{"word":"hi"}'), status: 200 },
  {
    name: "a charset beside the type",
    init: post('{"word":"hi"}', { "content-type": "application/json; charset=utf-8" }),
    status: 200,
  },
  { name: "a slash at the end", path: "/words/", init: post('{"word":"hi"}'), status: 200 },
  { name: "no body", init: { method: "POST" }, status: 400, code: "invalid_request", field: "word" },
  { name: "broken JSON", init: post('{"word":'), status: 400, code: "invalid_json" },
  { name: "an empty JSON body", init: post(""), status: 400, code: "invalid_json" },
  { name: "an array for an object", init: post("[]"), status: 400, code: "invalid_request" },
  { name: "a missing field", init: post("{}"), status: 400, code: "invalid_request", field: "word" },
  { name: "a wrong type", init: post('{"word":5}'), status: 400, code: "invalid_request", field: "word" },
  {
    name: "a field too long",
    init: post('{"word":"123456"}'),
    status: 400,
    code: "invalid_request",
    field: "word",
  },
  {
    name: "NUL in a text",
    init: post('{"word":"a\\u0000"}'),
    status: 400,
    code: "invalid_request",
    field: "word",
  },
  {
    name: "half a surrogate pair",
    init: post('{"word":"\\ud800"}'),
    status: 400,
    code: "invalid_request",
    field: "word",
  },
  {
    name: "an unknown field",
    init: post('{"word":"hi","admin":true}'),
    status: 400,
    code: "invalid_request",
    field: "admin",
  },
  {
    name: "__proto__ as a field",
    init: post('{"word":"hi","__proto__":{"x":1}}'),
    status: 400,
    code: "invalid_request",
    field: "__proto__",
  },
  {
    name: "an unknown nested field",
    init: post('{"word":"hi","nested":{"n":1,"m":2}}'),
    status: 400,
    code: "invalid_request",
    field: "nested.m",
  },
  {
    name: "infinity",
    init: post('{"word":"hi","nested":{"n":1e999}}'),
    status: 400,
    code: "invalid_request",
    field: "nested.n",
  },
  {
    name: "plain text",
    init: post('{"word":"hi"}', { "content-type": "text/plain" }),
    status: 415,
    code: "unsupported_media_type",
  },
  {
    name: "a form",
    init: post("word=hi", { "content-type": "application/x-www-form-urlencoded" }),
    status: 415,
    code: "unsupported_media_type",
  },
  {
    name: "a body over the limit",
    init: post(`{"word":"${"x".repeat(300)}"}`),
    status: 413,
    code: "payload_too_large",
  },
  { name: "an unknown route", path: "/nowhere", status: 404, code: "unknown_route" },
  {
    name: "a word where an id goes",
    path: "/words",
    status: 405,
    code: "method_not_allowed",
    headers: { allow: "POST" },
  },
  {
    name: "a wrong method",
    path: `/${ID}`,
    init: { method: "DELETE" },
    status: 405,
    code: "method_not_allowed",
    headers: { allow: "GET, HEAD" },
  },
  { name: "an id", path: `/${ID}`, status: 200 },
  { name: "an id in capitals", path: `/${ID.toUpperCase()}`, status: 200 },
  { name: "half an id", path: `/${ID.slice(0, 20)}`, status: 404, code: "unknown_route" },
  { name: "a path trick", path: `/..%2f${ID}`, status: 404, code: "unknown_route" },
  { name: "a bad escape in the path", path: "/%zz", status: 404, code: "unknown_route" },
  { name: "a bug", path: "/broken", status: 500, code: "internal" },
];

for (const { name, path = "/words", init, status, code, field, headers = {} } of CASES) {
  Deno.test(`${name} is answered with ${status}`, async () => {
    await captureLogs(async () => {
      const response = await testApp().request(`/test-api${path}`, init);
      assert.equal(response.status, status);
      const body = await response.json();
      assert.equal(body.code, code);
      assert.equal(body.field, field);
      for (const [header, value] of Object.entries(headers)) {
        assert.equal(response.headers.get(header), value);
      }
    });
  });
}

Deno.test("a chunked body over the limit is refused without a length", async () => {
  const stream = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 10; i++) controller.enqueue(new TextEncoder().encode("x".repeat(100)));
      controller.close();
    },
  });
  await captureLogs(async () => {
    const response = await testApp().request(
      "/test-api/words",
      { ...post(stream), duplex: "half" } as RequestInit,
    );
    assert.equal(response.status, 413);
  });
});

Deno.test("a bug is logged with its cause and answered without it", async () => {
  let body = "";
  const lines = await captureLogs(async () => {
    body = await (await testApp().request("/test-api/broken")).text();
  });
  assert.deepEqual(JSON.parse(body), { code: "internal", message: "Something went wrong on our side" });
  const line = JSON.parse(lines[0]);
  assert.equal(line.level, "error");
  assert.match(line.cause.message, /credit_accounts/);
});

Deno.test("a sane request id is kept, any other replaced, and the log line has the same", async () => {
  for (
    const [given, kept] of [["abc-123_=", true], ["a b", false], ["x".repeat(129), false], [
      undefined,
      false,
    ]] as const
  ) {
    const headers: Record<string, string> = given === undefined ? {} : { "x-request-id": given };
    let id: string | null = null;
    const lines = await captureLogs(async () => {
      id = (await testApp().request(`/test-api/${ID}`, { headers })).headers.get("x-request-id");
    });
    assert.ok(id);
    assert.equal(id === given, kept);
    assert.equal(JSON.parse(lines[0]).request_id, id);
  }
});

Deno.test("a request is one log line that names its route and not its path", async () => {
  const lines = await captureLogs(() => testApp().request(`/test-api/${ID}?secret=1`) as Promise<Response>);
  assert.equal(lines.length, 1);
  const { time: _time, duration_ms, request_id: _id, ...rest } = JSON.parse(lines[0]);
  assert.equal(typeof duration_ms, "number");
  assert.deepEqual(rest, {
    level: "info",
    event: "request",
    function: "test-api",
    method: "GET",
    route: "/test-api/{id}",
    status: 200,
  });
});

Deno.test("answers are kept by no cache, errors neither", async () => {
  await captureLogs(async () => {
    for (const path of [`/${ID}`, "/broken", "/nowhere", "/words"]) {
      assert.equal(
        (await testApp().request(`/test-api${path}`)).headers.get("cache-control"),
        "no-store",
        path,
      );
    }
  });
});

Deno.test("openapi.json describes the routes under the paths that callers use", async () => {
  await captureLogs(async () => {
    const document = await (await testApp().request("/test-api/openapi.json")).json();
    assert.deepEqual(Object.keys(document.paths).sort(), ["/test-api/words", "/test-api/{id}"]);
    const words = document.paths["/test-api/words"].post;
    assert.deepEqual(Object.keys(words.responses), ["200", "400", "500"]);
    assert.equal(words.requestBody.content["application/json"].schema.additionalProperties, false);
  });
});
