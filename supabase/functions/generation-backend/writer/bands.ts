/** Five reading levels: 2–3, 4–5, 6–7, 8–9 and 10–12 years. */
export type Band = 0 | 1 | 2 | 3 | 4;

/** The band in whose middle an age range lies; ages outside 2 to 12 count as the nearest. */
export function bandFor(ageMin: number, ageMax: number): Band {
  const middle = (ageMin + ageMax) / 2;
  if (middle < 4) return 0;
  if (middle < 6) return 1;
  if (middle < 8) return 2;
  return middle < 10 ? 3 : 4;
}

/** One moment of a tale told three ways. `(+ … +)` marks what only the older half of a level hears. */
export type Levels = readonly [young: string, middle: string, older: string];

/**
 * The telling that fits a band, still a template. At 4–5 and at 8–9 years the scenes that set something up are told as
 * for the older listeners, and what happens in them (`brisk`) as for the younger.
 */
export function tellingFor(levels: Levels, band: Band, brisk: boolean): string {
  const level = (brisk ? [0, 0, 1, 1, 2] : [0, 1, 1, 2, 2])[band];
  const keepsDetail = band === 1 || band === 4;
  return levels[level].replace(/\(\+(.*?)\+\)/gs, keepsDetail ? "$1" : "");
}
