/** The process that serves the stand-in for a model, at the address that `DENO_SERVE_ADDRESS` names. */
import { serve } from "../http/own_site.ts";
import { app } from "./app.ts";

serve(app.fetch);
