import { SignJWT } from "jose";
import { stack } from "./people.ts";

/** A token that Auth might have issued, to somebody without an account. */
export async function signIn(): Promise<string> {
  const key = new TextEncoder().encode(stack("JWT_SECRET"));
  return await new SignJWT({ sub: crypto.randomUUID(), role: "authenticated", aud: "authenticated" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" }).setExpirationTime("1h").sign(key);
}
