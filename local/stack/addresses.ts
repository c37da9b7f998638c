import type { AuthSettings } from "../app.ts";
import { databaseUrl } from "../database/database.ts";
import { modelSettings } from "../model/settings.ts";
import type { Secrets } from "./secrets.ts";

/** Addresses and keys of a stack, under the names that `deno task status -o env` prints. */
export interface Addresses extends Record<string, string> {
  API_URL: string;
  DB_URL: string;
  PUBLISHABLE_KEY: string;
  SECRET_KEY: string;
  JWT_SECRET: string;
  API_SHARED_SECRET: string;
  SCHEDULER_SECRET: string;
  STRIPE_API_URL: string;
  STRIPE_SECRET_KEY: string;
  STRIPE_WEBHOOK_SECRET: string;
  MODEL_API_URL: string;
  GENERATION_BACKEND_URL: string;
  INBOX_URL: string;
}

/** Puts together what a stack's users need to know. */
export function addressesOf(
  { gatewayPort, databasePort, stripePort, modelPort, secrets }: {
    gatewayPort: number;
    databasePort: number;
    stripePort: number;
    modelPort: number;
    secrets: Secrets;
  },
): Addresses {
  const apiUrl = `http://127.0.0.1:${gatewayPort}`;
  return {
    API_URL: apiUrl,
    DB_URL: databaseUrl("postgres", secrets.databasePassword, databasePort),
    PUBLISHABLE_KEY: secrets.publishableKey,
    SECRET_KEY: secrets.secretKey,
    JWT_SECRET: secrets.jwtSecret,
    API_SHARED_SECRET: secrets.apiSharedSecret,
    SCHEDULER_SECRET: secrets.schedulerSecret,
    STRIPE_API_URL: `http://127.0.0.1:${stripePort}`,
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    MODEL_API_URL: `http://127.0.0.1:${modelPort}/v1`,
    GENERATION_BACKEND_URL: `${apiUrl}/functions/v1/generation-backend`,
    INBOX_URL: `${apiUrl}/inbox`,
  };
}

/** The origins of the pages that Auth may lead back to: they may call the functions as well. */
export function originsOf({ site_url, additional_redirect_urls }: AuthSettings): string[] {
  const origins = [site_url, ...additional_redirect_urls].flatMap((address) =>
    URL.parse(address)?.origin ?? []
  );
  return [...new Set(origins)].filter((origin) => /^https?:[^*]+$/.test(origin));
}

/**
 * The environment of the functions, under the names that a hosted project uses; `origins` are those of pages that may call
 * them beside the stack's own.
 */
export function functionEnvironment(
  addresses: Addresses,
  own: Record<string, string>,
  origins: string[] = [],
): Record<string, string> {
  return {
    SUPABASE_URL: addresses.API_URL,
    SUPABASE_ANON_KEY: addresses.PUBLISHABLE_KEY,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: addresses.PUBLISHABLE_KEY }),
    SUPABASE_SERVICE_ROLE_KEY: addresses.SECRET_KEY,
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: addresses.SECRET_KEY }),
    JWT_SECRET: addresses.JWT_SECRET,
    ALLOWED_ORIGINS: [...origins, addresses.API_URL, addresses.API_URL.replace("127.0.0.1", "localhost")]
      .join(","),
    API_SHARED_SECRET: addresses.API_SHARED_SECRET,
    SCHEDULER_SECRET: addresses.SCHEDULER_SECRET,
    GENERATION_BACKEND_URL: addresses.GENERATION_BACKEND_URL,
    STRIPE_SECRET_KEY: addresses.STRIPE_SECRET_KEY,
    STRIPE_WEBHOOK_SECRET: addresses.STRIPE_WEBHOOK_SECRET,
    STRIPE_API_URL: addresses.STRIPE_API_URL,
    ...standInsFor(addresses, own),
    ...own,
  };
}

/** The stand-in's settings, for each of both models that is not one's own. */
function standInsFor({ MODEL_API_URL }: Addresses, own: Record<string, string>): Record<string, string> {
  const settings = Object.entries(modelSettings(MODEL_API_URL));
  return Object.fromEntries(
    settings.filter(([name]) => own[`${name.split("_")[0]}_BASE_URL`] === undefined),
  );
}

/** What the demo page may know: nothing secret. */
export function pageConfig(addresses: Addresses): Record<string, string> {
  return {
    api_url: addresses.API_URL,
    publishable_key: addresses.PUBLISHABLE_KEY,
    inbox_url: addresses.INBOX_URL,
    stripe_url: addresses.STRIPE_API_URL,
  };
}
