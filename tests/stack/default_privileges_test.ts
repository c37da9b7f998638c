/**
 * Hosted projects differ in what new tables and functions grant by themselves. The grant matrix must be the same on
 * all of them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { startDatabaseStack } from "../../local/database/database_stack.ts";
import { runPgtap } from "../runner/pgtap.ts";

for (const defaultPrivileges of ["permissive", "restrictive"] as const) {
  Deno.test(`the grant matrix holds with ${defaultPrivileges} default privileges`, async () => {
    const stack = await startDatabaseStack({ defaultPrivileges });
    try {
      for (const name of ["grants", "row_security"]) {
        const { passed, failed } = await runPgtap(`supabase/tests/${name}_test.sql`, stack);
        assert.equal(failed, 0);
        assert.ok(passed > 0);
      }
    } finally {
      await stack.stop();
    }
  });
}
