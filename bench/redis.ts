/** The Redis store of rate-limiter-flexible, where there is a Redis to measure. */
import { Redis } from "ioredis";
import { RateLimiterRedis } from "rate-limiter-flexible";
import { Children } from "../local/processes/children.ts";
import { freePort } from "../local/processes/ports.ts";
import { CONNECTIONS, type Variant } from "./measure.ts";

/** What can be measured, or why nothing can. */
export interface RedisVariants {
  variants: Variant[];
  missing?: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a Redis of our own, in memory only, as rate limits are usually kept. */
export async function redisVariants(key: () => string): Promise<RedisVariants> {
  const children = new Children();
  const port = freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  try {
    const ready = Promise.withResolvers<void>();
    await children.start("redis-server", { args }, (line) => {
      if (line.includes("Ready to accept connections")) ready.resolve();
    });
    await ready.promise;
  } catch {
    await children.stop();
    const missing = "Not measured: rate-limiter-flexible's Redis store, as there is no `redis-server` here.";
    return { variants: [], missing, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const clients = Array.from({ length: CONNECTIONS }, () => new Redis(port, "127.0.0.1"));
  const limiters = clients.map((storeClient) =>
    new RateLimiterRedis({ storeClient, points: 1_000_000, duration: 3_600 })
  );
  let turn = 0;
  const next = () => limiters[turn++ % CONNECTIONS];
  const variants = [
    {
      name: "rate-limiter-flexible, Redis store (not durable), 10,000 keys",
      once: () => next().consume(key()),
    },
    {
      name: "rate-limiter-flexible, Redis store (not durable), one hot key",
      once: () => next().consume("hot"),
    },
  ];
  return {
    variants,
    async [Symbol.asyncDispose]() {
      clients.forEach((client) => client.disconnect());
      await children.stop();
    },
  };
}
