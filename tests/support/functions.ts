/**
 * Help for the tests beside the code: an environment, tokens, captured logs and a stand-in for the
 * project's Data API. Nothing that is deployed imports this.
 *
 * @module
 */
import { SignJWT } from "jose";

/** A secret, user and key set that no deployment has. */
export const TEST_ENV: Record<string, string> = {
  SUPABASE_URL: "http://127.0.0.1:9",
  SUPABASE_ANON_KEY: "sb_publishable_test",
  SUPABASE_SERVICE_ROLE_KEY: "sb_secret_test",
  JWT_SECRET: "a-secret-of-at-least-thirty-two-characters",
  API_SHARED_SECRET:
    "shared-one-of-at-least-thirty-two-characters,shared-two-of-at-least-thirty-two-characters",
  SCHEDULER_SECRET:
    "scheduler-one-of-at-least-thirty-two-characters,scheduler-two-of-at-least-thirty-two-characters",
  ALLOWED_ORIGINS: "https://talehop.com,https://www.talehop.com,http://localhost:8080",
  STRIPE_SECRET_KEY: "sk_test_unit",
  STRIPE_WEBHOOK_SECRET: "whsec_old,whsec_new",
  STRIPE_PROJECT: "talehop,talehop-before",
};

/** The secret that the backend shows, the one it may also show, and the scheduler's. */
export const [BACKEND_KEY, OTHER_BACKEND_KEY] = TEST_ENV.API_SHARED_SECRET.split(",");
export const [SCHEDULER_KEY] = TEST_ENV.SCHEDULER_SECRET.split(",");

/** The user that {@linkcode token} signs in. */
export const USER_ID = "0198a000-0000-7000-8000-000000000001";

/**
 * Runs `body` with `env` on top of {@linkcode TEST_ENV}, waits for what it left in the background, then puts
 * the environment back.
 */
export async function withEnv(
  env: Record<string, string | undefined>,
  body: () => Promise<void>,
): Promise<void> {
  const wanted = { ...TEST_ENV, ...env };
  const before = Object.keys(wanted).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(wanted)) set(name, value);
  try {
    await body();
    await settled();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) Deno.env.delete(name);
  else Deno.env.set(name, value);
}

/** An access token as Auth issues it, with `claims` changed or, when undefined, left out. */
export function token(claims: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    sub: USER_ID,
    aud: "authenticated",
    role: "authenticated",
    iat: now,
    exp: now + 600,
    ...claims,
  };
  const key = new TextEncoder().encode(TEST_ENV.JWT_SECRET);
  return new SignJWT(all).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key);
}

/** Runs `body` and returns the log lines it wrote. */
export async function captureLogs(body: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const original = console.log;
  console.log = (line: string) => void lines.push(line);
  try {
    await body();
  } finally {
    console.log = original;
  }
  return lines;
}

/** Runs `body` with a clock that `pass` moves on by milliseconds. */
export async function withClock(
  body: (pass: (milliseconds: number) => void) => Promise<void>,
): Promise<void> {
  const { now } = Date;
  let time = now();
  Date.now = () => time;
  try {
    await body((milliseconds) => void (time += milliseconds));
  } finally {
    Date.now = now;
  }
}

/** One request that the stand-in received. */
export interface Received {
  method: string;
  path: string;
  headers: Headers;
  body: string;
  /** Aborts when whoever asked goes away. */
  signal: AbortSignal;
}

/** Runs `body` against a local server that answers for the project, and returns what it was asked. */
export async function withServer(
  handler: (request: Received) => Response | Promise<Response>,
  body: (url: string) => Promise<void>,
): Promise<Received[]> {
  const received: Received[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const one = {
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      body: await request.text(),
      signal: request.signal,
    };
    received.push(one);
    return handler(one);
  });
  try {
    await body(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
  return received;
}

const background: Promise<unknown>[] = [];

/** As the hosted runtime does: is told what goes on after the answer. */
Object.assign(globalThis, {
  EdgeRuntime: { waitUntil: (work: Promise<unknown>) => void background.push(work) },
});

/** Resolves when nothing goes on in the background any more. */
async function settled(): Promise<void> {
  while (background.length > 0) await background.pop();
}
