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
import type { AppEnv } from "../http/context.ts";
import { optional, required } from "../env.ts";
import { ApiError, unauthorized, unavailable } from "../http/errors.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

/** Lets signed-in users through and notes who they are; anyone else gets 401. */
export const requireUser: MiddlewareHandler<AppEnv> = async (c, next) => {
  const token = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (token === undefined) throw unauthorized();
  const claims = await verify(token).catch((error) => {
    throw refusal(error);
  });
  if (claims.role !== "authenticated" || !UUID.test(claims.sub ?? "")) throw unauthorized();
  c.set("user", { id: claims.sub as string, token });
  await next();
};

async function verify(token: string): Promise<JWTPayload> {
  const issuer = optional("JWT_ISSUER") ?? `${required("SUPABASE_URL")}/auth/v1`;
  const rules = { audience: "authenticated", requiredClaims: ["exp", "sub"] };
  if (algorithm(token) !== "HS256") {
    const keys = publishedKeys();
    return (await jwtVerify(token, keys, { ...rules, issuer, algorithms: ["ES256", "RS256"] })).payload;
  }
  const secret = optional("JWT_SECRET");
  if (secret === undefined) throw new errors.JOSEAlgNotAllowed("HS256 is not in use here");
  const key = new TextEncoder().encode(secret);
  const { payload } = await jwtVerify(token, key, { ...rules, algorithms: ["HS256"] });
  // The secret belongs to this project alone, and the local Auth names no issuer; a wrong one is refused.
  if (payload.iss !== undefined && payload.iss !== issuer) throw new errors.JWTInvalid("unexpected issuer");
  return payload;
}

function algorithm(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).alg;
  } catch (cause) {
    throw new errors.JWTInvalid("not a token", { cause });
  }
}

/** The project's published keys, fetched once and again when a token names an unknown one. */
function publishedKeys() {
  const url = `${required("SUPABASE_URL")}/auth/v1/.well-known/jwks.json`;
  let keys = keySets.get(url);
  if (keys === undefined) keySets.set(url, keys = createRemoteJWKSet(new URL(url)));
  return keys;
}

const KEYS_UNAVAILABLE = ["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"];

/** 401 when the token is at fault, 503 when the keys to check it with cannot be had. */
function refusal(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const isTokenAtFault = error instanceof errors.JOSEError && !KEYS_UNAVAILABLE.includes(error.code);
  return isTokenAtFault ? unauthorized(error) : unavailable(error);
}
