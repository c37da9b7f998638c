/**
 * Calls to the functions of a running stack, by whoever the test likes to be.
 *
 * @module
 */
import { as, type Person, stack } from "./people.ts";

/** What a call was answered; `body` is what the test takes it for. */
export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

/** What every error says at least. */
export interface Problem {
  code: string;
  message: string;
}

/** Calls `path` below `/functions/v1/`, with `body` as JSON. */
export async function ask<Body = Problem>(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Answer<Body>> {
  const type: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(`${stack("API_URL")}/functions/v1/${path}`, {
    method,
    headers: { ...type, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) as Body };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Asks again until `done`, for as long as a minute. */
export async function until<Body>(
  again: () => Promise<Answer<Body>>,
  done: (body: Body) => boolean,
): Promise<Answer<Body>> {
  for (const end = Date.now() + 60_000;;) {
    const answer = await again();
    if (done(answer.body)) return answer;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(answer.body)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What `person` has. */
export async function balance(person: Person): Promise<{ balance: number; reserved: number }> {
  return (await ask<{ balance: number; reserved: number }>("GET", "credits-api/balance", as(person))).body;
}
