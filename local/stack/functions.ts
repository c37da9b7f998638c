import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import type { Children } from "../processes/children.ts";
import { CHECKOUT } from "../checkout.ts";
import type { Bundle } from "../functions/bundle.ts";
import { HOSTED_CACHE, hostedDeno } from "../functions/hosted_deno.ts";
import { ownPart } from "../functions/variables.ts";
import { type Service, startService } from "../processes/services.ts";
import type { SupabaseApp } from "../app.ts";

/** Settings of one's own, such as a language model's address and key, or a coarse limit: `supabase/functions/.env`, then the environment. */
export async function ownSettings({ root }: SupabaseApp): Promise<Record<string, string>> {
  const file = await Deno.readTextFile(join(root, "supabase", "functions", ".env")).catch(() => "");
  const environment = Object.entries(Deno.env.toObject()).filter(([name]) =>
    /^(LLM|IMAGE)_|_REQUESTS_PER_MINUTE$/.test(name)
  );
  return Object.fromEntries(
    [...Object.entries(parseEnv(file)), ...environment].map(([name, value]) => [name, value ?? ""]),
  );
}

/** Serves functions as they are deployed, each in a process of its own that has the part of `env` that it uses; `lazy` ones once they are called. */
export async function startFunctions(
  children: Children,
  bundles: Bundle[],
  env: Record<string, string>,
  onLine: (line: string) => void,
  lazy?: boolean,
): Promise<Map<string, Service>> {
  const started = bundles.map((bundle) =>
    serveFunction(children, bundle, ownPart(bundle.name, env), onLine, lazy)
  );
  await Promise.allSettled(started);
  return new Map((await Promise.all(started)).map((service) => [service.name, service]));
}

/**
 * Serves one function on the Deno of hosted functions, with what the hosted runtime leaves it. It may reach the addresses in
 * its environment and nothing else, unless its bundle says otherwise.
 */
export async function serveFunction(
  children: Children,
  { name, path, anywhere = false }: Pick<Bundle, "name" | "path" | "anywhere">,
  env: Record<string, string>,
  onLine: (line: string) => void,
  lazy?: boolean,
): Promise<Service> {
  const hosts = Object.entries(env).filter(([name]) => name.endsWith("_URL")).flatMap(([, url]) =>
    URL.parse(url)?.host || []
  );
  return await startService({
    children,
    name,
    deno: await hostedDeno(),
    module: join(CHECKOUT, "local", "functions", "edge_runtime.ts"),
    args: [path],
    env: { ...env, DENO_DIR: HOSTED_CACHE },
    flags: (self) => [
      ...["--no-config", "--no-remote", "--no-npm"],
      anywhere ? "--allow-net" : `--allow-net=${[...new Set([self, ...hosts])].join(",")}`,
      `--allow-read=${dirname(path)}`,
    ],
    lazy,
    onLine,
  });
}
