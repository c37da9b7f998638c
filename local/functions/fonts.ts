/**
 * The files of the generation backend that travel as modules, because a deploy without Docker uploads no static files: its
 * fonts, and the WebAssembly of the packages that repaint pictures.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { glob } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CHECKOUT } from "../checkout.ts";

const BACKEND = `${CHECKOUT}/supabase/functions/generation-backend`;
const CODECS: Record<string, string> = {
  jpeg: "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm",
  png: "@jsquash/png/codec/pkg/squoosh_png_bg.wasm",
  webp: "@jsquash/webp/codec/dec/webp_dec.wasm",
};

/** Each module, by the file that it holds. */
export async function modules(): Promise<Map<string, string>> {
  // A copy without stories has none.
  if (!existsSync(BACKEND)) return new Map();
  const fonts = await Array.fromAsync(glob(`${BACKEND}/fonts/*.ttf`));
  return new Map([
    ...fonts.map((path) => [path, path.replace(/\.ttf$/, ".json")] as const),
    ...Object.entries(CODECS).map(([name, path]) =>
      [fileURLToPath(import.meta.resolve(path)), `${BACKEND}/codecs/${name}.json`] as const
    ),
  ]);
}

/** What the module of the file at `path` says: the file in base64, as a JSON string. */
export async function moduleText(path: string): Promise<string> {
  return `${JSON.stringify((await Deno.readFile(path)).toBase64())}\n`;
}
