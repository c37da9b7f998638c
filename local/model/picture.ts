/**
 * Scenes as PNG.
 *
 * @module
 */
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { encode } from "fast-png";
import { draw } from "./scene.ts";

const started = Deno.readFile(new URL(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm"))).then(initWasm);

/** The picture of a line as PNG, `width` by `height`. */
export async function paint(line: string, width: number, height: number): Promise<Uint8Array> {
  await started;
  const svg = draw(line, "").replace("<svg ", `<svg width="${width}" height="${height}" `);
  const rendered = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  const { pixels } = rendered;
  // Without transparency the file is smaller, and a book is bound four times as fast.
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += 3) {
    rgb[to] = pixels[from];
    rgb[to + 1] = pixels[from + 1];
    rgb[to + 2] = pixels[from + 2];
  }
  rendered.free();
  return encode({ width, height, data: rgb, channels: 3, depth: 8 });
}
