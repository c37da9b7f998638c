import { ApiError } from "../../_shared/http/errors.ts";

/** Words of at least two letters in a script that no book can be set in. */
const unprintable =
  /(?:(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}])\p{L}\p{M}*){2}/u;

const count = (text: string, letters: RegExp) => text.match(letters)?.length ?? 0;

/**
 * Refuses what the offline writer can only quote in pieces: it reads Latin letters alone, and a book could not be made
 * of a name in letters that the font lacks. Signs and pictographs are no letters.
 *
 * @throws {ApiError} `unsupported_script`
 */
export function refuseOtherScripts(prompt: string): void {
  const text = prompt.normalize("NFKC");
  const isForeign = count(text, /\p{Script=Latin}/gu) * 2 < count(text, /\p{L}/gu);
  if (!isForeign && !unprintable.test(text)) return;
  throw new ApiError("unsupported_script", {
    message: "Without a language model, stories are written from prompts in Latin letters",
    fields: { field: "prompt" },
  });
}
