import { find } from "../api/find.ts";
import { newId } from "../ids.ts";
import { buildCoupon, buildDiscount, type CouponInput } from "../objects/coupon.ts";
import type { Coupon, Subscription } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";

/** Makes a coupon, under an id of its own where one is named. */
export function createCoupon(standIn: StandIn, input: Omit<CouponInput, "created">): Coupon {
  const coupon = buildCoupon({ ...input, created: standIn.now() });
  standIn.state.coupons.set(coupon.id, coupon);
  standIn.changed();
  return coupon;
}

/** What a coupon takes off `sum`, never more than there is. */
export function discountOn({ percent_off, amount_off }: Coupon, sum: number): number {
  const off = percent_off === null ? amount_off ?? 0 : Math.round(sum * percent_off / 100);
  return Math.max(0, Math.min(off, sum));
}

/** Gives a customer what `coupon` takes off. */
export function grantDiscount(
  standIn: StandIn,
  coupon: string,
  customer: string,
  session: string | null,
): string {
  find(standIn, "coupons", coupon, "discounts[0][coupon]");
  const id = newId("discount");
  const discount = buildDiscount({ id, coupon, customer, session, start: standIn.now() });
  standIn.state.discounts.set(id, discount);
  return id;
}

/** The coupons of a subscription's discounts. */
export function couponsOf(standIn: StandIn, { discounts }: Pick<Subscription, "discounts">): Coupon[] {
  return discounts.map((id) => standIn.state.coupons.get(standIn.state.discounts.get(id)!.source.coupon)!);
}

/** Those of a subscription's discounts that its next invoice has too. */
export function lastingDiscounts(standIn: StandIn, { discounts }: Subscription): string[] {
  return discounts.filter((id) => couponsOf(standIn, { discounts: [id] })[0].duration === "forever");
}
