/**
 * What every local server keeps to: it is there for this machine's programs, and for pages of its own. A page of somebody
 * else's that is open in the same browser can send requests here as well.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

const LOOPBACK = ["127.0.0.1", "localhost"];

/** How a server is started. */
export interface ServeOptions {
  /** A free one when 0 or absent. `DENO_SERVE_ADDRESS` wins. */
  port?: number;
  signal?: AbortSignal;
  /** Names by which it is reached beside this machine's own. */
  hosts?: string[];
}

/**
 * Serves on 127.0.0.1. A request for another host is refused: a name that its owner points at 127.0.0.1 would make their
 * page one of ours, which may read what it gets (DNS rebinding).
 *
 * @throws {Deno.errors.AddrInUse}
 */
export function serve(
  handler: (request: Request) => Response | Promise<Response>,
  { port = 0, signal, hosts = [] }: ServeOptions = {},
): Deno.HttpServer<Deno.NetAddr> {
  const options = { hostname: "127.0.0.1", port, signal, onListen() {} };
  const server = Deno.serve(options, (request) => {
    const own = [...LOOPBACK, ...hosts].map((name) => `${name}:${server.addr.port}`);
    if (own.includes(request.headers.get("host") ?? "")) return handler(request);
    return new Response("There is no such host here.\n", { status: 421 });
  });
  return server;
}

/**
 * Refuses what another site's page sends; programs, which name no origin, pass. Hono's `csrf` would refuse those, and looks at
 * forms only.
 */
export const ownPagesOnly: MiddlewareHandler = async ({ req, text }, next) => {
  const [origin, site] = [req.header("origin"), req.header("sec-fetch-site")];
  const isOwn = site === "same-origin" || origin === new URL(req.url).origin;
  const isProgram = origin === undefined && site === undefined;
  if (["GET", "HEAD"].includes(req.method) || isOwn || isProgram) return await next();
  return text("Another site's page sends nothing here.", 403);
};

type Policy = NonNullable<Parameters<typeof secureHeaders>[0]>["contentSecurityPolicy"];

/**
 * Headers of a page that nobody may frame, that tells nobody else where it was, and that loads nothing beyond what `policy`
 * adds; without one the page says itself what it loads.
 */
export function pageHeaders(policy?: Policy): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: policy && {
      defaultSrc: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      ...policy,
    },
    xFrameOptions: "DENY",
    referrerPolicy: "same-origin",
    // It is not behind TLS, and this machine's other servers are not either.
    strictTransportSecurity: false,
  });
}
