// V3: somebody does everything that the product offers, leaves a mark wherever words can be left, and is erased. No row of
// any table of any schema, and no file, has the mark after that.
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { StorageClient } from "@supabase/storage-js";
import type postgres from "postgres";
import { database } from "../support/attack/state.ts";
import { ask, until } from "../support/calls.ts";
import { as, grant, type Person, signUp, stack } from "../support/people.ts";
import { service } from "../support/service.ts";

interface Made {
  story_id: string;
  book_id: string;
  url: string;
  status: string;
}

const ENDED = ["ready", "failed", "cancelled"];

/** Leaves `mark` in every field that takes words; what of it only an operator or Auth writes, too. */
async function liveWith(mark: string, person: Person, sql: postgres.Sql): Promise<void> {
  const headers = as(person);
  const request = { prompt: `a fox called ${mark} who learns to whistle`, age_min: 4, age_max: 7, pages: 1 };
  const order = async (path: string, body: unknown, key: string) =>
    (await ask<Made>("POST", path, { ...headers, "idempotency-key": `${key} ${mark}` }, body)).body;
  const ended = (path: string) =>
    until(() => ask<Made>("GET", path, headers), ({ status }) => ENDED.includes(status));

  const { story_id } = await order("story-api/create", request, "first");
  await ended(`story-api/${story_id}`);
  const { book_id } = await order(
    "book-api/generate",
    { story_id, with_images: false, title: `For ${mark}` },
    "book",
  );
  await ended(`book-api/${book_id}`);
  const given = await order("story-api/create", { ...request, pages: 2 }, "given up");
  await ask("POST", `story-api/${given.story_id}/cancel`, headers);
  const refused = await order(
    "story-api/create",
    { ...request, prompt: `${mark} builds a bomb and kills` },
    "refused",
  );
  await ended(`story-api/${refused.story_id}`);

  const packs = await ask<{ items: { id: string }[] }>("GET", "credits-api/packs", headers);
  for (const isPaid of [true, false]) {
    const shop = {
      pack_id: packs.body.items[isPaid ? 0 : 1].id,
      return_to: `https://talehop.com/?name=${mark}`,
    };
    const { url } = (await ask<Made>("POST", "credits-api/checkout", headers, shop)).body;
    if (isPaid) {
      await control(url, `/sessions/${url.split("/").at(-1)}/pay`, { email: `payer-${mark}@example.com` });
    }
    await control(url, "/delivery/wait", {});
  }

  const words = { p_user_id: person.id, p_reason: `${mark} asked`, p_actor: "test" };
  await service.rpc("adjust_credits", { ...words, p_amount: 2, p_adjustment_key: `gift ${mark}` })
    .throwOnError();
  await service.rpc("adjust_credits", { ...words, p_amount: -1, p_adjustment_key: `fix ${mark}` })
    .throwOnError();
  const hold = { p_user_id: person.id, p_job_id: crypto.randomUUID() };
  const described = { p_job_type: "test", p_description: mark, p_metadata: { prompt: mark } };
  await service.rpc("reserve_credits", { ...hold, p_amount: 1, ...described }).throwOnError();
  await service.rpc("release_credits", { ...hold, p_reason: `${mark} gave up` }).throwOnError();
  // As GoTrue writes them.
  for (
    const payload of [{ actor_id: person.id, actor_username: person.email }, {
      traits: { user_email: person.email },
    }]
  ) {
    await sql`insert into auth.audit_log_entries (id, payload) values (gen_random_uuid(), ${
      sql.json(payload)
    })`;
  }
}

async function control(url: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(new URL(`/_test${path}`, url), { method: "POST", body: JSON.stringify(body) });
  assert.ok(answer.ok, await answer.text());
}

/** Which tables of any schema have a row that says `mark`. */
async function tablesThatSay(mark: string, sql: postgres.Sql): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', relnamespace::regnamespace, relname) as name
    from pg_class
    where relkind in ('r', 'p', 'm') and relnamespace <> 'pg_catalog'::regnamespace
      and relnamespace::regnamespace::text <> 'information_schema' and relname not like 'pg_%'`;
  const saying = tables.map(({ name }) =>
    sql.unsafe<{ name: string }[]>(`select '${name}' as name from ${name} t where t::text ilike $1 limit 1`, [
      `%${mark}%`,
    ])
  );
  return (await Promise.all(saying)).flat().map(({ name }) => name).sort();
}

/** Files of the stack that say `mark` or are called after `userId`. What the payment provider keeps is not ours. */
async function filesOf(mark: string, userId: string): Promise<string[]> {
  const dir = stack("STACK_DIR");
  const exclude = (path: string) => /(^|\/)(postgres|stripe\.json)$/.test(path);
  const found: string[] = [];
  for await (const path of glob("**/*", { cwd: dir, exclude })) {
    const { isFile } = await Deno.stat(`${dir}/${path}`);
    if (!isFile) continue;
    const text = await Deno.readTextFile(`${dir}/${path}`);
    if (path.includes(userId) || text.toLowerCase().includes(mark)) found.push(path);
  }
  return found;
}

Deno.test("V3: after an erasure nothing anywhere says who somebody was or what they said", async () => {
  const sql = database();
  await using _closing = { [Symbol.asyncDispose]: () => sql.end() };
  const mark = `zq${crypto.randomUUID().slice(0, 8)}`;
  const person = await signUp({ email: `${mark}@example.com`, data: { name: `Ms ${mark}` } });
  await grant(person, 20);
  await liveWith(mark, person, sql);
  const before = await tablesThatSay(mark, sql);
  for (
    const name of [
      "auth.users",
      "auth.audit_log_entries",
      "public.stories",
      "public.books",
      "public.user_credits",
    ]
  ) {
    assert.ok(before.includes(name), `${name} says nothing: the test leaves no mark there`);
  }
  assert.notDeepEqual(await filesOf(mark, person.id), []);

  const { data: erased } = await service.rpc("erase_user", {
    p_user_id: person.id,
    p_reason: "asked",
    p_actor: "test",
  }).throwOnError();
  const key = stack("SECRET_KEY");
  const storage = new StorageClient(`${stack("API_URL")}/storage/v1`, {
    apikey: key,
    authorization: `Bearer ${key}`,
  });
  const files = (erased.files ?? []).map((path) => path.replace(/^books\//, ""));
  assert.equal((await storage.from("books").remove(files)).error, null);

  assert.deepEqual(await tablesThatSay(mark, sql), []);
  assert.deepEqual(await filesOf(mark, person.id), []);
  assert.ok((erased.at_stripe ?? []).length >= 3, "what Stripe still knows is listed");
  const [{ rows }] =
    await sql`select count(*)::int as rows from public.credit_ledger where user_id = ${person.id}`;
  assert.ok(rows > 5, "the ledger stays");
  assert.deepEqual([...await sql`select * from public.verify_credits(${person.id})`], []);

  // Their token is good for some time yet: it says who they were to nobody, and nothing comes of it.
  const identity = await sql`select 1 from public.api_rate_limits where identifier = ${person.id}`;
  for (const path of ["credits-api/balance", "credits-api/usage"]) {
    assert.equal((await ask("GET", path, as(person))).status, 401, path);
  }
  const order = { prompt: `another ${mark}`, age_min: 4, age_max: 7, pages: 1 };
  assert.equal((await ask("POST", "story-api/create", as(person), order)).status, 401);
  assert.deepEqual([
    ...identity,
    ...await sql`select 1 from public.api_rate_limits where identifier = ${person.id}`,
  ], []);
  assert.deepEqual(await tablesThatSay(mark, sql), []);
});
