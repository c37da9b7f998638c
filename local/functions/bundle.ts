import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { StackError } from "../errors.ts";

/** One function with everything that it imports. */
export interface Bundle {
  name: string;
  /** Where the file is. */
  path: string;
  bytes: number;
}

const FUNCTIONS = join(CHECKOUT, "supabase", "functions");

/** Writes `folder/NAME/index.js` for each function, with its dependencies as `deno.lock` pins them. @throws {StackError} */
export async function bundleFunctions(folder: string): Promise<Bundle[]> {
  const bundles = [];
  for await (const { name, isDirectory } of Deno.readDir(FUNCTIONS)) {
    const source = join(FUNCTIONS, name, "index.ts");
    const isFunction = isDirectory && await Deno.stat(source).then(() => true, () => false);
    if (isFunction) bundles.push(await bundle(name, source, join(folder, name, "index.js")));
  }
  return bundles.sort((a, b) => a.name < b.name ? -1 : 1);
}

async function bundle(name: string, source: string, path: string): Promise<Bundle> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--minify", "--platform", "deno", "--output", path, source],
    cwd: CHECKOUT,
  }).output();
  if (!success) throw new StackError(`${name} could not be bundled: ${new TextDecoder().decode(stderr)}`);
  return { name, path, bytes: (await Deno.stat(path)).size };
}
