/**
 * Which variables each function is given: a function that is taken over gives away its own and no others. Hosted projects
 * give all of theirs to all functions. `docs/operations.md` has the same table.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../checkout.ts";

const EVERY = ["ALLOWED_ORIGINS", "ADDRESS_REQUESTS_PER_MINUTE", "CREDITS_APP_VERSION"];
const DATABASE = ["SUPABASE_URL", "SUPABASE_ANON_KEY", "SUPABASE_PUBLISHABLE_KEYS"]
  .concat(["SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_SECRET_KEYS"]);
const USERS = ["JWT_SECRET", "JWT_ISSUER", "USER_REQUESTS_PER_MINUTE"];
const STRIPE = ["STRIPE_SECRET_KEY", "STRIPE_API_URL", "STRIPE_PROJECT"];

/** A name that ends with `_*` stands for all that begin so. */
const VARIABLES: Record<string, string[]> = {
  "credits-api": [...EVERY, ...DATABASE, ...USERS, ...STRIPE, "STRIPE_CHECKOUT"],
  "stripe-webhook": [...EVERY, ...DATABASE, ...STRIPE]
    .concat(["STRIPE_WEBHOOK_SECRET", "STRIPE_ACCOUNTS", "SCHEDULER_SECRET"]),
  "generation-backend": [...EVERY, "API_SHARED_SECRET", "LLM_*", "IMAGE_*"],
};

/** Those of a function that sells a product. */
const OF_A_PRODUCT = [...EVERY, ...DATABASE, ...USERS]
  .concat(["API_SHARED_SECRET", "SCHEDULER_SECRET", "GENERATION_BACKEND_URL"]);

/** What the function called `name` is given; `undefined` for one that is none of this project's. */
export function variablesOf(name: string): string[] | undefined {
  const sells = existsSync(join(CHECKOUT, "supabase", "functions", name, "product.ts"));
  return VARIABLES[name] ?? (sells ? OF_A_PRODUCT : undefined);
}

/** The part of `env` that the function called `name` is given. */
export function ownPart(name: string, env: Record<string, string>): Record<string, string> {
  const given = variablesOf(name);
  if (given === undefined) return env;
  const isGiven = (variable: string) =>
    given.some((one) => one.endsWith("*") ? variable.startsWith(one.slice(0, -1)) : variable === one);
  return Object.fromEntries(Object.entries(env).filter(([variable]) => isGiven(variable)));
}
