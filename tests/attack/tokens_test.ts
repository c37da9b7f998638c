// Tokens that Auth never issued, at the functions, the Data API and Storage.
import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { ask } from "../support/calls.ts";
import { client, stack } from "../support/people.ts";
import { database, unchanged } from "../support/attack/state.ts";
import { sharedScene } from "../support/attack/shared_scene.ts";
import { giveStories } from "../support/stories/belongings.ts";

const sql = database();
const { ana, eve, storyId, pdfPath } = await sharedScene(giveStories);

const base64 = (value: unknown) =>
  btoa(JSON.stringify(value)).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
const now = Math.floor(Date.now() / 1000);
const ANA = {
  sub: ana.id,
  aud: "authenticated",
  role: "authenticated",
  email: ana.email,
  iat: now,
  exp: now + 600,
};
const ROOT = { ...ANA, role: "service_role" };

function hs256(claims: Record<string, unknown>, secret: string, header: Record<string, unknown> = {}) {
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT", ...header })
    .sign(new TextEncoder().encode(secret));
}

const own = await generateKeyPair("ES256", { extractable: true });
const jwk = await exportJWK(own.publicKey);
const [head, body, signature] = eve.token.split(".");
const [, , anasSignature] = ana.token.split(".");

const FORGED: Record<string, string> = {
  "alg none": `${base64({ alg: "none", typ: "JWT" })}.${base64(ANA)}.`,
  "alg None, with a signature": `${base64({ alg: "None", typ: "JWT" })}.${base64(ANA)}.${signature}`,
  "alg none, as the service": `${base64({ alg: "none" })}.${base64(ROOT)}.`,
  "a wrong secret": await hs256(ANA, "a-wrong-secret-of-more-than-32-characters"),
  "a wrong secret, as the service": await hs256(ROOT, "a-wrong-secret-of-more-than-32-characters"),
  "the publishable key as the secret": await hs256(ANA, stack("PUBLISHABLE_KEY").padEnd(32, "0")),
  "a key id that is a path": await hs256(ANA, "a-wrong-secret-of-more-than-32-characters", {
    kid: "../../dev/null",
  }),
  "its own key in the header": await new SignJWT(ANA).setProtectedHeader({ alg: "ES256", jwk }).sign(
    own.privateKey,
  ),
  "its own key elsewhere": await new SignJWT(ANA)
    .setProtectedHeader({ alg: "ES256", kid: "x", jku: "https://evil.example/jwks.json" }).sign(
      own.privateKey,
    ),
  "Eve's token with Ana's claims": `${head}.${base64(ANA)}.${signature}`,
  "Eve's token with Ana's signature": `${head}.${body}.${anasSignature}`,
  "Ana's token without its signature": `${ana.token.split(".").slice(0, 2).join(".")}.`,
  "expired": await hs256({ ...ANA, exp: now - 60 }, stack("JWT_SECRET")),
  "no token": "undefined",
};

Deno.test("the functions take none of them, wherever they are put", async () => {
  await unchanged(sql, async () => {
    for (const [kind, token] of Object.entries(FORGED)) {
      for (const path of ["credits-api/balance", `story-api/${storyId}`, "book-api"]) {
        const { status, body, headers } = await ask("GET", path, { authorization: `Bearer ${token}` });
        assert.deepEqual([status, body.code], [401, "unauthorized"], `${path} with ${kind}`);
        assert.equal(headers.get("www-authenticate"), "Bearer");
      }
    }
    const misplaced: Record<string, string>[] = [
      { apikey: ana.token },
      { cookie: `sb-access-token=${ana.token}` },
      { authorization: ana.token },
      { authorization: `Basic ${btoa(`${ana.id}:${ana.token}`)}` },
      { authorization: `Bearer ${stack("PUBLISHABLE_KEY")}`, apikey: ana.token },
      { authorization: `Bearer ${stack("SECRET_KEY")}` },
      { authorization: `Bearer ${stack("API_SHARED_SECRET")}`, "x-api-key": stack("API_SHARED_SECRET") },
    ];
    for (const headers of misplaced) {
      const { status } = await ask("GET", `credits-api/balance?access_token=${ana.token}`, headers);
      assert.equal(status, 401, Object.keys(headers).join());
    }
  });
});

Deno.test("the Data API and Storage show nothing for them and let them call nothing", async () => {
  await unchanged(sql, async () => {
    for (const [kind, token] of Object.entries(FORGED)) {
      for (const key of [stack("PUBLISHABLE_KEY"), token]) {
        const headers = { authorization: `Bearer ${token}` };
        const forger = createClient(stack("API_URL"), key, {
          global: { headers },
          accessToken: () => Promise.resolve(token),
        });
        const rows = await forger.from("stories").select("*");
        assert.ok(rows.error && !rows.data, `stories with ${kind}`);
        const grant = {
          p_user_id: eve.id,
          p_amount: 1000,
          p_source: "adjustment",
          p_grant_key: crypto.randomUUID(),
        };
        assert.ok((await forger.rpc("grant_credits", grant)).error, `grant_credits with ${kind}`);
        assert.ok((await forger.storage.from("books").download(pdfPath)).error, `Storage with ${kind}`);
        assert.ok((await client().auth.getUser(token)).error, `Auth with ${kind}`);
      }
    }
  });
});

Deno.test("the real token does open all of these", async () => {
  assert.equal(
    (await ask("GET", `story-api/${storyId}`, { authorization: `Bearer ${ana.token}` })).status,
    200,
  );
  assert.equal((await ana.client.from("stories").select("id").eq("id", storyId)).data?.length, 1);
  assert.equal((await ana.client.storage.from("books").download(pdfPath)).error, null);
});

Deno.test.afterAll(() => sql.end());
