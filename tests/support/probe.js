// A function that tells what the runtime leaves it: once while it starts, and once for a request.
const calls = {
  read: () => Deno.readTextFileSync(import.meta.filename) !== "",
  readAsync: async () => await Deno.readTextFile(import.meta.filename) !== "",
  readElsewhere: () => Deno.readTextFile("/etc/hostname"),
  open: () => Deno.open(import.meta.filename),
  write: () => Deno.writeTextFile(import.meta.filename, ""),
  worker: () => new Worker("data:text/javascript,"),
  command: () => new Deno.Command("true").output(),
  elsewhere: () => fetch("http://127.0.0.1:1"),
  background: async () => await globalThis.EdgeRuntime.waitUntil(Promise.resolve(1)) === 1,
  version: () => Deno.version.deno,
};

async function look() {
  const seen = {};
  for (const [name, call] of Object.entries(calls)) {
    try {
      seen[name] = await call();
    } catch (error) {
      seen[name] = error.name;
    }
  }
  return seen;
}

const atStart = await look();
Deno.serve(async () => Response.json({ atStart, later: await look() }));
