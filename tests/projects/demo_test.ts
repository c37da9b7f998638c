// `deno task demo` as a person or a program runs it: against a running stack, several at the same time.
import assert from "node:assert/strict";
import { z } from "zod";
import { readOptions } from "../../demo/options.ts";
import { Visitor } from "../../demo/visitor.ts";
import { BOUNDS } from "../../supabase/functions/_shared/database/bounds.ts";
import { stack } from "../support/people.ts";
import { inWords, readTerms } from "../support/terms.ts";
import { removeFolder } from "../../local/processes/remove.ts";

interface Outcome {
  ok: boolean;
  email: string;
  balance: number;
  resent_event: string;
  verify_credits: unknown[];
  story: { title: string; pages: string[] };
  book: { file: string; bytes: number };
  steps: { name: string; result: string }[];
}

const { bonus, prices, packs } = await readTerms();
const { prompt, age_min, age_max, pages } = BOUNDS.story;

const AGES = `${age_min.least} to ${age_max.most}`;
const MAIN = new URL("../../demo/main.ts", import.meta.url).pathname;

async function demo(args: string[], cwd?: string) {
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "--quiet", "-A", MAIN, ...args], cwd });
  const { code, stdout, stderr } = await command.output();
  const [printed, complained] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, printed, complained };
}

Deno.test("two demos at once both add up, and each prints one JSON object and saves its own book", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const wishes = [
      ["--prompt", "a shy dragon who learns to whistle"],
      ["--prompt", "ein Leuchtturm, der sich im Dunkeln fürchtet", "--language", "de"],
    ];
    const runs = await Promise.all(
      wishes.map((wish) => demo(["--", "--json", "--url", stack("API_URL"), ...wish], folder)),
    );
    const outcomes = runs.map(({ code, printed, complained }): Outcome => {
      assert.equal(code, 0, complained);
      return JSON.parse(printed);
    });
    const cost = pages.fallback * (prices.story_page + prices.book_page_with_image);
    for (const outcome of outcomes) {
      assert.equal(outcome.ok, true);
      assert.equal(inWords(outcome.balance), inWords(bonus + packs[0].credits - cost));
      assert.equal(outcome.resent_event, "duplicate");
      assert.deepEqual(outcome.verify_credits, []);
      const made = outcome.steps.find(({ name }) => name === "Book made");
      assert.equal(made?.result, `${pages.fallback} story pages with pictures`);
      assert.equal((await Deno.stat(outcome.book.file)).size, outcome.book.bytes);
    }
    const areGerman = outcomes.map(({ story }) => /\b(der|die|das)\b.*\bund\b/s.test(story.pages.join(" ")));
    assert.deepEqual(areGerman, [false, true]);
    assert.equal(new Set(outcomes.map(({ email }) => email)).size, 2);
    assert.equal(new Set(outcomes.map(({ book }) => book.file)).size, 2);
  } finally {
    await removeFolder(folder);
  }
});

Deno.test("a refused story ends the demo with what was refused, and a program can read it too", async () => {
  const { code, printed, complained } = await demo([
    "--json",
    "--url",
    stack("API_URL"),
    "--prompt",
    "sexy vampires",
  ]);
  const { ok, error, step } = JSON.parse(printed);
  assert.deepEqual([code, ok, step], [1, false, "Story written"]);
  assert.equal(error, "Story written: the story failed: unsafe_prompt; nothing was charged");
  assert.equal(complained.trim(), `error: ${error}`);
});

Deno.test("a call that is refused ends a step with which one it was, and the whole answer", async () => {
  const stranger = new Visitor({
    apiUrl: stack("API_URL"),
    publishableKey: stack("PUBLISHABLE_KEY"),
    secretKey: stack("SECRET_KEY"),
    inboxUrl: stack("INBOX_URL"),
    stripeUrl: stack("STRIPE_API_URL"),
  });
  const order = stranger.post(
    "story-api/create",
    { prompt: "a shy dragon", age_min: 4, age_max: 7 },
    z.unknown(),
  );
  await assert.rejects(order, {
    name: "Mismatch",
    message: /^story-api\/create answered 401: \{.*unauthorized/,
  });
});

for (
  const [args, named] of [
    [["--foo"], "--foo"],
    [["--prompt"], "--prompt"],
    [["--prompt", " "], "--prompt"],
    [["--prompt", ` ${"a".repeat(prompt.least - 1)} `], `${prompt.least}`],
    [["--prompt", "a".repeat(prompt.most + 1)], `${prompt.most}`],
    [["--age", "7-4"], "--age"],
    [["--age", "young"], "--age"],
    [["--age", "0-1"], AGES],
    [["--age", `${age_max.most + 1}`], AGES],
    [["--age", "4-98"], AGES],
    [["--language", "fr"], "en, de, es"],
    [["--url", "nowhere"], "--url"],
    [["--out", ""], "--out"],
    [["--", "book.pdf"], "book.pdf"],
  ] as const
) {
  Deno.test(`what cannot be used is named: ${args.join(" ").slice(0, 40)}`, () => {
    const refusal = { name: "StackError", message: new RegExp(`^[^\n]*${RegExp.escape(named)}[^\n]*$`) };
    assert.throws(() => readOptions([...args]), refusal);
  });
}

Deno.test("a call that cannot be understood ends with one line and 2, and nothing is started", async () => {
  const { code, printed, complained } = await demo(["--age", "young"]);
  assert.deepEqual([code, printed], [2, ""]);
  assert.match(complained, /^error: [^\n]+\n$/);
});
