/** About how long the slow files take, in seconds; any other takes one. A figure that is off costs time, and nothing else. */
const SECONDS: Record<string, number> = {
  "local/stripe/restart_test.ts": 2,
  "supabase/functions/generation-backend/book/make_test.ts": 9,
  "supabase/functions/generation-backend/model/stories_test.ts": 2,
  "supabase/functions/generation-backend/writer/write_test.ts": 5,
  "tests/stack/advisors_test.ts": 13,
  "tests/attack/callbacks_test.ts": 3,
  "tests/attack/data_api_test.ts": 17,
  "tests/attack/functions_test.ts": 4,
  "tests/attack/rpc_test.ts": 7,
  "tests/attack/storage_test.ts": 3,
  "tests/stack/broken_rules_test.ts": 30,
  "tests/stories/browser_test.ts": 53,
  "tests/attack/callers_test.ts": 6,
  "tests/credits/kill_test.ts": 8,
  "tests/credits/properties_test.ts": 30,
  "tests/credits/races_test.ts": 37,
  "tests/stack/default_privileges_test.ts": 5,
  "tests/stories/demo_test.ts": 31,
  "tests/jobs/erasure_races_test.ts": 5,
  "tests/fuzz/fuzz_test.ts": 52,
  "tests/stack/generated_test.ts": 2,
  "tests/jobs/answers_test.ts": 13,
  "tests/jobs/kill_test.ts": 12,
  "tests/jobs/release_test.ts": 4,
  "tests/jobs/storm_test.ts": 17,
  "tests/stories/lifecycle_test.ts": 29,
  "tests/stack/lint_test.ts": 6,
  "tests/stack/logs_test.ts": 13,
  "tests/stack/migrations_test.ts": 5,
  "tests/credits/plan_stability_test.ts": 8,
  "tests/limits/properties_test.ts": 10,
  "tests/billing/checkout_races_test.ts": 4,
  "tests/billing/kill_test.ts": 6,
  "tests/billing/objects_test.ts": 2,
  "tests/billing/permutations_test.ts": 27,
  "tests/billing/races_test.ts": 6,
  "tests/billing/reconcile_test.ts": 3,
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
