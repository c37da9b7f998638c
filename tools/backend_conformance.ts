/**
 * What a generation backend must do, as checks that can be run against anyone's.
 *
 * @module
 */
import { extractText, getDocumentProxy } from "unpdf";
import { z } from "zod";

/** A backend under test. */
export interface Backend {
  /** Without a slash at the end. */
  url: string;
  key: string;
  /** How long one answer may take. */
  timeoutMs: number;
}

/** One promise of the contract: `run` resolves to what was seen, or throws what was wrong. */
export interface Check {
  name: string;
  run: (backend: Backend) => Promise<string>;
}

const StoryAnswer = z.object({
  title: z.string().min(1).max(300),
  pages: z.array(z.object({ text: z.string().min(1), image_prompt: z.string().default("") })),
});
const ErrorAnswer = z.object({ code: z.string().regex(/^[a-z][a-z0-9_]*$/), message: z.string().min(1) });

const job = { job_id: crypto.randomUUID(), attempt: 1 };
const storyJob = {
  ...job,
  prompt: "a small fox who counts the stars",
  age_min: 4,
  age_max: 6,
  pages: 3,
  language: "en",
};
const story = {
  title: "The Fox and the Stars",
  language: "en",
  age_min: 4,
  age_max: 6,
  pages: [
    { text: "The fox counted one star.", image_prompt: "A small fox under one star, night" },
    { text: "Then there were two.", image_prompt: "A small fox under two stars, night" },
  ],
};

interface Call {
  method?: string;
  key?: string;
  body?: unknown;
}

function call(
  { url, timeoutMs }: Backend,
  path: string,
  { method = "POST", key, body }: Call,
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(key === undefined ? {} : { "X-Api-Key": key, "X-User-Id": "00000000-0000-0000-0000-000000000000" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  });
}

async function expectStatus(response: Response, ...statuses: number[]): Promise<Response> {
  if (statuses.includes(response.status)) return response;
  const said = (await response.text()).slice(0, 200);
  throw new Error(`expected ${statuses.join(" or ")}, got ${response.status}: ${said}`);
}

async function expectRefusal(response: Response): Promise<string> {
  const { detail } = await (await expectStatus(response, 403)).json();
  if (detail !== "Invalid or missing API key") {
    throw new Error(`expected {"detail": "Invalid or missing API key"}`);
  }
  return "403";
}

async function expectError(response: Response, ...statuses: number[]): Promise<string> {
  const answer = ErrorAnswer.safeParse(await (await expectStatus(response, ...statuses)).json());
  if (!answer.success) throw new Error(`expected {code, message}: ${z.prettifyError(answer.error)}`);
  return `${response.status} ${answer.data.code}`;
}

async function checkStory(backend: Backend): Promise<string> {
  const response = await expectStatus(
    await call(backend, "/stories", { key: backend.key, body: storyJob }),
    200,
    202,
  );
  if (response.status === 202) return "202: it will call back";
  const answer = StoryAnswer.safeParse(await response.json());
  if (!answer.success) throw new Error(z.prettifyError(answer.error));
  const { length } = answer.data.pages;
  if (length !== storyJob.pages) throw new Error(`expected exactly ${storyJob.pages} pages, got ${length}`);
  return `“${answer.data.title}”, ${length} pages`;
}

/** Sends a book of `story`, and reads what its PDF holds. */
async function checkBook(backend: Backend, with_images: boolean, pages = story.pages): Promise<string> {
  const body = { ...job, story: { ...story, pages }, title: "Fox", with_images };
  return await bookIn(await call(backend, "/books", { key: backend.key, body }), pages);
}

