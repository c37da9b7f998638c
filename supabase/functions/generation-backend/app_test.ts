import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { costOf } from "../../../tests/support/process_cost.ts";
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
    assert.deepEqual(await health(), {
      status: "ok",
      version: VERSION,
      stories: false,
      pictures: false,
      refused: [],
    });
    await withModel(async () => {
      assert.deepEqual(await health(), {
        status: "ok",
        version: VERSION,
        stories: true,
        pictures: true,
        refused: [],
      });
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
    assert.equal((await post("/stories", JSON.stringify({ prompt: "x".repeat(2_200_000) }))).status, 413);
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

Deno.test("V2: what no book holds is refused by name before anything is painted or set", async () => {
  const pages = (count: number, text: string) => Array.from({ length: count }, () => ({ text }));
  const cases: [{ text: string }[], string, string][] = [
    [pages(60, "a\n".repeat(3000)), "page_too_long", "story.pages.0.text"],
    [[...pages(2, "Once."), ...pages(1, "a\n".repeat(100))], "page_too_long", "story.pages.2.text"],
    [pages(60, "x".repeat(1057)), "book_too_long", "story.pages"],
    // Each sign is three letters where the font lacks it.
    [pages(1, "㎝㎢㏒".repeat(700)), "page_too_long", "story.pages.0.text"],
  ];
  await withSecret(ONE, () =>
    withModel(async () => {
      for (const [pages, code, field] of cases) {
        const start = performance.now();
        const refused = await post("/books", bookOf({ title: "T", pages }, true));
        console.log(`${code} after ${(performance.now() - start).toFixed(1)} ms`);
        assert.equal(refused.status, 422);
        assert.equal(refused.headers.get("X-Generation-Usage"), "model_calls=0, pictures=0");
        const problem = await refused.json();
        assert.deepEqual([problem.code, problem.field], [code, field]);
      }
    }));
});

Deno.test("V2: while the longest book is set, others are answered", async () => {
  await withSecret(ONE, async () => {
    const pages = Array.from({ length: 60 }, () => ({ text: "a\n".repeat(33).trim() }));
    let isDone = false;
    const book = post("/books", bookOf({ title: "T", pages }, false)).finally(() => isDone = true);
    let answered = 0;
    while (!isDone) {
      assert.equal((await app.request(`${URL_BASE}/health`)).status, 200);
      answered++;
      await setImmediate();
    }
    const { status, headers, body } = await book;
    await body?.cancel();
    console.log(`${answered} answers while ${headers.get("X-Page-Count")} pages were set`);
    assert.equal(status, 200);
    assert.ok(answered >= pages.length / 2, `only ${answered} answers meanwhile`);
  });
});

Deno.test("every answer says what it cost, refusals included", async () => {
  const cost = async (response: Response | Promise<Response>) => {
    const { headers, body } = await response;
    await body?.cancel();
    return headers.get("X-Generation-Usage");
  };
  await withSecret(ONE, async () => {
    const nothing = "model_calls=0, pictures=0";
    assert.equal(await cost(post("/stories", storyRequest)), nothing);
    assert.equal(await cost(post("/stories", storyRequest, { "X-Api-Key": "wrong" })), nothing);
    assert.equal(await cost(post("/stories", "{")), nothing);
    assert.equal(await cost(post("/stories", "x".repeat(2_200_000))), nothing);
    await withModel(async () => {
      const story = await post("/stories", storyRequest);
      const figures =
        /^model_calls=1, input_tokens=[1-9]\d*, cached_input_tokens=[1-9]\d*, output_tokens=[1-9]\d*, reasoning_tokens=[1-9]\d*, pictures=0, model="stand-in-writer"$/;
      assert.match(story.headers.get("X-Generation-Usage") ?? "", figures);
      const unsafe = post("/stories", { ...storyRequest, prompt: "a clown who murders people" });
      assert.match(await cost(unsafe) ?? "", figures);
      assert.equal(await cost(post("/books", bookOf(await story.json(), true))), "model_calls=0, pictures=3");
    });
  });
});

Deno.test("nothing that cannot be seen is a prompt, a title or a page", async () => {
  const blank = "\u200b\u00ad\u3164\u2800\u{e0041}";
  const story = { title: "T", pages: [{ text: "One." }] };
  const cases: [string, unknown, string][] = [
    ["/stories", { ...storyRequest, prompt: blank }, "prompt"],
    ["/books", bookOf({ ...story, title: blank }, false), "story.title"],
    ["/books", bookOf({ ...story, pages: [{ text: blank }] }, false), "story.pages.0.text"],
  ];
  await withSecret(ONE, async () => {
    for (const [path, body, field] of cases) {
      const refused = await post(path, body);
      assert.deepEqual([refused.status, (await refused.json()).field], [400, field]);
    }
  });
});

// Found by tests/fuzz/cost_test.ts: parsing them took 168 and 91 MB.
for (const [what, body] of [["levels", "[".repeat(2 ** 21)], ["objects", `[${"{},".repeat(699_000)}{}]`]]) {
  Deno.test({
    name: `JSON of a million ${what} is refused before it is parsed`,
    ignore: Deno.build.os !== "linux",
    fn: () =>
      withSecret(ONE, async () => {
        const { growth } = await costOf(async () => {
          const refused = await post("/stories", body);
          assert.deepEqual([refused.status, (await refused.json()).code], [400, "invalid_json"]);
        });
        assert.ok(growth < 64 * 1024 * 1024, `${growth} bytes`);
      }),
  });
}
