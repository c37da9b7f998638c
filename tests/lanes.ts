/** About how long the slow files take, in seconds; any other takes one. A figure that is off costs time, and nothing else. */
const SECONDS: Record<string, number> = {
  "local/stripe/restart_test.ts": 2,
  "supabase/functions/generation-backend/book/make_test.ts": 9,
  "supabase/functions/generation-backend/model/stories_test.ts": 2,
  "supabase/functions/generation-backend/writer/write_test.ts": 5,
  "tests/advisors_test.ts": 13,
  "tests/attack/callbacks_test.ts": 3,
  "tests/attack/data_api_test.ts": 17,
  "tests/attack/functions_test.ts": 4,
  "tests/attack/rpc_test.ts": 7,
  "tests/attack/storage_test.ts": 3,
  "tests/broken_rules_test.ts": 30,
  "tests/browser_test.ts": 53,
  "tests/callers_test.ts": 6,
  "tests/credit_kill_test.ts": 8,
  "tests/credit_properties_test.ts": 30,
  "tests/credit_races_test.ts": 37,
  "tests/default_privileges_test.ts": 8,
  "tests/demo_test.ts": 31,
  "tests/erasure_races_test.ts": 5,
  "tests/fuzz_test.ts": 52,
  "tests/generated_test.ts": 2,
  "tests/job_answers_test.ts": 13,
  "tests/job_kill_test.ts": 12,
  "tests/job_release_test.ts": 4,
  "tests/job_storm_test.ts": 17,
  "tests/lifecycle_test.ts": 29,
  "tests/lint_test.ts": 6,
  "tests/logs_test.ts": 13,
  "tests/plan_stability_test.ts": 8,
  "tests/rate_limit_properties_test.ts": 10,
  "tests/stripe_checkout_races_test.ts": 4,
  "tests/stripe_kill_test.ts": 6,
  "tests/stripe_objects_test.ts": 2,
  "tests/stripe_permutations_test.ts": 27,
  "tests/stripe_races_test.ts": 6,
  "tests/stripe_reconcile_test.ts": 3,
};

/** Less than this is not worth the start of another stack. */
const WORTH_A_LANE = 20;

/** Deals `files` out to at most `most` lanes that take about as long as one another. */
export function lanesOf(files: string[], most: number): string[][] {
  const seconds = (file: string) => SECONDS[file] ?? 1;
  const total = files.reduce((sum, file) => sum + seconds(file), 0);
  const size = Math.min(most, files.length, Math.ceil(total / WORTH_A_LANE));
  const lanes = Array.from({ length: size }, () => ({ files: [] as string[], seconds: 0 }));
  for (const file of files.toSorted((a, b) => seconds(b) - seconds(a))) {
    const lane = lanes.reduce((least, other) => other.seconds < least.seconds ? other : least);
    lane.files.push(file);
    lane.seconds += seconds(file);
  }
  return lanes.map((lane) => lane.files.sort());
}
