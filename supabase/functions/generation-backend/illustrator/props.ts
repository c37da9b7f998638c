import type { Canvas } from "./canvas.ts";
import { lighter } from "./palette.ts";

/** A thing beside or above somebody, drawn with its foot at 0/0. */
export interface Prop {
  /** Where it belongs: on the ground beside the hero, in the air, or behind everyone. */
  place: "beside" | "above" | "behind" | "front";
  draw: (canvas: Canvas) => void;
  /** So wide that it hangs over the middle. */
  wide?: boolean;
}

const apple = (canvas: Canvas, x: number, y: number, radius = 6) => {
  canvas.circle(x, y, radius, "#d4493f");
  canvas.line(`M${x} ${y - radius}l2 -4`, "#6b4a34", 1.6);
  canvas.circle(x - radius * 0.35, y - radius * 0.3, radius * 0.26, "#ffffff", 0.6);
};

const note = (canvas: Canvas, x: number, y: number, color: string) => {
  canvas.ellipse(x, y, 5, 3.8, color);
  canvas.line(`M${x + 4} ${y}V${y - 19}l9 4`, color, 2.2);
};

const sparkle = (canvas: Canvas, x: number, y: number, size: number, color = "#ffe28a") =>
  canvas.shape(
    `M${x} ${y - size}Q${x + size * 0.16} ${y - size * 0.16} ${x + size} ${y}Q${x + size * 0.16} ${
      y + size * 0.16
    } ${x} ${y + size}Q${x - size * 0.16} ${y + size * 0.16} ${x - size} ${y}Q${x - size * 0.16} ${
      y - size * 0.16
    } ${x} ${y - size}Z`,
    color,
  );

