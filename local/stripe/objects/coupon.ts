import type { Coupon, Discount, Timestamp } from "./types.ts";

/** What a coupon takes off: a share, or an amount in the smallest unit of `currency`. */
export interface CouponInput {
  id: string;
  created: Timestamp;
  percentOff: number | null;
  amountOff: number | null;
  currency: string | null;
  duration: "once" | "forever";
  name: string | null;
  metadata: Record<string, string>;
}

/** A full coupon. */
export function buildCoupon(input: CouponInput): Coupon {
  return {
    id: input.id,
    object: "coupon",
    amount_off: input.amountOff,
    created: input.created,
    currency: input.currency,
    duration: input.duration,
    duration_in_months: null,
    livemode: false,
    max_redemptions: null,
    metadata: input.metadata,
    name: input.name,
    percent_off: input.percentOff,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
  };
}

/** A full discount: a coupon that somebody has. */
export function buildDiscount(
  { id, coupon, customer, session, start }: {
    id: string;
    coupon: string;
    customer: string;
    session: string | null;
    start: Timestamp;
  },
): Discount {
  return {
    id,
    object: "discount",
    checkout_session: session,
    customer,
    customer_account: null,
    end: null,
    invoice: null,
    invoice_item: null,
    promotion_code: null,
    source: { coupon, type: "coupon" },
    start,
    subscription: null,
    subscription_item: null,
  };
}
