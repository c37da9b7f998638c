import { invalidRequest } from "../errors.ts";
import type { StandIn } from "../stand_in.ts";
import type { State } from "../state.ts";
import { cutLists } from "./included.ts";
import { listPage } from "./list.ts";

type Json = Record<string, unknown>;

/** Which map holds the object that a property names by its id. */
const OBJECT_OF: Record<string, keyof State> = {
  balance_transaction: "balanceTransactions",
  charge: "charges",
  coupon: "coupons",
  customer: "customers",
  default_price: "prices",
  failure_balance_transaction: "balanceTransactions",
  invoice: "invoices",
  latest_charge: "charges",
  latest_invoice: "invoices",
  payment_intent: "paymentIntents",
  price: "prices",
  product: "products",
  subscription: "subscriptions",
};

/**
 * A copy of an answer with the properties of `paths` expanded, for example
 * `["payment_intent.latest_charge", "line_items"]`, on lists `["data.charge"]`.
 */
export function expanded(standIn: StandIn, answer: object, paths: string[] | undefined): Json {
  const copy = structuredClone(answer) as Json;
  for (const path of paths ?? []) expandPath(standIn, copy, path.split("."), path);
  return cutLists(copy);
}

function expandPath(standIn: StandIn, target: Json, path: string[], whole: string): void {
  const [property, ...rest] = path;
  const value = propertyOf(standIn, target, property, whole);
  if (value === null) return;
  target[property] = value;
  if (rest.length === 0) return;
  const inner = Array.isArray(value) ? value : [value];
  for (const item of inner) expandPath(standIn, item as Json, rest, whole);
}

function propertyOf(standIn: StandIn, target: Json, property: string, whole: string): unknown {
  const list = `${target.object}.${property}`;
  if (["checkout.session.line_items", "charge.refunds", "invoice.payments"].includes(list)) {
    return includedList(standIn, list, String(target.id));
  }
  const value = target[property];
  if (typeof value === "object" && (value !== null || property in OBJECT_OF)) return value;
  const map = OBJECT_OF[property];
  if (typeof value !== "string" || map === undefined) {
    throw invalidRequest(`This property cannot be expanded (${whole}).`, undefined, "expand");
  }
  return structuredClone(standIn.state[map].get(value) ?? value);
}

/** The lists that Stripe only includes when asked: their first page. */
function includedList(standIn: StandIn, list: string, id: string): unknown {
  if (list === "charge.refunds") {
    const refunds = [...standIn.state.refunds.values()].filter((refund) => refund.charge === id);
    return structuredClone(listPage(refunds, { limit: 10 }, `/v1/charges/${id}/refunds`));
  }
  if (list === "invoice.payments") {
    const payments = [...standIn.state.invoicePayments.values()].filter(({ invoice }) => invoice === id);
    return structuredClone(listPage(payments, { limit: 10 }, `/v1/invoice_payments?invoice=${id}`));
  }
  const items = standIn.state.lineItems.get(id) ?? [];
  return structuredClone(
    listPage(items, { limit: 10 }, `/v1/checkout/sessions/${id}/line_items`, "as given"),
  );
}
