/**
 * The descriptions of the functions that anybody may read, and the types that they are for a browser's TypeScript.
 *
 * @module
 */
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { CHECKOUT } from "../checkout.ts";

const HEADER = `/**
 * What the function answers to whom, for TypeScript. Made by \`deno task gen:types\` from the routes themselves.
 *
 * @module
 */
`;

/** The names of the functions, in alphabetical order. */
export async function functionNames(): Promise<string[]> {
  const paths = await Array.fromAsync(glob("supabase/functions/*/app.ts", { cwd: CHECKOUT }));
  return paths.map((path) => path.split("/")[2]).filter((name) => !name.startsWith("_")).sort();
}

/** The files about the function `name`, texts by path; none for a function that describes itself to those with a key alone. */
export async function describe(name: string): Promise<Map<string, string>> {
  const url = pathToFileURL(join(CHECKOUT, "supabase", "functions", name, "app.ts")).href;
  const { app }: { app: { request(path: string): Promise<Response> } } = await import(url);
  const response = await app.request(`/${name}/openapi.json`);
  if (!response.ok) return new Map();
  const description = await response.json();
  const types = astToString(await openapiTS(description));
  return new Map([
    [`openapi/${name}.json`, `${JSON.stringify(description, null, 2)}\n`],
    [`openapi/${name}.d.ts`, HEADER + types],
  ]);
}
