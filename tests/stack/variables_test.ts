// Each function has the secrets that it uses, and no others: the table of the local stack, the bundles, and the page's.
import assert from "node:assert/strict";
import { currentBundles } from "../../local/functions/current.ts";
import { ownPart, variablesOf } from "../../local/functions/variables.ts";
import { Children } from "../../local/processes/children.ts";
import { functionEnvironment } from "../../local/stack/addresses.ts";
import { serveFunction } from "../../local/stack/functions.ts";
import { isServed, SERVED } from "../support/served.ts";
import { stack } from "../support/people.ts";

/** Whoever has one of these acts as somebody. Of what the platform sets, the key of `service_role`. */
const SECRETS = ["SUPABASE_SECRET_KEYS", "JWT_SECRET", "API_SHARED_SECRET", "SCHEDULER_SECRET"]
  .concat(["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "LLM_*", "IMAGE_*"]);

const secretsOf = (name: string) =>
  (variablesOf(name) ?? []).filter((variable) => SECRETS.includes(variable));

const names =
  "API_URL DB_URL PUBLISHABLE_KEY SECRET_KEY JWT_SECRET API_SHARED_SECRET SCHEDULER_SECRET STRIPE_API_URL " +
  "STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET MODEL_API_URL GENERATION_BACKEND_URL INBOX_URL";
const addresses = Object.fromEntries(names.split(" ").map((name) => [name, stack(name)]));
const whole = functionEnvironment(addresses as Parameters<typeof functionEnvironment>[0], {});

Deno.test("every function starts with its own variables alone, and all is well", async (t) => {
  await using children = new AsyncDisposableStack();
  const own = children.adopt(new Children(), (children) => children.stop());
  for (const bundle of await currentBundles()) {
    await t.step(bundle.name, async () => {
      const env = ownPart(bundle.name, whole);
      assert.notDeepEqual(Object.keys(env), Object.keys(whole));
      const { port } = await serveFunction(own, bundle, env, () => {});
      const response = await fetch(`http://127.0.0.1:${port}/${bundle.name}/health`);
      assert.equal(response.status, 200, await response.text());
    });
  }
});

Deno.test("no function is given a variable that its code does not name", async () => {
  for (const { name, path } of await currentBundles()) {
    const code = await Deno.readTextFile(path);
    const given = variablesOf(name) ?? [];
    assert.ok(given.length > 0, `${name} has no row in local/functions/variables.ts`);
    for (const variable of given) {
      // Prefixes are put together: `LLM_*` is named as "LLM".
      const [, word] = variable.match(/^(\w+?)_?\*?$/) ?? [];
      assert.ok(
        code.includes(variable.endsWith("*") ? `"${word}"` : variable),
        `${name} does not use ${variable}`,
      );
    }
  }
});

Deno.test("docs/operations.md says which secrets each function is given", async () => {
  const page = await Deno.readTextFile("docs/operations.md");
  const [, table] = page.split("### Who needs which secret");
  const rows = table.split("\n##")[0].split("\n").filter((line) => line.startsWith("| `"));
  const listed = rows.map((row) => {
    const [name, ...secrets] = Array.from(row.matchAll(/`([^`]+)`/g), ([, word]) => word);
    return [name, secrets.sort()] as const;
  });
  const served = listed.filter(([name]) => isServed(name));
  assert.deepEqual(
    Object.fromEntries(served),
    Object.fromEntries(SERVED.map((name) => [name, secretsOf(name).sort()])),
  );
});
