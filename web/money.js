/** Amounts of money as people read them. */

// Stripe's lists: neither Intl nor ISO 4217 counts every currency as Stripe does.
const NO_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");
const THREE_DECIMALS = "bhd jod kwd omr tnd".split(" ");
/** Counted in hundredths by Stripe, and yet never charged in parts. */
const WHOLE = ["isk", "ugx"];

/**
 * `amount`, in the smallest unit that Stripe has of `currency`, as people write it.
 *
 * @param {string} [locale] the browser's own by default
 */
export function money(amount, currency, locale) {
  const decimals = NO_DECIMALS.includes(currency) ? 0 : THREE_DECIMALS.includes(currency) ? 3 : 2;
  const shown = WHOLE.includes(currency) ? 0 : decimals;
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  }).format(amount / 10 ** decimals);
}
