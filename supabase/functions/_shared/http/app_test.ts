import assert from "node:assert/strict";
import { createRoute, z } from "@hono/zod-openapi";
import { createApp } from "./app.ts";
import { UUID_PARAM } from "./schemas.ts";
import { errors, IdParam, json, jsonBody, text } from "./schemas.ts";
import { captureLogs } from "../../../../tests/support/functions.ts";

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
  return app;
}

const JSON_TYPE = { "content-type": "application/json" };
const post = (body: BodyInit, headers: Record<string, string> = JSON_TYPE) => ({
  method: "POST",
  body,
  headers,
});

async function ask(path: string, init?: RequestInit): Promise<Response> {
  let response = new Response();
  await captureLogs(async () => {
    response = await testApp().request(`/test-api${path}`, init);
  });
  return response;
}

const BODIES: [name: string, body: string, field?: string][] = [
  ["an array for an object", "[]"],
  ["a missing field", "{}", "word"],
  ["a wrong type", '{"word":5}', "word"],
  ["a field too long", '{"word":"123456"}', "word"],
  ["NUL in a text", '{"word":"a\\u0000"}', "word"],
  ["half a surrogate pair", '{"word":"\\ud800"}', "word"],
  ["an unknown field", '{"word":"hi","admin":true}', "admin"],
  ["__proto__ as a field", '{"word":"hi","__proto__":{"x":1}}', "__proto__"],
  ["an unknown nested field", '{"word":"hi","nested":{"n":1,"m":2}}', "nested.m"],
  ["infinity", '{"word":"hi","nested":{"n":1e999}}', "nested.n"],
];

Deno.test("a body out of bounds is 400 and names the field", async () => {
  for (const [name, body, field] of BODIES) {
    const response = await ask("/words", post(body));
    const answer = await response.json();
    assert.deepEqual([response.status, answer.code, answer.field], [400, "invalid_request", field], name);
  }
  const nothing = await ask("/words", { method: "POST" });
  assert.deepEqual([nothing.status, (await nothing.json()).field], [400, "word"]);
});

Deno.test("a body that is no JSON is 400, one that does not say so 415, one too large 413", async () => {
  const long = `{"word":"${"x".repeat(300)}"}`;
  const refused: [body: string, type: string, status: number, code: string][] = [
    ['{"word":', "application/json", 400, "invalid_json"],
    ["", "application/json", 400, "invalid_json"],
    ['{"word":"hi"}', "text/plain", 415, "unsupported_media_type"],
    ["word=hi", "application/x-www-form-urlencoded", 415, "unsupported_media_type"],
    [long, "application/json", 413, "payload_too_large"],
  ];
  for (const [body, type, status, code] of refused) {
    const response = await ask("/words", post(body, { "content-type": type }));
    assert.deepEqual([response.status, (await response.json()).code], [status, code]);
  }
  for (const type of ["application/json", "application/json; charset=utf-8"]) {
    assert.equal((await ask("/words", post('{"word":"hi"}', { "content-type": type }))).status, 200);
  }
});

const PATHS: [method: string, path: string, status: number, allow?: string][] = [
  ["GET", `/${ID}`, 200],
  ["GET", `/${ID}/`, 200],
  ["GET", `/${ID.toUpperCase()}`, 200],
  ["DELETE", `/${ID}`, 405, "GET, HEAD"],
  ["GET", "/words", 405, "POST"],
  ["PUT", "/words", 405, "POST"],
  ["GET", "/nowhere", 404],
  ["POST", "/nowhere", 404],
  ["GET", `/${ID.slice(0, 20)}`, 404],
  ["GET", `/..%2f${ID}`, 404],
  ["GET", "/%zz", 404],
  ["GET", "/", 404],
];

Deno.test("an unknown path is 404, a known one with another method 405, also where an id would go", async () => {
  for (const [method, path, status, allow] of PATHS) {
    const response = await ask(path, { method });
    const { code } = await response.json();
    assert.equal(response.status, status, `${method} ${path}`);
    assert.equal(code, { 200: undefined, 404: "unknown_route", 405: "method_not_allowed" }[status]);
    assert.equal(response.headers.get("allow"), allow ?? null);
  }
});

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

Deno.test("openapi.json describes the routes under the paths that callers use", async () => {
  await captureLogs(async () => {
    const document = await (await testApp().request("/test-api/openapi.json")).json();
    assert.deepEqual(Object.keys(document.paths).sort(), [
      "/test-api/openapi.json",
      "/test-api/words",
      "/test-api/{id}",
    ]);
    const words = document.paths["/test-api/words"].post;
    assert.deepEqual(Object.keys(words.responses), ["200", "400", "429", "500"]);
    assert.equal(words.requestBody.content["application/json"].schema.additionalProperties, false);
  });
});
