/**
 * The errors of buying credits and of taking in Stripe's events.
 *
 * @module
 */
import { problems } from "../_shared/http/errors.ts";

/** Listed in `docs/errors.md`. */
export const BILLING_ERRORS = problems({
  invalid_signature: { status: 400, message: "The Stripe signature does not match the body" },
  return_to_not_allowed: { status: 400, message: "return_to must be on an allowed origin" },
  unknown_pack: { status: 404, message: "There is no such credit pack" },
  pack_misconfigured: {
    status: 502,
    message: "The pack has another price at the payment provider; nothing can be paid",
  },
  unknown_plan: { status: 404, message: "There is no such plan, or not at this price" },
  already_subscribed: {
    status: 409,
    message: "There is a subscription already; the billing portal changes it",
  },
  plan_misconfigured: {
    status: 502,
    message: "The plan has another price at the payment provider; nothing can be paid",
  },
  payment_provider_unavailable: {
    status: 502,
    message: "The payment provider did not answer; nothing was charged",
  },
});
