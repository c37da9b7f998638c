import { SignJWT } from "jose";
import type { Queries } from "./clone.ts";
import { newcomer } from "./newcomer.ts";
import { stack } from "./people.ts";

/** A token that Auth might have issued, to somebody without an account. */
export async function signIn(sql: Queries): Promise<string> {
  const key = new TextEncoder().encode(stack("JWT_SECRET"));
  return await new SignJWT({ sub: await newcomer(sql), role: "authenticated", aud: "authenticated" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" }).setExpirationTime("1h").sign(key);
}
