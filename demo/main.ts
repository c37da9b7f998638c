/** `deno task demo`: the whole product once, from signing up to a book, against a running stack. */
import { messageOf, StackError } from "../local/errors.ts";
import { Progress } from "../local/commands/progress.ts";
import { travel } from "./journey.ts";
import { Mismatch } from "./mismatch.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { Report } from "./report.ts";
import { findSite } from "./site.ts";

const began = performance.now();

/** Runs the demo and resolves to the exit code. */
async function run(options: Options, stopped: Promise<never>): Promise<number> {
  const report = new Report(options.json);
  await using cleanUp = new AsyncDisposableStack();
  try {
    const progress = new Progress();
    const { site, isOwn, leave } = await findSite(options.url, (title, work) => {
      if (!options.json) progress.follow(title, work);
    });
    cleanUp.defer(leave);
    report.print(
      `${isOwn ? "No stack was running, so this is a new one" : "Using the stack"} at ${site.apiUrl}\n`,
    );
    const outcome = await Promise.race([travel(site, options, report), stopped]);
    const milliseconds = Math.round(performance.now() - began);
    report.print(`\nEverything added up, in ${(milliseconds / 1000).toFixed(1)} s.`);
    if (options.json) {
      print({ ok: true, api_url: site.apiUrl, milliseconds, ...outcome, steps: report.steps });
    }
    return 0;
  } catch (error) {
    const message = explain(error, report.current);
    if (options.json) print({ ok: false, error: message, step: report.current, steps: report.steps });
    console.error(`error: ${message}`);
    return 1;
  }
}

/** One line for what can be expected to go wrong, the trace for everything else. */
function explain(error: unknown, step: string): string {
  if (error instanceof StackError) return error.message;
  if (error instanceof Mismatch) return `${step}: ${error.message}`;
  return step ? `${step}: ${messageOf(error)}` : messageOf(error);
}

function print(outcome: unknown): void {
  console.log(JSON.stringify(outcome, null, 2));
}

/** Rejects when the demo is told to end, so that a stack of its own is stopped before it does. */
function signals(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => reject(new StackError(`stopped by ${signal}`)));
  }
  promise.catch(() => {});
  return promise;
}

function options(): Options {
  try {
    const options = readOptions(Deno.args);
    if (options) return options;
    console.log(USAGE);
    Deno.exit(0);
  } catch (error) {
    console.error(`error: ${messageOf(error)}`);
    Deno.exit(2);
  }
}

Deno.exit(await run(options(), signals()));
