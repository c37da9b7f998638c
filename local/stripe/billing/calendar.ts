import type { Recurrence } from "../objects/catalog.ts";
import type { Timestamp } from "../objects/types.ts";

export const HOUR = 60 * 60;
export const DAY = 24 * HOUR;

const DAYS = { day: 1, week: 7 };
const MONTHS = { month: 1, year: 12 };

/**
 * When the period that begins at `start` ends: the first step of the cycle after it. Steps are counted from the anchor and
 * not from the last one, so that 31 January is followed by 28 February and that by 31 March, as at Stripe:
 * https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function periodEnd(anchor: Timestamp, recurrence: Recurrence, start: Timestamp): Timestamp {
  let step = 0;
  while (stepAt(anchor, recurrence, step) <= start) step++;
  return stepAt(anchor, recurrence, step);
}

function stepAt(anchor: Timestamp, { interval, count }: Recurrence, step: number): Timestamp {
  if (interval === "day" || interval === "week") return anchor + step * count * DAYS[interval] * DAY;
  return addMonths(anchor, step * count * MONTHS[interval]);
}

/** The same day and time so many months later, or the month's last day where it has no such day; in UTC. */
export function addMonths(from: Timestamp, months: number): Timestamp {
  const date = new Date(from * 1000);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months, 1);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime() / 1000;
}
