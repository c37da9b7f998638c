import assert from "node:assert/strict";
import { minute, seconds, withPlans } from "../../tests/support/stripe_subscriptions.ts";
import { periodEnd } from "./billing/calendar.ts";
import type { Recurrence } from "./objects/catalog.ts";

/** The ends of the first periods of a cycle. */
function ends(anchor: string, recurrence: Recurrence, times: number): string[] {
  const found: number[] = [seconds(anchor)];
  for (let period = 0; period < times; period++) {
    found.push(periodEnd(found[0], recurrence, found.at(-1)!));
  }
  return found.slice(1).map(minute);
}

Deno.test("a cycle from the 31st takes the last day of shorter months, and the 31st again after them", () => {
  assert.deepEqual(ends("2027-01-31T23:30Z", { interval: "month", count: 1 }, 4), [
    "2027-02-28T23:30Z",
    "2027-03-31T23:30Z",
    "2027-04-30T23:30Z",
    "2027-05-31T23:30Z",
  ]);
  assert.deepEqual(ends("2027-11-30T00:00Z", { interval: "month", count: 3 }, 2), [
    "2028-02-29T00:00Z",
    "2028-05-30T00:00Z",
  ]);
});

Deno.test("a year from 29 February ends on 28 February, and in leap years on the 29th", () => {
  assert.deepEqual(ends("2028-02-29T12:00Z", { interval: "year", count: 1 }, 4), [
    "2029-02-28T12:00Z",
    "2030-02-28T12:00Z",
    "2031-02-28T12:00Z",
    "2032-02-29T12:00Z",
  ]);
});

Deno.test("days and weeks are counted, not looked up", () => {
  assert.deepEqual(ends("2027-02-20T06:00Z", { interval: "week", count: 2 }, 2), [
    "2027-03-06T06:00Z",
    "2027-03-20T06:00Z",
  ]);
  assert.deepEqual(ends("2027-12-31T06:00Z", { interval: "day", count: 1 }, 1), ["2028-01-01T06:00Z"]);
});

Deno.test("a subscription's periods are those of the calendar", () =>
  withPlans("2027-01-31T12:00Z", async ({ stripe, subscribe, moveTo }) => {
    const { id } = await subscribe();
    const end = async () =>
      minute((await stripe.subscriptions.retrieve(id)).items.data[0].current_period_end);
    assert.equal(await end(), "2027-02-28T12:00Z");
    await moveTo("2027-02-28T12:00Z");
    assert.equal(await end(), "2027-03-31T12:00Z");
  }));
