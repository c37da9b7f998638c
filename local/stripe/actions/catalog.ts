import { invalidRequest, resourceMissing } from "../errors.ts";
import { newId } from "../ids.ts";
import { buildPrice, buildProduct, type Recurrence } from "../objects/catalog.ts";
import type { Price, Product } from "../objects/types.ts";
import type { StandIn } from "../stand_in.ts";

/** A price as a seed file names it: `unit_amount` in the smallest unit of `currency`. */
export interface PriceSeed {
  id: string;
  unit_amount: number;
  currency: string;
  product_name: string;
  /** How often it is paid; once when absent. */
  interval?: Recurrence["interval"];
}

export type ProductInput = Omit<Parameters<typeof buildProduct>[0], "id" | "created"> & { id?: string };
export type PriceInput = Omit<Parameters<typeof buildPrice>[0], "id" | "created">;

/** Makes a product; an id that is taken is refused, as Stripe does. */
export function createProduct(standIn: StandIn, input: ProductInput): Product {
  const id = input.id ?? newId("product");
  if (standIn.state.products.has(id)) {
    throw invalidRequest("Product already exists.", "resource_already_exists", "id");
  }
  const product = buildProduct({ ...input, id, created: standIn.now() });
  standIn.state.products.set(id, product);
  standIn.changed();
  return product;
}

/** Makes a price of an existing product. */
export function createPrice(standIn: StandIn, input: PriceInput, id = newId("price")): Price {
  if (!standIn.state.products.has(input.product)) {
    throw resourceMissing("product", input.product, "product", 400);
  }
  const price = buildPrice({ ...input, id, created: standIn.now() });
  standIn.state.prices.set(id, price);
  standIn.changed();
  return price;
}

/**
 * Makes the prices that the packs of a database name, each with a product of its own. Seeding again changes
 * amount, currency and name of what is there, so that a stack may seed at every start.
 */
export function seedPrices(standIn: StandIn, seeds: PriceSeed[]): Price[] {
  return seeds.map((seed) => {
    const product = `prod_of_${seed.id}`;
    standIn.state.products.delete(product);
    createProduct(standIn, { id: product, name: seed.product_name });
    const currency = seed.currency.toLowerCase();
    const recurrence = seed.interval && { interval: seed.interval, count: 1 };
    return createPrice(standIn, { product, unitAmount: seed.unit_amount, currency, recurrence }, seed.id);
  });
}
