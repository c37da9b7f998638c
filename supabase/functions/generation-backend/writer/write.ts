import { ApiError } from "../../_shared/http/errors.ts";
import type { StoryAnswer } from "../shapes.ts";
import { compose } from "./compose.ts";
import { german } from "./de/tongue.ts";
import { english } from "./en/tongue.ts";
import { spanish } from "./es/tongue.ts";
import { refuseOtherScripts } from "./script.ts";
import type { Wish } from "./stage.ts";
import type { Tongue } from "./tongue.ts";

const tongues: Record<string, Tongue> = { en: english, de: german, es: spanish };

/** Languages the offline writer knows, as the first part of a language tag. */
export const offlineLanguages: readonly string[] = Object.keys(tongues);

/** Writes a story without any model. @throws {ApiError} `unsupported_language`, `unsupported_script` */
export function writeOffline(wish: Wish): StoryAnswer {
  const tongue = tongues[wish.language.toLowerCase().split("-")[0]];
  if (!tongue) {
    throw new ApiError("unsupported_language", {
      message: `Without a language model, stories are written in: ${offlineLanguages.join(", ")}`,
      fields: { field: "language" },
    });
  }
  refuseOtherScripts(wish.prompt);
  return compose(tongue, { ...wish, prompt: wish.prompt.trim().replace(/\s+/g, " ") });
}
