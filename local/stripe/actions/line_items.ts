import { invalidRequest, resourceMissing } from "../errors.ts";
import { newId } from "../ids.ts";
import { formatMoney, minimumCharge } from "../money.ts";
import { buildLineItem, type Recurrence } from "../objects/catalog.ts";
import type { LineItem, Price } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";
import { createPrice, createProduct } from "./catalog.ts";

/** One line of a new session: a price that exists, or one made for it. */
export interface LineInput {
  price?: string;
  price_data?: {
    currency: string;
    unit_amount: number;
    recurring?: Recurrence;
    product?: string;
    product_data?: {
      name: string;
      description?: string;
      images?: string[];
      metadata?: Record<string, string>;
    };
  };
  quantity: number;
  metadata?: Record<string, string>;
}

/** The line item for a parameter `line_items[index]`: what it costs is settled here, never by the page. */
export function priceLine(standIn: StandIn, line: LineInput, index: number): LineItem {
  const price = priceOf(standIn, line, `line_items[${index}]`);
  const name = standIn.state.products.get(price.product)?.name ?? price.product;
  const { quantity, metadata } = line;
  return buildLineItem({ id: newId("lineItem"), price, quantity, description: name, metadata });
}

function priceOf(standIn: StandIn, line: LineInput, param: string): Price {
  const data = line.price_data;
  if ((line.price === undefined) === (data === undefined)) {
    throw invalidRequest("You must specify either `price` or `price_data`.", "parameter_missing", param);
  }
  if (data === undefined) return existingPrice(standIn, line.price ?? "", `${param}[price]`);
  if ((data.product === undefined) === (data.product_data === undefined)) {
    const message = "You must specify either `product` or `product_data` when creating a price.";
    throw invalidRequest(message, "parameter_missing", `${param}[price_data]`);
  }
  const product = data.product ?? createProduct(standIn, data.product_data ?? { name: "" }).id;
  // Stripe keeps inline prices inactive, so that nobody reuses them.
  return createPrice(standIn, {
    product,
    unitAmount: data.unit_amount,
    currency: data.currency,
    recurrence: data.recurring,
    active: false,
  });
}

function existingPrice(standIn: StandIn, id: string, param: string): Price {
  const price = standIn.state.prices.get(id);
  if (price === undefined) throw resourceMissing("price", id, param, 400);
  if (!price.active) {
    throw invalidRequest(
      `The price specified is inactive. This field only accepts active prices.`,
      undefined,
      param,
    );
  }
  return price;
}

/** A subscription needs a price that recurs, and what is paid once has none. @throws {StripeApiError} */
export function checkMode(lines: LineItem[], mode: "payment" | "subscription"): void {
  const recurs = lines.map((line) => line.price.recurring !== null);
  if (mode === "payment" && recurs.includes(true)) {
    throw invalidRequest(
      "You specified `payment` mode but passed a recurring price. " +
        "Either switch to `subscription` mode or use only one-time prices.",
    );
  }
  // Stripe takes one-time prices beside recurring ones; nothing here sells both at once.
  if (mode === "subscription" && recurs.includes(false)) {
    throw invalidRequest("You must provide at least one recurring price in `subscription` mode.");
  }
}

/** The sum of all lines, which must share one currency. */
export function sumOf(
  lines: LineItem[],
  currency = lines[0].currency,
): { amountTotal: number; currency: string } {
  if (lines.some((line) => line.currency !== currency)) {
    throw invalidRequest(
      "All prices on a Checkout Session must be in the same currency.",
      undefined,
      "line_items",
    );
  }
  return { amountTotal: lines.reduce((sum, line) => sum + line.amount_total, 0), currency };
}

/** The sum of all lines, which must reach the least that Stripe charges. */
export function totalOf(lines: LineItem[], wanted?: string): { amountTotal: number; currency: string } {
  const { amountTotal, currency } = sumOf(lines, wanted);
  const least = minimumCharge(currency);
  if (amountTotal < least) {
    const message = `The Checkout Session's total amount due must add up to at least ${
      formatMoney(least, currency)
    }`;
    throw invalidRequest(message, "amount_too_small");
  }
  return { amountTotal, currency };
}