/** Everything the illustrator can put into a picture, by the names that `scene.ts` finds. */
export const props: Record<string, Prop> = {
  kite: {
    place: "above",
    draw: (canvas) => {
      canvas.line("M0 0C-12 24 14 44 -6 74C-18 92 -10 104 -16 118", "#4f7fc0", 1.6);
      canvas.polygon([[0, -34], [24, -4], [0, 30], [-24, -4]], "#e2695c");
      canvas.polygon([[0, -34], [24, -4], [0, 30]], "#f2c24f");
      canvas.polygon([[-9, 48], [3, 52], [-7, 58]], "#e2695c");
      canvas.polygon([[-2, 72], [-14, 78], [-3, 82]], "#f2c24f");
    },
  },
  button: {
    place: "front",
    draw: (canvas) => {
      canvas.circle(0, -8, 9, "#d4493f");
      canvas.circle(0, -8, 6.4, lighter("#d4493f", 0.2));
      for (const [x, y] of [[-2, -10], [2, -10], [-2, -6], [2, -6]]) canvas.circle(x, y, 1, "#7a2822");
    },
  },
  umbrella: {
    place: "above",
    draw: (canvas) => {
      canvas.line("M0 -10V58q0 8 8 6", "#6b4a34", 3);
      canvas.shape(
        "M-46 -4C-40 -48 40 -48 46 -4C36 -12 24 -12 16 -4C8 -12 -8 -12 -16 -4C-24 -12 -36 -12 -46 -4Z",
        "#e2695c",
      );
      canvas.shape("M-16 -4C-14 -30 -6 -38 0 -38C6 -38 14 -30 16 -4C8 -12 -8 -12 -16 -4Z", "#fbf3df");
    },
  },
  basket: {
    place: "beside",
    draw: (canvas) => {
      for (const [x, y] of [[-16, -42], [-2, -47], [13, -42], [4, -37], [-9, -38]]) apple(canvas, x, y, 8);
      canvas.shape("M-30 -38H30L22 0H-22Z", "#c08a4f");
      canvas.line("M-28 -28H28M-26 -18H26M-24 -8H24", "#9a6a38", 2);
      canvas.line("M-28 -38C-20 -74 20 -74 28 -38", "#9a6a38", 3.6);
    },
  },
  apple: {
    place: "front",
    draw: (canvas) => [[-14, -6], [3, -7], [17, -5]].forEach(([x, y]) => apple(canvas, x, y, 6.5)),
  },
  jug: {
    place: "beside",
    draw: (canvas) => {
      canvas.line("M14 -36q16 2 8 22", "#4f86bd", 4.6);
      canvas.shape("M-10 -48H10L8 -40C20 -30 18 -4 10 0H-10C-18 -4 -20 -30 -8 -40Z", "#5d97cf");
      canvas.line("M-12 -26L-2 -16L4 -28L14 -14", "#f7d774", 2);
    },
  },
  gate: {
    place: "behind",
    draw: (canvas) => {
      for (const x of [-42, 42]) {
        canvas.rect(x - 7, -104, 14, 104, "#a8927c", 3);
        canvas.circle(x, -108, 9, "#b8a48f");
      }
      canvas.shape("M-34 0V-74Q0 -104 34 -74V0Z", "#5f9468");
      for (const x of [-22, -9, 4, 17, 29]) canvas.line(`M${x - 2} -4V-80`, "#4b7a54", 2);
      canvas.circle(22, -42, 4, "#f2c24f");
    },
  },
  flowerpot: {
    place: "beside",
    draw: (canvas) => {
      canvas.line("M0 -30Q-2 -44 3 -56", "#5a9a52", 3.4);
      canvas.ellipse(-8, -46, 8, 4, "#6fb05f");
      canvas.ellipse(10, -50, 8, 4, "#6fb05f");
      canvas.circle(3, -60, 6, "#f7c84f");
      canvas.shape("M-19 -30H19L13 0H-13Z", "#c9714f");
      canvas.rect(-22, -34, 44, 9, "#d98560", 3);
    },
  },
  plums: {
    place: "behind",
    draw: (canvas) => {
      canvas.line("M58 20C52 -60 60 -90 54 -136", "#7d5a45", 12);
      canvas.line("M56 -104C30 -126 0 -132 -28 -126", "#7d5a45", 6);
      for (const [x, y, size] of [[58, -150, 40], [20, -150, 30], [-16, -140, 24], [84, -128, 28]]) {
        canvas
          .circle(x, y, size, "#5f9f5f");
      }
      for (const [x, y] of [[-22, -116], [2, -122], [26, -116], [50, -124], [76, -106]]) {
        canvas.ellipse(
          x,
          y,
          6.4,
          8,
          "#6f4a94",
        );
      }
    },
  },
  fire: {
    place: "beside",
    draw: (canvas) => {
      canvas.circle(0, -24, 46, "#ffcf7a", 0.22);
      canvas.line("M-22 -2L20 -10M22 -2L-20 -10", "#6b4a34", 7);
      canvas.shape("M-14 -8C-20 -28 -4 -32 -4 -46C10 -36 18 -22 13 -8Z", "#ef7f3a");
      canvas.shape("M-7 -8C-9 -20 0 -22 1 -32C8 -24 10 -14 7 -8Z", "#fbd05b");
      canvas.line("M-32 0L-6 -78M32 0L6 -78", "#7d5a45", 3);
      canvas.shape("M-20 -58H20C20 -38 12 -34 0 -34C-12 -34 -20 -38 -20 -58Z", "#4c4a58");
      canvas.ellipse(0, -58, 20, 4.6, "#e0a35a");
    },
  },
  lantern: {
    place: "above",
    draw: (canvas) => {
      canvas.circle(0, 0, 40, "#ffe7a0", 0.28);
      canvas.rect(-10, -14, 20, 27, "#ffdf86", 5);
      canvas.rect(-12, -18, 24, 5, "#8a5a3c", 2);
      canvas.rect(-12, 12, 24, 5, "#8a5a3c", 2);
      canvas.line("M-6 -18q6 -12 12 0", "#8a5a3c", 2.2);
    },
  },
  cake: {
    place: "beside",
    draw: (canvas) => {
      canvas.ellipse(0, -2, 36, 6, "#f4efe6");
      canvas.rect(-28, -26, 56, 24, "#e9b27c", 5);
      canvas.shape(
        "M-28 -22C-28 -32 28 -32 28 -22C22 -14 16 -22 10 -15C4 -22 -6 -22 -10 -15C-16 -22 -24 -14 -28 -22Z",
        "#fdf1ea",
      );
      for (const x of [-14, 0, 14]) {
        canvas.rect(x - 1.8, -44, 3.6, 15, "#7fb2d9", 1);
        canvas.ellipse(x, -48, 2.6, 4.4, "#fbc04f");
      }
    },
  },
  flags: {
    place: "above",
    wide: true,
    draw: (canvas) => {
      canvas.line("M-150 -20Q0 26 150 -20", "#fdf6e8", 1.8);
      const colors = ["#e2695c", "#f2c24f", "#6fb37f", "#5d97cf", "#b579b4"];
      for (let at = 0; at < 11; at++) {
        const x = -140 + at * 28;
        const y = -20 + (1 - (x / 150) ** 2) * 23;
        canvas.polygon([[x - 9, y], [x + 9, y], [x, y + 18]], colors[at % colors.length]);
      }
    },
  },
  book: {
    place: "front",
    draw: (canvas) => {
      canvas.shape(
        "M0 -18C-10 -26 -24 -26 -32 -22V0C-24 -4 -10 -4 0 4C10 -4 24 -4 32 0V-22C24 -26 10 -26 0 -18Z",
        "#fdf8ec",
      );
      canvas.line(
        "M0 -18V4M-26 -16q10 -3 20 1M-26 -10q10 -3 20 1M6 -15q10 -4 20 -1M6 -9q10 -4 20 -1",
        "#b9a98d",
        1.3,
      );
    },
  },
  notes: {
    place: "above",
    draw: (canvas) => {
      note(canvas, -34, 4, "#4f5fa8");
      note(canvas, 2, -18, "#c8568a");
      note(canvas, 36, 2, "#3f9a8a");
    },
  },
  sparkles: {
    place: "above",
    wide: true,
    draw: (canvas) => {
      for (
        const [x, y, size] of [[-66, 14, 9], [-36, -14, 13], [0, -30, 9], [38, -12, 14], [68, 16, 8], [
          -86,
          46,
          7,
        ], [88, 48, 10]]
      ) sparkle(canvas, x, y, size);
    },
  },
  plank: {
    place: "front",
    draw: (canvas) => {
      canvas.rect(-88, -10, 176, 10, "#b98a58", 3);
      canvas.line("M-80 -5H80M-40 -8h20M20 -3h30", "#95693d", 1.4);
    },
  },
  puddle: {
    place: "front",
    draw: (canvas) => {
      canvas.ellipse(0, 0, 62, 11, "#8fbbd3", 0.9);
      canvas.ellipse(-14, -2, 24, 3.4, "#d9edf5", 0.9);
      for (const [x, y] of [[-58, -16], [60, -20], [-34, -24], [42, -32]]) {
        canvas.ellipse(
          x,
          y,
          3,
          4.4,
          "#8fbbd3",
        );
      }
    },
  },
  rainbow: {
    place: "behind",
    draw: (canvas) => {
      for (
        const [at, color] of ["#e2695c", "#f2a24f", "#f7d774", "#7fb97f", "#6fa3d6", "#9a7fc4"].entries()
      ) {
        const radius = 190 - at * 11;
        canvas.line(`M${-radius} 10A${radius} ${radius} 0 0 1 ${radius} 10`, color, 11, 0.65);
      }
    },
  },
  treasure: {
    place: "beside",
    draw: (canvas) => {
      canvas.rect(-30, -28, 60, 28, "#9a6a3c", 3);
      canvas.shape("M-30 -32C-30 -58 30 -58 30 -32Z", "#86582f");
      for (const [x, y] of [[-17, -32], [-5, -35], [7, -33], [18, -31]]) canvas.circle(x, y, 7, "#f7cf52");
      canvas.rect(-5, -24, 10, 11, "#f2c24f", 2);
      sparkle(canvas, 22, -50, 9);
    },
  },
  balloon: {
    place: "above",
    draw: (canvas) => {
      for (const [x, y, color] of [[-16, 0, "#e2695c"], [14, -10, "#5d97cf"]] as const) {
        canvas.line(`M${x} ${y + 22}Q${x * 0.4} 60 0 96`, "#8a7f78", 1.3);
        canvas.ellipse(x, y, 17, 21, color);
        canvas.ellipse(x - 5, y - 7, 4, 6, "#ffffff", 0.5);
      }
    },
  },
  boat: {
    place: "behind",
    draw: (canvas) => {
      canvas.line("M0 -24V-92", "#7c5a44", 3);
      canvas.polygon([[4, -90], [38, -38], [4, -38]], "#fdf6e8");
      canvas.shape("M-42 -28H46C40 -6 26 0 0 0C-26 0 -38 -6 -42 -28Z", "#c9574b");
    },
  },
  rocket: {
    place: "behind",
    draw: (canvas) => {
      canvas.polygon([[-14, -10], [-28, 8], [-12, 0]], "#c9574b");
      canvas.polygon([[14, -10], [28, 8], [12, 0]], "#c9574b");
      canvas.shape("M-15 0C-22 -50 -10 -84 0 -98C10 -84 22 -50 15 0Z", "#eef1f5");
      canvas.shape("M-10 -78C-6 -88 -2 -95 0 -98C2 -95 6 -88 10 -78Z", "#c9574b");
      canvas.circle(0, -54, 8, "#7fb2d9");
    },
  },
  stone: {
    place: "front",
    draw: (canvas) => {
      canvas.shape("M-48 4C-50 -12 -30 -22 0 -22C30 -22 50 -12 48 4Z", "#9aa0ab");
      canvas.shape("M-34 -8C-24 -18 6 -20 20 -16C4 -14 -16 -12 -34 -8Z", "#b9bec7", 0.8);
    },
  },
  bag: {
    place: "beside",
    draw: (canvas) => {
      canvas.line("M-2 0L24 -84", "#8a623f", 4);
      canvas.circle(24, -88, 19, "#d4574f");
      canvas.polygon([[10, -98], [4, -110], [18, -105]], "#b5443d");
      for (const [x, y] of [[18, -94], [31, -88], [22, -80]]) canvas.circle(x, y, 2.4, "#fdf1df");
    },
  },
  ball: {
    place: "front",
    draw: (canvas) => {
      canvas.circle(0, -15, 15, "#e2695c");
      canvas.line("M-14 -18Q0 -8 14 -18", "#fdf6e8", 4);
    },
  },
  hat: {
    place: "front",
    draw: (canvas) => {
      canvas.ellipse(0, -4, 26, 5, "#4f5d8c");
      canvas.rect(-15, -28, 30, 25, "#4f5d8c", 4);
      canvas.rect(-15, -13, 30, 6, "#f2c24f");
    },
  },
  berries: {
    place: "beside",
    draw: (canvas) => {
      for (const [x, y, size] of [[-20, -18, 20], [14, -20, 22], [-2, -34, 20]]) {
        canvas.circle(
          x,
          y,
          size,
          "#4f8f54",
        );
      }
      for (const [x, y] of [[-22, -24], [-8, -40], [6, -22], [20, -30], [-10, -12], [24, -12]]) {
        canvas
          .circle(x, y, 4.4, "#cf3f5b");
      }
    },
  },
  key: {
    place: "front",
    draw: (canvas) => {
      canvas.circle(-16, -10, 9, "#f2c24f");
      canvas.circle(-16, -10, 4, "#b98a3a");
      canvas.line("M-7 -10H22M14 -10v8M21 -10v8", "#f2c24f", 4);
    },
  },
  bubble: {
    place: "above",
    draw: (canvas) => {
      for (const [x, y, rx, ry] of [[0, -6, 50, 26], [-34, 2, 26, 17], [34, 0, 28, 18]]) {
        canvas.ellipse(
          x,
          y,
          rx,
          ry,
          "#ffffff",
          0.92,
        );
      }
      canvas.circle(-30, 34, 7, "#ffffff", 0.92);
      canvas.circle(-22, 50, 4, "#ffffff", 0.92);
      sparkle(canvas, -22, -4, 9, "#f2c24f");
      sparkle(canvas, 4, -8, 14, "#f2a65a");
      sparkle(canvas, 30, -2, 8, "#d98ab0");
    },
  },
};
