// Whatever a model sends: nothing ends the process, no order takes more than its two calls, and a bad picture costs that picture.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { encode } from "fast-png";
import fc from "fast-check";
import { SERVERS } from "../../../../local/model/servers.ts";
import { effort } from "../../../../tests/support/effort.ts";
import { draft, withEndpoint } from "../../../../tests/support/model_endpoint.ts";
import { makeBook, settable } from "../book/make.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { Usage } from "../usage.ts";
import { picturesFor } from "./pictures.ts";
import { soundPicture } from "./picture_file.ts";
import { writeStory } from "./story.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A few changes of a file: a byte, a piece that is gone, a piece that comes twice. */
const changes = fc.array(
  fc.record({
    at: fc.nat(),
    byte: fc.nat(255),
    length: fc.nat(40),
    kind: fc.constantFrom("set", "cut", "twice"),
  }),
  { minLength: 1, maxLength: 6 },
);
type Changes = typeof changes extends fc.Arbitrary<infer T> ? T : never;

function changed(file: Bytes, by: Changes): Bytes {
  return by.reduce((bytes, { at, byte, length, kind }) => {
    const from = at % Math.max(bytes.length, 1);
    const piece = bytes.slice(from, from + length);
    const head = bytes.slice(0, from);
    const tail = bytes.slice(from + (kind === "set" ? 1 : piece.length));
    const middle = { set: [Uint8Array.of(byte)], cut: [], twice: [piece, piece] }[kind] ?? [];
    return new Uint8Array(Buffer.concat([head, ...middle, tail]));
  }, file);
}

const text = JSON.stringify(draft(2));
const ANSWERS = Object.values(SERVERS).flatMap(({ says, refuses, streams }) => [
  JSON.stringify(says(text)),
  JSON.stringify(refuses().body),
  ...(streams ? [streams(text).join("\n\n")] : []),
]).map((answer) => new TextEncoder().encode(answer));

Deno.test("changed answers: each order ends as a story or by name, after at most two calls", async () => {
  const cases = fc.record({
    answer: fc.constantFrom(...ANSWERS),
    by: changes,
    status: fc.constantFrom(200, 200, 200, 400, 403, 422),
  });
  let next: { answer: Bytes; by: Changes; status: number } | undefined;
  const seen = new Set<string>();
  await withEndpoint(
    "LLM",
    () => new Response(changed(next!.answer, next!.by), { status: next!.status }),
    async (calls) => {
      await fc.assert(
        fc.asyncProperty(cases, async (one) => {
          next = one;
          calls.length = 0;
          const usage = new Usage();
          const order = {
            job_id: "j",
            attempt: 1,
            prompt: "a fox",
            age_min: 4,
            age_max: 6,
            pages: 2,
            language: "en",
          };
          const end = await writeStory(order, { signal: new AbortController().signal, usage }).then(
            ({ title, pages }) => {
              assert.equal(pages.length, 2);
              assert.ok(
                [title, ...pages.map(({ text }) => text)].every((said) => said.trim() && said.isWellFormed()),
              );
              return "story";
            },
            (error) => error instanceof ApiError ? error.code : assert.fail(error),
          );
          seen.add(end);
          assert.ok(usage.modelCalls <= 2, `${usage.modelCalls} calls`);
          // Those that the endpoint refused: once for each way to ask for JSON, on either try.
          assert.ok(calls.length <= 4, `${calls.length} requests`);
        }),
        { numRuns: effort(2000) },
      );
    },
  );
  for (const end of ["story", "bad_generation", "unsafe_prompt"]) {
    assert.ok(seen.has(end), `${end} was never seen`);
  }
});

const pixels = (channels: number) => new Uint8Array(24 * 24 * channels).map((_, at) => at * 7);
const png = (channels: number) =>
  new Uint8Array(encode({ width: 24, height: 24, data: pixels(channels), channels }));
const PICTURES = [
  png(1),
  png(3),
  png(4),
  ...await Promise.all(
    ["picture.jpg", "picture_lossy.webp", "picture_lossless.webp", "picture_alpha.webp"].map((name) =>
      Deno.readFile(new URL(`../../../../tests/support/${name}`, import.meta.url))
    ),
  ),
];

Deno.test("changed pictures: each is drawn or left out, and every book is made", async () => {
  const story = settable({
    title: "The Fox",
    language: "en",
    age_min: 4,
    age_max: 6,
    pages: [{ text: "One.", image_prompt: "a fox" }],
  });
  const count = { drawn: 0, out: 0 };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PICTURES), changes, async (file, by) => {
      const sound = await soundPicture(changed(file, by)).catch(() => undefined);
      if (!sound) return void count.out++;
      const { bytes, pictureCount } = await makeBook(story, new Map([[0, sound]]));
      assert.equal(new TextDecoder().decode(bytes.slice(0, 5)), "%PDF-");
      pictureCount ? count.drawn++ : count.out++;
    }),
    { numRuns: effort(2000) },
  );
  console.log(`${count.drawn} drawn, ${count.out} left out`);
  assert.ok(count.drawn && count.out);
});

Deno.test("one bad picture of a book costs that picture", async () => {
  const answers = [PICTURES[1], changed(PICTURES[1], [{ at: 60, byte: 0, length: 30, kind: "cut" }])];
  const answer = (_: unknown, number: number) =>
    Response.json({ data: [{ b64_json: answers[number % 2].toBase64() }] });
  await withEndpoint("IMAGE", answer, async () => {
    const usage = new Usage();
    const pages = Array.from({ length: 4 }, () => ({ text: "One.", image_prompt: "a fox" }));
    const painted = await picturesFor(pages, { signal: new AbortController().signal, usage });
    assert.deepEqual([painted.size, usage.pictures], [2, 4]);
  });
});
