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
  return listed(optional(name));
}

/** The items of a comma-separated list. */
export function listed(text = ""): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/**
 * What `make` makes of a variable's value, made again only when that has changed.
 *
 * @param make Gets the value as {@linkcode optional} does; whatever it throws is thrown each time.
 */
export function derived<T>(name: string, make: (value: string | undefined) => T): () => T {
  let last: { value: string | undefined; made: T } | undefined;
  return () => {
    const value = optional(name);
    if (last === undefined || last.value !== value) last = { value, made: make(value) };
    return last.made;
  };
}

const KEYS = {
  secret: { chosen: keyFrom("SUPABASE_SECRET_KEYS"), legacy: "SUPABASE_SERVICE_ROLE_KEY" },
  publishable: { chosen: keyFrom("SUPABASE_PUBLISHABLE_KEYS"), legacy: "SUPABASE_ANON_KEY" },
};

/**
 * The project's API key: `publishable` acts with a user's own rights, `secret` as `service_role`.
 * New projects carry a JSON dictionary of keys, older ones a single variable.
 *
 * @throws {ApiError} `not_configured` when there is neither, or no saying which of several keys is meant.
 */
export function projectKey(kind: "publishable" | "secret"): string {
  const { chosen, legacy } = KEYS[kind];
  return chosen() ?? required(legacy);
}

/** The key that a dictionary calls `default`, or its only one; `undefined` when there is none. */
function keyFrom(name: string): () => string | undefined {
  return derived(name, (json) => {
    const keys = Object.entries(dictionary(json)).filter(([, key]) => typeof key === "string" && key !== "");
    const [, key] = keys.find(([called]) => called === "default") ?? keys[0] ?? [];
    if (keys.length < 2 || keys.some(([called]) => called === "default")) return key;
    const cause = new Error(`${name} has ${keys.length} keys, and none is called "default"`);
    throw new ApiError("not_configured", { cause });
  });
}

function dictionary(json: string | undefined): Record<string, string> {
  try {
    const keys: unknown = JSON.parse(json ?? "{}");
    return typeof keys === "object" ? { ...keys } : {};
  } catch {
    // A malformed dictionary counts as none; the parse error would quote the keys.
    return {};
  }
}
