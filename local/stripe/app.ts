import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ownPagesOnly, pageHeaders } from "../http/own_site.ts";
import { stripeHeaders, testKeyOnly } from "./api/access.ts";
import type { ApiEnv } from "./api/env.ts";
import { idempotency } from "./api/idempotency.ts";
import { inVersionAskedFor } from "./api/versions.ts";
import { catchUp } from "./billing/due.ts";
import { StripeApiError, type StripeErrorBody } from "./errors.ts";
import { invoicePages } from "./page/invoice.ts";
import { portalRoutes } from "./page/portal.ts";
import { pageRoutes } from "./page/routes.ts";
import { sessionRoutes } from "./routes/checkout_sessions.ts";
import { couponRoutes } from "./routes/coupons.ts";
import { customerRoutes, portalApiRoutes } from "./routes/customers.ts";
import { disputeRoutes } from "./routes/disputes.ts";
import { eventRoutes } from "./routes/events.ts";
import { invoicePaymentRoutes, invoiceRoutes } from "./routes/invoices.ts";
import { balanceTransactionRoutes, chargeRoutes, paymentIntentRoutes } from "./routes/payments.ts";
import { priceRoutes } from "./routes/prices.ts";
import { productRoutes } from "./routes/products.ts";
import { refundRoutes } from "./routes/refunds.ts";
import { subscriptionItemRoutes } from "./routes/subscription_items.ts";
import { subscriptionRoutes } from "./routes/subscriptions.ts";
import { webhookEndpointRoutes } from "./routes/webhook_endpoints.ts";
import type { StandIn } from "./stand_in.ts";
import { deliveryRoutes } from "./testing/delivery_routes.ts";
import { billingTestRoutes } from "./testing/billing_routes.ts";
import { testRoutes } from "./testing/routes.ts";

const MAX_BODY_BYTES = 1024 * 1024;

/** The whole stand-in: Stripe's API under `/v1`, pages under `/pay`, `/portal` and `/invoice`, test controls under `/_test`. */
export function createApp(standIn: StandIn) {
  return new Hono()
    .use(pageHeaders(), ownPagesOnly, bodyLimit({ maxSize: MAX_BODY_BYTES }))
    .get("/health", (c) => c.json({ status: "ok" }))
    .route("/v1", api(standIn))
    .route("/pay", pageRoutes(standIn))
    .route("/portal", portalRoutes(standIn))
    .route("/invoice", invoicePages(standIn))
    .route("/_test", testRoutes(standIn))
    .route("/_test", billingTestRoutes(standIn))
    .route("/_test", deliveryRoutes(standIn))
    .notFound((c) => c.json({ error: unrecognized(c.req.method, c.req.path) }, 404))
    .onError(answerError);
}

function api(standIn: StandIn) {
  return new Hono<ApiEnv>()
    .use(stripeHeaders, inVersionAskedFor(standIn), testKeyOnly, idempotency(standIn))
    .use(async (c, next) => {
      catchUp(standIn);
      c.header("date", new Date(standIn.now() * 1000).toUTCString());
      await next();
    })
    .route("/products", productRoutes(standIn))
    .route("/prices", priceRoutes(standIn))
    .route("/coupons", couponRoutes(standIn))
    .route("/customers", customerRoutes(standIn))
    .route("/subscriptions", subscriptionRoutes(standIn))
    .route("/subscription_items", subscriptionItemRoutes(standIn))
    .route("/invoices", invoiceRoutes(standIn))
    .route("/invoice_payments", invoicePaymentRoutes(standIn))
    .route("/billing_portal", portalApiRoutes(standIn))
    .route("/checkout/sessions", sessionRoutes(standIn))
    .route("/payment_intents", paymentIntentRoutes(standIn))
    .route("/charges", chargeRoutes(standIn))
    .route("/balance_transactions", balanceTransactionRoutes(standIn))
    .route("/refunds", refundRoutes(standIn))
    .route("/disputes", disputeRoutes(standIn))
    .route("/events", eventRoutes(standIn))
    .route("/webhook_endpoints", webhookEndpointRoutes(standIn))
    .onError(answerError);
}

function answerError(error: Error, c: Context): Response {
  if (error instanceof StripeApiError) return c.json({ error: error.body }, error.status);
  console.error(
    JSON.stringify({ level: "error", message: "stripe stand-in", path: c.req.path, error: error.stack }),
  );
  const body: StripeErrorBody = { type: "api_error", message: "The Stripe stand-in failed; see its log." };
  return c.json({ error: body }, 500);
}

function unrecognized(method: string, path: string): StripeErrorBody {
  const message = `Unrecognized request URL (${method}: ${path}), or one that this stand-in does not have.`;
  return { type: "invalid_request_error", message };
}
