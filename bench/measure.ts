/** Runs variants in turns, so that whatever else the machine does falls on all of them alike. */

/** Connections and callers of every variant. */
export const CONNECTIONS = 8;
/** Many short turns: what another tenant of the machine does lasts longer than one, and a median leaves it out. */
const ROUNDS = 25;
const MILLISECONDS = 250;
const WARM_UP_MILLISECONDS = 250;

/** Something that is done over and over. */
export interface Variant {
  name: string;
  once(): Promise<unknown>;
  /** What it does before it is measured, if not {@link once} for a moment. */
  warmUp?(): Promise<unknown>;
}

/** What a variant reached: medians over the rounds. */
export interface Measurement {
  name: string;
  perSecond: number;
  /** Relative to the variant that the whole table is measured against, round by round. */
  ratio: number;
}

/**
 * Measures every variant in every round; ratios are to the first of them. Each round has an order of its own, so that
 * none is always measured behind the same neighbour, whose pages are still being written.
 */
export async function measure(variants: Variant[]): Promise<Measurement[]> {
  for (const variant of variants) await (variant.warmUp?.() ?? rate(variant, WARM_UP_MILLISECONDS));
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const rates: number[] = [];
    for (const index of shuffled(variants.length)) rates[index] = await rate(variants[index], MILLISECONDS);
    rounds.push(rates);
  }
  return variants.map(({ name }, index) => ({
    name,
    perSecond: median(rounds.map((rates) => rates[index])),
    ratio: median(rounds.map((rates) => rates[index] / rates[0])),
  }));
}

async function rate({ once }: Variant, milliseconds: number): Promise<number> {
  const start = performance.now();
  let count = 0;
  const work = async () => {
    for (; performance.now() - start < milliseconds; count++) await once();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return count / (performance.now() - start) * 1_000;
}

/** The numbers below `length` in a random order. */
function shuffled(length: number): number[] {
  return Array.from({ length }, (_, index) => ({ index, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ index }) => index);
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}

/** A Markdown table of measurements. */
export function table(title: string, measurements: Measurement[]): string {
  const rows = measurements.map(({ name, perSecond, ratio }) =>
    `| ${name} | ${Math.round(perSecond).toLocaleString("en")} | ${ratio.toFixed(2)} |`
  );
  return [`### ${title}`, "", "| | a second | ratio |", "| --- | ---: | ---: |", ...rows, ""].join("\n");
}

/** A whole number from 1 to `limit`. */
export function upTo(limit: number): number {
  return 1 + Math.floor(Math.random() * limit);
}
