/** What `deno task adopt` does to a project, and what it refuses to do. */
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { dirname, join } from "node:path";
import postgres from "postgres";
import { createDatabase, dropDatabase, withDatabase } from "../../local/database/database_stack.ts";
import { adopt, type Wish } from "../../tools/adopt/adopt.ts";
import { copyOfProduct } from "../support/example.ts";
import { GONE, OLD_VERSION, readOlder } from "../support/older_release.ts";

const SERVER = Deno.env.get("DATABASE_STACK_URL") ?? "";
const API = "supabase/functions/_credits/credits-api";

/** Every file of a folder, by path. */
async function contents(root: string): Promise<Record<string, string>> {
  const paths = await Array.fromAsync(glob("**/*.*", { cwd: root }));
  const files = paths.sort().map(async (path) => [path, await Deno.readTextFile(join(root, path))]);
  return Object.fromEntries(await Promise.all(files));
}

async function put(root: string, path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(join(root, path)), { recursive: true });
  await Deno.writeTextFile(join(root, path), text);
}

/** Nothing is written, and the message names each of `reasons`. */
async function refuses(wish: Wish, ...reasons: string[]): Promise<void> {
  const before = await contents(wish.folder);
  const error = await adopt(wish).then(() => assert.fail("it was done"), (error: Error) => error);
  for (const reason of reasons) assert.ok(error.message.includes(reason), `${reason}: ${error.message}`);
  assert.deepEqual(await contents(wish.folder), before);
}

Deno.test("a folder without a project is refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await refuses({ folder, extras: [] }, "has no supabase/config.toml");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what is called as something of the credits is named, each, and nothing is changed", async () => {
  await using product = await copyOfProduct();
  const folder = product.root;
  await put(
    folder,
    "supabase/migrations/20260401000000_theirs.sql",
    `create table public.credit_accounts (id integer);
     create type public.reservation_status as enum ('x');
     create function public.erase_user(x text) returns void language sql return null;
     create schema credits_private;
     create trigger notice_deletion after delete on auth.users for each row execute function private.welcome();`,
  );
  await put(folder, "supabase/functions/stripe-webhook/index.ts", "// theirs");
  const config = join(folder, "supabase/config.toml");
  await Deno.writeTextFile(config, "[functions.stripe-webhook]\nverify_jwt = true\n");
  await refuses(
    { folder, extras: [] },
    "public.credit_accounts",
    "type public.reservation_status",
    "function public.erase_user",
    "schema credits_private",
    "trigger notice_deletion on auth.users",
    "section [functions.stripe-webhook]",
    "file supabase/functions/stripe-webhook/index.ts",
  );
});

Deno.test("a config.toml that cannot be added to is brought in order by hand, as the message says", async () => {
  await using product = await copyOfProduct();
  const config = join(product.root, "supabase/config.toml");
  await Deno.writeTextFile(config, "functions = { ours = { verify_jwt = true } }\n");
  await refuses(
    { folder: product.root, extras: [] },
    "[functions.credits-api] and [functions.stripe-webhook]",
  );
  const byHand =
    `functions = { ours = { verify_jwt = true }, credits-api = { verify_jwt = false }, stripe-webhook = { verify_jwt = false } }\n`;
  await Deno.writeTextFile(config, byHand);
  assert.equal((await adopt({ folder: product.root, extras: [] })).outcome, "adopted");
  assert.equal(await Deno.readTextFile(config), byHand);
});

Deno.test("names are looked for in the database that --db-url names, too", async () => {
  await using product = await copyOfProduct();
  const name = `theirs_${crypto.randomUUID().replaceAll("-", "")}`;
  await createDatabase(SERVER, name, "platform");
  const dbUrl = withDatabase(SERVER, name);
  const sql = postgres(dbUrl, { max: 1 });
  try {
    await sql`create table public.credit_ledger (made_by_hand integer)`;
    await refuses({ folder: product.root, extras: [], dbUrl }, "public.credit_ledger");
    // Migrations that do not run here are no reason to refuse, where there is a database to look at.
    await sql`drop table public.credit_ledger`;
    const path = "supabase/migrations/20260401000000_vector.sql";
    await put(product.root, path, "create extension vector");
    await refuses({ folder: product.root, extras: [] }, "vector", "--db-url");
    const { outcome } = await adopt({ folder: product.root, extras: [], dbUrl });
    assert.equal(outcome, "adopted");
  } finally {
    await sql.end();
    await dropDatabase(SERVER, name);
  }
});

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

Deno.test("an older version, and a record that is not as it was written, are refused", async () => {
  await using product = await copyOfProduct();
  const folder = product.root;
  await adopt({ folder, extras: [] });
  await refuses({ folder, extras: [], read: readOlder }, `newer than this checkout's ${OLD_VERSION}`);
  for (
    const path of [
      "credits/schema.sql",
      "credits/lock.json",
      `credits/base/functions/credits-api/index.ts.txt`,
    ]
  ) {
    const text = await Deno.readTextFile(join(folder, "supabase", path));
    await put(folder, `supabase/${path}`, `${text}\nchanged`);
    await refuses({ folder, extras: [] }, path, "version control");
    await put(folder, `supabase/${path}`, text);
  }
});
