/**
 * How much of its generated work a random test does.
 *
 * Each such test says how much is thorough. `deno task test` does a part of it, so that whoever changes a line has an answer
 * within minutes; `deno task test:thorough` does all of it, with a seed of its own.
 *
 * @module
 */
const EFFORT = Number(Deno.env.get("TEST_EFFORT") ?? 0.1);

/** The part of `thorough` that this run does, at least one. */
export function effort(thorough: number): number {
  return Math.max(1, Math.round(thorough * EFFORT));
}
