/**
 * `POST /checkout` of the function in this process, before one server that is the Data API and Stripe.
 *
 * @module
 */
import { captureLogs, type Received, token, withEnv, withServer } from "./functions.ts";
import { app } from "../../supabase/functions/credits-api/app.ts";

export const PACK = "0198a000-0000-7000-8000-00000000000c";
export const PURCHASE = "0198a000-0000-7000-8000-00000000000d";
export const CREATED = {
  outcome: "created",
  purchase_id: PURCHASE,
  credits: 50,
  amount_cents: 4500,
  currency: "usd",
  stripe_price_id: null as string | null,
  pack_name: "Fifty",
  stripe_session_id: null as string | null,
  allow_promotion_codes: false,
  rate_limit: null,
  rate_remaining: null,
  rate_window_seconds: null,
  retry_after_seconds: null,
};
export const SESSION = {
  id: "cs_1",
  object: "checkout.session",
  url: "https://pay.example/cs_1",
  expires_at: 1_800_000_000,
  livemode: false,
  amount_subtotal: 4500,
  currency: "usd",
  status: "open",
  success_url: "https://talehop.com/shop?a=1&checkout=success",
};

/** Asks for a checkout; one local server is the Data API and Stripe. An order that was ended has no session any more. */
export async function checkout(
  order = CREATED,
  stripe: (request: Received) => Response = () => Response.json(SESSION),
  returnTo = "https://talehop.com/shop?a=1",
  env: Record<string, string> = {},
  currency?: string,
) {
  let ended = false;
  let answer: Record<string, unknown> = {};
  let received: Received[] = [];
  const logs = await captureLogs(async () => {
    received = await withServer(
      (request) => {
        const { path } = request;
        if (path.endsWith("/create_checkout")) {
          return Response.json(ended ? { ...order, stripe_session_id: null } : order);
        }
        if (path.endsWith("/end_checkout")) {
          ended = true;
          return Response.json({ outcome: "ended", purchase_id: PURCHASE });
        }
        if (path.includes("/stripe_customers")) return Response.json([{ customer_id: "cus_1" }]);
        if (path.endsWith("/attach_checkout_session")) {
          return Response.json({ outcome: "attached", purchase_id: PURCHASE });
        }
        return stripe(request);
      },
      (url) =>
        withEnv({ SUPABASE_URL: url, STRIPE_API_URL: url, ...env }, async () => {
          const response = await app.request("/credits-api/checkout", {
            method: "POST",
            body: JSON.stringify({ pack_id: PACK, return_to: returnTo, currency }),
            headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
          });
          answer = { status: response.status, ...await response.json() };
        }),
    );
  });
  return { answer, received, logs };
}

/** What Stripe was asked to make. */
export const sentOf = (received: Received[]) =>
  new URLSearchParams(received.find(({ path }) => path === "/v1/checkout/sessions")?.body);

export const paths = (received: Received[]) =>
  received.map(({ path }) => path.replace(/^\/rest\/v1(\/rpc)?|\?.*$/g, ""));
