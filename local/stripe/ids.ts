const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** What each kind of Stripe id starts with; `payment` and `paymentRefund` are those of bank payments. */
export const PREFIX = {
  balanceTransaction: "txn_",
  charge: "ch_",
  customer: "cus_",
  discount: "di_",
  payment: "py_",
  dispute: "du_",
  event: "evt_",
  invoice: "in_",
  invoiceLine: "il_",
  invoicePayment: "inpay_",
  lineItem: "li_",
  paymentIntent: "pi_",
  paymentMethod: "pm_",
  portalSession: "bps_",
  price: "price_",
  product: "prod_",
  refund: "re_",
  paymentRefund: "pyr_",
  request: "req_",
  schedule: "sub_sched_",
  session: "cs_test_",
  subscription: "sub_",
  subscriptionItem: "si_",
} as const;

/** A string of `length` random letters and digits, as Stripe's ids end with. */
export function randomToken(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** A new id in the form of Stripe's, for example `pi_3Q…`. Session ids are longer, as Stripe's are. */
export function newId(kind: keyof typeof PREFIX): string {
  return PREFIX[kind] + randomToken(kind === "session" ? 58 : 24);
}
