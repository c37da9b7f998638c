import { Hono } from "hono";
import { proxy } from "hono/proxy";
import { jwtVerify } from "jose";
import { StackError } from "../errors.ts";
import { serve } from "../http/own_site.ts";
import { type Addresses, pageConfig } from "./addresses.ts";
import type { SupabaseApp } from "../app.ts";
import { pageRoutes } from "./page.ts";
import type { Service } from "../processes/services.ts";

/** What the gateway passes requests on to. */
export interface Upstreams {
  /** Serves `/auth/v1`, `/rest/v1`, `/storage/v1` and `/inbox`. */
  api: Service;
  /** Serve `/functions/v1/NAME`, by name. */
  functions: Map<string, Service>;
  /** Whose functions and page they are. */
  app: SupabaseApp;
  addresses: Addresses;
}

/** The one address behind which everything is. */
export interface Gateway {
  port: number;
  /** Passes requests on from now on; before that every answer is 503. */
  open(upstreams: Upstreams): void;
  close(): Promise<void>;
}

/** Takes the port, so that a taken one is noticed before anything else is started. */
export function startGateway(port: number): Gateway {
  let app = new Hono().all(
    "*",
    (context) => context.json({ code: "starting", message: "The stack is starting" }, 503),
  );
  const abort = new AbortController();
  try {
    const server = serve((request) => app.fetch(request), { port, signal: abort.signal });
    return {
      port: server.addr.port,
      open: (upstreams) => app = routes(upstreams),
      close: async () => {
        abort.abort();
        await server.finished;
      },
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new StackError(
      `port ${port} is taken: stop what listens there, or choose another port with --port`,
    );
  }
}

function routes({ app: served, api, functions, addresses }: Upstreams): Hono {
  const app = new Hono();
  const secret = new TextEncoder().encode(addresses.JWT_SECRET);
  const verified = new Set(served.functions.flatMap(({ name, verifyJwt }) => verifyJwt ? name : []));
  for (const path of ["/auth/v1/*", "/rest/v1/*", "/storage/v1/*", "/inbox"]) {
    app.all(path, (context) => pass(context.req.raw, api, context.req.path));
  }
  for (const path of ["/functions/v1/:name", "/functions/v1/:name/*"]) {
    app.all(path, async (context) => {
      const name = context.req.param("name") ?? "";
      const target = functions.get(name);
      if (!target) {
        return context.json({ code: "NOT_FOUND", message: "Requested function was not found" }, 404);
      }
      const token = context.req.header("authorization")?.replace(/^Bearer +/i, "") ?? "";
      const isAsked = context.req.method === "OPTIONS";
      if (verified.has(name) && !isAsked && !await jwtVerify(token, secret).then(() => true, () => false)) {
        return context.json({ code: "UNAUTHORIZED_INVALID_JWT_FORMAT", message: "Invalid JWT" }, 401);
      }
      // A function sees the path `/NAME/...`, as it does hosted.
      return pass(context.req.raw, target, context.req.path.slice("/functions/v1".length));
    });
  }
  return app.route("/", pageRoutes(served, pageConfig(addresses)));
}

async function pass(request: Request, target: Service, path: string): Promise<Response> {
  const { host, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", host);
  try {
    await target.ready();
    const { method, body } = request;
    return await proxy(`http://127.0.0.1:${target.port}${path}${search}`, {
      method,
      headers,
      body,
      redirect: "manual",
    });
  } catch {
    return Response.json({ code: "BOOT_ERROR", message: `${target.name} does not answer` }, { status: 503 });
  }
}
