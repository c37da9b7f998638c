/**
 * Stories: ask for one, read one's own, give one up, delete one; and the backend's reports about them.
 *
 * @module
 */
import { createJobApp } from "../_jobs/app.ts";
import { story } from "./product.ts";

/** The story-api. */
export const app = createJobApp("story-api", story);
