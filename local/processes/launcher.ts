/**
 * Notices when the command that started this process was killed.
 *
 * `npx deno task start` is a chain of processes, and `kill -9` of any of them leaves the ones below running: the stack would
 * hold its port with nobody left to press Ctrl-C. So it ends when a link of its own chain is gone. Whatever else started the
 * chain, a shell or a script, may go away without taking the stack along.
 */

const PROGRAM = /^(\S*\/)?(npm|npx|node|deno|sh)\b/;
const TASK = /\bdeno\b\S*\s+task\s+(\S+\s+)*start\b[^&;|]*$/;
const EVERY_MILLISECONDS = 500;

/** Calls `onGone` once, when a process that launched this task is gone; only Linux tells who launched whom. */
export async function watchLaunchers(onGone: () => void): Promise<void> {
  const chain = await launchers();
  const timer = setInterval(async () => {
    const alive = await Promise.all(chain.map(async ({ pid, line }) => (await commandLine(pid)) === line));
    if (alive.every(Boolean)) return;
    clearInterval(timer);
    onGone();
  }, EVERY_MILLISECONDS);
  Deno.unrefTimer(timer);
}

async function launchers(): Promise<{ pid: number; line: string }[]> {
  const chain = [];
  for (let pid = Deno.ppid;;) {
    const line = await commandLine(pid);
    if (!PROGRAM.test(line) || !TASK.test(line)) return chain;
    chain.push({ pid, line });
    const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
    pid = Number(status.match(/^PPid:\s*(\d+)/m)?.[1]);
  }
}

async function commandLine(pid: number): Promise<string> {
  const text = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
  return text.replaceAll("\0", " ").trim();
}
