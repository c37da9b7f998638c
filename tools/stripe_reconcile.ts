/**
 * `deno task stripe:reconcile [--apply] [--all] [--days N] [--json] [--local]`: takes in the events that Stripe could
 * not deliver and compares purchases and plans with what Stripe has. Without `--apply` nothing changes.
 *
 * Reads the functions' own settings from the environment: `SUPABASE_URL`, `SUPABASE_SECRET_KEYS` or
 * `SUPABASE_SERVICE_ROLE_KEY`, `STRIPE_SECRET_KEY`. `--local` takes those of the stack that runs here.
 *
 * Ends with 0 when all is well, 1 when somebody has to look, 2 when it could not be done.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import ora from "ora";
import { LOCAL } from "../local/data_folder.ts";
import { mask } from "../supabase/functions/_shared/log.ts";
import {
  MOST_DAYS,
  needsAttention,
  reconcile,
  type Report,
} from "../supabase/functions/_billing/reconcile.ts";
import { reasonOf, UsageError, useLocalStack } from "./command.ts";

const USAGE =
  "usage: deno task stripe:reconcile [--apply] [--all] [--days 1..30] [--json] [--local [--dir .local]]";

const OPTIONS = {
  apply: { type: "boolean", default: false },
  all: { type: "boolean", default: false },
  days: { type: "string", default: String(MOST_DAYS) },
  json: { type: "boolean", default: false },
  local: { type: "boolean", default: false },
  dir: { type: "string", default: LOCAL },
} as const;

const ADVICE = {
  not_granted: "paid at Stripe, not here: run again with --all --apply",
  not_paid: "paid here, not at Stripe: ask Stripe's dashboard why",
  unknown_session: "paid at Stripe for a purchase that is not here: is this the right project?",
  unknown_purchase: "paid here by a session that Stripe does not have: is this the right Stripe account?",
  other_session: "a second session was paid for one purchase: refund it",
  amount_differs: "another amount was paid: see the purchase's events",
  reversal_differs: "another amount was given back: run again with --all --apply",
} as const;

/** What the command line asks for. @throws {UsageError} */
function readArguments() {
  const args = Deno.args.filter((argument) => argument !== "--");
  let values;
  try {
    values = parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
  const days = Number(values.days);
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) throw new UsageError(USAGE);
  return { ...values, days };
}

/** Shows how far it is: on a terminal all the time, elsewhere now and then, so that a log shows it is alive. */
function progress() {
  const spinner = ora({ stream: process.stderr, isEnabled: Deno.stderr.isTerminal(), discardStdin: false });
  const started = Deno.stderr.isTerminal() ? spinner.start("Asking Stripe") : spinner;
  return {
    onProgress(events: number, sessions: number) {
      const text = `${events} events and ${sessions} sessions looked at`;
      started.text = text;
      if (!Deno.stderr.isTerminal() && (events + sessions) % 1000 === 0) console.error(text);
    },
    end: () => started.stop(),
  };
}

/** Rows in columns as wide as their widest cell. */
function columns(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()}\n`
  )
    .join("");
}

/** The report as people read it. */
function render({ since, applied, events, purchases, plans, customers }: Report): string {
  const time = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
  const missing = events.missing.map((event) => [
    time(event.created),
    event.type,
    event.id,
    event.reason === null ? event.outcome : `${event.outcome}: ${event.reason}`,
  ]);
  const differences = purchases.differences.map((one) => [
    one.problem,
    one.purchase_id ?? one.session_id ?? "",
    `here ${one.here}, at Stripe ${one.stripe}`,
    ADVICE[one.problem],
  ]);
  const ofPlans = plans.differences.map((one) => [
    one.problem,
    one.id,
    `here ${one.here}, at Stripe ${one.stripe}`,
    one.outcome,
  ]);
  return [
    `Looked at ${events.checked} events and ${purchases.compared} sessions since ${since.slice(0, 10)}.\n`,
    `\nEvents that were missing: ${missing.length}\n${columns(missing)}`,
    `\nPurchases that disagree with Stripe: ${differences.length}\n${columns(differences)}`,
    `\nPlans that disagree with Stripe: ${ofPlans.length}\n${columns(ofPlans)}`,
    `\nCustomers of erased users: ${customers.deleted.length} deleted at Stripe, ${customers.pending.length} to be deleted\n`,
    missing.length + ofPlans.length + customers.pending.length > 0 && !applied
      ? "\nNothing was changed. --apply takes in what is missing and deletes the customers.\n"
      : "",
  ].join("");
}

async function main(): Promise<number> {
  const { local, dir, json, ...order } = readArguments();
  if (local) await useLocalStack(dir);
  const shown = progress();
  const report = await reconcile({ ...order, onProgress: shown.onProgress }).finally(shown.end);
  console.log(json ? JSON.stringify(report, null, 2) : render(report).trimEnd());
  return needsAttention(report) ? 1 : 0;
}

try {
  Deno.exit(await main());
} catch (error) {
  console.error(
    error instanceof UsageError ? error.message : mask(`Could not reconcile: ${reasonOf(error)}`),
  );
  Deno.exit(2);
}
