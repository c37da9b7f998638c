import { glob } from "node:fs/promises";

/** How many tests or assertions held, and how many did not. */
export interface Count {
  passed: number;
  failed: number;
}

/** Adds `count` to `total`. */
export function add(total: Count, { passed, failed }: Count): void {
  total.passed += passed;
  total.failed += failed;
}

/** Prints the last line of every run and ends the process; a run in which nothing ran has failed. */
export function finish({ passed, failed }: Count): never {
  console.log(`${passed} passed, ${failed} failed`);
  Deno.exit(failed || !passed ? 1 : 0);
}

/** Paths below the working directory that match one of `globs` and contain all of `patterns`, in a stable order. */
export async function find(globs: string[], patterns: string[]): Promise<string[]> {
  const paths = await Array.fromAsync(glob(globs, { exclude: (path) => path.includes("node_modules") }));
  return paths.filter((path) => patterns.every((pattern) => path.includes(pattern))).sort();
}
