import { XMLParser } from "fast-xml-parser";
import { stripVTControlCharacters } from "node:util";
import { readLines } from "../../local/processes/children.ts";
import type { Count } from "./count.ts";

const TOGETHER = "tests/runner/together.ts";

/** Runs the Deno tests in `files`, in one isolate, with `env` in their environment; `signal` ends them early. */
export async function runDenoTests(
  files: string[],
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<Count> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    // Whoever calls this has the types checked once for all lanes.
    const entry = files.length > 1 ? TOGETHER : files[0];
    const args = ["test", "-A", "--quiet", "--no-check", `--junit-path=${report}`, entry];
    const options = { args, signal, stdin: "null", stdout: "piped", stderr: "piped" } as const;
    const environment = { ...env, TEST_FILES: JSON.stringify(files) };
    const process = new Deno.Command(Deno.execPath(), { ...options, env: environment }).spawn();
    const printed = printByTest([process.stdout, process.stderr]);
    const { success } = await process.status;
    await printed;
    if (signal.aborted) return { passed: 0, failed: 1 };
    const count = countOf(await Deno.readTextFile(report));
    // A file that does not load, or a process that dies, has no test case of its own.
    return success || count.failed ? count : { ...count, failed: 1 };
  } finally {
    await Deno.remove(report);
  }
}

/** Whether the types of `paths` and all they import agree; says where they do not. */
export async function typesHold(paths: string[], signal: AbortSignal): Promise<boolean> {
  const args = ["check", "--quiet", ...paths];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, signal }).output();
  if (!success) console.error(new TextDecoder().decode(stderr).trim());
  return success;
}

/** The line with which a test ends, or says that it has not for a minute. */
const NEWS = /(?: \.\.\.|^) (?:ok|FAILED|ignored)\b|has been running for/;

/** Prints what each test said in one piece as soon as it has ended, because others run meanwhile, and one may never end. */
async function printByTest(streams: ReadableStream<Uint8Array>[]): Promise<void> {
  let lines: string[] = [];
  const print = () => {
    if (lines.length) console.log(lines.join("\n"));
    lines = [];
  };
  const note = (line: string) => {
    lines.push(line);
    if (NEWS.test(stripVTControlCharacters(line))) print();
  };
  await Promise.all(streams.map((stream) => readLines(stream, note)));
  print();
}

function countOf(junit: string): Count {
  const isArray = (name: string) => name === "testcase";
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", isArray });
  const suites = [parser.parse(junit).testsuites?.testsuite ?? []].flat();
  const cases = suites.flatMap((suite) => suite.testcase ?? []);
  const failed = cases.filter((test) => "failure" in test || "error" in test).length;
  const skipped = cases.filter((test) => "skipped" in test).length;
  return { passed: cases.length - failed - skipped, failed };
}
