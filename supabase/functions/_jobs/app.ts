/**
 * The app of a function that sells a product: every route of it but a download.
 *
 * @module
 */
import { type App, createApp } from "../_shared/http/app.ts";
import { addHealth } from "../_shared/http/health.ts";
import { settings } from "../_shared/needs.ts";
import type { Product } from "./product.ts";
import { addAdmission } from "./routes/admission.ts";
import { addBackendRoutes } from "./routes/backend.ts";
import { addOwnerRoutes } from "./routes/owner.ts";

/** Creates the app of the function `name`. */
export function createJobApp(name: string, product: Product): App {
  const app = createApp(name, { ownBodyLimit: /\/complete$/ });
  addHealth(app, settings("API_SHARED_SECRET"));
  addAdmission(app, product);
  addOwnerRoutes(app, product);
  addBackendRoutes(app, product);
  return app;
}
