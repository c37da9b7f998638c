/**
 * Books made of stories: ask for one, read one's own, give one up, download the PDF; and the backend's reports.
 *
 * @module
 */
import { addDownload } from "../_jobs/delivery/download.ts";
import { createJobApp } from "../_jobs/app.ts";
import { book, pdf } from "./product.ts";

/** The book-api. */
export const app = createJobApp("book-api", book);
addDownload(app, book, pdf);
