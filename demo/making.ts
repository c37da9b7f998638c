/** The steps of the journey in which something is made. */
import slugify from "@sindresorhus/slugify";
import { resolve } from "node:path";
import { credits, type Hundredths } from "./account.ts";
import { expectSame, Mismatch } from "./mismatch.ts";
import type { Options } from "./options.ts";
import * as work from "./work.ts";
import type { Traveller } from "./traveller.ts";

/** Has a story written and reads it. `price` is what a page costs. */
export async function getStory(
  { visitor, account, report }: Traveller,
  options: Options,
  price: Hundredths | undefined,
): Promise<work.FinishedStory & { cost: Hundredths }> {
  const order = await report.step("Order a story", async () => {
    const order = await work.orderStory(visitor, options);
    await account.spent(order.cost);
    return order;
  }, ({ cost }) => `"${options.prompt}" for ${credits(cost)} credits`);
  const story = await report.job(
    "Story written",
    (watch) => work.storyWritten(visitor, order.story_id, watch),
    ({ title, pages }) => `${title}, ${pages.length} pages`,
  );
  work.expectCost("the story", order.cost, price, story.pages.length);
  await account.moved(0);
  report.story(story);
  return { ...story, cost: order.cost };
}

/** Has a book with pictures made of the story and saves it. */
export async function getBook(
  { visitor, account, report }: Traveller,
  options: Options,
  story: work.FinishedStory,
  price: Hundredths | undefined,
) {
  const order = await report.step("Order a book", async () => {
    const order = await work.orderBook(visitor, story.id);
    await account.spent(order.cost);
    return order;
  }, ({ cost }) => `with pictures, for ${credits(cost)} credits`);
  work.expectCost("the book", order.cost, price, story.pages.length);
  const book = await report.job(
    "Book made",
    (watch) => work.bookMade(visitor, order.book_id, watch),
    ({ page_count }) => `${page_count} story pages with pictures`,
  );
  expectSame("the number of pages in the book", book.page_count, story.pages.length);
  await account.moved(0);
  const file = resolve(
    options.out ?? `${slugify(story.title).slice(0, 60) || "book"}-${book.id.slice(-6)}.pdf`,
  );
  const pdf = await report.step(
    "Save the PDF",
    () => save(file, () => work.downloadPdf(visitor, book.id)),
    (bytes) => `${file} (${Math.ceil(bytes / 1024)} KiB)`,
  );
  return { id: book.id, page_count: book.page_count, cost: order.cost, file, bytes: pdf };
}

async function save(file: string, download: () => Promise<Uint8Array>): Promise<number> {
  const bytes = await download();
  await Deno.writeFile(file, bytes).catch((error) => {
    throw new Mismatch(`the book cannot be saved as ${file}: ${error.message}`);
  });
  return bytes.length;
}
