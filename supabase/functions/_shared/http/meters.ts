/**
 * Names of meters, models and sizes, and how much of a meter there can be: as Postgres reads lines of usage
 * (`credits_private.price_usage()`, `matchable()`), with which `tests/metering/names_test.ts` compares them.
 *
 * @module
 */

const meter = "[a-z][a-z0-9_]{0,39}";
const quantity = String.raw`\d{1,15}(?:\.\d{1,6})?`;

/** What meters and actions are called. */
export const METER = new RegExp(`^${meter}$`);

/** Up to 20 meters with their quantities, such as `input_tokens:812,output_tokens:2011`. */
export const METERED = new RegExp(`^${meter}:${quantity}(?:,${meter}:${quantity}){0,19}$`);

/** What models, sizes and whatever else rates match by are called. */
export const MATCHED = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}$/;
