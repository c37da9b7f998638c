// @ts-check
/** The credits-api, with the types that its own description says. */

/** @typedef {import("../supabase/credits/credits-api.d.ts").paths} Paths */
/** @typedef {NonNullable<Paths["/credits-api/checkout"]["post"]["requestBody"]>} Checkout */
/** @typedef {{ functions: { invoke(path: string, options: object): Promise<{ data: any, error: unknown }> } }} Client */

/**
 * Reads what the person has, can buy, and pays.
 *
 * @template {"/balance" | "/packs"} P
 * @param {Client} client
 * @param {P} path
 * @returns {Promise<Paths[`/credits-api${P}`]["get"]["responses"][200]["content"]["application/json"]>}
 */
export async function read(client, path) {
  const { data, error } = await client.functions.invoke(`credits-api${path}`, { method: "GET" });
  if (error) throw error;
  return data;
}

/**
 * What a picture of a size costs.
 *
 * @param {Client} client
 * @param {string} size
 */
export async function priceOf(client, size) {
  const query = new URLSearchParams({ action: "image", usage: "picture:1", size });
  const { data, error } = await client.functions.invoke(`credits-api/estimate?${query}`, { method: "GET" });
  if (error) throw error;
  /** @type {Paths["/credits-api/estimate"]["get"]["responses"][200]["content"]["application/json"]} */
  const { cost } = data;
  return cost;
}

/**
 * The address of the payment page.
 *
 * @param {Client} client
 * @param {Checkout["content"]["application/json"]} order
 */
export async function checkOut(client, order) {
  const { data, error } = await client.functions.invoke("credits-api/checkout", { body: order });
  if (error) throw error;
  /** @type {Paths["/credits-api/checkout"]["post"]["responses"][200]["content"]["application/json"]} */
  const { url } = data;
  return url;
}
