/** What the stack serves is what is deployed: the bundles, on the Deno of hosted functions, with what is left to them there. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { CHECKOUT } from "../../local/checkout.ts";
import { currentBundles } from "../../local/functions/current.ts";
import { HOSTED_CACHE, HOSTED_VERSION, hostedDeno } from "../../local/functions/hosted_deno.ts";
import { Children } from "../../local/processes/children.ts";
import { serveFunction } from "../../local/stack/functions.ts";
import { stack } from "../support/people.ts";
import { SERVED } from "../support/served.ts";

Deno.test("every function is one module below the platform's limit, and answers as such", async (t) => {
  const bundles = await currentBundles();
  assert.deepEqual(bundles.map(({ name }) => name), SERVED);
  for (const { name, path, bytes } of bundles) {
    await t.step(name, async () => {
      assert.ok(bytes < 5_000_000, `${bytes} bytes`);
      const imports = [...(await Deno.readTextFile(path)).matchAll(/\bfrom"([^"\s]+)"/g)];
      assert.deepEqual(imports.filter(([, from]) => !from.startsWith("node:")), []);
      const response = await fetch(`${stack("API_URL")}/functions/v1/${name}/health`);
      assert.equal(response.status, 200, await response.text());
    });
  }
});

Deno.test("the functions' types hold for the compiler of hosted functions", async () => {
  const paths = SERVED.map((name) => join(CHECKOUT, "supabase", "functions", name, "index.ts"));
  const { success, stderr } = await new Deno.Command(await hostedDeno(), {
    // It reads neither this project's lock file nor installs anything: the packages are here.
    args: ["check", "--quiet", "--no-lock", "--no-remote", "--node-modules-dir=manual", ...paths],
    cwd: CHECKOUT,
    env: { DENO_DIR: HOSTED_CACHE, NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
});

Deno.test("a function has what the hosted runtime leaves it, and no more", async () => {
  await using children = new AsyncDisposableStack();
  const own = children.adopt(new Children(), (children) => children.stop());
  const path = join(CHECKOUT, "tests", "support", "probe.js");
  const { port } = await serveFunction(own, { name: "probe", path }, {}, () => {});
  const { atStart, later } = await (await fetch(`http://127.0.0.1:${port}/`)).json();
  const always = {
    readAsync: true,
    readElsewhere: "NotCapable",
    open: "PermissionDenied",
    write: "NotCapable",
    worker: "ReferenceError",
    command: "TypeError",
    elsewhere: "NotCapable",
    background: true,
    version: HOSTED_VERSION,
  };
  assert.deepEqual(atStart, { read: true, ...always });
  assert.deepEqual(later, { read: "PermissionDenied", ...always });
});
