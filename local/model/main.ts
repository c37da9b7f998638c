/** The process that serves the stand-in for a model, at the address that `DENO_SERVE_ADDRESS` names. */
import { app } from "./app.ts";

Deno.serve(app.fetch);
