/**
 * Structured logs: one JSON object a line, on stdout.
 *
 * Callers pass names, ids, codes and numbers. What slips into an error's text is masked here, as the last
 * line of defence: tokens, keys, signatures and e-mail addresses never reach a log.
 *
 * @module
 */

/** How serious a line is. */
export type Level = "info" | "warn" | "error";

const MASKS: readonly RegExp[] = [
  /\beyJ[\w-]+\.[\w-]*\.?[\w-]*/g, // JSON web tokens
  /\b(?:sb_(?:secret|publishable)|sk|rk|pk|whsec)_\w+/g, // Supabase and Stripe keys
  /\bBearer\s+\S+/gi,
  /[^\s"'<>()=,;:]+@[^\s"'<>()=,;]+\.[a-z]{2,}/gi, // e-mail addresses
];

/** The longest text that is logged, in UTF-16 units. */
const LONGEST = 500;

/** Writes one line. `fields` must be plain data. */
export function log(level: Level, event: string, fields: Record<string, unknown> = {}): void {
  const line = { time: new Date().toISOString(), level, event, ...fields };
  const text = JSON.stringify(line);
  console.log(isPlain(text) ? text : JSON.stringify(line, masked));
}

/** Whether nothing in `text` can be what a mask is for, or too long: JSON writes none of these letters differently. */
function isPlain(text: string): boolean {
  return text.length <= LONGEST && !/eyJ|sb_|[srp]k_|whsec_|bearer|@/i.test(text);
}

function masked(_key: string, value: unknown): unknown {
  return typeof value === "string" ? mask(value) : value;
}

/** `text` with everything that looks like a secret or an address replaced, cut to a readable length. */
export function mask(text: string): string {
  return MASKS.reduce((masked, pattern) => masked.replace(pattern, "[masked]"), text).slice(0, LONGEST);
}

/** What a log line says about an error: its name, code and text, and those of its causes. */
export function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const described: Record<string, unknown> = { name: error.name };
  if ("code" in error && typeof error.code === "string") described.code = error.code;
  if (!quotesInput(error)) described.message = error.message;
  if (error.cause !== undefined) described.cause = describe(error.cause);
  return described;
}

/** Whether the error's text repeats what a caller sent: parsers do, and so do Postgres' data exceptions. */
function quotesInput(error: Error): boolean {
  if (error instanceof SyntaxError) return true;
  return "code" in error && typeof error.code === "string" && /^22...$/.test(error.code);
}
