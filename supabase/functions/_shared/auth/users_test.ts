import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { createApp } from "../http/app.ts";
import { caller } from "../http/context.ts";
import {
  captureLogs,
  TEST_ENV,
  token,
  USER_ID,
  withEnv,
  withServer,
} from "../../../../tests/support/functions.ts";
import { requireUser } from "./users.ts";

const now = () => Math.floor(Date.now() / 1000);
const hs256 = (claims: Record<string, unknown>) => token(claims);

async function ask(authorization: string | undefined): Promise<Response> {
  const app = createApp("test-api");
  app.get("/me", requireUser, (c) => c.json({ id: caller(c).id }));
  let response = new Response();
  await captureLogs(async () => {
    response = await app.request("/test-api/me", {
      headers: authorization === undefined ? {} : { authorization },
    });
  });
  return response;
}

async function expectRefused(name: string, authorization: string | undefined): Promise<void> {
  const response = await ask(authorization);
  assert.equal(response.status, 401, name);
  assert.equal(response.headers.get("www-authenticate"), "Bearer", name);
  assert.equal((await response.json()).code, "unauthorized", name);
}

async function expectUser(authorization: string): Promise<void> {
  const response = await ask(authorization);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { id: USER_ID });
}

Deno.test("a token signed with the project's secret is believed", async () => {
  await withEnv({}, async () => {
    await expectUser(`Bearer ${await hs256({})}`);
    await expectUser(`bearer ${await hs256({ iss: `${TEST_ENV.SUPABASE_URL}/auth/v1` })}`);
  });
});

Deno.test("every other HS256 token is refused", async () => {
  await withEnv({}, async () => {
    const good = await hs256({});
    const [header, payload, signature] = good.split(".");
    const admin = btoa(JSON.stringify({ sub: USER_ID, role: "service_role" })).replace(/=+$/, "");
    const refused: Record<string, string | undefined> = {
      "no header": undefined,
      "another scheme": `Basic ${good}`,
      "no token": "Bearer ",
      "an API key": "Bearer sb_publishable_test",
      "no JWT": "Bearer a.b.c",
      "expired": `Bearer ${await hs256({ exp: now() - 1 })}`,
      "not valid yet": `Bearer ${await hs256({ nbf: now() + 600 })}`,
      "no expiry": `Bearer ${await hs256({ exp: undefined })}`,
      "another audience": `Bearer ${await hs256({ aud: "other" })}`,
      "no audience": `Bearer ${await hs256({ aud: undefined })}`,
      "another issuer": `Bearer ${await hs256({ iss: "https://evil.example/auth/v1" })}`,
      "anon": `Bearer ${await hs256({ role: "anon" })}`,
      "service_role": `Bearer ${await hs256({ role: "service_role" })}`,
      "no subject": `Bearer ${await hs256({ sub: undefined })}`,
      "a subject that is no id": `Bearer ${await hs256({ sub: "admin" })}`,
      "another payload": `Bearer ${header}.${admin}.${signature}`,
      "a changed signature": `Bearer ${header}.${payload}.${signature.slice(0, -2)}AA`,
      "no signature": `Bearer ${header}.${payload}.`,
      "alg none": `Bearer ${
        new UnsecuredJWT({ sub: USER_ID, role: "authenticated" }).setAudience("authenticated")
          .setExpirationTime("5m").encode()
      }`,
    };
    for (const [name, authorization] of Object.entries(refused)) await expectRefused(name, authorization);
  });
  await withEnv({ JWT_SECRET: undefined }, async () => {
    await expectRefused("no secret configured", `Bearer ${await hs256({})}`);
  });
});

