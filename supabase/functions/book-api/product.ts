/**
 * Books made of stories, as the queue, its worker and its routes know them.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import { discardFiles, type FileKind } from "../_jobs/delivery/bucket.ts";
import { fileDelivery } from "../_jobs/delivery/file.ts";
import type { Claim, Product } from "../_jobs/product.ts";
import type { Bytes } from "../_shared/bytes.ts";
import { call } from "../_shared/database/client.ts";
import { wholeNumber } from "../_shared/http/schemas.ts";
import { BOOK_ERRORS } from "./errors.ts";

/** What a book is. */
export const pdf: FileKind = {
  bucket: "books",
  mediaType: "application/pdf",
  extension: "pdf",
  pathColumn: "pdf_path",
};

const Facts = z.object({
  page_count: wholeNumber(1, 1000).openapi({ description: "How many of the story's pages the PDF holds" }),
  picture_count: wholeNumber(0, 1000).optional().openapi({
    description: "How many of them have their picture, if not all; the others cost less",
  }),
});

/** The product of book-api. */
export const book: Product = {
  jobType: "book",
  unit: "pages",
  backendPath: "/books",
  creation: {
    path: "/generate",
    policy: "book_generate",
    admit: (order) => call("create_book", order),
    refusals: BOOK_ERRORS,
    namesAnother: true,
  },
  delivery: fileDelivery({
    kind: pdf,
    mostBytes: 32 * 1024 * 1024,
    isWhole: isPdf,
    facts: Facts,
    factsOf: (claim, answer) => ({
      page_count: String(storyPages(claim)),
      picture_count: answer.headers.get("X-Picture-Count") ?? undefined,
    }),
    store: (attempt, { path, byteSize }, { page_count, picture_count }) =>
      call("complete_book", {
        ...attempt,
        p_pdf_path: path,
        p_page_count: page_count,
        p_byte_size: byteSize,
        p_picture_count: picture_count,
      }),
  }),
  table: "books",
  progress: "book_progress",
  summary: {
    story_id: z.guid().nullable(),
    title: z.string(),
    with_images: z.boolean(),
    page_count: z.int(),
  },
  details: {},
  async remove(userId, id) {
    const { outcome, files } = await call("delete_book", { p_user_id: userId, p_book_id: id });
    await discardFiles(pdf, files ?? []);
    return outcome;
  },
};

function storyPages({ request }: Claim): number {
  const { story } = request as { story?: { pages?: unknown[] } };
  return story?.pages?.length ?? 0;
}

/** Whether `file` begins and ends as a PDF does. */
function isPdf(file: Bytes): boolean {
  const latin = new TextDecoder("latin1");
  return latin.decode(file.subarray(0, 5)) === "%PDF-" &&
    latin.decode(file.subarray(-1024)).includes("%%EOF");
}
