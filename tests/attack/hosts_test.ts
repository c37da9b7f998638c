// What another site's page can do to the servers on this machine: under its own name, in a frame, with a form.
import assert from "node:assert/strict";
import { askAs } from "../support/attack/hosts.ts";
import { askForLink, follow } from "../support/mailed_link.ts";
import { stack } from "../support/people.ts";

const SERVERS = {
  gateway: [stack("API_URL"), "/inbox"],
  "Stripe stand-in": [stack("STRIPE_API_URL"), "/_test/delivery"],
  "model stand-in": [new URL(stack("MODEL_API_URL")).origin, "/v1/models"],
};

// Starts the model, too.
await (await fetch(`${stack("API_URL")}/functions/v1/generation-backend/health`)).body?.cancel();

for (const [name, [origin, path]] of Object.entries(SERVERS)) {
  Deno.test(`V7: the ${name} answers to its own names only`, async () => {
    const { port } = new URL(origin);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      assert.equal((await askAs(origin + path, { host })).status, 200, host);
    }
    for (
      const host of ["evil.example", `evil.example:${port}`, "127.0.0.1:1", `127.0.0.1.nip.io:${port}`]
    ) {
      assert.equal((await askAs(origin + path, { host })).status, 421, host);
    }
  });
}

Deno.test("V7: a link in an e-mail leads to this stack, whatever the request said", async () => {
  const email = `${crypto.randomUUID()}@example.com`;
  const headers = {
    apikey: stack("PUBLISHABLE_KEY"),
    "content-type": "application/json",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    forwarded: "host=evil.example",
    referer: "https://evil.example/",
  };
  const body = JSON.stringify({ email, password: "correct horse" });
  const url = `${stack("API_URL")}/auth/v1/signup?redirect_to=http://evil.example/`;
  assert.equal((await askAs(url, headers, { method: "POST", body })).status, 200);
  const mails: { link: string }[] = await (await fetch(`${stack("INBOX_URL")}?to=${email}`)).json();
  assert.ok(mails[0].link.startsWith(`${stack("API_URL")}/auth/v1/verify?`));
  assert.doesNotMatch(JSON.stringify(mails), /evil/);
});

Deno.test("V7: a link that was changed leads to this stack, with or without PKCE", async () => {
  for (
    const elsewhere of [
      "https://evil.example/",
      "http://evil.example/",
      "//evil.example/",
      "http://127.0.0.1.evil.example/",
    ]
  ) {
    const changed = new URL((await askForLink(elsewhere)).link);
    changed.searchParams.set("redirect_to", elsewhere);
    assert.equal((await follow(changed.href)).origin, stack("API_URL"));
    changed.searchParams.set("token", "0000");
    assert.equal((await follow(changed.href)).origin, stack("API_URL"));
  }
});

Deno.test("V7: every page forbids frames, scripts within it and any other's files", async () => {
  for (
    const url of [
      `${stack("API_URL")}/config.json`,
      stack("INBOX_URL"),
      `${stack("STRIPE_API_URL")}/pay/cs_test_none`,
    ]
  ) {
    const { headers, body } = await fetch(url);
    await body?.cancel();
    const policy = headers.get("content-security-policy") ?? "";
    for (
      const part of [/default-src 'none'/, /frame-ancestors 'none'/, /base-uri 'none'/, /form-action 'self'/]
    ) {
      assert.match(policy, part, url);
    }
    assert.doesNotMatch(policy, /unsafe|\*|data:/, url);
    assert.equal(headers.get("x-frame-options"), "DENY", url);
    assert.equal(headers.get("x-content-type-options"), "nosniff", url);
    assert.equal(headers.get("referrer-policy"), "same-origin", url);
  }
});

Deno.test("V7: what another site's page sends to a stand-in is refused, what a program sends is not", async () => {
  const stripe = stack("STRIPE_API_URL");
  const posts: [string, string][] = [
    [`${stripe}/_test/delivery`, "{}"],
    [`${stripe}/_test/delivery/flush`, ""],
    [`${stripe}/pay/cs_test_none`, "outcome=paid"],
    [`${stripe}/pay/cs_test_none/settle`, "outcome=succeeded"],
    [`${stack("MODEL_API_URL")}/chat/completions`, "{}"],
  ];
  const pages: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: stack("API_URL") },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const [url, body] of posts) {
    const type = { "content-type": "text/plain" };
    for (const page of pages) {
      const { status } = await askAs(url, { ...type, ...page }, { method: "POST", body });
      assert.equal(status, 403, `${url} ${JSON.stringify(page)}`);
    }
    assert.notEqual((await askAs(url, type, { method: "POST", body })).status, 403, url);
    const own = { ...type, origin: new URL(url).origin, "sec-fetch-site": "same-origin" };
    assert.notEqual((await askAs(url, own, { method: "POST", body })).status, 403, url);
  }
});
