/**
 * Four shards for all tests of a process, each of which has users of its own: to start five servers takes longer than most of
 * what is tested on them.
 *
 * @module
 */
import { canShard, type Shards, startShards } from "./shards.ts";

/** How many connections to the router there are; each has sessions of its own on all shards. */
export const CONNECTIONS = 8;

/** Nothing where there is no PL/Proxy. */
export const four = canShard ? await startShards(4, CONNECTIONS) : {} as Shards;
Deno.test.afterAll(async () => await four[Symbol.asyncDispose]?.());

/** A test of the four shards, left out where there are none. */
export function test(name: string, body: (four: Shards) => Promise<void>): void {
  Deno.test({ name, ignore: !canShard, fn: () => body(four) });
}
