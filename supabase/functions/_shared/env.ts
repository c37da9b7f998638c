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
  if (value === undefined) throw notConfigured(`${name} is not set`);
  return value;
}

/** A comma-separated list. */
export function list(name: string): string[] {
  return listed(optional(name));
}

/** Fewer characters than this can be guessed. */
const SHORTEST_SECRET = 32;

/**
 * The secrets that the variable lists: one, or several while it is rotated.
 *
 * @throws {ApiError} `not_configured` when there is none, or one is too short.
 */
export function secrets(name: string): string[] {
  return secretsIn(name, optional(name));
}

/** The same of the variable's value. */
export function secretsIn(name: string, text: string | undefined): string[] {
  const all = listed(text);
  if (all.length === 0) throw notConfigured(`${name} is not set`);
  return all.map((secret) => strong(name, secret));
}

/** `secret`. @throws {ApiError} `not_configured` when it is too short. */
export function strong(name: string, secret: string): string {
  if (secret.length >= SHORTEST_SECRET) return secret;
  throw notConfigured(`${name} has fewer than ${SHORTEST_SECRET} characters`);
}

/** `reason` is for the log: nobody who asks has to know. */
export function notConfigured(reason: string): ApiError {
  return new ApiError("not_configured", { cause: new Error(reason) });
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
    throw notConfigured(`${name} has ${keys.length} keys, and none is called "default"`);
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
