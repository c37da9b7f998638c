import type { Goal } from "../premise.ts";
import { aboutTopic, find, forFriend, toDo } from "./goal.ts";

/** To follow a small light in the distance. */
export const wonder: Goal = { kind: "wonder", act: "seguir la luz", object: "" };

/** What heroes are after when the prompt only says who they are. */
export const defaults: readonly Goal[] = [
  wonder,
  forFriend,
  find("seek", "el principio del arcoíris"),
  find("seek", "el árbol más viejo del mundo"),
  find("seek", "la canción perdida"),
  toDo("viajar al borde del mapa"),
  toDo("viajar al mar de las nubes"),
  toDo("silbar"),
  toDo("bailar"),
  toDo("pintar el color del viento"),
  toDo("tocar la trompeta"),
  aboutTopic("¿Adónde va la noche por la mañana?"),
];
