import assert from "node:assert/strict";
import { withModel } from "../../../tests/support/model_stand_in.ts";
import { VERSION } from "../_shared/version.ts";
import { app } from "./app.ts";

const [ONE, TWO] = ["one", "two"].map((name) => name.repeat(11));
const URL_BASE = "http://localhost/generation-backend";

async function withSecret<T>(secret: string | undefined, run: () => Promise<T>): Promise<T> {
  const before = Deno.env.get("API_SHARED_SECRET");
  if (secret === undefined) Deno.env.delete("API_SHARED_SECRET");
  else Deno.env.set("API_SHARED_SECRET", secret);
  try {
    return await run();
  } finally {
    if (before === undefined) Deno.env.delete("API_SHARED_SECRET");
    else Deno.env.set("API_SHARED_SECRET", before);
  }
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return Promise.resolve(app.request(`${URL_BASE}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Api-Key": ONE, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  }));
}

const storyRequest = {
  job_id: "0190a000-0000-7000-8000-000000000001",
  attempt: 1,
  prompt: "a shy dragon who learns to whistle",
  age_min: 4,
  age_max: 7,
  pages: 3,
  language: "en",
};

Deno.test("C1: only a caller with one of the shared secrets gets through", async () => {
  await withSecret(`${ONE}, ${TWO}`, async () => {
    for (const key of ["", "wrong", ONE.slice(0, -1), `${ONE},${TWO}`, `${ONE}${TWO}`]) {
      const refused = await post("/stories", storyRequest, { "X-Api-Key": key });
      assert.equal(refused.status, 403, `key ${JSON.stringify(key)}`);
      assert.deepEqual(await refused.json(), { detail: "Invalid or missing API key" });
      assert.ok(refused.headers.get("X-Request-Id"));
    }
    for (const key of [ONE, TWO]) {
      assert.equal((await post("/stories", { ...storyRequest, pages: 0 }, { "X-Api-Key": key })).status, 400);
    }
  });
});

Deno.test("C1: without a configured secret every call is refused except health and OPTIONS", async () => {
  await withSecret(undefined, async () => {
    for (const path of ["/stories", "/books"]) {
      const refused = await post(path, storyRequest);
      assert.equal(refused.status, 503);
      assert.equal((await refused.json()).code, "not_configured");
    }
    const health = await app.request(`${URL_BASE}/health`);
    assert.deepEqual([health.status, (await health.json()).code], [503, "not_configured"]);
    assert.equal((await app.request(`${URL_BASE}/stories`, { method: "OPTIONS" })).status, 204);
  });
});

Deno.test("a story comes back with a title and exactly the pages that were asked for", async () => {
  await withSecret(ONE, () =>
    withModel(async () => {
      const response = await post("/stories", storyRequest);
      const story = await response.json();
      assert.equal(response.status, 200);
      assert.ok(story.title.length > 0);
      assert.equal(story.pages.length, 3);
      assert.match(story.pages[0].text, /“a shy dragon who learns to whistle”/);
    }));
});

const bookOf = (story: unknown, with_images: boolean) => {
  const { language, age_min, age_max } = storyRequest;
  const made = { ...story as Record<string, unknown>, language, age_min, age_max };
  return { job_id: "b", attempt: 1, title: "A Whistle for Two", with_images, story: made };
};

Deno.test("a story becomes a PDF, with a picture on each page", async () => {
  await withSecret(ONE, () =>
    withModel(async () => {
      const story = await (await post("/stories", storyRequest)).json();
      const response = await post("/books", bookOf(story, true));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("Content-Type"), "application/pdf");
      assert.equal(response.headers.get("X-Page-Count"), "6");
      assert.equal(response.headers.get("X-Picture-Count"), "3");
      const bytes = new Uint8Array(await response.arrayBuffer());
      assert.equal(new TextDecoder().decode(bytes.slice(0, 5)), "%PDF-");
    }));
});

Deno.test("a prompt that is nothing for children is refused by the model", async () => {
  await withSecret(ONE, () =>
    withModel(async () => {
      const response = await post("/stories", { ...storyRequest, prompt: "a clown who murders people" });
      assert.deepEqual([response.status, (await response.json()).code], [422, "unsafe_prompt"]);
    }));
});

Deno.test("without models stories and pictures fail for good, health says so, and a book of words is still made", async () => {
  const health = async () => await (await app.request(`${URL_BASE}/health`)).json();
  await withSecret(ONE, async () => {
    const story = { title: "Fox", pages: [{ text: "One.", image_prompt: "" }] };
    for (const refused of [await post("/stories", storyRequest), await post("/books", bookOf(story, true))]) {
      assert.deepEqual([refused.status, (await refused.json()).code], [422, "model_not_configured"]);
    }
    const words = await post("/books", bookOf(story, false));
    assert.deepEqual([words.status, words.headers.get("X-Picture-Count")], [200, null]);
    await words.body?.cancel();
    assert.deepEqual(await health(), { status: "ok", version: VERSION, stories: false, pictures: false });
    await withModel(async () => {
      assert.deepEqual(await health(), { status: "ok", version: VERSION, stories: true, pictures: true });
    });
  });
});

Deno.test("a bad field is named, and nothing is read from what is not JSON", async () => {
  await withSecret(ONE, async () => {
    const cases: [unknown, string][] = [
      [{ ...storyRequest, pages: 0 }, "pages"],
      [{ ...storyRequest, pages: 61 }, "pages"],
      [{ ...storyRequest, prompt: "" }, "prompt"],
      [{ ...storyRequest, age_min: 8, age_max: 4 }, "age_max"],
      [{ ...storyRequest, language: "klingon!" }, "language"],
    ];
    for (const [body, field] of cases) {
      const response = await post("/stories", body);
      const problem = await response.json();
      assert.equal(response.status, 400);
      assert.equal(problem.field, field);
      assert.equal(problem.code, "invalid_request");
    }
    assert.equal((await post("/stories", "{")).status, 400);
    assert.equal((await post("/stories", "{}", { "Content-Type": "text/plain" })).status, 415);
    assert.equal((await post("/stories", JSON.stringify({ prompt: "x".repeat(1_100_000) }))).status, 413);
    assert.equal((await post("/nowhere", {})).status, 404);
    assert.equal((await app.request(`${URL_BASE}/stories`, { headers: { "X-Api-Key": ONE } })).status, 405);
  });
});

Deno.test("H4: a book needs at least one page", async () => {
  await withSecret(ONE, async () => {
    const response = await post("/books", {
      job_id: "b",
      attempt: 1,
      with_images: false,
      story: { title: "Nothing", pages: [], language: "en", age_min: 4, age_max: 6 },
    });
    assert.equal(response.status, 400);
    const problem = await response.json();
    assert.equal(problem.field, "story.pages");
    assert.match(problem.message, /Book must have at least one page/);
  });
});
