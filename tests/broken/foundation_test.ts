/** Breaks of what holds for every domain: amounts, identifiers, and who may reach what. */
import { always, swap } from "../support/broken/change.ts";
import { testBroken } from "../support/broken/notice.ts";

testBroken({
  "foundation": {
    "service_role gets into the private schema": "grant usage on schema credits_private to service_role",
    "a function with an open search_path": "alter function public.expire_credits() reset search_path",
    "an amount with three places": always("two-places"),
    "an amount of NaN": always("largest-amount"),
    "a soft hyphen that counts as something to read": swap("invisible", "\\u00AD", ""),
    "an identifier that is not time-ordered": swap("uuid-version", "'7'", "'4'"),
  },
  "grants": {
    "one function more for authenticated":
      "grant execute on function public.read_balance(uuid) to authenticated",
    "one function less for service_role":
      "revoke execute on function public.read_balance(uuid) from service_role",
    "a new function with the default grant":
      "create function public.new_rpc() returns integer language sql set search_path = '' as 'select 1'",
    "a new helper with the default grant":
      "create function credits_private.new_helper() returns integer language sql set search_path = '' as 'select 1'",
    "a new table that is not listed": [
      "create table public.new_table ()",
      "revoke all on public.new_table from public, anon, authenticated, service_role",
    ],
    "one table less for service_role": "revoke select on public.credit_ledger from service_role",
    "metadata readable": "grant select (metadata) on public.credit_usage_logs to authenticated",
    "a sequence for anon": "grant usage on sequence public.credit_debts_id_seq to anon",
  },
  "row_security": {
    "a table without row security": "alter table public.credit_ledger disable row level security",
    "an owner who cannot read their own": `drop policy "owners read their batches" on public.user_credits`,
    "a view that asks as its owner": "alter view public.held_stripe_events set (security_invoker = false)",
    "anon reads a table": "grant select on public.credit_ledger to anon",
    "a signed-in user writes": "grant update on public.credit_purchases to authenticated",
    "a signed-in user calls a function":
      "grant execute on function public.verify_credits(uuid) to authenticated",
    "metadata readable by its owner": "grant select (metadata) on public.credit_usage_logs to authenticated",
    "an operator who cannot set prices": "alter function credits_private.touch_updated_at() security invoker",
  },
  "erasure": {
    "a table that is not classified": "create table public.new_table (user_id uuid)",
  },
});
