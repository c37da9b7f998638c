/**
 * Who is calling: the access token of a signed-in user, checked here without a call to Auth.
 *
 * Hosted projects sign with ES256 or RS256 and publish the keys; the local stack and older projects sign
 * with the shared `JWT_SECRET`. A token names its algorithm, but only these are believed, each with its
 * own kind of key.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from "jose";
import type { JWTPayload } from "jose";
import type { Callers } from "../http/callers.ts";
import { countUser } from "../http/coarse_limit.ts";
import type { AppEnv } from "../http/context.ts";
import { derived, optional, required, strong } from "../env.ts";
import { ApiError, unauthorized, unavailable } from "../http/errors.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Lets signed-in users through and notes who they are; anyone else gets 401. */
export const requireUser: MiddlewareHandler<AppEnv> = async (c, next) => {
  const token = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (token === undefined) throw unauthorized();
  const claims = await verify(token).catch((error) => {
    throw refusal(error);
  });
  if (claims.role !== "authenticated" || !UUID.test(claims.sub ?? "")) throw unauthorized();
  c.set("user", { id: claims.sub as string, token });
  countUser(c, claims.sub as string);
  await next();
};

/**
 * For signed-in users. `policy` is the limit in Postgres that counts the route as well, which its handler tells of with
 * `applyRateLimit`.
 */
export function forUser(policy?: string): Callers {
  const limits = policy === undefined ? ["user"] : ["user", policy];
  return { "x-callers": "user", "x-limits": limits, middleware: [requireUser] };
}

/** What functions for users need: that tokens of the shared secret, if there is one, cannot be guessed. */
export function strongTokens(): void {
  void sharedKey();
}

const RULES = { audience: "authenticated", requiredClaims: ["exp", "sub"] };
const PUBLISHED = { ...RULES, algorithms: ["ES256", "RS256"] };
const SHARED = { ...RULES, algorithms: ["HS256"] };

async function verify(token: string): Promise<JWTPayload> {
  if (algorithm(token) !== "HS256") {
    const { payload } = await jwtVerify(token, publishedKeys(), PUBLISHED);
    if (!isIssuer(payload.iss)) throw new errors.JWTInvalid("unexpected issuer");
    return payload;
  }
  const key = await sharedKey();
  if (key === undefined) throw new errors.JOSEAlgNotAllowed("HS256 is not in use here");
  const { payload } = await jwtVerify(token, key, SHARED);
  // The secret belongs to this project alone, and the local Auth names no issuer; a wrong one is refused.
  if (payload.iss !== undefined && !isIssuer(payload.iss)) throw new errors.JWTInvalid("unexpected issuer");
  return payload;
}

/** A host that only Docker's own network knows by this name, as `supabase start` has its gateway: `http://kong:8000`. */
const INNER = /^http:\/\/(?!localhost\b)[\w-]+(?::\d+)?$/;
const THIS_MACHINE = /^http:\/\/(?:127\.0\.0\.1|localhost):\d+\/auth\/v1$/;

/**
 * Whether `iss` is what Auth of this project calls itself: `JWT_ISSUER`, or else by `SUPABASE_URL`. Under `supabase start` a
 * function sees the gateway's inner address, and Auth goes by the outer one, on this machine. Whose the token is, its
 * signature says in any case.
 */
function isIssuer(iss: string | undefined): boolean {
  const configured = optional("JWT_ISSUER");
  if (configured !== undefined) return iss === configured;
  const url = required("SUPABASE_URL");
  return iss === `${url}/auth/v1` || (INNER.test(url) && THIS_MACHINE.test(iss ?? ""));
}

/**
 * The project's shared secret as a key, imported once; `undefined` where none is set.
 *
 * @throws {ApiError} `not_configured` when it is too short.
 */
const sharedKey = derived(
  "JWT_SECRET",
  (secret) =>
    secret === undefined ? undefined : crypto.subtle.importKey(
      "raw",
      new TextEncoder().encode(strong("JWT_SECRET", secret)),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["verify"],
    ),
);

function algorithm(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch (cause) {
    throw new errors.JWTInvalid("not a token", { cause });
  }
}

/** The project's published keys, fetched once and again when a token names an unknown one. */
const publishedKeys = derived(
  "SUPABASE_URL",
  () => createRemoteJWKSet(new URL(`${required("SUPABASE_URL")}/auth/v1/.well-known/jwks.json`)),
);

const KEYS_UNAVAILABLE = ["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"];

/** 401 when the token is at fault, 503 when the keys to check it with cannot be had. */
function refusal(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const isTokenAtFault = error instanceof errors.JOSEError && !KEYS_UNAVAILABLE.includes(error.code);
  return isTokenAtFault ? unauthorized(error) : unavailable(error);
}
