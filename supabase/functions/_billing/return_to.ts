/**
 * Where Stripe sends a browser back to: only to an allowed origin, and with the address as it was given.
 *
 * @module
 */
import { ApiError } from "../_shared/http/errors.ts";
import { isAllowedOrigin } from "../_shared/http/origins.ts";
import { text } from "../_shared/http/schemas.ts";
import { BILLING_ERRORS } from "./errors.ts";

/** An address on an allowed origin; {@linkcode allowedReturn} checks that it is one. */
export const ReturnTo = text(1, 2000);

/** How long a URL may be at Stripe, with some room for what is added to it. */
const MAX_URL_LENGTH = 4900;

/** What comes after the origin. */
const REST = /^https?:\/\/[^/?#]*(.*)$/is;

/**
 * `text` as the address to give to Stripe: its path, query and fragment byte for byte, so that `{CHECKOUT_SESSION_ID}` and a
 * signed query stay what they are; only what is no printable ASCII is percent-encoded, as a browser does. The origin is
 * written as it was checked, so that nobody else can read another one out of it.
 *
 * @throws {ApiError} `return_to_not_allowed`
 */
export function allowedReturn(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const rest = REST.exec(text)?.[1];
  if (
    // A blob: URL has the origin of the page that made it.
    url === undefined || rest === undefined || url.username !== "" || url.password !== "" ||
    !isAllowedOrigin(url.origin)
  ) throw refused();
  const address = url.origin + rest.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
  if (address.length > MAX_URL_LENGTH) throw refused();
  return address;
}

function refused(): ApiError {
  return new ApiError(BILLING_ERRORS.return_to_not_allowed, { fields: { field: "return_to" } });
}

/** `address` with `parameter` at the end of its query. */
export function withParameter(address: string, parameter: string): string {
  const [, page, query = "", fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(address) ?? [];
  const joint = query === "" ? "?" : query.endsWith("?") || query.endsWith("&") ? "" : "&";
  return `${page}${query}${joint}${parameter}${fragment ?? ""}`;
}
