/**
 * Ports that no system hands out by itself (Linux begins at 32768, others at 49152): outgoing connections and servers that
 * ask for any port cannot take one in the moment between looking and listening.
 */
const LOWEST = 20_000;
const PORTS = 12_000;

/** A TCP port on 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): number {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * PORTS);
    if (isFree(port)) return port;
  }
}

/** Whether `port` can be listened on, so that a data folder keeps the port it had before whenever possible. */
export function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch {
    return false;
  }
}

/** Whether somebody accepts connections on `port`. */
export async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}
