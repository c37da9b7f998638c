/**
 * Runs the tests against stacks of their own, beside whatever else is running, and prints `N passed, N failed` last.
 *
 * `deno task test` runs the gate. With patterns it runs whatever has all of them in its path, so that what the gate leaves
 * to a run of its own ({@link isAside}) is asked for by name; `deno task test:db [pattern]` runs pgTAP alone.
 */
import { statfs } from "node:fs/promises";
import { FAST, startDatabaseStack } from "../local/database/database_stack.ts";
import { messageOf } from "../local/errors.ts";
import { startStack } from "../local/stack/stack.ts";
import { add, type Count, find, finish } from "./runner/count.ts";
import { runDenoTests, typesHold } from "./runner/deno_tests.ts";
import { runAllPgtap } from "./runner/pgtap.ts";
import { Durations, isAside, piecesOf } from "./runner/pieces.ts";
import { removeFolder } from "../local/processes/remove.ts";

/** How many test files run at once, each against the stack of its lane; a lane that is free takes the next file. */
const LANES = 2;

const onlyDatabase = Deno.args.includes("--db");
const patterns = Deno.args.filter((argument) => !argument.startsWith("-"));

/** Databases of tests are made, copied and deleted by the hundred, which costs half as much where no disk is behind it. */
const MEMORY = "/dev/shm";
const ENOUGH = 8 * 2 ** 30;

/** A test asks more often in a minute than a person does; the one that is about these limits sets its own. */
for (const who of ["USER", "ADDRESS"]) Deno.env.set(`${who}_REQUESTS_PER_MINUTE`, "1000000");

/** Whoever ends the run early still finds no process and no folder left behind. */
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => interrupted.abort());
}

async function run(): Promise<Count> {
  await using running = new AsyncDisposableStack();
  const total = { passed: 0, failed: 0 };
  const tests = await find(["{tests,local,supabase/functions,demo}/**/*_test.ts"], patterns);
  const files = onlyDatabase ? [] : tests.filter((path) => patterns.length || !isAside(path));
  const pgtap = await find(["supabase/tests/**/*.sql"], patterns);
  const durations = await Durations.read();
  const queue = durations.longestFirst(await piecesOf(files)).values();
  // A test that is ended early cannot delete what it made; it goes with this folder.
  const temporary = await folderFor(running, "credits-tests-");
  const memory = await statfs(MEMORY).catch(() => undefined);
  if (memory && memory.bavail * memory.bsize > ENOUGH) {
    Deno.env.set("DATABASE_TMPDIR", await folderFor(running, "credits-tests-", MEMORY));
  }
  const database = once(async () => {
    return running.adopt(await startDatabaseStack(), (database) => database.stop());
  });

  const lane = async () => {
    const stack = once(() => startStackOfItsOwn(running));
    for (const piece of queue) {
      if (interrupted.signal.aborted) return;
      const needed = piece.needsStack
        ? { ...(await stack()), DATABASE_STACK_URL: (await database()).adminUrl }
        : {};
      const start = performance.now();
      add(total, await runDenoTests(piece.files, { ...needed, TMPDIR: temporary }, interrupted.signal));
      durations.note(piece, (performance.now() - start) / 1000);
    }
  };
  const fail = (error: unknown) => {
    console.error(`not ok  the stack did not start: ${messageOf(error)}`);
    total.failed++;
  };
  const types = async () => {
    if (files.length && !await typesHold(patterns.length ? files : ["."], interrupted.signal)) total.failed++;
  };
  const sql = async () => {
    if (pgtap.length) add(total, await runAllPgtap(pgtap, await database()));
  };
  // Types are checked once, beside the tests.
  await Promise.all(
    [types, sql, ...Array.from({ length: LANES }, () => lane)].map((work) => work().catch(fail)),
  );
  if (!interrupted.signal.aborted) await durations.write();
  return total;
}

/** Runs `start` when it is first asked for, and never again. */
function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => started ??= start();
}

/** A temporary folder that is gone after the run, and that the database's user can read. */
async function folderFor(running: AsyncDisposableStack, prefix: string, parent?: string): Promise<string> {
  const dir = running.adopt(await Deno.makeTempDir({ prefix, dir: parent }), removeFolder);
  await Deno.chmod(dir, 0o755);
  return dir;
}

/**
 * Starts a stack in a temporary folder, without timers: a test that is about a scheduled job calls it. Resolves to what its
 * tests find in their environment.
 */
async function startStackOfItsOwn(running: AsyncDisposableStack): Promise<Record<string, string>> {
  const dir = await folderFor(running, "credits-stack-");
  const stack = await startStack({ port: 0, dir, settings: FAST, timers: false, once: true });
  running.adopt(stack, (stack) => stack.stop());
  return { ...stack.env, STACK_DIR: dir };
}

const count = await run().catch((error) => {
  console.error(messageOf(error));
  return { passed: 0, failed: 1 };
});
finish(interrupted.signal.aborted ? { ...count, failed: count.failed + 1 } : count);
