/**
 * Runs the tests against stacks of their own, beside whatever else is running, and prints `N passed, N failed` last.
 *
 * `deno task test [pattern]` runs everything whose path contains the pattern, `deno task test:db [pattern]` pgTAP alone.
 */
import { startDatabaseStack } from "../local/database/database_stack.ts";
import { messageOf } from "../local/errors.ts";
import { type Stack, startStack } from "../local/stack/stack.ts";
import { add, type Count, find, finish } from "./runner/count.ts";
import { runDenoTests, typesHold } from "./runner/deno_tests.ts";
import { lanesOf } from "./runner/lanes.ts";
import { runAllPgtap } from "./runner/pgtap.ts";
import { removeFolder } from "../local/processes/remove.ts";

/** A test waits for processes and connections as much as it computes, so two at once keep two cores busy. */
const LANES = 2;

const onlyDatabase = Deno.args.includes("--db");
const pattern = Deno.args.find((argument) => !argument.startsWith("-")) ?? "";

/** Whoever ends the run early still finds no process and no folder left behind. */
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => interrupted.abort());
}

async function run(): Promise<Count> {
  await using running = new AsyncDisposableStack();
  const total = { passed: 0, failed: 0 };
  const fail = (error: unknown) => {
    console.error(`not ok  the stack did not start: ${messageOf(error)}`);
    total.failed++;
  };
  const files = onlyDatabase
    ? []
    : await find(["{tests,local,supabase/functions,demo}/**/*_test.ts"], pattern);
  const lanes = lanesOf(files, LANES);
  // A test that is ended early cannot delete what it made; it goes with this folder.
  const temporary = await folderFor(running, "credits-tests-");
  // Once, beside the start, instead of by every lane; of everything, because then `deno task check` has it in its cache.
  const checked = !files.length || typesHold(pattern ? files : ["."], interrupted.signal);
  const [database, ...stacks] = await Promise.all([
    startDatabaseStack().then((database) => running.adopt(database, (database) => database.stop())),
    ...lanes.map(() => startStackOfItsOwn(running).catch(fail)),
  ]);
  add(total, await runAllPgtap(await find(["supabase/tests/**/*.sql"], pattern), database));
  const runLane = async (files: string[], stack: Stack | void) => {
    if (!stack || interrupted.signal.aborted) return;
    const env = { ...stack.env, DATABASE_STACK_URL: database.adminUrl, TMPDIR: temporary };
    add(total, await runDenoTests(files, env, interrupted.signal));
  };
  await Promise.all(lanes.map((files, index) => runLane(files, stacks[index])));
  if (!await checked) total.failed++;
  return total;
}

/** A temporary folder that is gone after the run, and that the database's user can read. */
async function folderFor(running: AsyncDisposableStack, prefix: string): Promise<string> {
  const dir = running.adopt(await Deno.makeTempDir({ prefix }), removeFolder);
  await Deno.chmod(dir, 0o755);
  return dir;
}

/** A stack in a temporary folder, without timers: a test that is about a scheduled job calls it. */
async function startStackOfItsOwn(running: AsyncDisposableStack): Promise<Stack> {
  const dir = await folderFor(running, "credits-stack-");
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  return running.adopt(await startStack({ port: 0, dir, settings, timers: false }), (stack) => stack.stop());
}

const count = await run().catch((error) => {
  console.error(messageOf(error));
  return { passed: 0, failed: 1 };
});
finish(interrupted.signal.aborted ? { ...count, failed: count.failed + 1 } : count);
