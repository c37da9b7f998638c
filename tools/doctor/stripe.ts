/** Whether Stripe tells this deployment what it has to know, and in the same mode. */
import Stripe from "stripe";
import { livemode } from "../../supabase/functions/_billing/deployment.ts";
import { EVENT_TYPE_PAGES, EVENT_TYPES } from "../../supabase/functions/_billing/reconcile_events.ts";
import { connect } from "../../supabase/functions/_billing/stripe.ts";
import { asService, dataApi, read } from "../../supabase/functions/_shared/database/client.ts";
import { type Finding, finding } from "./finding.ts";
import { findPortal } from "./portal.ts";

/** What of an endpoint counts. */
export type Endpoint = Pick<
  Stripe.WebhookEndpoint,
  "api_version" | "enabled_events" | "livemode" | "status" | "url"
>;

const mode = (live: boolean) => live ? "live" : "test";

/** What is wrong with the endpoints at Stripe for the functions at `address`, in the mode of the key, one finding. */
export function checkEndpoint(endpoints: Endpoint[], address: string, live: boolean | undefined): Finding {
  const alarm = (found: string, advice: string) =>
    finding("stripe_endpoint", "alarm", found, advice, "stripe-events");
  const endpoint = endpoints.find(({ url, status }) => url === address && status === "enabled") ??
    endpoints.find(({ url }) => url === address);
  if (!endpoint) return alarm(`none has ${address}`, "make it under Developers > Webhooks at Stripe");
  if (endpoint.status !== "enabled") return alarm("it is disabled", "enable it at Stripe");
  if (live !== undefined && endpoint.livemode !== live) {
    return alarm(
      `it is for ${mode(endpoint.livemode)} events, the key is a ${mode(live)} one`,
      "use the other key",
    );
  }
  const missing = EVENT_TYPES.filter((type) =>
    !["*", type].some((one) => endpoint.enabled_events.includes(one))
  );
  if (missing.length > 0) return alarm(`it lacks ${missing.join(", ")}`, "select these events at Stripe");
  if (endpoint.api_version !== Stripe.API_VERSION) {
    const version = endpoint.api_version ?? "the account's default";
    const advice = `make another endpoint with API version ${Stripe.API_VERSION}`;
    return finding("stripe_endpoint", "warn", `its API version is ${version}`, advice, "stripe-events");
  }
  return finding("stripe_endpoint", "ok", "enabled, with every event that is needed", "", "stripe-events");
}

/** Events of the last three days that Stripe could not deliver: mostly a wrong signing secret. */
async function checkDelivery(stripe: Stripe): Promise<Finding> {
  const since = Math.floor(Date.now() / 1000) - 3 * 24 * 60 * 60;
  const query = { delivery_success: false, created: { gte: since }, limit: 100 };
  const pages = await Promise.all(EVENT_TYPE_PAGES.map((types) => stripe.events.list({ ...query, types })));
  const data = pages.flatMap((page) => page.data);
  const more = pages.some((page) => page.has_more);
  const found = `${data.length}${more ? " or more" : ""} events undelivered in three days`;
  const advice = "see that STRIPE_WEBHOOK_SECRET is the endpoint's; then deno task stripe:reconcile --apply";
  const status = data.length > 0 ? "warn" : "ok";
  return finding("stripe_delivery", status, found, advice, "what-stripe-could-not-deliver");
}

/** Whether the newest purchase was paid in the mode of the key. */
async function checkMode(live: boolean | undefined): Promise<Finding> {
  const query = dataApi().from("credit_purchases").select("livemode").not("livemode", "is", null)
    .order("created_at", { ascending: false }).limit(1);
  const [newest] = await read("credit_purchases", asService(query)) ?? [];
  const differs = live !== undefined && newest !== undefined && newest.livemode !== live;
  return finding(
    "stripe_mode",
    differs ? "alarm" : "ok",
    live === undefined
      ? "the key does not say its mode"
      : differs
      ? `the key is a ${mode(live)} one, the newest purchase is not`
      : mode(live),
    "see that STRIPE_SECRET_KEY is this project's; with another mode, all is held or ignored",
    "settings",
  );
}

/** All that Stripe can be asked. `functions` is the functions' address. */
export async function checkStripe(functions: string): Promise<Finding[]> {
  const [stripe, live] = [connect(), livemode()];
  const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
  return [
    checkEndpoint(data, `${functions}/stripe-webhook`, live),
    await checkDelivery(stripe),
    await checkMode(live),
    await findPortal(stripe),
  ];
}
