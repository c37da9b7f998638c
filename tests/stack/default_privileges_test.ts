/**
 * Hosted projects differ in what new tables and functions grant by themselves. The grant matrix must be the same on
 * all of them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { startDatabaseStack } from "../../local/database/database_stack.ts";
import { runAllPgtap } from "../runner/pgtap.ts";

// On a project whose defaults are restrictive it is what `deno task test:db` looks at.
Deno.test("the grant matrix holds with permissive default privileges", async () => {
  const stack = await startDatabaseStack({ defaultPrivileges: "permissive" });
  try {
    const paths = ["grants", "row_security"].map((name) => `supabase/tests/${name}_test.sql`);
    const { passed, failed } = await runAllPgtap(paths, stack);
    assert.equal(failed, 0);
    assert.ok(passed > paths.length);
  } finally {
    await stack.stop();
  }
});
