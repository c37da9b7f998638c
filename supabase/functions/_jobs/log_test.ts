// Logs: no token, key, prompt or e-mail address reaches a line, whatever goes wrong.
import assert from "node:assert/strict";
import { app as books } from "../book-api/app.ts";
import { app as credits } from "../credits-api/app.ts";
import { app as stories } from "../story-api/app.ts";
import { app as webhook } from "../stripe-webhook/app.ts";
import {
  BACKEND_KEY,
  captureLogs,
  SCHEDULER_KEY,
  TEST_ENV,
  token,
  withEnv,
  withServer,
} from "../../../tests/support/functions.ts";

const PROMPT = "a very private dragon";
const EMAIL = "ana@example.com";
const ID = "0198a000-0000-7000-8000-00000000000a";

/** Postgres' own habit of quoting what it was given, in each field it can. */
const QUOTING = {
  code: "22P02",
  message: `invalid input syntax: "${PROMPT}" ${EMAIL}`,
  details: `Failing row contains (${PROMPT}, ${EMAIL})`,
  hint: TEST_ENV.API_SHARED_SECRET,
};

Deno.test("no secret and no word of a user's reaches a log line", async () => {
  const bearer = await token({ email: EMAIL });
  const secrets = [
    bearer,
    bearer.split(".")[1],
    PROMPT,
    "private",
    EMAIL,
    "shared-one",
    "scheduler-one",
    "sb_secret_test",
    "whsec_",
    "v1=abc",
    "q=hidden",
  ];
  const body = JSON.stringify({
    prompt: PROMPT,
    age_min: 4,
    age_max: 7,
    story_id: ID,
    with_images: true,
    email: EMAIL,
  });
  const valid = JSON.stringify({ prompt: `${PROMPT} ${EMAIL}`, age_min: 4, age_max: 7 });
  const headers = {
    authorization: `Bearer ${bearer}`,
    "x-api-key": BACKEND_KEY,
    "content-type": "application/json",
    "stripe-signature": "t=1,v1=abc",
    "idempotency-key": EMAIL,
    "x-request-id": EMAIL,
  };
  const answers = [
    () => Response.json(QUOTING, { status: 400 }),
    () => Response.json({ ...QUOTING, code: "XX000", message: `boom ${EMAIL} ${bearer}` }, { status: 500 }),
    () => new Response(`${PROMPT} not json`, { status: 200 }),
  ];
  const lines = await captureLogs(async () => {
    for (const answer of answers) {
      await withServer(answer, (url) =>
        withEnv({ SUPABASE_URL: url }, async () => {
          for (const sent of [body, valid, `{"prompt":"${PROMPT}`]) {
            const init = { method: "POST", body: sent, headers };
            await stories.request("/story-api/create?q=hidden", init);
            await books.request("/book-api/generate?q=hidden", init);
            await credits.request("/credits-api/checkout", init);
            await webhook.request("/stripe-webhook", init);
            await stories.request(`/story-api/jobs/${ID}/complete`, init);
            const scheduled = { ...init, headers: { ...headers, "x-api-key": SCHEDULER_KEY } };
            await stories.request("/story-api/jobs/run", scheduled);
          }
          for (
            const path of [
              "/credits-api/balance",
              "/credits-api/usage?cursor=q=hidden",
              "/credits-api/purchases",
            ]
          ) {
            await credits.request(path, { headers });
          }
          await stories.request(`/story-api/${EMAIL}`, { headers });
        }));
    }
  });
  assert.ok(lines.length > 50);
  const all = lines.join("\n");
  for (const secret of secrets) {
    assert.ok(
      !all.includes(secret),
      `${secret} in ${lines.find((line) => line.includes(secret))}`,
    );
  }
});
