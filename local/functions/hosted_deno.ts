/**
 * The Deno that hosted functions run on.
 *
 * @module
 */
import { join } from "node:path";
import { LOCAL, makePrivate } from "../data_folder.ts";
import { StackError } from "../errors.ts";

/** The version that the hosted runtime says it is compatible with. */
export const HOSTED_VERSION = "2.1.4";

/** Where it is kept, with a cache of its own: two versions of Deno empty each other's. */
const FOLDER = join(LOCAL, `deno-${HOSTED_VERSION}`);

/** A cache for what that version of Deno compiles. */
export const HOSTED_CACHE = join(FOLDER, "cache");

let installed: Promise<string> | undefined;

/**
 * Path of that Deno, installed from npm when it is not there yet.
 *
 * The package of this platform alone, and not by way of `deno.json`: Deno installs the packages of all platforms of a
 * dependency, and not every registry has all of them.
 *
 * @throws {StackError} where npm has none for this platform.
 */
export function hostedDeno(): Promise<string> {
  return installed ??= install();
}

async function install(): Promise<string> {
  const name = `@deno/${platform()}`;
  const path = join(FOLDER, "node_modules", name, Deno.build.os === "windows" ? "deno.exe" : "deno");
  if (await Deno.stat(path).then(() => true, () => false)) return path;
  await makePrivate();
  await Deno.mkdir(FOLDER, { recursive: true });
  const config = { nodeModulesDir: "auto", imports: { deno: `npm:${name}@${HOSTED_VERSION}` } };
  await Deno.writeTextFile(join(FOLDER, "deno.json"), JSON.stringify(config));
  const options = { args: ["install", "--quiet"], cwd: FOLDER, env: { NO_COLOR: "1" } };
  const { success, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  if (success) return path;
  const reason = new TextDecoder().decode(stderr).trim().split("\n")[0];
  throw new StackError(
    `the functions run on Deno ${HOSTED_VERSION}, as hosted ones do, and npm:${name} cannot be installed: ${reason}`,
  );
}

function platform(): string {
  const { os, arch } = Deno.build;
  const system = { linux: "linux", darwin: "darwin", windows: "win32" }[os as string] ?? os;
  return `${system}-${arch === "aarch64" ? "arm64" : "x64"}${os === "linux" ? "-glibc" : ""}`;
}
