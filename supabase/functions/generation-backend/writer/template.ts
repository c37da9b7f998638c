import type { Dice } from "./random.ts";

/** Which form of a word goes with somebody: masculine, feminine or neuter. */
export type Gender = "m" | "f" | "n";

/** What a template may refer to. */
export interface Cast {
  slots: Record<string, string>;
  hero: Gender;
  helper: Gender;
}

const forms: Gender[] = ["m", "f", "n"];
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function formFor(gender: Gender, options: string): string {
  const parts = options.split("|");
  return parts[Math.min(forms.indexOf(gender), parts.length - 1)];
}

/**
 * Fills in a template: `[a|b]` is one of them by chance, `<he|she>` follows the hero's gender, `<~er|sie|es>` the
 * helper's, `{slot}` is looked up, and `{Slot}` comes with a capital. Throws on a slot nobody filled.
 */
export function fill(template: string, cast: Cast, dice: Dice): string {
  const text = template
    .replace(/\[([^\]]*)\]/g, (_, options: string) => dice.pick(options.split("|")))
    .replace(/<~([^>]*)>/g, (_, options: string) => formFor(cast.helper, options))
    .replace(/<([^>]*)>/g, (_, options: string) => formFor(cast.hero, options))
    .replace(/\{([\w.]+)\}/g, (_, key: string) => {
      const lower = key.charAt(0).toLowerCase() + key.slice(1);
      const value = cast.slots[lower];
      if (value === undefined) throw new Error(`no slot ${lower}`);
      return lower === key ? value : capital(value);
    });
  return text.replace(/\s+/g, " ").replace(/ ([,.!?;:])/g, "$1").replace(/([?!…][”“»])\./g, "$1").trim();
}

/** The sentences of a text, closing quotation marks included. */
export function sentences(text: string): string[] {
  return text.split(/(?<=[.!?…][”“"»’]?)\s+(?=[„“"«‘¡¿—–]*\p{Lu})/u).filter(Boolean);
}
