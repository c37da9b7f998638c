import { refuseUnsafe } from "../safety/check.ts";
import type { StoryAnswer, StoryRequest } from "../shapes.ts";
import { writeOffline } from "../writer/write.ts";
import { textModel } from "./settings.ts";
import { writeWithModel } from "./write.ts";

/**
 * Writes the story that was asked for: with the configured model, or offline.
 *
 * @throws {ApiError} `unsafe_prompt`, `unsupported_language`, `unsupported_script`, `bad_generation`
 */
export async function writeStory(request: StoryRequest, signal: AbortSignal): Promise<StoryAnswer> {
  refuseUnsafe(request.prompt);
  const model = textModel();
  return model ? await writeWithModel(model, request, signal) : writeOffline(request);
}
