// Addresses of models as people paste them.
import assert from "node:assert/strict";
import { withVariables } from "../../../../tests/support/model_endpoint.ts";
import { credentials } from "./client.ts";
import { baseAddress, chatModel, usable } from "./settings.ts";

const forms: Record<string, string> = {
  "https://api.openai.com/v1": "https://api.openai.com/v1",
  "https://api.openai.com/v1/": "https://api.openai.com/v1",
  "http://localhost:11434": "http://localhost:11434/v1",
  "localhost:11434": "http://localhost:11434/v1",
  "api.example.com/v1": "https://api.example.com/v1",
  "https://api.example.com/v1/chat/completions": "https://api.example.com/v1",
  "https://generativelanguage.googleapis.com/v1beta/openai/":
    "https://generativelanguage.googleapis.com/v1beta/openai",
  "https://x.azure.com/openai/deployments/d?api-version=2024-10-21":
    "https://x.azure.com/openai/deployments/d?api-version=2024-10-21",
};
for (const [pasted, meant] of Object.entries(forms)) {
  Deno.test(`a model at ${JSON.stringify(pasted)} is one at ${meant}`, () => {
    assert.equal(baseAddress(pasted)?.href, meant);
  });
}

Deno.test("what is no address is none", () => {
  assert.equal(baseAddress("http://"), undefined);
});

Deno.test("a setting that cannot be used is named, and its value is not", async () => {
  const good = { LLM_BASE_URL: "https://a.example/v1", LLM_MODEL: "m", LLM_API_KEY: "k" };
  const cases: [Record<string, string>, string][] = [
    [{ LLM_BASE_URL: "http://" }, "LLM_BASE_URL is no address"],
    [{ LLM_MODEL: "" }, "LLM_MODEL is not set"],
    [{ LLM_TIMEOUT_SECONDS: "soon" }, "LLM_TIMEOUT_SECONDS is no number above 0"],
    [{ LLM_STREAM: "maybe" }, "LLM_STREAM is neither true nor false"],
    [
      { IMAGE_BASE_URL: "a.example", IMAGE_MODEL: "m", IMAGE_OPTIONS: "[1]" },
      "IMAGE_OPTIONS is no JSON object",
    ],
  ];
  for (const [changes, reason] of cases) {
    await withVariables({ ...good, ...changes }, async () => {
      await Promise.resolve();
      assert.deepEqual(usable().refused, [reason]);
    });
  }
});

Deno.test("quotes around a value are passed over", async () => {
  const quoted = {
    LLM_BASE_URL: '"http://127.0.0.1:8000/v1"',
    LLM_MODEL: "'m'",
    LLM_API_KEY: '"k"',
    LLM_STREAM: '"true"',
  };
  await withVariables(quoted, async () => {
    await Promise.resolve();
    const { base, model, key, stream } = chatModel() ?? {};
    assert.deepEqual([base?.href, model, key, stream], ["http://127.0.0.1:8000/v1", "m", "k", true]);
  });
});

Deno.test("a key goes into the header that its server reads", () => {
  const bearer = { Authorization: "Bearer k" };
  assert.deepEqual(credentials(new URL("https://api.openai.com/v1"), "k"), bearer);
  assert.deepEqual(credentials(new URL("https://azure.com.example/v1"), "k"), bearer);
  const azure = new URL("https://x.openai.azure.com/openai/deployments/d");
  assert.deepEqual(credentials(azure, "k"), { "api-key": "k" });
  assert.deepEqual(
    credentials(azure, "eyJ.a.b"),
    { Authorization: "Bearer eyJ.a.b" },
    "a token of its directory",
  );
});
