/**
 * The coarse limits (M4): each user over all routes of a function, and each client address where nobody is known.
 *
 * They keep one caller from occupying a function, and cost no question to the database: each isolate counts for itself, so
 * that where several run, a caller may have the limit several times. The limits that must be exact are Postgres'.
 *
 * A request whose caller is known, as a user, by a key or by Stripe's signature, is never refused because of its address.
 *
 * @module
 */
import type { Context } from "hono";
import { derived, notConfigured } from "../env.ts";
import type { AppEnv } from "./context.ts";
import { rateLimited, tell } from "./rate_limit.ts";
import { SlidingWindow, WINDOW_SECONDS } from "./window.ts";

/** How many requests a minute has, where no variable says. */
export const DEFAULT_PER_MINUTE = 300;

interface CoarseLimit {
  policy: string;
  perMinute: () => number;
  seen: SlidingWindow;
}

const users = coarse("user", "USER_REQUESTS_PER_MINUTE");
const addresses = coarse("address", "ADDRESS_REQUESTS_PER_MINUTE");

/** Counts a request of the user `id`, whose token was verified. @throws {ApiError} `rate_limited` */
export function countUser(c: Context<AppEnv>, id: string): void {
  know(c);
  count(c, users, id);
}

/** Notes that whoever calls is known by a key or a signature: no coarse limit counts this request. */
export function know(c: Context<AppEnv>): void {
  c.set("isCounted", true);
}

/** Counts a request against its address, unless it was counted, or its caller is known. @throws {ApiError} `rate_limited` */
export function countStranger(c: Context<AppEnv>): void {
  if (c.get("isCounted")) return;
  c.set("isCounted", true);
  count(c, addresses, addressOf(c));
}

/** Whether both limits can be used. @throws {ApiError} `not_configured` */
export function coarseLimits(): void {
  users.perMinute();
  addresses.perMinute();
}

function count(c: Context, { policy, perMinute, seen }: CoarseLimit, key: string): void {
  const limit = perMinute();
  const wait = seen.count(key, limit);
  if (wait === 0) return;
  tell(c, { policy, limit, seconds: WINDOW_SECONDS, remaining: 0, reset: wait });
  throw rateLimited(wait);
}

/** As long as an IPv6 address is at most, which whoever invents one cannot exceed. */
const LONGEST_ADDRESS = 45;

/** The client's address as the platform says it. Where nothing does, all clients are one. */
function addressOf(c: Context): string {
  const [first] = (c.req.header("x-forwarded-for") ?? "").split(",", 1);
  return first.trim().slice(0, LONGEST_ADDRESS);
}

function coarse(policy: string, variable: string): CoarseLimit {
  const perMinute = derived(variable, (text) => {
    if (text === undefined) return DEFAULT_PER_MINUTE;
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw notConfigured(`${variable} is no whole number above 0`);
  });
  return { policy, perMinute, seen: new SlidingWindow() };
}
