// Stripe's own lists, not those of ISO 4217: Stripe counts MGA without, ISK and UGX with decimals.
const ZERO_DECIMAL = new Set(
  "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "),
);
const THREE_DECIMAL = new Set("bhd jod kwd omr tnd".split(" "));
/** Counted in hundredths, and yet never charged in parts. */
const WHOLE = new Set(["isk", "ugx"]);
const MINIMUM_CHARGE: Record<string, number> = { aud: 50, cad: 50, chf: 50, eur: 50, gbp: 30, usd: 50 };

function decimals(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** The amount a person reads, `$12.50` for `1250` and `usd`. `amount` is in the currency's smallest unit. */
export function formatMoney(amount: number, currency: string): string {
  const digits = WHOLE.has(currency) ? 0 : decimals(currency);
  return new Intl.NumberFormat("en", {
    style: "currency",
    currency: currency.toUpperCase(),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** decimals(currency));
}

/** The least Stripe charges in this currency, in its smallest unit; 1 where no minimum is known here. */
export function minimumCharge(currency: string): number {
  return MINIMUM_CHARGE[currency] ?? 1;
}
