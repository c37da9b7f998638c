import { join } from "node:path";
import { parse, stringify } from "smol-toml";
import { CHECKOUT } from "../../local/checkout.ts";
import type { Bundle } from "../../local/functions/bundle.ts";
import { currentBundles } from "../../local/functions/current.ts";

/** What a deployment changes of `config.toml`. */
interface Config {
  db: { migrations: { schema_paths?: string[] } };
  functions: Record<string, { verify_jwt: boolean; entrypoint: string }>;
}

/**
 * Puts what is deployed into `folder`: the settings, the migrations, and of each function one file that has its dependencies,
 * so that what runs hosted is what `deno.lock` pins and nothing is looked up at deploy time.
 */
export async function stage(folder: string): Promise<Bundle[]> {
  const [from, to] = [join(CHECKOUT, "supabase"), join(folder, "supabase")];
  await Deno.mkdir(join(to, "migrations"), { recursive: true });
  for await (const { name } of Deno.readDir(join(from, "migrations"))) {
    await Deno.copyFile(join(from, "migrations", name), join(to, "migrations", name));
  }
  const bundles = await currentBundles();
  for (const { name, path } of bundles) {
    await Deno.mkdir(join(to, "functions", name), { recursive: true });
    await Deno.copyFile(path, join(to, "functions", name, "index.js"));
  }
  const config = parse(await Deno.readTextFile(join(from, "config.toml"))) as unknown as Config;
  const { functions } = config;
  config.functions = Object.fromEntries(
    bundles.map(({ name }) => {
      const { verify_jwt } = functions[name];
      return [name, { verify_jwt, entrypoint: `./functions/${name}/index.js` }];
    }),
  );
  delete config.db.migrations.schema_paths;
  await Deno.writeTextFile(join(to, "config.toml"), stringify(config));
  return bundles;
}