Deno.test("a token signed with a published key is believed, and only with the right issuer", async () => {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const stranger = await generateKeyPair("ES256");
  const jwk = { ...await exportJWK(publicKey), kid: "key-1", alg: "ES256", use: "sig" };
  const sign = (claims: Record<string, unknown>, key = privateKey, kid = "key-1") =>
    new SignJWT({ sub: USER_ID, aud: "authenticated", role: "authenticated", exp: now() + 60, ...claims })
      .setProtectedHeader({ alg: "ES256", kid }).sign(key);

  const asked = await withServer(() => Response.json({ keys: [jwk] }), async (url) => {
    await withEnv({ SUPABASE_URL: url }, async () => {
      const iss = `${url}/auth/v1`;
      for (let i = 0; i < 3; i++) await expectUser(`Bearer ${await sign({ iss })}`);
      await expectRefused("another issuer", `Bearer ${await sign({ iss: "https://evil.example/auth/v1" })}`);
      await expectRefused("no issuer", `Bearer ${await sign({})}`);
      await expectRefused("expired", `Bearer ${await sign({ iss, exp: now() - 1 })}`);
      await expectRefused("another key", `Bearer ${await sign({ iss }, stranger.privateKey)}`);
      await expectRefused("an unknown key", `Bearer ${await sign({ iss }, stranger.privateKey, "key-2")}`);
      // The public key is no secret: a token signed with it as if it were one must not pass.
      const confused = await new SignJWT({ sub: USER_ID, aud: "authenticated", role: "authenticated", iss })
        .setProtectedHeader({ alg: "HS256", kid: "key-1" }).setExpirationTime("1m")
        .sign(new TextEncoder().encode(JSON.stringify(jwk)));
      await expectRefused("the public key as a secret", `Bearer ${confused}`);
    });
    await withEnv({ SUPABASE_URL: url, JWT_ISSUER: "https://auth.example" }, async () => {
      await expectUser(`Bearer ${await sign({ iss: "https://auth.example" })}`);
    });
  });
  assert.equal(asked.length, 1, "the keys are fetched once");
});

Deno.test("an issuer on this machine is believed where the gateway is known by a name of Docker's, and nowhere else", async () => {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwk = { ...await exportJWK(publicKey), kid: "key-1", alg: "ES256", use: "sig" };
  const issuedBy = async (iss: string) =>
    "Bearer " + await new SignJWT({ sub: USER_ID, aud: "authenticated", role: "authenticated", iss })
      .setProtectedHeader({ alg: "ES256", kid: "key-1" }).setExpirationTime("1m").sign(privateKey);
  const local = "http://127.0.0.1:54321/auth/v1";
  const { fetch } = globalThis;
  globalThis.fetch = () => Promise.resolve(Response.json({ keys: [jwk] }));
  try {
    await withEnv({ SUPABASE_URL: "http://kong:8000" }, async () => {
      await expectUser(await issuedBy(local));
      await expectUser(await issuedBy("http://localhost:54321/auth/v1"));
      for (
        const other of [
          "https://evil.example/auth/v1",
          "http://127.0.0.1.evil.example:1/auth/v1",
          local + "/x",
        ]
      ) {
        await expectRefused(other, await issuedBy(other));
      }
    });
    for (
      const url of [
        "https://project.supabase.co",
        "http://localhost:8000",
        "http://api.example",
        "https://kong",
      ]
    ) {
      await withEnv({ SUPABASE_URL: url }, async () => {
        await expectUser(await issuedBy(`${url}/auth/v1`));
        await expectRefused(`${local} at ${url}`, await issuedBy(local));
      });
    }
    await withEnv({ SUPABASE_URL: "http://kong:8000", JWT_ISSUER: "https://auth.example" }, async () => {
      await expectUser(await issuedBy("https://auth.example"));
      await expectRefused("beside JWT_ISSUER", await issuedBy(local));
    });
  } finally {
    globalThis.fetch = fetch;
  }
});

Deno.test("keys that cannot be fetched are 503, not 401", async () => {
  const { privateKey } = await generateKeyPair("ES256");
  await withServer(() => new Response("down", { status: 500 }), async (url) => {
    await withEnv({ SUPABASE_URL: url }, async () => {
      const signed = await new SignJWT({ sub: USER_ID, iss: `${url}/auth/v1` }).setAudience("authenticated")
        .setProtectedHeader({ alg: "ES256", kid: "k" }).setExpirationTime("1m").sign(privateKey);
      const response = await ask(`Bearer ${signed}`);
      assert.equal(response.status, 503);
      assert.equal((await response.json()).code, "temporarily_unavailable");
    });
  });
});
