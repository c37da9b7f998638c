/**
 * What a piece of work costs this process, as the kernel counts it: on a machine that others use, time passes for other
 * reasons.
 *
 * @module
 */

/** What work took. */
export interface Cost {
  /** Seconds of processor time, of all threads. */
  seconds: number;
  /** How far the memory of the process rose above what it was before, in bytes. */
  growth: number;
}

const TICKS_PER_SECOND = 100;

function processorSeconds(): number {
  const fields = Deno.readTextFileSync("/proc/self/stat").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

const peak = () => Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1]) * 1024;

/** Does `work`, on Linux. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const { rss } = Deno.memoryUsage();
  // Sets the peak back to what it is now.
  await Deno.writeTextFile("/proc/self/clear_refs", "5");
  const before = processorSeconds();
  await work();
  return { seconds: processorSeconds() - before, growth: peak() - rss };
}
