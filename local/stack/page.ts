import { Hono } from "hono";
import { serveStatic } from "hono/deno";
import { secureHeaders } from "hono/secure-headers";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { CHECKOUT } from "../checkout.ts";

/** Where the page may load from, send to and lead to: this stack, and nothing else. */
const CONTENT_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
};

/**
 * The demo page of `web/`, with supabase-js from the installed package: nothing comes from elsewhere. `config`, served as
 * `/config.json`, is all that the page knows about the stack.
 */
export function pageRoutes(config: Record<string, string>): Hono {
  const connectSrc = ["'self'", config.api_url];
  return new Hono()
    .use(
      secureHeaders({
        contentSecurityPolicy: { ...CONTENT_POLICY, connectSrc },
        strictTransportSecurity: false,
      }),
    )
    .use(async (context, next) => {
      await next();
      context.header("cache-control", "no-cache");
    })
    .get("/config.json", (context) => context.json(config))
    .get("/vendor/supabase.js", serveStatic(supabaseScript()))
    .get("/*", serveStatic({ root: join(CHECKOUT, "web") }));
}

/** The build of supabase-js for browsers, beside the one that programs import. */
function supabaseScript() {
  const build = dirname(createRequire(import.meta.url).resolve("@supabase/supabase-js"));
  return { root: join(build, "umd"), rewriteRequestPath: () => "/supabase.js" };
}
