// Every route × every method × everybody who may knock: C1, H3, M7.
import assert from "node:assert/strict";
import { SignJWT } from "jose";
import { ask } from "../support/calls.ts";
import { signUp, stack } from "../support/people.ts";
import { isServed } from "../support/served.ts";

const NOTHING = "0198a000-0000-7000-8000-000000000000";
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

interface Route {
  path: string;
  /** Method → who may call, and what a caller who may is answered when the request makes no sense otherwise. */
  methods: Record<string, [who: "user" | "backend" | "scheduler" | "anyone" | "stripe", status: number]>;
}

const ROUTES = ([
  { path: "credits-api/balance", methods: { GET: ["user", 200] } },
  { path: "credits-api/usage", methods: { GET: ["user", 200] } },
  { path: "credits-api/pricing", methods: { GET: ["user", 200] } },
  { path: "credits-api/packs", methods: { GET: ["user", 200] } },
  { path: "credits-api/purchases", methods: { GET: ["user", 200] } },
  { path: "credits-api/checkout", methods: { POST: ["user", 400] } },
  { path: `credits-api/checkout/${NOTHING}/refresh`, methods: { POST: ["user", 404] } },
  { path: "credits-api/portal", methods: { POST: ["user", 400] } },
  { path: "story-api", methods: { GET: ["user", 200] } },
  { path: "story-api/create", methods: { POST: ["user", 400] } },
  { path: `story-api/${NOTHING}`, methods: { GET: ["user", 404], DELETE: ["user", 404] } },
  { path: `story-api/${NOTHING}/cancel`, methods: { POST: ["user", 404] } },
  { path: "story-api/jobs/run", methods: { POST: ["scheduler", 202] } },
  { path: `story-api/jobs/${NOTHING}/progress`, methods: { POST: ["backend", 400] } },
  { path: `story-api/jobs/${NOTHING}/complete`, methods: { POST: ["backend", 400] } },
  { path: `story-api/jobs/${NOTHING}/fail`, methods: { POST: ["backend", 400] } },
  { path: "book-api", methods: { GET: ["user", 200] } },
  { path: "book-api/generate", methods: { POST: ["user", 400] } },
  { path: `book-api/${NOTHING}`, methods: { GET: ["user", 404], DELETE: ["user", 404] } },
  { path: `book-api/${NOTHING}/cancel`, methods: { POST: ["user", 404] } },
  { path: `book-api/${NOTHING}/pdf`, methods: { GET: ["user", 404] } },
  { path: "book-api/jobs/run", methods: { POST: ["scheduler", 202] } },
  { path: `book-api/jobs/${NOTHING}/progress`, methods: { POST: ["backend", 400] } },
  { path: `book-api/jobs/${NOTHING}/complete`, methods: { POST: ["backend", 400] } },
  { path: `book-api/jobs/${NOTHING}/fail`, methods: { POST: ["backend", 400] } },
  { path: "stripe-webhook", methods: { POST: ["stripe", 400] } },
  { path: "stripe-webhook/reconcile", methods: { POST: ["scheduler", 200] } },
  ...["credits-api", "story-api", "book-api", "stripe-webhook"].flatMap((name): Route[] => [
    { path: `${name}/health`, methods: { GET: ["anyone", 200] } },
    { path: `${name}/openapi.json`, methods: { GET: ["anyone", 200] } },
  ]),
] satisfies Route[] as Route[]).filter(({ path }) => isServed(path));

const { token } = await signUp();
const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

const CALLERS: Record<string, Record<string, string>> = {
  "nobody": {},
  "the publishable key": { ...bearer(stack("PUBLISHABLE_KEY")), apikey: stack("PUBLISHABLE_KEY") },
  "the secret key": { ...bearer(stack("SECRET_KEY")), apikey: stack("SECRET_KEY") },
  "a forged token": bearer(await sign("not-the-secret-of-this-project-at-all", 600)),
  "an expired token": bearer(await sign(stack("JWT_SECRET"), -1)),
  "a user": bearer(token),
  "a user on an allowed page": { ...bearer(token), origin: "https://talehop.com" },
  "the backend": { "x-api-key": stack("API_SHARED_SECRET") },
  "the scheduler": { "x-api-key": stack("SCHEDULER_SECRET") },
  "somebody with a wrong key": { "x-api-key": `${stack("API_SHARED_SECRET")}x` },
};

function sign(secret: string, seconds: number): Promise<string> {
  return new SignJWT({ sub: NOTHING, role: "authenticated" }).setAudience("authenticated")
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds).sign(new TextEncoder().encode(secret));
}

function expected([who, status]: Route["methods"][string], caller: string): number {
  if (who === "user") return caller.startsWith("a user") ? status : 401;
  if (who === "backend" || who === "scheduler") return caller === `the ${who}` ? status : 403;
  return status;
}

for (const { path, methods } of ROUTES) {
  Deno.test(`${path}: who may call it, and how`, async () => {
    for (const method of METHODS) {
      const body = method === "POST" ? {} : undefined;
      const rule = methods[method];
      for (const [caller, headers] of Object.entries(CALLERS)) {
        // What a route cannot do is said before anybody is asked who they are.
        if (rule === undefined && caller !== "nobody" && caller !== "a user") continue;
        const { status, headers: answered } = await ask(method, path, headers, body);
        const wanted = rule === undefined ? 405 : expected(rule, caller);
        assert.equal(status, wanted, `${method} by ${caller}`);
        assert.ok(answered.get("x-request-id"), `${method} by ${caller}`);
        if (status === 405) {
          assert.deepEqual(
            answered.get("allow")?.split(", ").filter((name) => name !== "HEAD").sort(),
            Object.keys(methods).sort(),
          );
        }
      }
      const elsewhere = await ask(
        method,
        path,
        { ...CALLERS["a user"], origin: "https://evil.example" },
        body,
      );
      assert.deepEqual([elsewhere.status, elsewhere.body.code], [403, "origin_not_allowed"], method);
      assert.equal(elsewhere.headers.get("access-control-allow-origin"), null);
    }
    const preflight = await ask("OPTIONS", path, {
      origin: "https://talehop.com",
      "access-control-request-method": Object.keys(methods)[0],
      "access-control-request-headers": "authorization,content-type",
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-origin"), "https://talehop.com");
  });
}

Deno.test("what is no route is 404 for everybody, and says nothing more", async () => {
  for (
    const path of [
      "credits-api/nothing",
      "story-api/nothing",
      "book-api/create",
      "stripe-webhook/x",
      `story-api/${NOTHING}/pdf`,
    ].filter(isServed)
  ) {
    for (const headers of Object.values(CALLERS)) {
      const { status, body } = await ask("GET", path, headers);
      assert.deepEqual([status, body.code], [404, "unknown_route"], path);
    }
  }
});
