/** What runs in CI is what was reviewed: actions by their digest, packages by the lock file. */
import assert from "node:assert/strict";

const workflow = await Deno.readTextFile(".github/workflows/ci.yml");

Deno.test("every action of the workflow is named by its digest", () => {
  const used = Array.from(workflow.matchAll(/^\s*(?:- )?uses:\s*(\S+)/gm), ([, action]) => action);
  assert.ok(used.length > 0);
  assert.deepEqual(used.filter((action) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(action)), []);
});

Deno.test("every job installs what the lock file says, and fails where it says too little", async () => {
  const jobs = workflow.slice(workflow.indexOf("\njobs:")).split(/^ {2}(?=[\w-]+:$)/m).slice(1);
  assert.ok(jobs.length > 1);
  const runs = [...jobs, await Deno.readTextFile(".ci/run")];
  for (const run of runs) {
    const install = run.search(/\bdeno(@\S+)? ci$/m);
    assert.ok(install > 0, run.slice(0, 40));
    const first = run.search(/\bdeno(@\S+)? (task|run|test)\b/);
    assert.ok(first < 0 || install < first, run.slice(0, 40));
  }
});
