/** What the local stack stands in for behaves as the hosted platform does, as far as this project leans on it. */
import { createClient } from "@supabase/supabase-js";
import assert from "node:assert/strict";
import type { Addresses } from "../../local/stack/addresses.ts";
import { createDatabase, dropDatabase, withDatabase } from "../../local/database/database_stack.ts";
import { startTimers } from "../../local/stack/timers.ts";
import { connect } from "../support/clone.ts";
import { askForLink, follow } from "../support/mailed_link.ts";

const env = Deno.env.toObject() as Addresses;
const auth = { persistSession: false, autoRefreshToken: false };
const withKey = (key: string) => createClient(env.API_URL, key, { auth });

/** Signs somebody new up and gives back the e-mail that they get. */
async function signUp(password: string) {
  const email = `${crypto.randomUUID()}@example.com`;
  const { error } = await withKey(env.PUBLISHABLE_KEY).auth.signUp({ email, password });
  assert.equal(error, null);
  const [message]: { link: string; code: string }[] = await (await fetch(`${env.INBOX_URL}?to=${email}`))
    .json();
  return { email, message };
}

Deno.test("nobody gets in before the e-mail is confirmed, by its code or by its link", async (t) => {
  const password = "correct horse";
  await t.step("not confirmed", async () => {
    const { email } = await signUp(password);
    const { error } = await withKey(env.PUBLISHABLE_KEY).auth.signInWithPassword({ email, password });
    assert.equal(error?.message, "Email not confirmed");
  });
  await t.step("code", async () => {
    const { email, message } = await signUp(password);
    const client = withKey(env.PUBLISHABLE_KEY);
    const { data } = await client.auth.verifyOtp({ email, token: message.code, type: "signup" });
    assert.ok(data.session?.access_token);
  });
  await t.step("link", async () => {
    const { email, message } = await signUp(password);
    const answer = await fetch(message.link, { redirect: "manual" });
    assert.equal(answer.status, 303);
    const { error } = await withKey(env.PUBLISHABLE_KEY).auth.signInWithPassword({ email, password });
    assert.equal(error, null);
  });
});

Deno.test("a link that was asked for by PKCE signs in once, and only who has the verifier", async () => {
  const own = `${env.API_URL.replace("127.0.0.1", "localhost")}/`;
  const { client, link } = await askForLink(own);
  const there = await follow(link);
  assert.equal(there.href.replace(/code=[\w-]+$/, "code="), `${own}?code=`);
  const code = there.searchParams.get("code") ?? "";

  const stranger = await askForLink();
  const stolen = await stranger.client.auth.exchangeCodeForSession(code);
  assert.equal(stolen.error?.code, "bad_code_verifier");
  const { data, error } = await client.auth.exchangeCodeForSession(code);
  assert.equal(error, null);
  assert.equal((await client.auth.getUser()).data.user?.id, data.user?.id);
  await using sql = Object.assign(connect(env.DB_URL, 1), { [Symbol.asyncDispose]: () => sql.end() });
  const sessions = await sql`select from auth.sessions where user_id = ${data.user?.id ?? ""}`;
  assert.equal(sessions.length, 1, "following the link began no session of its own");

  const again = await follow(link);
  assert.equal(again.searchParams.get("error_code"), "otp_expired");
  assert.equal(new URLSearchParams(again.hash.slice(1)).get("error_code"), "otp_expired");
  const half = { email: "half@example.com", password: "long enough", code_challenge: "a".repeat(43) };
  const answer = await fetch(`${env.API_URL}/auth/v1/signup`, {
    method: "POST",
    headers: { apikey: env.PUBLISHABLE_KEY },
    body: JSON.stringify(half),
  });
  assert.equal(answer.status, 400);
  assert.equal((await answer.json()).error_code, "validation_failed");
});

Deno.test("requests leave the grants of the migrations as they are", async () => {
  await withKey(env.PUBLISHABLE_KEY).from("credit_packs").select();
  await using sql = Object.assign(connect(env.DB_URL, 1), { [Symbol.asyncDispose]: () => sql.end() });
  const granted = await sql`
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege('anon', oid, 'insert')`;
  assert.deepEqual([...granted], []);
});

Deno.test("the APIs answer pages of any origin; the gateway adds nothing to what a function says", async () => {
  const headers = { origin: "https://elsewhere.example", "access-control-request-method": "POST" };
  for (const path of ["/auth/v1/signup", "/rest/v1/stories", "/storage/v1/bucket"]) {
    const answer = await fetch(env.API_URL + path, { method: "OPTIONS", headers });
    assert.equal(answer.headers.get("access-control-allow-origin"), "*", path);
  }
  const answer = await fetch(`${env.API_URL}/functions/v1/credits-api/balance`, {
    method: "OPTIONS",
    headers,
  });
  assert.equal(answer.headers.get("access-control-allow-origin"), null);
});

Deno.test("an address that Storage signed reads, or writes, that one object without a token", async () => {
  const admin = withKey(env.SECRET_KEY).storage;
  const bucket = `signed-${crypto.randomUUID()}`;
  assert.equal((await admin.createBucket(bucket)).error, null);
  const files = admin.from(bucket);
  const name = "a folder/pïcture.txt";
  assert.equal((await files.upload(name, new Blob(["hello"], { type: "text/plain" }))).error, null);
  const one = await files.createSignedUrl(name, 60);
  assert.equal(await (await fetch(one.data?.signedUrl ?? "")).text(), "hello");
  const many = await files.createSignedUrls([name, "nothing.txt"], 60);
  assert.equal(many.error, null);
  const [found, missing] = many.data ?? [];
  assert.equal(await (await fetch(found.signedUrl ?? "")).text(), "hello");
  assert.deepEqual([missing.signedUrl, typeof missing.error], [null, "string"]);
  const other = (one.data?.signedUrl ?? "").replace("txt", "png");
  const refused = await fetch(other);
  await refused.body?.cancel();
  assert.equal(refused.ok, false);

  const upload = await files.createSignedUploadUrl("new.txt");
  const visitor = withKey(env.PUBLISHABLE_KEY).storage.from(bucket);
  const sent = await visitor.uploadToSignedUrl("new.txt", upload.data?.token ?? "", new Blob(["news"]));
  assert.equal(sent.error, null);
  assert.equal(await (await files.download("new.txt")).data?.text(), "news");
});

Deno.test("a function that does not exist is 404", async () => {
  const answer = await fetch(`${env.API_URL}/functions/v1/nothing-here`);
  assert.equal(answer.status, 404);
  await answer.body?.cancel();
});

Deno.test("the timers call the scheduled functions and say what they did", async () => {
  const name = `timers_${crypto.randomUUID().replaceAll("-", "")}`;
  await createDatabase(env.DATABASE_STACK_URL, name);
  const url = withDatabase(env.DATABASE_STACK_URL, name);
  const sql = connect(url, 1);
  await sql`create or replace function public.cleanup_rate_limits() returns integer language sql as 'select 7'`;
  await sql.end();
  const said = Promise.withResolvers<string>();
  const stop = await startTimers({ ...env, DB_URL: url }, { cleanup_rate_limits: 1 }, said.resolve);

  const { job, rows } = JSON.parse(await said.promise);

  assert.deepEqual({ job, rows }, { job: "cleanup_rate_limits", rows: 7 });
  await stop();
  await dropDatabase(env.DATABASE_STACK_URL, name);
});
