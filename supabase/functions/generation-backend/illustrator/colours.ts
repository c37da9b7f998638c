import type { Hour, Palette } from "./palette.ts";

/** Top and bottom of the sky at each hour. */
export const skies: Record<Hour, readonly [string, string]> = {
  dawn: ["#f7c7a8", "#fdeccf"],
  day: ["#8fcbe6", "#e4f4ee"],
  dusk: ["#5b5a9a", "#f4a58a"],
  night: ["#141a3d", "#43528c"],
};

/** What each hour does to a colour seen by day. */
export const tints: Record<Hour, readonly [string, number]> = {
  dawn: ["#f9b98f", 0.18],
  day: ["#ffffff", 0],
  dusk: ["#4b3f7c", 0.34],
  night: ["#172052", 0.6],
};

/** The colours of each scenery by day. */
export const lands: Record<string, Omit<Palette, "sky" | "light">> = {
  forest: {
    far: "#a9cfc0",
    middle: "#7fb592",
    near: "#5c9a6d",
    ground: "#7fb45f",
    leaf: "#4f9a5b",
    leafDark: "#35784a",
    trunk: "#8a5f43",
  },
  garden: {
    far: "#bfdcae",
    middle: "#9ccb87",
    near: "#76b367",
    ground: "#8fc669",
    leaf: "#5aa85c",
    leafDark: "#3f8a4d",
    trunk: "#94694a",
  },
  farm: {
    far: "#d9d49a",
    middle: "#c3cf7d",
    near: "#98bd66",
    ground: "#a8c765",
    leaf: "#6aa657",
    leafDark: "#4d8748",
    trunk: "#8a5f43",
  },
  mountain: {
    far: "#b9c6dd",
    middle: "#93a6c4",
    near: "#7d9a8b",
    ground: "#8fb878",
    leaf: "#4d8c66",
    leafDark: "#366f54",
    trunk: "#7d5a45",
  },
  castle: {
    far: "#c3c6e2",
    middle: "#a5c3a5",
    near: "#7fb082",
    ground: "#8dbb70",
    leaf: "#579a62",
    leafDark: "#3b7a50",
    trunk: "#805a44",
  },
  city: {
    far: "#c9cfe0",
    middle: "#b4bcd6",
    near: "#9aa7c7",
    ground: "#c9b8a4",
    leaf: "#6ba86a",
    leafDark: "#4c8a58",
    trunk: "#86604a",
  },
  snow: {
    far: "#cfdff0",
    middle: "#dde9f5",
    near: "#e9f2fa",
    ground: "#f6fafd",
    leaf: "#5f9c93",
    leafDark: "#417e7b",
    trunk: "#7c6152",
  },
  desert: {
    far: "#f0cf9b",
    middle: "#e9bd7e",
    near: "#e0aa66",
    ground: "#ecc88c",
    leaf: "#6d9f5b",
    leafDark: "#4f8450",
    trunk: "#a06f47",
  },
  beach: {
    far: "#7fc4cf",
    middle: "#5fb2c4",
    near: "#4aa0b8",
    ground: "#f1dca8",
    leaf: "#5ea864",
    leafDark: "#3f8a55",
    trunk: "#a5774c",
  },
  sea: {
    far: "#3f8fb3",
    middle: "#2f7ba3",
    near: "#256690",
    ground: "#e3cf9c",
    leaf: "#4fae86",
    leafDark: "#2f8d77",
    trunk: "#e3736b",
  },
  space: {
    far: "#4a3f7c",
    middle: "#5b4e94",
    near: "#7867ac",
    ground: "#a79acb",
    leaf: "#7fd1c0",
    leafDark: "#57b0a6",
    trunk: "#8a7cc0",
  },
  sky: {
    far: "#ffffff",
    middle: "#f4f8fd",
    near: "#ffffff",
    ground: "#ffffff",
    leaf: "#9ad0c0",
    leafDark: "#73b5a8",
    trunk: "#b59a86",
  },
};
