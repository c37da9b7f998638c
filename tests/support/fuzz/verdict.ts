/**
 * What is wrong with an answer, whatever was asked.
 *
 * @module
 */
import { STATUS } from "../error_codes.ts";
import type { Operation } from "./operations.ts";
import type { Sent } from "./requests.ts";

/** What any route may answer to what never gets as far as the route. */
const BEFORE_THE_ROUTE = [401, 403, 404, 405, 413, 415, 400];

/** What only the inside knows: SQL, Postgres, PostgREST, stacks, paths. */
const INSIDE = [
  /\b(?:select|insert into|update|delete from|alter|create) \S+ (?:from|set|values|where|table|function)\b/i,
  /\bpg_\w+|\bPGRST\d+|\bSQLSTATE\b|\bplpgsql\b|\bsearch_path\b/i,
  /syntax error|violates|permission denied|constraint|relation "|column "|function public\.|row-level security/i,
  /\bat (?:async )?[\w.<>]+ \(?(?:file|https?|npm|ext):|file:\/\/|node_modules|\/supabase\/functions\//,
  /\b(?:credits_)?private\.\w+|\bZodError\b|\bTypeError\b|\bPostgresError\b|\bJWT\w*Error\b/,
];

/** Looks for what answers and log lines must not hold. */
export class Judge {
  /** @param secrets Exact texts that must appear nowhere. @param names Names of tables and functions. */
  constructor(readonly secrets: string[], readonly names: string[]) {}

  /** The first thing wrong with `response`, whose body is `text`; undefined when nothing is. */
  wrong(operation: Operation, sent: Sent, response: Response, text: string): string | undefined {
    const { status, headers } = response;
    if (status >= 500) return `is a ${status}`;
    if (![...operation.statuses, ...BEFORE_THE_ROUTE].includes(status)) {
      return `is a ${status}, which is not described`;
    }
    if (!headers.get("x-request-id")) return "has no request id";
    const secret = this.leaked(text) ?? this.leaked([...headers].join());
    if (secret) return `holds a secret: ${secret.slice(0, 12)}`;
    return status < 400 ? undefined : this.#wrongError(sent, response, text);
  }

  /** A secret that is in `text`. */
  leaked(text: string): string | undefined {
    return this.secrets.find((secret) => text.includes(secret));
  }

  #wrongError(sent: Sent, { status, headers }: Response, text: string): string | undefined {
    if (!headers.get("content-type")?.startsWith("application/json")) return "is an error that is no JSON";
    const body: { code?: string; detail?: string } = JSON.parse(text);
    const expected = STATUS[body.detail === undefined ? body.code ?? "" : "invalid_api_key"];
    if (expected !== status) return `has the code ${body.code} with status ${status}`;
    const told = INSIDE.flatMap((pattern) => text.match(pattern)?.[0] ?? []);
    const named = this.names.filter((name) => text.includes(name));
    return [...told, ...named].map((found) => echoed(sent, found) ? undefined : `tells of ${found}`).find(
      Boolean,
    );
  }
}

/** Whether `found` is only what the caller sent: the name of an unknown field comes back. */
function echoed({ url, body }: Sent, found: string): boolean {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  return text.includes(found) || url.includes(found);
}
