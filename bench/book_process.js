// One hosted instance that makes books: evaluates the function's bundle, answers the requests that it reads, all at once, and
// says what the thread of the isolate and the process took, from their start on.
const [module] = Deno.args;
// What says to a function that it is hosted.
globalThis.EdgeRuntime = { waitUntil() {} };
let answer;
Deno.serve = (handler) => {
  answer = handler;
};
if (module) await import(`file://${module}`);
const made = await Promise.all(
  (await new Response(Deno.stdin.readable).json()).map(async (body) => {
    const response = await answer(
      new Request("http://127.0.0.1/generation-backend/books", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Api-Key": Deno.env.get("API_SHARED_SECRET") },
        body: JSON.stringify(body),
      }),
    );
    const bytes = await response.arrayBuffer();
    return { status: response.status, pages: response.headers.get("X-Page-Count"), bytes: bytes.byteLength };
  }),
);
const [thread] = Deno.readTextFileSync(`/proc/self/task/${Deno.pid}/schedstat`).split(" ");
const [, peak] = /VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"));
await Deno.stdout.write(
  new TextEncoder().encode(`${JSON.stringify({ made, seconds: thread / 1e9, megabytes: peak / 1024 })}\n`),
);
Deno.exit(0);
