import type { Dice } from "../writer/random.ts";
import type { Frame } from "./backdrop.ts";
import type { Canvas } from "./canvas.ts";
import type { Scene } from "./scene.ts";

/** What lies between the picture and whoever looks at it: rain, snow, fog, leaves in the wind. */
export function paintWeather(canvas: Canvas, scene: Scene, { width, height }: Frame, dice: Dice): void {
  if (scene.weather === "fog") {
    for (let at = 0; at < 5; at++) {
      canvas.ellipse(
        width * dice.spread(0, 1),
        height * (0.35 + at * 0.14),
        width * 0.55,
        26,
        "#ffffff",
        0.34,
      );
    }
  }
  if (scene.weather === "rain") {
    let drops = "";
    for (let at = 0; at < 46; at++) {
      const [x, y] = [dice.spread(-10, width), dice.spread(0, height)];
      drops += `M${x} ${y}l-4 13`;
    }
    canvas.line(drops, "#e9f3fb", 1.3, 0.65);
  }
  if (scene.weather === "snow" || (scene.scenery === "snow" && scene.hour !== "day")) {
    for (let at = 0; at < 46; at++) {
      canvas.circle(dice.spread(0, width), dice.spread(0, height), dice.spread(1.2, 3), "#ffffff", 0.9);
    }
  }
  if (scene.weather === "wind") {
    for (let at = 0; at < 12; at++) {
      const [x, y] = [dice.spread(0, width), dice.spread(0, height * 0.8)];
      canvas.group(
        { x, y, turn: dice.between(0, 180) },
        () => canvas.ellipse(0, 0, 6, 2.6, dice.pick(["#e0a24b", "#c96f4a", "#8fae56"])),
      );
    }
  }
}
