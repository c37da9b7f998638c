// What the backend may answer when it fails, and what that means for the attempt.
import assert from "node:assert/strict";
import { withEnv, withServer } from "../../../tests/support/functions.ts";
import { backendAddress, generate, readAtMost } from "./backend_client.ts";
import type { Claim } from "./product.ts";
import { BOOK_CLAIM, run, STORY, STORY_CLAIM } from "../../../tests/support/scripted_worker.ts";

type Failure = [name: string, answer: () => Response, code: string, retryable: boolean];
const FAILURES: Failure[] = [
  [
    "a refusal with a code",
    () => Response.json({ code: "unsafe_prompt" }, { status: 422 }),
    "unsafe_prompt",
    false,
  ],
  ["a refusal without", () => new Response("no", { status: 400 }), "generation_refused", false],
  [
    "a refusal that is too long",
    () => Response.json({ code: "unsafe_prompt", message: "x".repeat(65_536) }, { status: 422 }),
    "generation_refused",
    false,
  ],
  ["a code that is none", () => Response.json({ code: "<b>" }, { status: 422 }), "generation_refused", false],
  ["an overload", () => new Response(null, { status: 429 }), "backend_unavailable", true],
  ["a fault", () => Response.json({ code: "model_failed" }, { status: 502 }), "backend_unavailable", true],
  ["a wrong key", () => Response.json({ detail: "no" }, { status: 403 }), "backend_unavailable", true],
  [
    "a redirect",
    () => new Response(null, { status: 307, headers: { location: "./" } }),
    "backend_unavailable",
    true,
  ],
  ...[401, 404, 405, 408, 425].map((status): Failure => [
    `a ${status}`,
    () => Response.json({ code: "unsafe_prompt" }, { status }),
    "backend_unavailable",
    true,
  ]),
  [
    "an answer that breaks off",
    () =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode('{"title":'));
            controller.error(new Error("gone"));
          },
        }),
      ),
    "backend_unavailable",
    true,
  ],
  ["truncated JSON", () => new Response('{"title":"T","pa'), "backend_answer_invalid", true],
  ["no page", () => Response.json({ title: "T", pages: [] }), "backend_answer_invalid", true],
  ["a page without text", () => Response.json({ title: "T", pages: [{}] }), "backend_answer_invalid", true],
  [
    "a page of line ends",
    () => Response.json({ title: "T", pages: [{ text: "\n" }] }),
    "backend_answer_invalid",
    true,
  ],
  [
    "a title of a space that does not break",
    () => Response.json({ ...STORY, title: "\u00a0" }),
    "backend_answer_invalid",
    true,
  ],
  [
    "too much",
    () => new Response(JSON.stringify(STORY) + " ".repeat(2 * 1024 * 1024)),
    "backend_answer_invalid",
    false,
  ],
];

for (const [name, answer, code, retryable] of FAILURES) {
  Deno.test(`${name} from the backend fails the attempt as ${code}`, async () => {
    const { rpcs, backend } = await run(STORY_CLAIM, answer);
    assert.equal(backend.length, 1);
    assert.deepEqual(rpcs.map(({ name }) => name), ["fail_job"]);
    const { p_attempt, p_error_code, p_retryable } = rpcs[0].args;
    assert.deepEqual([p_attempt, p_error_code, p_retryable], [3, code, retryable]);
  });
}

Deno.test("what is no PDF, or half of one, is not stored", async () => {
  for (const answer of ["<html>", "%PDF-1.7\n1 0 obj", "1 0 obj\n%%EOF"]) {
    const { rpcs, storage } = await run(BOOK_CLAIM, () => new Response(answer));
    assert.equal(rpcs[0].args.p_error_code, "backend_answer_invalid");
    assert.equal(storage.length, 0);
  }
});

Deno.test("the secret travels unencrypted only within one machine", async () => {
  const taken = [
    "https://backend.example",
    "https://10.0.0.1/x",
    "http://127.0.0.1:8787",
    "http://127.8.9.10",
    "http://[::1]:1",
    "http://localhost:8787",
  ];
  const refused = [
    "http://backend.example",
    "http://10.0.0.1",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://0.0.0.0",
    "ftp://localhost",
    "backend",
    "//localhost",
  ];
  for (const url of taken) {
    await withEnv(
      { GENERATION_BACKEND_URL: url },
      () => Promise.resolve(assert.equal(backendAddress(), url)),
    );
  }
  for (const url of refused) {
    await withEnv(
      { GENERATION_BACKEND_URL: url },
      () => Promise.resolve(assert.throws(backendAddress, { code: "not_configured" }, url)),
    );
  }
  await withEnv(
    { GENERATION_BACKEND_URL: undefined, SUPABASE_URL: "http://kong:8000" },
    () => Promise.resolve(assert.equal(backendAddress(), "http://kong:8000/functions/v1/generation-backend")),
  );
});

Deno.test("V1: a backend that is not done in time is a fault of its own, before it answers and while it does", async () => {
  const slow = () => new Promise<Response>((resolve) => setTimeout(() => resolve(new Response()), 300));
  const stalled = () =>
    new Response(new ReadableStream({ start: (body) => body.enqueue(new Uint8Array(9)) }));
  for (const answer of [slow, stalled]) {
    await withServer(
      answer,
      (url) =>
        withEnv({ SUPABASE_URL: url, GENERATION_BACKEND_URL: url }, async () => {
          const attempt = async () => {
            const given = await generate("/stories", STORY_CLAIM as Claim, AbortSignal.timeout(100));
            return await readAtMost(given as Response, 1000);
          };
          await assert.rejects(attempt(), { code: "backend_timeout", retryable: true });
        }),
    );
  }
});
