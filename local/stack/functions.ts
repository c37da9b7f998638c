import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Children } from "../processes/children.ts";
import { CHECKOUT } from "../checkout.ts";
import { type Service, startService } from "../processes/services.ts";

const FOLDER = join(CHECKOUT, "supabase", "functions");

/** The names of the functions: folders of `supabase/functions` that have an `index.ts`. */
async function functionNames(): Promise<string[]> {
  const names = [];
  for await (const { name, isDirectory } of Deno.readDir(FOLDER)) {
    const served = isDirectory &&
      await Deno.stat(join(FOLDER, name, "index.ts")).then(() => true, () => false);
    if (served) names.push(name);
  }
  return names.sort();
}

/** Settings of one's own, such as a language model's address and key: `supabase/functions/.env`, then the environment. */
export async function ownSettings(): Promise<Record<string, string>> {
  const file = await Deno.readTextFile(join(FOLDER, ".env")).catch(() => "");
  const environment = Object.entries(Deno.env.toObject()).filter(([name]) => /^(LLM|IMAGE)_/.test(name));
  return Object.fromEntries(
    [...Object.entries(parseEnv(file)), ...environment].map(([name, value]) => [name, value ?? ""]),
  );
}

/** Serves every function, each in a process of its own that may reach the addresses in its environment and nothing else. */
export async function startFunctions(
  children: Children,
  env: Record<string, string>,
  onLine: (line: string) => void,
): Promise<Map<string, Service>> {
  const hosts = Object.entries(env).filter(([name]) => name.endsWith("_URL")).flatMap(([, url]) =>
    URL.parse(url)?.host || []
  );
  const started = (await functionNames()).map((name) =>
    startService({
      children,
      name,
      module: join(FOLDER, name, "index.ts"),
      env,
      permissions: (self) => [
        `--allow-net=${[...new Set([self, ...hosts])].join(",")}`,
        `--allow-read=${FOLDER},${join(CHECKOUT, "node_modules")}`,
      ],
      onLine,
    })
  );
  await Promise.allSettled(started);
  return new Map((await Promise.all(started)).map((service) => [service.name, service]));
}
