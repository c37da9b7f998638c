/** The process that serves Data API, Auth, Storage and the inbox; `STACK_API` holds its {@link ApiOptions} as JSON. */
import { serve } from "../http/own_site.ts";
import { type ApiOptions, createApi } from "./api.ts";

// What users keep in Storage is nobody else's on this machine.
Deno.umask(0o077);
const options: ApiOptions = JSON.parse(Deno.env.get("STACK_API") ?? "{}");
const app = await createApi(options);

serve(app.fetch);
