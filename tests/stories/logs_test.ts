// In a process of its own: its helpers look for the stack when they are loaded, and it has another.
//
// What a stack's functions write down while people use, misuse and break them: one JSON object a line, and in none of
// them a token, a key, an address, or anything that somebody said (L5, M3).
import assert from "node:assert/strict";
import { OwnStack } from "../support/own_stack.ts";

const PROMPT = "a confidential unicorn called Zephyrine";
const TITLE = "Only for Grandmother's eyes";
const KEY = "an-idempotency-key-that-nobody-else-knows";

/** What every request's line says. */
const FIELDS = [
  "time",
  "level",
  "event",
  "request_id",
  "function",
  "method",
  "route",
  "status",
  "duration_ms",
];

interface Line {
  event: string;
  status: number;
  outcome?: string;
  [field: string]: unknown;
}

/** Uses everything once, the right way and the wrong way, and returns what must have been kept to oneself. */
async function useEverything(): Promise<string[]> {
  const { ask, until } = await import("../support/calls.ts");
  const { as } = await import("../support/people.ts");
  const { grant, signUp, stack } = await import("../support/people.ts");
  const ana = await signUp();
  await grant(ana, 20);
  const headers = { ...as(ana), "idempotency-key": KEY };
  const request = { prompt: PROMPT, age_min: 4, age_max: 7, pages: 2 };
  interface Made {
    story_id: string;
    book_id: string;
    url: string;
    status: string;
    title: string;
    pages: { text: string; image_prompt: string }[];
  }
  const { body: { story_id } } = await ask<Made>("POST", "story-api/create", headers, request);
  const isReady = ({ status }: Made) => status === "ready";
  const story = await until(() => ask<Made>("GET", `story-api/${story_id}`, headers), isReady);
  const order = { story_id, with_images: true, title: TITLE };
  const { body: { book_id } } = await ask<Made>("POST", "book-api/generate", as(ana), order);
  await until(() => ask<Made>("GET", `book-api/${book_id}`, headers), isReady);
  await ask("GET", `book-api/${book_id}/pdf`, headers);

  const packs = await ask<{ items: { id: string }[] }>("GET", "credits-api/packs", headers);
  const shop = { pack_id: packs.body.items[0].id, return_to: "https://talehop.com/?secret=return-address" };
  const { body: { url } } = await ask<Made>("POST", "credits-api/checkout", headers, shop);
  const pay = new URL(`/_test/sessions/${new URL(url).pathname.split("/").at(-1)}/pay`, url);
  await (await fetch(pay, { method: "POST", body: JSON.stringify({ email: ana.email }) })).body?.cancel();
  await (await fetch(new URL("/_test/delivery/wait", url), { method: "POST" })).body?.cancel();

  const wrong = {
    authorization: `Bearer ${ana.token}x`,
    "x-api-key": "not-the-key",
    "stripe-signature": "t=1,v1=stolen",
  };
  await ask("GET", `credits-api/balance?access_token=${ana.token}&email=${ana.email}`, wrong);
  await ask("GET", `story-api/${ana.email}`, headers);
  await ask("POST", "story-api/create", headers, { ...request, prompt: `${PROMPT}!`, [ana.email]: PROMPT });
  await ask("POST", "story-api/create", headers, { ...request, prompt: "" });
  await ask("POST", `story-api/jobs/${story_id}/fail`, wrong, { attempt: 1, code: "x", message: PROMPT });
  await ask("POST", "stripe-webhook", wrong, { customer_email: ana.email });
  await ask("POST", "generation-backend/stories", { "x-api-key": stack("API_SHARED_SECRET") }, {
    prompt: PROMPT,
  });
  const said = story.body.pages.flatMap((
    { text, image_prompt },
  ) => [...text.split(/(?<=[.!?])\s/), image_prompt]);
  return [
    ana.email,
    ana.token,
    ana.token.split(".")[2],
    "stolen",
    "not-the-key",
    "return-address",
    KEY,
    PROMPT,
    TITLE,
  ]
    .concat("Zephyrine", story.body.title, said.filter((sentence) => sentence.length > 10));
}

Deno.test("every line is one JSON object about one request or job, and repeats nothing that was said or is secret", async () => {
  const lines: string[] = [];
  const timers = { requeue_stale_jobs: 200, release_stale_reservations: 200, expire_credits: 200 };
  await using own = await OwnStack.start({ timers, onLine: (line) => lines.push(line) });
  const kept = await useEverything();
  await own.stack.killDatabase();
  const { ask } = await import("../support/calls.ts");
  assert.equal((await ask("GET", "credits-api/health")).status, 503);

  const keys = [
    "SECRET_KEY",
    "PUBLISHABLE_KEY",
    "JWT_SECRET",
    "API_SHARED_SECRET",
    "SCHEDULER_SECRET",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
  ];
  const secrets = [
    ...kept,
    ...keys.map((name) => own.stack.env[name]),
    new URL(own.stack.dbUrl).password,
  ];
  assert.ok(lines.length > 20);
  for (const text of lines) {
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${text}`);
  }
  // What is left out is Deno's own advice to developers.
  const all = lines.filter((text) => !text.startsWith("Deno.serve: ")).map((text): Line => JSON.parse(text));
  const requests = all.filter(({ event }) => event === "request");
  for (const line of requests) {
    assert.deepEqual(FIELDS.filter((field) => !(field in line)), [], JSON.stringify(line));
    if (line.status >= 400) assert.equal(typeof line.outcome, "string", JSON.stringify(line));
  }
  const functions = new Set(requests.map((line) => line.function));
  assert.equal(functions.size, 5, [...functions].join());
  for (const status of [200, 202, 400, 401, 403, 404, 503]) {
    assert.ok(requests.some((line) => line.status === status), `no line says ${status}`);
  }
  assert.ok(all.some(({ event }) => event === "job"), "the jobs are logged, too");
});
