import type { Goal } from "../premise.ts";
import { aboutTopic, forFriend, journey, seek, toDo } from "./goal.ts";

/** To follow a small light in the distance. */
export const wonder: Goal = { kind: "wonder", act: "follow the light", object: "" };

/** What heroes are after when the prompt only says who they are. */
export const defaults: readonly Goal[] = [
  wonder,
  forFriend,
  seek("the place where the rainbow begins"),
  seek("the oldest tree in the world"),
  seek("the song that the wind had lost"),
  journey("to the edge of the map"),
  journey("to the sea of clouds"),
  toDo("whistle"),
  toDo("dance"),
  toDo("paint the colour of the wind"),
  toDo("play the trumpet"),
  aboutTopic("where the night goes in the morning"),
];
