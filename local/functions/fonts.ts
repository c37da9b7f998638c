/**
 * The fonts of the generation backend as modules: a deploy without Docker uploads no static files.
 *
 * @module
 */
import { glob } from "node:fs/promises";
import { CHECKOUT } from "../checkout.ts";

/** The fonts that are kept; each has its module beside it. */
export async function fontFiles(): Promise<string[]> {
  return await Array.fromAsync(glob(`${CHECKOUT}/supabase/functions/*/fonts/*.ttf`));
}

/** Path of the module that holds the font at `path`. */
export function moduleOf(path: string): string {
  return path.replace(/\.ttf$/, ".json");
}

/** What that module says: the font in base64, as a JSON string. */
export async function fontModule(path: string): Promise<string> {
  return `${JSON.stringify((await Deno.readFile(path)).toBase64())}\n`;
}
