import type { Goal } from "../premise.ts";
import { aboutTopic, find, forFriend, toDo } from "./goal.ts";

/** To follow a small light in the distance. */
export const wonder: Goal = { kind: "wonder", act: "dem Licht folgen", object: "" };

/** What heroes are after when the prompt only says who they are. */
export const defaults: readonly Goal[] = [
  wonder,
  forFriend,
  find("seek", "den Anfang des Regenbogens"),
  find("seek", "den ältesten Baum der Welt"),
  find("seek", "das verlorene Lied"),
  toDo("zum Rand der Landkarte reisen"),
  toDo("ins Meer der Wolken reisen"),
  toDo("pfeifen"),
  toDo("tanzen"),
  toDo("die Farbe des Windes malen"),
  toDo("Trompete spielen"),
  aboutTopic("Wohin geht die Nacht am Morgen?"),
];
