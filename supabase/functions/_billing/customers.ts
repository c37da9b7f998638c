/**
 * The one Stripe customer of each user and mode. It is made with nothing but the user's id: Checkout asks for the e-mail and
 * keeps it there.
 *
 * @module
 */
import { asService, call, dataApi, read } from "../_shared/database/client.ts";
import { ApiError, unauthorized, unavailable } from "../_shared/http/errors.ts";
import { livemode } from "./deployment.ts";
import { connect, providerError } from "./stripe.ts";

/**
 * What `use` makes of the user's customer, which is made and kept first where there is none. A customer that Stripe does not
 * have any more, because somebody deleted it there, is made anew once.
 *
 * @throws {ApiError} `payment_provider_unavailable`, `unauthorized` when the user is gone, or what `use` throws.
 */
export async function withCustomer<T>(userId: string, use: (customer: string) => Promise<T>): Promise<T> {
  const customer = await keptCustomer(userId) ?? await makeCustomer(userId);
  try {
    return await use(customer);
  } catch (error) {
    if (!isGone(error)) throw error;
    return await use(await makeCustomer(userId, customer));
  }
}

/** The customer that the user has, if any was made. */
export async function keptCustomer(userId: string): Promise<string | undefined> {
  const kept = dataApi().from("stripe_customers").select("customer_id").eq("user_id", userId)
    .eq("livemode", isLive()).is("erase_at", null);
  return (await read("stripe_customers", asService(kept)))?.[0]?.customer_id;
}

/** Two tabs use the same key and so make one customer. */
async function makeCustomer(userId: string, gone?: string): Promise<string> {
  const idempotencyKey = gone === undefined ? `customer:${userId}` : `customer:${userId} ${gone}`;
  const params = { metadata: { user_id: userId } };
  const made = await connect().customers.create(params, { idempotencyKey }).catch((error) => {
    throw providerError(error);
  });
  const { outcome, customer_id } = await call("keep_stripe_customer", {
    p_user_id: userId,
    p_customer_id: made.id,
    p_livemode: isLive(),
    p_gone: gone,
  });
  if (outcome === "user_gone") throw unauthorized();
  if (customer_id !== null) return customer_id;
  if (made.id === gone) throw unavailable(new Error(`customer ${made.id} cannot be kept: ${outcome}`));
  // For a day Stripe answers the same key with the same customer, also once they are deleted.
  return await makeCustomer(userId, made.id);
}

/** A key that does not say its mode is a test key: a customer made with it is never used with a live one. */
function isLive(): boolean {
  return livemode() ?? false;
}

function isGone(error: unknown): boolean {
  const cause = error instanceof ApiError ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "resource_missing" &&
    "param" in cause && cause.param === "customer";
}
