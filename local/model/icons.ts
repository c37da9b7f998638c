/**
 * Microsoft's Fluent Emoji (MIT), found by the names that Unicode gives them.
 *
 * @module
 */
import fluent from "@iconify-json/fluent-emoji-flat/icons.json" with { type: "json" };
import kinds from "./data/kinds.json" with { type: "json" };
import { kindNamed } from "./prompt.ts";

const bodies: Record<string, { body: string }> = fluent.icons;
/** Signs, faces and skin tones say nothing about a scene. */
const NO_THING =
  /-(?:dark|light|medium)$|^(?:keycap|flag)-|-(?:button|face|sign|symbol)$|arrow|clock|thirty|circle|square|heart|mark/;
/** No name has more words than this. */
const LONGEST_NAME = 4;

/** An icon's drawing, 32 by 32. */
export function drawingOf(name: string): string {
  return bodies[name].body;
}

function iconNamed(words: string[]): string | undefined {
  const name = words.join("-");
  for (const candidate of [name, name.replace(/s$/, "")]) {
    if (candidate in bodies && !NO_THING.test(candidate)) return candidate;
  }
  const kind = kindNamed(name);
  return kind && kinds[kind as keyof typeof kinds].picture.replaceAll(" ", "-");
}

/** The things that `words` name, in their order, each once; the longest name wins. */
export function iconsIn(words: readonly string[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < words.length;) {
    const sizes = Array.from({ length: LONGEST_NAME }, (_, less) => LONGEST_NAME - less);
    const size = sizes.find((size) => at + size <= words.length && iconNamed(words.slice(at, at + size)));
    if (size) found.push(iconNamed(words.slice(at, at + size)) ?? "");
    at += size ?? 1;
  }
  return [...new Set(found)];
}
