import type { StoryAnswer, StoryRequest } from "../shapes.ts";
import { writeOffline } from "../writer/write.ts";

/** Writes the story that was asked for. */
export function writeStory(request: StoryRequest, _signal: AbortSignal): Promise<StoryAnswer> {
  return Promise.resolve(writeOffline(request));
}
