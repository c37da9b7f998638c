import type { Addresses } from "../stack/addresses.ts";

/** What each address and key is, in the words of `supabase status`. */
const TITLES: Record<string, string> = {
  API_URL: "API URL",
  DB_URL: "DB URL",
  INBOX_URL: "Inbox URL",
  STRIPE_API_URL: "Stripe stand-in URL",
  MODEL_API_URL: "Model stand-in URL",
  GENERATION_BACKEND_URL: "Generation backend URL",
  PUBLISHABLE_KEY: "Publishable key",
  SECRET_KEY: "Secret key",
  JWT_SECRET: "JWT secret",
  API_SHARED_SECRET: "API shared secret",
  SCHEDULER_SECRET: "Scheduler secret",
  STRIPE_SECRET_KEY: "Stripe secret key",
  STRIPE_WEBHOOK_SECRET: "Stripe webhook secret",
};

/** Prints addresses and keys for people, as `supabase status` does. */
export function printAddresses(addresses: Addresses): void {
  const width = Math.max(...Object.values(TITLES).map((title) => title.length));
  for (const [name, title] of Object.entries(TITLES)) {
    console.log(`${title.padStart(width)}: ${addresses[name]}`);
  }
}
