// `deno task demo` as a person or a program runs it: against a running stack, several at the same time.
import assert from "node:assert/strict";
import { stack } from "./people.ts";
import { removeFolder } from "../local/remove.ts";

interface Outcome {
  ok: boolean;
  email: string;
  balance: number;
  resent_event: string;
  verify_credits: unknown[];
  story: { title: string; pages: string[] };
  book: { file: string; bytes: number };
}

const MAIN = new URL("../demo/main.ts", import.meta.url).pathname;

async function demo(args: string[], cwd?: string) {
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "--quiet", "-A", MAIN, ...args], cwd });
  const { code, stdout, stderr } = await command.output();
  const [printed, complained] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, printed, complained };
}

Deno.test("two demos at once both add up, and each prints one JSON object and saves its own book", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const prompts = ["a shy dragon who learns to whistle", "a lighthouse that is afraid of the dark"];
    const runs = await Promise.all(
      prompts.map((prompt) => demo(["--", "--json", "--url", stack("API_URL"), "--prompt", prompt], folder)),
    );
    const outcomes = runs.map(({ code, printed, complained }): Outcome => {
      assert.equal(code, 0, complained);
      return JSON.parse(printed);
    });
    for (const outcome of outcomes) {
      assert.equal(outcome.ok, true);
      assert.equal(outcome.balance, 14);
      assert.equal(outcome.resent_event, "duplicate");
      assert.deepEqual(outcome.verify_credits, []);
      assert.equal((await Deno.stat(outcome.book.file)).size, outcome.book.bytes);
    }
    assert.equal(new Set(outcomes.map(({ email }) => email)).size, 2);
    assert.equal(new Set(outcomes.map(({ book }) => book.file)).size, 2);
  } finally {
    await removeFolder(folder);
  }
});

Deno.test("a refused story ends the demo with what was refused, and a program can read it too", async () => {
  const { code, printed, complained } = await demo(["--json", "--url", stack("API_URL"), "--age", "4-98"]);
  const { ok, error, step } = JSON.parse(printed);
  assert.deepEqual([code, ok, step], [1, false, "Order a story"]);
  assert.match(error, /^Order a story: story-api\/create answered 400: .*age/);
  assert.equal(complained.trim(), `error: ${error}`);
});

for (
  const [args, named] of [
    [["--foo"], "--foo"],
    [["--prompt"], "--prompt"],
    [["--prompt", " "], "--prompt"],
    [["--age", "7-4"], "--age"],
    [["--age", "young"], "--age"],
    [["--url", "nowhere"], "--url"],
    [["--out", ""], "--out"],
    [["--", "book.pdf"], "book.pdf"],
  ] as const
) {
  Deno.test(`one line names what cannot be used: ${args.join(" ")}`, async () => {
    const { code, printed, complained } = await demo([...args]);
    assert.deepEqual([code, printed], [2, ""]);
    assert.match(complained, /^error: [^\n]+\n$/);
    assert(complained.includes(named));
  });
}
