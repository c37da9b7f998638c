/** What `deno task adopt` does to a project the first time. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { adopt, contents, put } from "../support/adopting.ts";
import { copyOfProduct } from "../support/example.ts";

async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("a dry run says everything and writes nothing; a second run has nothing to do", async () => {
  await using product = await copyOfProduct();
  const wish = { folder: product.root, extras: ["jobs" as const] };
  const before = await contents(product.root);
  const said = await adopt({ ...wish, dryRun: true });
  assert.deepEqual(await contents(product.root), before);
  const done = await adopt(wish);
  const paths = (changes: Map<string, unknown>) =>
    [...changes.keys()].filter((path) => !path.startsWith("migrations/"));
  assert.deepEqual(paths(done.changes), paths(said.changes));
  assert.equal(done.migrations.length, 1);

  // What was brought is whole: each configuration names all that its code needs, and the types of all of it agree.
  const functions = join(product.root, "supabase/functions");
  const parts = { "credits-api": "credits-api/index.ts", _credits: "_credits/_jobs/app.ts" };
  const imports = {};
  for (const [name, entry] of Object.entries(parts)) {
    const config = join(functions, name, "deno.json");
    assert.doesNotMatch(await deno("info", "--json", "--config", config, join(functions, entry)), /"error":/);
    Object.assign(imports, JSON.parse(await Deno.readTextFile(config)).imports);
  }
  const config = join(functions, "both.json");
  await Deno.writeTextFile(config, JSON.stringify({ imports }));
  await deno(
    "check",
    "--quiet",
    "--config",
    config,
    ...Object.values(parts).map((it) => join(functions, it)),
  );
  const after = await contents(product.root);
  assert.ok(
    !/stor(y|ies)_/.test(after["supabase/credits/schema.sql"]),
    "the product of this checkout stays here",
  );
  assert.equal((await adopt({ ...wish, extras: [] })).outcome, "nothing_to_do");
  assert.deepEqual(await contents(product.root), after);
});

Deno.test("the schema is among the project's schema files only where it has some, because the CLI drops what is missing there", async () => {
  await using product = await copyOfProduct();
  const wish = { folder: product.root, extras: [], dryRun: true };
  const written = async () =>
    [...(await adopt(wish)).changes.keys()].filter((path) => /schema.*sql$|credits\.sql$/.test(path));
  assert.deepEqual(await written(), ["credits/schema.sql"]);
  await put(product.root, "supabase/schemas/theirs.sql", "create schema private;");
  assert.deepEqual(await written(), ["schemas/00_credits.sql"]);
});
