/**
 * Values on the bounds that a description gives a field, and beyond them.
 *
 * @module
 */
import type { Schema } from "./fuzz/schema.ts";

const text = (character: string, count: number) => character.repeat(Math.max(count, 0));

/** Values that a field takes, as far as they can go. */
export function within(
  { type, minLength = 0, maxLength, minimum, maximum, format, pattern }: Schema,
): unknown[] {
  if (type === "integer") return [minimum, maximum];
  if (type === "boolean") return [true, false];
  if (format === "uuid") return [];
  if (pattern) return ["de", "DE", "de-DE", "zh-Hant-TW"];
  // A character is one, also where JavaScript counts two.
  return [text("a", minLength), text("😀", minLength), text("😀", maxLength ?? 0)];
}

/** Values one step beyond, and of other types. */
export function beyond(
  { type, minLength = 0, maxLength = 0, minimum = 0, maximum = 0, format, pattern }: Schema,
): unknown[] {
  if (type === "integer") return [minimum - 1, maximum + 1, minimum + 0.5, String(minimum), true];
  if (type === "boolean") return ["true", 1, []];
  if (format === "uuid") return ["a", crypto.randomUUID().replaceAll("-", ""), 1];
  if (pattern) return ["", "d", "deu", "d1", "de\n", "de-", "de_DE", 1];
  const tooLong = [text("a", maxLength + 1), text("😀", maxLength + 1)];
  return [...tooLong, ...(minLength > 0 ? [text("a", minLength - 1)] : []), 1, {}];
}

/** A text of an order that is long enough only with the white space around it. */
export function padded({ type, pattern, format, minLength = 0 }: Schema): unknown[] {
  return type === "string" && !pattern && !format ? [` \t${text("a", minLength - 1)}\r\n`] : [];
}
