import { Hono } from "hono";
import { proxy } from "hono/proxy";
import { join } from "node:path";
import { Children } from "../processes/children.ts";
import { removeFolder } from "../processes/remove.ts";
import type { Service } from "../processes/services.ts";
import { serveFunction } from "../stack/functions.ts";
import type { DeployedFunction, Project } from "./project.ts";

/** How the functions of a project are hosted. */
export interface HostingOptions {
  project: Project;
  /** Serves `/rest/v1`, `/auth/v1` and `/storage/v1`; gets the address of the project. */
  api: (url: string) => Promise<Pick<Hono, "fetch">>;
  /** What the platform itself sets for the functions; they get the project's secrets as well. */
  env: Record<string, string>;
}

/** The address of a project, where its functions run from what was uploaded and from nothing else. */
export interface Hosting {
  url: string;
  close(): Promise<void>;
}

/** Hosts a project on 127.0.0.1. A function starts when it is first called. */
export async function startHosting({ project, api, env }: HostingOptions): Promise<Hosting> {
  const dir = await Deno.makeTempDir({ prefix: "credits-hosting-" });
  const children = new Children();
  const running = new Map<string, Promise<Service>>();
  const app = new Hono();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => app.fetch(request),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const start = async ({ slug, hash, files, entrypoint }: DeployedFunction) => {
    const folder = join(dir, hash);
    for (const { path, content } of files) {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      await Deno.writeFile(join(folder, path), content);
    }
    const own = { SUPABASE_URL: url, ...env, ...Object.fromEntries(project.secrets) };
    return await serveFunction(children, { name: slug, path: join(folder, entrypoint) }, own, () => {});
  };
  const upstream = await api(url);
  app.all("/functions/v1/:name/*", async (c) => {
    const deployed = project.functions.get(c.req.param("name"));
    if (!deployed) return c.json({ code: "NOT_FOUND", message: "Requested function was not found" }, 404);
    if (!running.has(deployed.hash)) running.set(deployed.hash, start(deployed));
    const { port } = await running.get(deployed.hash)!;
    const { pathname, search } = new URL(c.req.url);
    return proxy(`http://127.0.0.1:${port}${pathname.slice("/functions/v1".length)}${search}`, c.req.raw);
  });
  app.all("*", (c) => upstream.fetch(c.req.raw));
  return {
    url,
    close: async () => {
      await children.stop();
      await server.shutdown();
      await removeFolder(dir);
    },
  };
}
