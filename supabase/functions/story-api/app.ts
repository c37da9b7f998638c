/**
 * Stories: ask for one, read one's own, give one up, delete one; and the backend's reports about them.
 *
 * @module
 */
import { createApp } from "../_shared/http/app.ts";
import { addCancel } from "../_jobs/cancel.ts";
import { addHealth } from "../_shared/http/health.ts";
import { addJobRoutes } from "../_jobs/job_routes.ts";
import { addCompletion } from "./complete.ts";
import { addCreate } from "./create.ts";
import { addReading } from "./read.ts";

/** The story-api. */
export const app = createApp("story-api", { ownBodyLimit: /\/complete$/ });
addHealth(app);
addCreate(app);
addReading(app);
addCancel(app, "story");
addJobRoutes(app, "story");
addCompletion(app);
