/**
 * The functions' environment, read when it is needed and under the names a hosted project uses.
 *
 * @module
 */
import { ApiError } from "./http/errors.ts";

/** The variable's value, or `undefined` when it is unset or blank. */
export function optional(name: string): string | undefined {
  return Deno.env.get(name)?.trim() || undefined;
}

/** The variable's value. @throws {ApiError} `not_configured` when it is missing. */
export function required(name: string): string {
  const value = optional(name);
  if (value === undefined) throw new ApiError("not_configured", { cause: new Error(`${name} is not set`) });
  return value;
}

/** A comma-separated list; several secrets are accepted at once while one is being rotated. */
export function list(name: string): string[] {
  return (optional(name) ?? "").split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/**
 * The project's API key: `publishable` acts with a user's own rights, `secret` as `service_role`.
 * New projects carry a JSON dictionary of keys, older ones a single variable.
 *
 * @throws {ApiError} `not_configured` when there is neither.
 */
export function projectKey(kind: "publishable" | "secret"): string {
  const [dictionary, single] = kind === "secret"
    ? ["SUPABASE_SECRET_KEYS", "SUPABASE_SERVICE_ROLE_KEY"]
    : ["SUPABASE_PUBLISHABLE_KEYS", "SUPABASE_ANON_KEY"];
  return defaultKey(optional(dictionary)) ?? required(single);
}

function defaultKey(json: string | undefined): string | undefined {
  if (json === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(json)?.default;
    return typeof key === "string" && key !== "" ? key : undefined;
  } catch {
    // A malformed dictionary counts as none; the parse error would quote the keys.
    return undefined;
  }
}
