/**
 * Runs the tests against a stack of their own, beside whatever else is running, and prints `N passed, N failed` last.
 *
 * `deno task test [pattern]` runs everything whose path contains the pattern, `deno task test:db [pattern]` pgTAP alone.
 */
import { XMLParser } from "fast-xml-parser";
import { glob } from "node:fs/promises";
import { type DatabaseStack, startDatabaseStack } from "../local/database_stack.ts";
import { messageOf } from "../local/errors.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { type Count, runPgtap } from "./pgtap.ts";

const AT_ONCE = 2;

const onlyDatabase = Deno.args.includes("--db");
const pattern = Deno.args.find((argument) => !argument.startsWith("-")) ?? "";

/** Paths under the checkout that match `globs` and the pattern of the command line, in a stable order. */
async function find(globs: string[]): Promise<string[]> {
  const exclude = (path: string) => path.includes("node_modules");
  const paths = await Array.fromAsync(glob(globs, { exclude }));
  return paths.filter((path) => path.includes(pattern)).sort();
}

async function pgtap(files: string[], stack: DatabaseStack): Promise<Count> {
  const total = { passed: 0, failed: 0 };
  const queue = files.values();
  const work = async () => {
    for (const file of queue) add(total, await runPgtap(file, stack));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return total;
}

async function denoTests(files: string[], env: Record<string, string>): Promise<Count> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const args = ["test", "-A", "--quiet", `--junit-path=${report}`, ...files];
    const { success } = await new Deno.Command(Deno.execPath(), {
      args,
      env,
      stdout: "inherit",
      stderr: "inherit",
    }).output();
    const count = countOf(await Deno.readTextFile(report));
    // A file that does not load, or a process that dies, has no test case of its own.
    return success || count.failed ? count : { ...count, failed: 1 };
  } finally {
    await Deno.remove(report);
  }
}

function countOf(junit: string): Count {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    isArray: (name) => name === "testcase",
  });
  const suites = [parser.parse(junit).testsuites?.testsuite ?? []].flat();
  const cases = suites.flatMap((suite) => suite.testcase ?? []);
  const failed = cases.filter((test) => "failure" in test || "error" in test).length;
  const skipped = cases.filter((test) => "skipped" in test).length;
  return { passed: cases.length - failed - skipped, failed };
}

function add(total: Count, count: Count) {
  total.passed += count.passed;
  total.failed += count.failed;
}

async function run(): Promise<Count> {
  await using running = new AsyncDisposableStack();
  const total = { passed: 0, failed: 0 };
  const fail = (error: unknown) => {
    console.error(`not ok  the stack did not start: ${messageOf(error)}`);
    total.failed++;
  };
  const files = onlyDatabase ? [] : await find(["{tests,local,supabase/functions}/**/*_test.ts"]);
  const [database, stack] = await Promise.all([
    startDatabaseStack().then((database) => running.adopt(database, (database) => database.stop())),
    files.length ? startStackOfItsOwn(running).catch(fail) : undefined,
  ]);
  add(total, await pgtap(await find(["supabase/tests/*.sql"]), database));
  if (stack) add(total, await denoTests(files, { ...stack.env, DATABASE_STACK_URL: database.adminUrl }));
  return total;
}

/** A stack in a temporary folder, without timers: a test that is about a scheduled job calls it. */
async function startStackOfItsOwn(running: AsyncDisposableStack): Promise<Stack> {
  const dir = running.adopt(
    await Deno.makeTempDir({ prefix: "credits-stack-" }),
    (dir) => Deno.remove(dir, { recursive: true }),
  );
  await Deno.chmod(dir, 0o755);
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  return running.adopt(await startStack({ port: 0, dir, settings, timers: false }), (stack) => stack.stop());
}

const total = await run().catch((error) => {
  console.error(messageOf(error));
  return { passed: 0, failed: 1 };
});
console.log(`${total.passed} passed, ${total.failed} failed`);
Deno.exit(total.failed || !total.passed ? 1 : 0);
