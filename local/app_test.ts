/** Another project's settings are those that `supabase start` would take from its config.toml. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readApp } from "./app.ts";
import { originsOf } from "./stack/addresses.ts";

async function appWith(config: string) {
  const folder = await Deno.makeTempDir({ prefix: "credits-app-" });
  try {
    await Deno.mkdir(join(folder, "supabase"));
    await Deno.writeTextFile(join(folder, "supabase", "config.toml"), config);
    return await readApp(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what is not said is as the CLI has it: no confirmation, a page at port 3000", async () => {
  const { auth, functions, buckets } = await appWith('project_id = "notes"');
  assert.equal(auth.email.enable_confirmations, false);
  assert.deepEqual(originsOf(auth), ["http://127.0.0.1:3000"]);
  assert.deepEqual([functions, buckets], [[], {}]);
});

Deno.test("who may sign up, and where Auth may lead back to, is the project's to say", async () => {
  const { auth } = await appWith(`
    [auth]
    site_url = "https://notes.example"
    additional_redirect_urls = ["http://localhost:5173/**", "notes://open", "https://*.preview.example/**", "http://localhost:5173/x"]
    minimum_password_length = 12
    [auth.email]
    enable_confirmations = true
    otp_length = 8`);
  assert.deepEqual([auth.minimum_password_length, auth.email.enable_confirmations, auth.email.otp_length], [
    12,
    true,
    8,
  ]);
  assert.deepEqual(originsOf(auth), ["https://notes.example", "http://localhost:5173"]);
});

Deno.test("a setting of the wrong kind is named", async () => {
  await assert.rejects(
    appWith("[auth.email]\nenable_confirmations = 'yes'"),
    /auth\.email\.enable_confirmations/,
  );
});
