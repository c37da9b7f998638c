import { Hono } from "hono";
import { proxy } from "hono/proxy";
import { StackError } from "../errors.ts";
import { serve } from "../http/own_site.ts";
import { pageRoutes } from "./page.ts";
import type { Service } from "../processes/services.ts";

/** What the gateway passes requests on to. */
export interface Upstreams {
  /** Serves `/auth/v1`, `/rest/v1`, `/storage/v1` and `/inbox`. */
  api: Service;
  /** Serve `/functions/v1/NAME`, by name. */
  functions: Map<string, Service>;
  /** What the demo page needs to know, served as `/config.json`. */
  pageConfig: Record<string, string>;
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

function routes({ api, functions, pageConfig }: Upstreams): Hono {
  const app = new Hono();
  for (const path of ["/auth/v1/*", "/rest/v1/*", "/storage/v1/*", "/inbox"]) {
    app.all(path, (context) => pass(context.req.raw, api, context.req.path));
  }
  for (const path of ["/functions/v1/:name", "/functions/v1/:name/*"]) {
    app.all(path, (context) => {
      const target = functions.get(context.req.param("name") ?? "");
      if (!target) {
        return context.json({ code: "NOT_FOUND", message: "Requested function was not found" }, 404);
      }
      // A function sees the path `/NAME/...`, as it does hosted.
      return pass(context.req.raw, target, context.req.path.slice("/functions/v1".length));
    });
  }
  return app.route("/", pageRoutes(pageConfig));
}

async function pass(request: Request, target: Service, path: string): Promise<Response> {
  const { host, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("x-forwarded-host", host);
  try {
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
