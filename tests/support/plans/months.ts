/**
 * Months as contracts count them.
 *
 * @module
 */

/** Milliseconds. */
export const HOUR = 3600_000;
export const DAY = 24 * HOUR;
/** How long credits outlast their period. */
export const GRACE = 3 * HOUR;

/** `months` after `anchor`, on its day of the month or the last one that there is. */
export function monthsAfter(anchor: number, months: number): number {
  const start = new Date(anchor);
  const first = new Date(anchor);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return first.setUTCDate(Math.min(start.getUTCDate(), days));
}

/** When the `n`-th of an invoice's grants is due; after the last one, when its period ends. */
export function dueOf(
  { anchor, start, end, times }: { anchor: number; start: number; end: number; times: number },
  n: number,
): number {
  // The anchor may be years before the period.
  const before = Math.round((start - anchor) / (30.44 * DAY));
  return n >= times ? end : n === 0 ? start : monthsAfter(anchor, before + n);
}
