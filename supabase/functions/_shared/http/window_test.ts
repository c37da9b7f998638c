import assert from "node:assert/strict";
import { withClock } from "../../../../tests/support/functions.ts";
import { SlidingWindow } from "./window.ts";

const MINUTE = 60_000;

/** Moves a clock on to the beginning of the next minute of the epoch. */
function alignedTo(pass: (milliseconds: number) => void): void {
  pass(MINUTE - Date.now() % MINUTE);
}

Deno.test("so many and no more are counted, each key for itself, and a refused one does not count", async () => {
  await withClock((pass) => {
    alignedTo(pass);
    const window = new SlidingWindow();
    for (let i = 0; i < 5; i++) assert.equal(window.count("ana", 5), 0);
    const waits = Array.from({ length: 50 }, () => window.count("ana", 5));
    assert.deepEqual([...new Set(waits)], [72]);
    assert.equal(window.count("eve", 5), 0);
    pass(72_000);
    assert.equal(window.count("ana", 5), 0);
    assert.ok(window.count("ana", 5) > 0);
    return Promise.resolve();
  });
});

Deno.test("whoever comes back when told to is let through, and a moment sooner is not", async () => {
  for (
    const [limit, already, after] of [[1, 1, 0], [5, 5, 30_500], [300, 300, 59_999], [300, 300, 61_000], [
      7,
      9,
      0,
    ]]
  ) {
    await withClock((pass) => {
      alignedTo(pass);
      const window = new SlidingWindow();
      for (let i = 0; i < already; i++) window.count("ana", limit);
      pass(after);
      let wait = 0;
      while (wait === 0) wait = window.count("ana", limit);
      pass((wait - 1) * 1000);
      assert.ok(window.count("ana", limit) > 0, `${limit} after ${after}`);
      pass(1000);
      assert.equal(window.count("ana", limit), 0, `${limit} after ${after}`);
      return Promise.resolve();
    });
  }
});

Deno.test("no window of a minute has much more than the limit, wherever it begins", async () => {
  await withClock((pass) => {
    alignedTo(pass);
    const window = new SlidingWindow();
    const accepted: number[] = [];
    for (let i = 0; i < 4 * 60 * 10; i++, pass(100)) {
      if (window.count("ana", 60) === 0) accepted.push(Date.now());
    }
    for (const start of accepted) {
      const within = accepted.filter((time) => time >= start && time < start + MINUTE).length;
      assert.ok(within <= 120, `${within} within a minute`);
    }
    const total = accepted.length;
    assert.ok(total >= 4 * 50 && total <= 5 * 60, `${total} in four minutes`);
    return Promise.resolve();
  });
});

Deno.test("keys without end take a bounded memory, and who keeps asking is not forgotten for them", async () => {
  await withClock((pass) => {
    alignedTo(pass);
    const window = new SlidingWindow();
    for (let i = 0; i < 5; i++) window.count("busy", 5);
    for (let minute = 0; minute < 2; minute++, pass(MINUTE)) {
      for (let i = 0; i < 50_000; i++) {
        window.count(`invented ${minute} ${i}`, 5);
        if (i % 5_000 === 0) assert.ok(window.count("busy", 5) > 0, `let through after ${i}`);
      }
    }
    assert.equal(window.size, 20_000);
    pass(2 * MINUTE);
    window.count("later", 5);
    assert.equal(window.size, 1);
    return Promise.resolve();
  });
});
