/**
 * Loads the test files that `TEST_FILES` names, in JSON, one after the other: an isolate for each costs more than most of
 * them do.
 *
 * @module
 */
for (const path of JSON.parse(Deno.env.get("TEST_FILES") ?? "[]")) {
  await import(new URL(`../../${path}`, import.meta.url).href);
}
