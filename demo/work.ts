/** Ordering a story and a book, and waiting for each. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Credits, credits, type Hundredths } from "./account.ts";
import { Mismatch } from "./mismatch.ts";
import type { Options } from "./options.ts";
import type { Visitor } from "./visitor.ts";

const Job = z.object({
  status: z.string(),
  stage: z.string().nullable(),
  pages_done: z.int(),
  pages_total: z.int(),
});
const Accepted = { job_id: z.string(), status: z.string(), cost: Credits };
const Progressing = { status: z.string(), error_code: z.string().nullable(), job: Job };
const Page = z.object({ text: z.string().min(1) });

const StoryOrder = z.object({ story_id: z.string(), ...Accepted });
const BookOrder = z.object({ book_id: z.string(), ...Accepted });
const Story = z.object({
  ...Progressing,
  id: z.string(),
  title: z.string().nullable(),
  pages: z.array(Page).nullable(),
});
const Book = z.object({ ...Progressing, id: z.string(), title: z.string(), page_count: z.int() });
const Prices = z.object({
  items: z.array(z.object({ action: z.string(), credits: Credits, unit: z.string() })),
});

/** How far a job has come. */
export type Progress = z.infer<typeof Job>;
/** Hears how far a job has come, each time it was asked. */
export type Watch = (job: Progress) => void;
/** A finished story. */
export interface FinishedStory {
  id: string;
  title: string;
  pages: string[];
}
/** A finished book. */
export type FinishedBook = z.infer<typeof Book>;

const ASK_EVERY = 200;
const PATIENCE = 180_000;

/** What a page costs for each action. */
export async function pagePrices(visitor: Visitor): Promise<Map<string, Hundredths>> {
  const { items } = await visitor.get("credits-api/pricing", Prices);
  return new Map(items.filter(({ unit }) => unit === "page").map((price) => [price.action, price.credits]));
}

/** Asks for a story. */
export async function orderStory(
  visitor: Visitor,
  { prompt, age, language }: Options,
): Promise<z.infer<typeof StoryOrder>> {
  const request = { prompt, age_min: age.min, age_max: age.max, language };
  return await visitor.post("story-api/create", request, StoryOrder);
}

/** Waits until a story is written. */
export async function storyWritten(visitor: Visitor, id: string, watch: Watch): Promise<FinishedStory> {
  const { title, pages } = await finished("the story", () => visitor.get(`story-api/${id}`, Story), watch);
  if (!title || !pages?.length) throw new Mismatch("the story is ready, but has no title or no pages");
  return { id, title, pages: pages.map((page) => page.text) };
}

/** Asks for a book with pictures. */
export async function orderBook(visitor: Visitor, storyId: string): Promise<z.infer<typeof BookOrder>> {
  return await visitor.post("book-api/generate", { story_id: storyId, with_images: true }, BookOrder);
}

/** Waits until a book is made. */
export async function bookMade(visitor: Visitor, id: string, watch: Watch): Promise<FinishedBook> {
  return await finished("the book", () => visitor.get(`book-api/${id}`, Book), watch);
}

/** The PDF of a book, looked at no closer than that it is a whole PDF. */
export async function downloadPdf(visitor: Visitor, id: string): Promise<Uint8Array> {
  const blob = await visitor.get(`book-api/${id}/pdf`, z.instanceof(Blob));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const [start, end] = [bytes.subarray(0, 5), bytes.subarray(-10)].map((part) =>
    new TextDecoder().decode(part)
  );
  if (start !== "%PDF-" || !end.includes("%%EOF")) throw new Mismatch("what was downloaded is no whole PDF");
  return bytes;
}

/** Checks a price against the price list. */
export function expectCost(
  what: string,
  cost: Hundredths,
  price: Hundredths | undefined,
  pages: number,
): void {
  const expected = (price ?? NaN) * pages;
  if (cost !== expected) {
    throw new Mismatch(
      `${what} costs ${credits(cost)}, ${pages} pages by the price list are ${credits(expected)}`,
    );
  }
}

async function finished<T extends { status: string; error_code: string | null; job: Progress }>(
  what: string,
  ask: () => Promise<T>,
  watch: Watch,
): Promise<T> {
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await sleep(ASK_EVERY)) {
    const answer = await ask();
    watch(answer.job);
    if (answer.status === "ready") return answer;
    if (answer.status === "failed" || answer.status === "cancelled") {
      throw new Mismatch(
        `${what} ${answer.status}: ${answer.error_code ?? "no reason given"}; nothing was charged`,
      );
    }
  }
  throw new Mismatch(`${what} is not ready after ${PATIENCE / 1000} s`);
}
