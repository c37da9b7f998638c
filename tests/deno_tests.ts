import { XMLParser } from "fast-xml-parser";
import type { Count } from "./count.ts";

/** Runs the Deno tests in `files` with `env` in their environment; `signal` ends them early. */
export async function runDenoTests(
  files: string[],
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<Count> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const args = ["test", "-A", "--quiet", `--junit-path=${report}`, ...files];
    const options = { args, env, signal, stdout: "inherit", stderr: "inherit" } as const;
    const { success } = await new Deno.Command(Deno.execPath(), options).output();
    const count = countOf(await Deno.readTextFile(report));
    // A file that does not load, or a process that dies, has no test case of its own.
    return success || count.failed ? count : { ...count, failed: 1 };
  } finally {
    await Deno.remove(report);
  }
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
