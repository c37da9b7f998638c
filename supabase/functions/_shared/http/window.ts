/**
 * Counting in memory: how often each key was met within the last minute.
 *
 * @module
 */

/** How long a window is, in seconds. */
export const WINDOW_SECONDS = 60;

const WINDOW = WINDOW_SECONDS * 1000;

/** As many keys as one minute may have before the one that was met longest ago is forgotten. */
const MOST_KEYS = 10_000;

/**
 * A sliding window in two counts a key: of the last whole minute, the part that the window still covers counts, as if its
 * requests had come evenly. Its memory is bounded: who uses more keys than it has room for makes it forget, never grow.
 */
export class SlidingWindow {
  #minute = 0;
  #last = new Map<string, number>();
  #now = new Map<string, number>();

  /** Counts one request of `key`, unless that would be more than `limit` a minute. Returns how many seconds to wait, 0 when counted. */
  count(key: string, limit: number): number {
    const elapsed = this.#turn();
    const before = this.#last.get(key) ?? 0;
    const here = this.#now.get(key) ?? 0;
    const isRefused = before * (WINDOW - elapsed) + (here + 1) * WINDOW > limit * WINDOW;
    // Put in anew, so that the first key is the one that was met longest ago.
    this.#now.delete(key);
    this.#now.set(key, isRefused ? here : here + 1);
    if (this.#now.size > MOST_KEYS) this.#now.delete(this.#now.keys().next().value!);
    return isRefused ? Math.max(1, Math.ceil(wait(before, here, elapsed, limit - 1) / 1000)) : 0;
  }

  /** How many counts are kept. */
  get size(): number {
    return this.#last.size + this.#now.size;
  }

  /** Begins the next minute where it is due. Returns how many milliseconds of the present one have passed. */
  #turn(): number {
    const time = Date.now();
    const minute = Math.floor(time / WINDOW);
    if (minute !== this.#minute) {
      this.#last = minute === this.#minute + 1 ? this.#now : new Map();
      this.#now = new Map();
      this.#minute = minute;
    }
    return time % WINDOW;
  }
}

/** Milliseconds until no more than `room` weigh: within this minute, where the last one still does, or within the next. */
function wait(before: number, here: number, elapsed: number, room: number): number {
  return here <= room
    ? untilWeighs(before, room - here) - elapsed
    : WINDOW - elapsed + untilWeighs(here, room);
}

/** When in the minute after theirs `count` requests weigh as much as `weight`. */
function untilWeighs(count: number, weight: number): number {
  return WINDOW - Math.floor(weight * WINDOW / count);
}
