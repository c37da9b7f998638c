/**
 * Books made of stories: ask for one, read one's own, give one up, download the PDF; and the backend's reports.
 *
 * @module
 */
import { createApp } from "../_shared/http/app.ts";
import { addCancel } from "../_jobs/cancel.ts";
import { addHealth } from "../_shared/http/health.ts";
import { addJobRoutes } from "../_jobs/job_routes.ts";
import { addCompletion } from "./complete.ts";
import { addDownload } from "./download.ts";
import { addGenerate } from "./generate.ts";
import { addReading } from "./read.ts";

/** The book-api. */
export const app = createApp("book-api", { ownBodyLimit: /\/complete$/ });
addHealth(app);
addGenerate(app);
addReading(app);
addCancel(app, "book");
addDownload(app);
addJobRoutes(app, "book");
addCompletion(app);
