import { join } from "node:path";

/** Ends a server that still runs on `dir` because the stack that started it was killed together with its keeper. */
export async function endOrphan(dir: string): Promise<void> {
  const pid = Number((await Deno.readTextFile(join(dir, "postmaster.pid")).catch(() => "")).split("\n")[0]);
  const isOurs = async () =>
    (await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "")).split("\0").includes(dir);
  if (!pid || !await isOurs()) return;
  Deno.kill(pid, "SIGINT");
  const deadline = Date.now() + 10_000;
  while (await isOurs()) {
    if (Date.now() > deadline) Deno.kill(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
