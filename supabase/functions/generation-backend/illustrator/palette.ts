import { lands, skies, tints } from "./colours.ts";

/** The hour of a picture. */
export type Hour = "dawn" | "day" | "dusk" | "night";

/** Colours of a landscape at one hour, from the far hills to the ground one stands on. */
export interface Palette {
  sky: readonly [top: string, bottom: string];
  far: string;
  middle: string;
  near: string;
  ground: string;
  leaf: string;
  leafDark: string;
  trunk: string;
  light: string;
}

/** `from` on the way to `to`: 0 is `from`, 1 is `to`. */
export function mix(from: string, to: string, amount: number): string {
  const channel = (color: string, at: number) => parseInt(color.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) =>
    Math.round(channel(from, at) * (1 - amount) + channel(to, at) * amount)
  );
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Whether dark lines would be lost on `color`. */
export function isDark(color: string): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return red * 0.3 + green * 0.59 + blue * 0.11 < 115;
}

export const darker = (color: string, amount = 0.2) => mix(color, "#1d1b33", amount);
export const lighter = (color: string, amount = 0.3) => mix(color, "#ffffff", amount);

/** The colours of `scenery` at `hour`. */
export function paletteFor(scenery: string, hour: Hour): Palette {
  const land = lands[scenery] ?? lands.forest;
  const [tint, amount] = tints[hour];
  const tinted = (color: string) => mix(color, tint, amount);
  const sky = scenery === "space"
    ? ["#0f1033", "#3c2f6b"] as const
    : scenery === "sea"
    ? [mix("#7fd0dc", tint, amount), mix("#1f5f8f", tint, amount)] as const
    : skies[hour];
  return {
    sky,
    far: mix(tinted(land.far), sky[1], 0.35),
    middle: tinted(land.middle),
    near: tinted(land.near),
    ground: tinted(land.ground),
    leaf: tinted(land.leaf),
    leafDark: tinted(land.leafDark),
    trunk: tinted(land.trunk),
    light: hour === "night" ? "#fdf3c8" : "#fff6d8",
  };
}
