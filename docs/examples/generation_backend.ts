/**
 * A complete generation backend in one file: it writes a story from a template and prints it as a plain PDF.
 *
 * `API_SHARED_SECRET=… PORT=8787 deno run -A docs/examples/generation_backend.ts`, then set
 * `GENERATION_BACKEND_URL` to its address. Replace `writeStory` and `makeBook` with your own.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
// @ts-types="@types/pdfkit"
import PDFDocument from "pdfkit";

interface Page {
  text: string;
  image_prompt: string;
}

interface StoryJob {
  job_id: string;
  attempt: number;
  prompt: string;
  age_min: number;
  age_max: number;
  pages: number;
  language: string;
}

interface BookJob {
  job_id: string;
  attempt: number;
  story: { title: string; pages: Page[]; language: string; age_min: number; age_max: number };
  title?: string | null;
  with_images: boolean;
}

function writeStory({ prompt, pages }: StoryJob): { title: string; pages: Page[] } {
  const lines = Array.from({ length: pages }, (_, page) => ({
    text: `Page ${page + 1} of a story about ${prompt}.`,
    image_prompt: `${prompt}, scene ${page + 1}`,
  }));
  return { title: `A story about ${prompt}`.slice(0, 200), pages: lines };
}

async function makeBook({ story, title }: BookJob): Promise<Uint8Array<ArrayBuffer>> {
  const doc = new PDFDocument({ size: [540, 675], margin: 60, info: { Title: title || story.title } });
  doc.fontSize(32).text(title || story.title);
  for (const { text } of story.pages) doc.addPage().fontSize(20).text(text);
  doc.end();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of doc) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** C1: one of the secrets, compared so that the time taken tells nothing. Without a secret nobody gets in. */
function mayCall(key: string): boolean {
  const secrets = (Deno.env.get("API_SHARED_SECRET") ?? "").split(",").map((one) => one.trim()).filter(
    Boolean,
  );
  return secrets.map((secret) => timingSafeEqual(digest(secret), digest(key))).includes(true);
}

const refuse = (status: number, code: string, message: string, field?: string) =>
  Response.json({ code, message, field }, { status });

const isPageCount = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 60;

/** Answers one request. */
export async function handle(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method === "OPTIONS") return new Response(null, { status: 204 });
  if (pathname === "/health") return Response.json({ status: "ok" });
  if (!mayCall(request.headers.get("X-Api-Key") ?? "")) {
    return Response.json({ detail: "Invalid or missing API key" }, { status: 403 });
  }
  const isJob = pathname === "/stories" || pathname === "/books";
  if (!isJob) return refuse(404, "unknown_route", "There is no such route");
  if (request.method !== "POST") return refuse(405, "method_not_allowed", "Use POST");
  const job = await request.json().catch(() => undefined);
  if (pathname === "/stories") {
    if (typeof job?.prompt !== "string") {
      return refuse(400, "invalid_request", "prompt: Expected text", "prompt");
    }
    if (!isPageCount(job.pages)) return refuse(400, "invalid_request", "pages: Expected 1 to 60", "pages");
    if (/\bmurder/i.test(job.prompt)) return refuse(422, "unsafe_prompt", "Not a subject for children");
    return Response.json(writeStory(job));
  }
  if (!isPageCount(job?.story?.pages?.length)) {
    return refuse(400, "invalid_request", "Book must have at least one page", "story.pages");
  }
  // The fonts of every PDF reader know Western Europe's letters: a book never loses one, it is refused.
  const letter = JSON.stringify(job.story).match(/[^\p{ASCII}\u00A0-\u00FF\u2013-\u2026]/u)?.[0];
  if (letter) return refuse(422, "unsupported_script", `No book can show the letter “${letter}”`);
  return new Response(await makeBook(job), { headers: { "Content-Type": "application/pdf" } });
}

if (import.meta.main) {
  Deno.serve(
    { hostname: Deno.env.get("HOST") ?? "127.0.0.1", port: Number(Deno.env.get("PORT") ?? 8787) },
    handle,
  );
}
