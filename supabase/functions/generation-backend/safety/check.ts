import { DataSet, englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";
import { ApiError } from "../../_shared/http/errors.ts";
import { harmless, innocent, unsafe } from "./patterns.ts";

const compile = (sources: readonly string[]) =>
  new RegExp(`(?<!\\p{L})(?:${sources.join("|").replaceAll("~", "\\p{L}*")})(?!\\p{L})`, "giu");

const patterns = Object.entries(unsafe).map(([category, sources]) => [category, compile(sources)] as const);
const allowed = compile(harmless);

const profanity = new RegExpMatcher({
  ...new DataSet<{ originalWord: string }>().addAll(englishDataset)
    .removePhrasesIf(({ metadata }) => innocent.includes(metadata?.originalWord ?? "")).build(),
  ...englishRecommendedTransformers,
});

/** Why no story is written about `text`, or `undefined` when nothing speaks against it. */
export function unsafeCategory(text: string): string | undefined {
  const plain = text.normalize("NFKC").replace(/\s+/g, " ").replace(allowed, " ");
  for (const [category, pattern] of patterns) {
    pattern.lastIndex = 0;
    if (pattern.test(plain)) return category;
  }
  return profanity.hasMatch(plain) ? "profanity" : undefined;
}

/** Refuses what is not for children. @throws {ApiError} `unsafe_prompt` */
export function refuseUnsafe(prompt: string): void {
  const category = unsafeCategory(prompt);
  if (category) throw new ApiError("unsafe_prompt", { cause: new Error(`the prompt is about ${category}`) });
}
