/** What `deno task adopt` refuses, and that it then leaves everything as it was. */
import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { createDatabase, dropDatabase, withDatabase } from "../../local/database/database_stack.ts";
import { adopt, put, refuses } from "../support/adopting.ts";
import { copyOfProduct } from "../support/example.ts";
import { OLD_VERSION, readOlder } from "../support/older_release.ts";

const SERVER = Deno.env.get("DATABASE_STACK_URL") ?? "";

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
