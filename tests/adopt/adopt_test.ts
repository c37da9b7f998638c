/** What `deno task adopt` does to a project, the first time and later. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { adopt } from "../../tools/adopt/adopt.ts";
import { contents, put, refuses } from "../support/adopting.ts";
import { copyOfProduct } from "../support/example.ts";
import { GONE, readOlder } from "../support/older_release.ts";

const API = "supabase/functions/_credits/credits-api";

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

  // What was brought is whole: it needs nothing that was left out.
  for (
    const [config, entry] of [["credits-api", "credits-api/index.ts"], ["_credits", "_credits/_jobs/app.ts"]]
  ) {
    const functions = join(product.root, "supabase/functions");
    const args = [
      "check",
      "--quiet",
      "--config",
      `${functions}/${config}/deno.json`,
      `${functions}/${entry}`,
    ];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  }
  const after = await contents(product.root);
  assert.ok(
    !/stor(y|ies)_/.test(after["supabase/credits/schema.sql"]),
    "the product of this checkout stays here",
  );
  assert.equal((await adopt({ ...wish, extras: [] })).outcome, "nothing_to_do");
  assert.deepEqual(await contents(product.root), after);
});

Deno.test("an upgrade replaces what was not edited, merges what was, and says where it cannot", async () => {
  await using product = await copyOfProduct();
  const folder = product.root;
  await adopt({ folder, extras: [], read: readOlder });
  const edit = async (path: string, change: (text: string) => string) =>
    await put(folder, path, change(await Deno.readTextFile(join(folder, path))));
  await edit(`${API}/account.ts`, (text) => `${text}// ours\n`);
  await edit(`${API}/shop.ts`, (text) => text.replace("// The first version.", "// Ours, in the same line."));
  const done = await adopt({ folder, extras: [] });
  assert.equal(done.outcome, "upgraded");
  assert.deepEqual(done.conflicts, ["functions/_credits/credits-api/shop.ts"]);
  assert.deepEqual(done.merged, ["functions/_credits/credits-api/account.ts", ...done.conflicts]);
  const files = await contents(folder);
  assert.ok(files[`${API}/account.ts`].endsWith("// ours\n"));
  for (const path of ["account.ts", "app.ts"]) {
    assert.ok(!files[`${API}/${path}`].includes("first version"), path);
  }
  assert.match(files[`${API}/shop.ts`], /^<{7} yours\n\/\/ Ours, in the same line\.\n/);
  assert.equal(files[`supabase/${GONE}`], undefined);

  await refuses({ folder, extras: [] }, "marks of a conflict");
  await put(folder, `${API}/shop.ts`, "// resolved\n");
  assert.equal((await adopt({ folder, extras: [] })).outcome, "nothing_to_do");
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
