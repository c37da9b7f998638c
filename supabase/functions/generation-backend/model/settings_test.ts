// Addresses of models as people paste them.
import assert from "node:assert/strict";
import { baseAddress } from "./settings.ts";

const forms: Record<string, string> = {
  "https://api.openai.com/v1": "https://api.openai.com/v1",
  "https://api.openai.com/v1/": "https://api.openai.com/v1",
  "http://localhost:11434": "http://localhost:11434/v1",
  "localhost:11434": "http://localhost:11434/v1",
  "api.example.com/v1": "https://api.example.com/v1",
  '"http://127.0.0.1:8000/v1"': "http://127.0.0.1:8000/v1",
  "http://127.0.0.1:8000/v1\n": "http://127.0.0.1:8000/v1",
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
