import nlp from "compromise";
import type { Gender } from "./template.ts";

/** Whether a given name is a girl's or a boy's, in any of the languages. Unknown ones tell by their ending. */
export function sexOfName(name: string | undefined): Gender | undefined {
  const first = name?.split(" ")[0];
  if (!first) return;
  const found = nlp(first);
  if (found.has("#FemaleName")) return "f";
  if (found.has("#MaleName")) return "m";
  if (/o$/.test(first)) return "m";
  // A known name without a sex, such as Luca, is given to both.
  return /a$/.test(first) && !found.has("#Person") ? "f" : undefined;
}

/** Whether a word is a given name that is well known: in German every noun has a capital. */
export const isGivenName = (word: string): boolean => nlp(word).has("#Person");
