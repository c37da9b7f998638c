import { Hono } from "hono";
import { etag } from "hono/etag";
import { serveStatic } from "hono/deno";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pageHeaders } from "../http/own_site.ts";
import type { SupabaseApp } from "../app.ts";

/**
 * The page of the project's `web/`, with supabase-js from the installed package: nothing comes from elsewhere. `config`,
 * served as `/config.json`, is all that the page knows about the stack.
 */
export function pageRoutes({ root }: SupabaseApp, config: Record<string, string>): Hono {
  // The page may load from this stack, and send to it, and nothing else; a blob is what it has loaded.
  const connectSrc = ["'self'", config.api_url];
  return new Hono()
    .use(
      pageHeaders({ scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'", "blob:"], connectSrc }),
    )
    .use(async (context, next) => {
      await next();
      context.header("cache-control", "no-cache");
    })
    .use(etag())
    .get("/config.json", (context) => context.json(config))
    .get("/vendor/supabase.js", serveStatic(supabaseScript()))
    .get("/*", serveStatic({ root: join(root, "web") }));
}

/** The build of supabase-js for browsers, beside the one that programs import. */
function supabaseScript() {
  const build = dirname(createRequire(import.meta.url).resolve("@supabase/supabase-js"));
  return { root: join(build, "umd"), rewriteRequestPath: () => "/supabase.js" };
}
