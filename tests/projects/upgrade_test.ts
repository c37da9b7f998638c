/** A project with files that were edited, and a database with rows of every kind, from one version to the next. */
import assert from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { compareSchemas } from "../../local/database/differences.ts";
import { applyFiles, migrationFiles } from "../../local/database/sql_files.ts";
import { buildDatabase } from "../../local/database/step.ts";
import { asPostgres, dropDatabase } from "../../local/database/database_stack.ts";
import { adopt, contents, put, refuses } from "../support/adopting.ts";
import { copyOfProduct } from "../support/example.ts";
import { live } from "../support/life.ts";
import { GONE, NEW_COLUMN, OLD_LIMIT, readOlder } from "../support/older_release.ts";

const API = "supabase/functions/_credits/credits-api";

const SERVER = Deno.env.get("DATABASE_STACK_URL") ?? "";

/** Every row of every table, without the column that is new. */
async function rows(sql: postgres.Sql): Promise<Record<string, unknown[]>> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'credits_private')`;
  const read = tables.map(async ({ name }) => {
    const dropped = name === "public.credit_pricing" ? `- '${NEW_COLUMN}'` : "";
    const all = await sql.unsafe(
      `select to_jsonb(t) ${dropped} as row from ${name} t order by t::text collate "C"`,
    );
    return [name, all.map(({ row }) => JSON.stringify(row)).sort()];
  });
  return Object.fromEntries(await Promise.all(read));
}

Deno.test("an upgrade", async (t) => {
  await using cleanUp = new AsyncDisposableStack();
  const { root } = cleanUp.use(await copyOfProduct());
  await adopt({ folder: root, extras: [], read: readOlder });
  const before = await migrationFiles(root);
  const url = await buildDatabase(SERVER, before, "permissive");
  cleanUp.defer(() => dropDatabase(SERVER, new URL(url).pathname.slice(1)));
  const sql = cleanUp.adopt(postgres(url, { onnotice: () => {} }), (sql) => sql.end());
  const { ada, job } = await live(sql);
  const old = await rows(sql);
  const edit = async (path: string, change: (text: string) => string) =>
    await put(root, path, change(await Deno.readTextFile(join(root, path))));
  await edit(`${API}/account.ts`, (text) => `${text}// ours\n`);
  await edit(`${API}/shop.ts`, (text) => text.replace("// The first version.", "// Ours, in the same line."));

  const done = await adopt({ folder: root, extras: [] });

  await t.step("replaces what was not edited, merges what was, and says where it cannot", async () => {
    assert.equal(done.outcome, "upgraded");
    assert.deepEqual(done.conflicts, ["functions/_credits/credits-api/shop.ts"]);
    assert.deepEqual(done.merged, ["functions/_credits/credits-api/account.ts", ...done.conflicts]);
    const files = await contents(root);
    assert.ok(files[`${API}/account.ts`].endsWith("// ours\n"));
    for (const path of ["account.ts", "app.ts"]) {
      assert.ok(!files[`${API}/${path}`].includes("first version"), path);
    }
    assert.match(files[`${API}/shop.ts`], /^<{7} yours\n\/\/ Ours, in the same line\.\n/);
    assert.equal(files[`supabase/${GONE}`], undefined);

    await refuses({ folder: root, extras: [] }, "marks of a conflict");
    await put(root, `${API}/shop.ts`, "// resolved\n");
    assert.equal((await adopt({ folder: root, extras: [] })).outcome, "nothing_to_do");
  });

  await t.step("keeps what is there, the books agree, and what is new works", async () => {
    // The schema, then the rows that differ.
    assert.equal(done.migrations.length, 2);
    assert.deepEqual(done.destructive, []);
    const added = (await migrationFiles(root)).slice(before.length);
    assert.deepEqual(added.map(({ path }) => path), done.migrations.map(({ path }) => path));
    await applyFiles(asPostgres(url), added);

    assert.deepEqual(await rows(sql), old);
    assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
    const [refund] = await sql`select * from public.refund_job(${ada}, ${job}, 'sorry', 'a blank page')`;
    assert.deepEqual([refund.outcome, refund.returned], ["refunded", "2.00"]);
    assert.deepEqual([...await sql`select * from public.verify_credits()`], []);
    // An operator may have tuned it: that is for people to decide.
    assert.match(added[1].text, /^-- update public\.rate_limit_policies set max_requests = '30'/m);
    const [{ max_requests }] =
      await sql`select max_requests from public.rate_limit_policies where action = 'balance'`;
    assert.equal(max_requests, OLD_LIMIT);

    await using fresh = await copyOfProduct();
    await adopt({ folder: fresh.root, extras: [] });
    const expected = await buildDatabase(SERVER, await migrationFiles(fresh.root), "permissive");
    cleanUp.defer(() => dropDatabase(SERVER, new URL(expected).pathname.slice(1)));
    assert.deepEqual(await compareSchemas(url, expected), []);
  });
});
