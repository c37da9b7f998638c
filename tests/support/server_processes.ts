/** Signals to all processes of a Postgres server at once, as a crash of its machine is one. Needs Linux. */
import { join } from "node:path";

/** The processes of the server whose data folder is `dir`: the postmaster first, then its children. */
async function processesOf(dir: string): Promise<number[]> {
  const postmaster = Number((await Deno.readTextFile(join(dir, "postmaster.pid"))).split("\n")[0]);
  const children = await Deno.readTextFile(`/proc/${postmaster}/task/${postmaster}/children`).catch(() => "");
  return [postmaster, ...children.split(" ").filter(Boolean).map(Number)];
}

/** Sends `signal` to each of them; with SIGKILL none can tidy up. */
export async function signalServer(dir: string, signal: Deno.Signal): Promise<void> {
  for (const pid of await processesOf(dir)) {
    try {
      Deno.kill(pid, signal);
    } catch (error) {
      // It followed the server on its own.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** What they hold of memory in MiB, each page that several share counted once. */
export async function memoryOfServer(dir: string): Promise<number> {
  const sizes = (await processesOf(dir)).map(async (pid) => {
    const text = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`).catch(() => "");
    return Number(text.match(/^Pss: +(\d+) kB$/m)?.[1] ?? 0);
  });
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0) / 1024;
}
