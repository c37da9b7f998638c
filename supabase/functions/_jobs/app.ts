/**
 * The app of a function that sells a product: every route of it but a download.
 *
 * @module
 */
import { strongTokens } from "../_shared/auth/users.ts";
import { type App, createApp } from "../_shared/http/app.ts";
import { addHealth } from "../_shared/http/health.ts";
import { strongSecrets } from "../_shared/needs.ts";
import { backendAddress } from "./backend_client.ts";
import type { Product } from "./product.ts";
import { addAdmission } from "./routes/admission.ts";
import { addBackendRoutes } from "./routes/backend.ts";
import { addOwnerRoutes } from "./routes/owner.ts";

/** Creates the app of the function `name`. */
export function createJobApp(name: string, product: Product): App {
  const app = createApp(name, { ownBodyLimit: /\/complete$/ });
  addHealth(app, strongTokens, backendAddress, strongSecrets("API_SHARED_SECRET", "SCHEDULER_SECRET"));
  addAdmission(app, product);
  addOwnerRoutes(app, product);
  addBackendRoutes(app, product);
  return app;
}