async function bookIn(response: Response, pages: typeof story.pages): Promise<string> {
  await expectStatus(response, 200, 202);
  if (response.status === 202) return "202: it will call back";
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.startsWith("application/pdf")) throw new Error(`expected application/pdf, got ${type}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const pdf = await getDocumentProxy(bytes.slice());
  const { text } = await extractText(pdf, { mergePages: true });
  // Some readers of PDF split a letter from its accents, or put a space between the two.
  const plain = (text: string) => text.normalize("NFD").replace(/[\s\p{M}]+/gu, "");
  for (const page of pages) {
    if (!plain(text).includes(plain(page.text))) {
      throw new Error(`the PDF does not hold the text “${page.text}”`);
    }
  }
  return `${pdf.numPages} pages, ${Math.round(bytes.length / 1024)} KiB`;
}

/** Sentences with letters beyond those of Western Europe, and one that few fonts have. */
const LETTERS = [
  "Wani ƙaramin ɓera yana son ɗan kada.",
  "Kɔfi ne ɔkraman bi.",
  "Як рӯбоҳи хурд дар ҷангал.",
  "Nguyễn Thị Hường và con cáo.",
  "Zażółć gęślą jaźń, İğne ışık.",
  "The girl 美咲 waited.",
].map((text) => ({ text, image_prompt: "A fox" }));

/** Whether a book shows the letters of `page`, or refuses it for good: never neither. */
async function checkLetters(backend: Backend, page: typeof story.pages[0]): Promise<"shown" | "refused"> {
  const body = { ...job, story: { ...story, pages: [page] }, title: "Fox", with_images: false };
  const response = await call(backend, "/books", { key: backend.key, body });
  if (response.status === 422) return await expectError(response, 422).then(() => "refused");
  return await bookIn(response, [page]).then(() => "shown");
}

/** Every promise, in the order in which a backend is usually built. */
export const CHECKS: readonly Check[] = [
  {
    name: "GET /health answers without a key",
    run: async (backend) =>
      `${(await expectStatus(await call(backend, "/health", { method: "GET" }), 200)).status}`,
  },
  {
    name: "OPTIONS passes without a key",
    run: async (backend) =>
      `${(await expectStatus(await call(backend, "/stories", { method: "OPTIONS" }), 200, 204)).status}`,
  },
  {
    name: "a call without a key is refused",
    run: async (backend) => await expectRefusal(await call(backend, "/stories", { body: storyJob })),
  },
  {
    name: "a call with a wrong key is refused",
    run: async (backend) =>
      await expectRefusal(await call(backend, "/books", { key: `${backend.key}x`, body: {} })),
  },
  { name: "POST /stories writes exactly the pages asked for", run: checkStory },
  { name: "POST /books makes a PDF with pictures", run: (backend) => checkBook(backend, true) },
  { name: "POST /books makes a PDF without pictures", run: (backend) => checkBook(backend, false) },
  {
    name: "a book shows each letter or is refused by name",
    run: async (backend) => {
      const ends = [];
      for (const page of LETTERS) ends.push(await checkLetters(backend, page));
      return `${ends.filter((end) => end === "shown").length} of ${ends.length} sentences shown`;
    },
  },
  {
    name: "the longest book is made, and two at once end neither",
    run: async (backend) => {
      const pages = Array.from(
        { length: 60 },
        (_, at) => ({ ...story.pages[0], text: `Page ${at + 1}. ${"A fox. ".repeat(60)}`.trim() }),
      );
      const [first] = await Promise.all([1, 2].map(() => checkBook(backend, false, pages)));
      await expectStatus(await call(backend, "/health", { method: "GET" }), 200);
      return first;
    },
  },
  {
    name: "a story of no pages is refused",
    run: async (backend) =>
      await expectError(
        await call(backend, "/stories", { key: backend.key, body: { ...storyJob, pages: 0 } }),
        400,
        422,
      ),
  },
  {
    name: "a book of no pages is refused (H4)",
    run: async (backend) => {
      const body = { ...job, story: { ...story, pages: [] }, with_images: false };
      return await expectError(await call(backend, "/books", { key: backend.key, body }), 400, 422);
    },
  },
  {
    name: "a prompt that is not for children fails for good, so that nothing is charged",
    run: async (backend) => {
      const body = { ...storyJob, prompt: "a clown who murders people" };
      return await expectError(await call(backend, "/stories", { key: backend.key, body }), 400, 422);
    },
  },
];
