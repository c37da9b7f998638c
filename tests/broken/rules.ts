import { BROKEN_STRIPE_RULES } from "./billing.ts";

/** What {@link BROKEN_RULES} breaks: a statement, or a function with one piece of its text replaced. */
export type Break =
  & { what: string; file: string }
  & ({ sql: string } | { of: string; replace: [from: string, to: string] });

const foundation: Break[] = [
  {
    what: "service_role gets into the private schema",
    file: "foundation",
    sql: "grant usage on schema private to service_role",
  },
  {
    what: "a function with an open search_path",
    file: "foundation",
    sql: "alter function public.expire_credits() reset search_path",
  },
  {
    what: "an amount with three places",
    file: "foundation",
    of: "private.is_amount",
    replace: ["round(p_amount, 2)", "round(p_amount, 3)"],
  },
  {
    what: "an amount of NaN",
    file: "foundation",
    of: "private.is_amount",
    replace: ["p_amount <= 9999999999.99", "true"],
  },
  {
    what: "an identifier that is not time-ordered",
    file: "foundation",
    of: "private.uuid_v7",
    replace: ["|| '7'", "|| '4'"],
  },
];

const access: Break[] = [
  {
    what: "one function more for authenticated",
    file: "grants",
    sql: "grant execute on function public.read_balance(uuid) to authenticated",
  },
  {
    what: "one function less for service_role",
    file: "grants",
    sql: "revoke execute on function public.read_balance(uuid) from service_role",
  },
  {
    what: "a new function with the default grant",
    file: "grants",
    sql: "create function public.new_rpc() returns integer language sql set search_path = '' as 'select 1'",
  },
  {
    what: "a new helper with the default grant",
    file: "grants",
    sql:
      "create function private.new_helper() returns integer language sql set search_path = '' as 'select 1'",
  },
  {
    what: "a new table that is not listed",
    file: "grants",
    sql:
      "create table public.new_table (); revoke all on public.new_table from public, anon, authenticated, service_role",
  },
  {
    what: "one table less for service_role",
    file: "grants",
    sql: "revoke select on public.credit_ledger from service_role",
  },
  {
    what: "metadata readable",
    file: "grants",
    sql: "grant select (metadata) on public.credit_usage_logs to authenticated",
  },
  {
    what: "a sequence for anon",
    file: "grants",
    sql: "grant usage on sequence public.credit_debts_id_seq to anon",
  },
  {
    what: "a table without row security",
    file: "row_security",
    sql: "alter table public.credit_ledger disable row level security",
  },
  {
    what: "a policy that shows everybody's rows",
    file: "row_security",
    sql: `alter policy "owners read their stories" on public.stories using (true)`,
  },
  {
    what: "an owner who cannot read their own",
    file: "row_security",
    sql: `drop policy "owners read their batches" on public.credit_batches`,
  },
  {
    what: "a view that asks as its owner",
    file: "row_security",
    sql: "alter view public.held_stripe_events set (security_invoker = false)",
  },
  {
    what: "anon reads a table",
    file: "row_security",
    sql: "grant select on public.stories to anon",
  },
  {
    what: "a signed-in user writes",
    file: "row_security",
    sql: "grant update on public.books to authenticated",
  },
  {
    what: "a signed-in user calls a function",
    file: "row_security",
    sql: "grant execute on function public.verify_credits(uuid) to authenticated",
  },
  {
    what: "metadata readable by its owner",
    file: "row_security",
    sql: "grant select (metadata) on public.credit_usage_logs to authenticated",
  },
  {
    what: "an operator who cannot set prices",
    file: "row_security",
    sql: "alter function private.touch_updated_at() security invoker",
  },
  {
    what: "files of others",
    file: "stories/books",
    sql: `alter policy "owners read their book files" on storage.objects using (bucket_id = 'books')`,
  },
  {
    what: "files that are not paid for",
    file: "stories/books",
    sql: `alter policy "owners read their book files" on storage.objects
      using (bucket_id = 'books' and (storage.foldername(name))[1] = (select auth.uid())::text)`,
  },
];

const credits: Break[] = [
  {
    what: "a ledger that can be changed",
    file: "credits/accounts",
    sql: "drop trigger credit_ledger_append_only on public.credit_ledger",
  },
  {
    what: "the newest batch spent first",
    file: "credits/accounts",
    of: "private.take_head",
    replace: ["order by h.expires_at, h.id", "order by h.expires_at, h.id desc"],
  },
  {
    what: "what never expires spent first",
    file: "credits/accounts",
    of: "private.take_from_batches",
    replace: ["order by expires_at, id", "order by expires_at nulls first, id"],
  },
  {
    what: "expired credits that can be spent until the sweep",
    file: "credits/accounts",
    of: "public.reserve_credits",
    replace: ["v_head_expires_at > v_now", "true"],
  },
  {
    what: "batches that expire an instant late",
    file: "credits/accounts",
    of: "private.expire_batches",
    replace: ["expires_at <= v_now", "expires_at < v_now"],
  },
  {
    what: "a sweep that expires nothing",
    file: "credits/accounts",
    of: "public.expire_credits",
    replace: ["v_count + private.expire_batches(v_user_id)", "v_count + 1"],
  },
  {
    what: "a grant key that grants twice",
    file: "credits/grants_and_debts",
    sql: `alter table public.credit_batches drop constraint credit_batches_user_id_grant_key_key;
      do $$ begin execute replace(
        pg_get_functiondef('public.grant_credits'::regproc), 'and grant_key = p_grant_key', 'and false'
      ); end $$`,
  },
  {
    what: "debts that are not paid",
    file: "credits/grants_and_debts",
    of: "public.grant_credits",
    replace: ["private.pay_debts(p_user_id)", "0"],
  },
  {
    what: "the newest debt paid first",
    file: "credits/grants_and_debts",
    of: "private.pay_debts",
    replace: ["order by id", "order by id desc"],
  },
  {
    what: "returned credits that pay no debt",
    file: "credits/grants_and_debts",
    of: "private.settle_account",
    replace: ["perform private.pay_debts(p_user_id);", ""],
  },
  {
    what: "an adjustment key that adjusts twice",
    file: "credits/grants_and_debts",
    sql: `alter table public.credit_revocations drop constraint credit_revocations_pkey;
      do $$ begin execute replace(
        pg_get_functiondef('public.adjust_credits'::regproc), 'and revocation_key = p_adjustment_key', 'and false'
      ); end $$`,
  },
  {
    what: "a bonus before the e-mail is confirmed",
    file: "credits/signup_bonus",
    sql:
      "create trigger too_early after insert on auth.users for each row execute function private.grant_signup_bonus()",
  },
  {
    what: "a bonus for every confirmation",
    file: "credits/signup_bonus",
    of: "private.grant_signup_bonus",
    replace: ["'signup_bonus', 'signup_bonus'", "'signup_bonus', gen_random_uuid()::text"],
  },
  {
    what: "a bonus that blocks a sign-up",
    file: "credits/signup_bonus",
    of: "private.grant_signup_bonus",
    replace: ["raise warning", "raise exception"],
  },
  {
    what: "metadata that keeps everything",
    file: "credits/reservations",
    of: "private.allowed_metadata",
    replace: ["p_metadata - array(select jsonb_object_keys(p_metadata - v_allowed))", "p_metadata"],
  },
  {
    what: "a job that reserves twice",
    file: "credits/reservations",
    sql: `alter table public.credit_usage_logs drop constraint credit_usage_logs_pkey;
      do $$ begin
        execute replace(pg_get_functiondef('public.reserve_credits'::regproc), 'on conflict (user_id, job_id) do nothing', '');
      end $$`,
  },
  {
    what: "a reservation of more than there is",
    file: "credits/reservations",
    of: "private.take_hold",
    replace: ["v_account.available >= p_amount", "v_account.available + 1 > p_amount"],
  },
  {
    what: "a batch that moves under the account's head",
    file: "credits/head",
    of: "private.post_entry",
    replace: ["perform private.put_head_back(p_user_id);", "null;"],
  },
  {
    what: "a head that is left when it is empty",
    file: "credits/head",
    of: "public.reserve_credits",
    replace: ["if v_head_remaining = 0 then", "if false then"],
  },
  {
    what: "a repeated job that keeps what it took from the head",
    file: "credits/head",
    of: "public.reserve_credits",
    replace: ["head_remaining = a.head_remaining + v_amount", "head_remaining = a.head_remaining"],
  },
  {
    what: "a release to the head of what came from another batch",
    file: "credits/head",
    of: "public.release_credits",
    replace: ["a.head_batch_id = r.head_batch_id", "a.head_batch_id is not null"],
  },
  {
    what: "a release to an expired head that stays",
    file: "credits/head",
    of: "public.release_credits",
    replace: ["v_expires_at <= v_now", "false"],
  },
  {
    what: "a head that is not the batch to be spent first",
    file: "credits/head",
    of: "private.take_head",
    replace: ["order by h.expires_at, h.id", "order by h.id"],
  },
  {
    what: "a reservation that a stranger confirms",
    file: "credits/settlements",
    of: "private.confirm_slowly",
    replace: [
      "where user_id = p_user_id and job_id = p_job_id;\n  if not found",
      "where job_id = p_job_id;\n  if not found",
    ],
  },
  {
    what: "a stranger's release that finds something",
    file: "credits/settlements",
    of: "private.release_slowly",
    replace: ["row('not_found'", "row('released'"],
  },
  {
    what: "a part that returns nothing",
    file: "credits/settlements",
    of: "private.confirm_slowly",
    replace: [
      "perform private.return_to_batches(v_reservation, v_reservation.reserved_amount - v_charged);",
      "null;",
    ],
  },
  {
    what: "more charged than was reserved",
    file: "credits/settlements",
    of: "private.confirm_slowly",
    replace: ["v_charged > v_reservation.reserved_amount then", "false then"],
  },
  {
    what: "a late confirmation that calls itself in time",
    file: "credits/settlements",
    of: "public.confirm_credits",
    replace: ["and expires_at > v_now", ""],
  },
  {
    what: "a release that ends every swept reservation of its user",
    file: "credits/lifetime",
    of: "private.release_slowly",
    replace: ["and job_id = p_job_id\n      and settle_reason = 'expired'", "and settle_reason = 'expired'"],
  },
  {
    what: "a release that can be confirmed after all",
    file: "credits/settlements",
    of: "private.confirm_slowly",
    replace: ["is distinct from 'expired'", "is null"],
  },
  {
    what: "what comes back goes to the first batch",
    file: "credits/lifetime",
    of: "private.return_to_batches",
    replace: ["order by e.entry desc", "order by e.entry"],
  },
  {
    what: "a hold that outlives its maximum",
    file: "credits/lifetime",
    of: "public.extend_reservation",
    replace: ["least(v_now + p_ttl, v_limit)", "v_now + p_ttl"],
  },
  {
    what: "an extension that shortens",
    file: "credits/lifetime",
    of: "public.extend_reservation",
    replace: ["greatest(v_reservation.expires_at,", "greatest(null,"],
  },
  {
    what: "returned credits that outlive their batch",
    file: "credits/lifetime",
    of: "public.release_credits",
    replace: ["v_expires_at <= v_now", "false"],
  },
  {
    what: "a sweep that takes no heed of its time to live",
    file: "credits/lifetime",
    of: "public.release_stale_reservations",
    replace: ["15 - p_ttl_minutes", "0"],
  },
  {
    what: "a sweep that takes what is alive",
    file: "credits/lifetime",
    of: "public.release_stale_reservations",
    replace: ["expires_at <= v_stale_before", "true"],
  },
  {
    what: "a caller's reason that opens the way to a late confirmation",
    file: "credits/lifetime",
    of: "public.release_credits",
    replace: ["nullif(p_reason, 'expired')", "p_reason"],
  },
  ...["ledger", "accounts", "batches", "reservations"].map((part): Break => ({
    what: `a verification without its ${part}`,
    file: "credits/verification",
    of: "public.verify_credits",
    replace: [
      `select * from private.verify_${part}(p_user_id)`,
      `select * from private.verify_${part}(p_user_id) where false`,
    ],
  })),
];

const limitsAndReads: Break[] = [
  {
    what: "a window that is open an instant too long",
    file: "limits/rate_limits",
    of: "private.consume_rate_limit",
    replace: [
      "make_interval(mins => p_window_minutes)",
      "make_interval(mins => p_window_minutes, secs => 0.000001)",
    ],
  },
  {
    what: "one call more than the limit",
    file: "limits/rate_limits",
    of: "public.check_rate_limit",
    replace: [
      "p_action, p_max_requests, p_window_minutes)",
      "p_action, p_max_requests + 1, p_window_minutes)",
    ],
  },
  {
    what: "a wait that is too short",
    file: "limits/rate_limits",
    of: "private.consume_rate_limit",
    replace: ["ceil(", "floor("],
  },
  {
    what: "a clock set back that shortens a window",
    file: "limits/rate_limits",
    of: "private.consume_rate_limit",
    replace: ["|| greatest(v_now, r.hits[cardinality(r.hits)])", "|| v_now"],
  },
  {
    what: "keys that share a limit",
    file: "limits/rate_limits",
    of: "public.check_rate_limit",
    replace: [
      "consume_rate_limit(p_identifier, p_action,",
      "consume_rate_limit(p_identifier || p_action, 'all',",
    ],
  },
  {
    what: "chunks of a wide limit that are dropped too early",
    file: "limits/rate_limits",
    of: "private.consume_wide_limit",
    replace: ["v_limit.chunks - p_max / 64;", "v_limit.chunks - p_max / 64 + 3;"],
  },
  {
    what: "chunks of a wide limit that are kept",
    file: "limits/rate_limits",
    of: "private.consume_wide_limit",
    replace: ["and chunk < v_limit.chunks - p_max / 64;", "and false;"],
  },
  {
    what: "a clean-up that removes what a window needs",
    file: "limits/rate_limits",
    of: "public.cleanup_rate_limits",
    replace: ["interval '1 day'", "interval '1 hour'"],
  },
  {
    what: "updated_at that stays",
    file: "credits/pricing",
    sql: "drop trigger credit_pricing_touch on public.credit_pricing",
  },
  {
    what: "a price without its snapshot",
    file: "credits/pricing",
    of: "private.price_of",
    replace: ["'credits', p.credits,", ""],
  },
  {
    what: "expired credits in the balance",
    file: "credits/reads",
    of: "public.read_balance",
    replace: ["b.expires_at <= v_now", "false"],
  },
  {
    what: "a limit that is not clamped",
    file: "credits/reads",
    of: "public.read_usage",
    replace: ["1), 100)", "1), 1000)"],
  },
  {
    what: "metadata in the usage",
    file: "credits/reads",
    of: "private.usage_page",
    replace: ["'description', p.description", "'description', p.description, 'metadata', p.metadata"],
  },
  {
    what: "pages that repeat a row",
    file: "credits/reads",
    of: "private.usage_page",
    replace: ["u.job_id < p_before", "u.job_id <= p_before"],
  },
  {
    what: "somebody else's usage",
    file: "credits/reads",
    of: "private.usage_page",
    replace: ["u.user_id = p_user_id and", "true and"],
  },
];

const jobs: Break[] = [
  {
    what: "an idempotency key that makes a second job",
    file: "stories/stories",
    sql: `drop index public.generation_jobs_idempotency_key;
      do $$ begin execute replace(
        pg_get_functiondef('private.earlier_admission'::regproc), 'idempotency_key = p_key', 'false'
      ); end $$`,
  },
  {
    what: "an idempotency key that takes any request",
    file: "stories/stories",
    of: "private.earlier_admission",
    replace: ["v_job.request_digest = private.digest_of(p_job_type, p_request)", "true"],
  },
  {
    what: "a limit that does not count refused requests",
    file: "stories/stories",
    of: "public.create_story",
    replace: [
      "v_result := private.admit_job(",
      "delete from public.api_rate_limits where identifier = p_user_id::text; v_result := private.admit_job(",
    ],
  },
  {
    what: "a story that is not paid for",
    file: "stories/stories",
    of: "private.admit_job",
    replace: ["v_reservation.outcome <> 'reserved'", "false"],
  },
  {
    what: "a book without pages",
    file: "stories/books",
    of: "private.check_book",
    replace: ["v_pages < 1", "v_pages < 0"],
  },
  {
    what: "a book of any length",
    file: "stories/books",
    of: "private.check_book",
    replace: ["v_pages > 60", "v_pages > 600"],
  },
  {
    what: "a book of somebody else's story",
    file: "stories/books",
    of: "public.create_book",
    replace: ["and user_id = p_user_id", ""],
  },
  {
    what: "a job claimed twice",
    file: "jobs/delivery",
    of: "public.claim_job",
    replace: ["v_job.status <> 'queued'", "v_job.status not in ('queued', 'generating')"],
  },
  {
    what: "a sign of life from an old attempt",
    file: "jobs/delivery",
    of: "public.heartbeat_job",
    replace: ["v_job.attempt is distinct from p_attempt", "false"],
  },
  {
    what: "a job that fails and keeps its credits",
    file: "jobs/delivery",
    of: "private.give_up_job",
    replace: [":= public.release_credits(p_job.id, p_job.user_id, p_error_code);", ";"],
  },
  {
    what: "a charge by hand that nobody delivers and nobody returns",
    file: "jobs/endings",
    of: "private.give_up_job",
    replace: ["v_settlement.outcome = 'already_confirmed'", "false"],
  },
  {
    what: "a late delivery that could still be charged after it failed",
    file: "jobs/endings",
    of: "public.complete_story",
    replace: [
      "private.give_up_job(v_job, 'failed', 'reservation_expired', null)",
      "private.set_job_status(v_job, 'failed', 'reservation_expired')",
    ],
  },
  {
    what: "people in events",
    file: "billing/inbox",
    of: "public.apply_stripe_event",
    replace: [":= private.without_personal_data(p_event)", ":= p_event"],
  },
  {
    what: "a retry at once",
    file: "jobs/delivery",
    of: "private.try_again_or_give_up",
    replace: ["+ v_settings.retry_delay * power(2, greatest(p_job.attempt - 1, 0))", ""],
  },
  {
    what: "retries without end",
    file: "jobs/delivery",
    of: "private.try_again_or_give_up",
    replace: ["p_job.attempt >= v_settings.max_attempts", "false"],
  },
  {
    what: "a waiting job whose credits are swept",
    file: "jobs/delivery",
    of: "public.requeue_stale_jobs",
    replace: ["v_lifetime, interval '24 hours'", "interval '1 minute', v_lifetime"],
  },
  {
    what: "work that cannot be paid for any more",
    file: "jobs/delivery",
    of: "public.claim_job",
    replace: ["and not private.can_be_charged(v_job)", "and false"],
  },
  {
    what: "a sweep of everything at once",
    file: "credits/lifetime",
    of: "public.release_stale_reservations",
    replace: ["limit 1000", ""],
  },
  {
    what: "an expiry of everything at once",
    file: "credits/lifetime",
    of: "public.expire_credits",
    replace: ["limit 1000", ""],
  },
  {
    what: "a cleaning of all limits at once",
    file: "limits/rate_limits",
    of: "public.cleanup_rate_limits",
    replace: ["limit 10000", ""],
  },
  {
    what: "a user whose thousands of holds are released at once",
    file: "credits/lifetime",
    of: "public.release_stale_reservations",
    replace: ["where s.nth <= 100", "where true"],
  },
  {
    what: "an account that stops the sweep of all others",
    file: "credits/lifetime",
    of: "public.release_stale_reservations",
    replace: ["raise warning", "raise exception"],
  },
  {
    what: "an account that stops the expiry of all others",
    file: "credits/lifetime",
    of: "public.expire_credits",
    replace: ["raise warning", "raise exception"],
  },
  {
    what: "a prompt that outlives its story",
    file: "jobs/endings",
    of: "public.delete_story",
    replace: ["metadata - 'prompt'", "metadata"],
  },
  {
    what: "a long queue that hides its end from the sweep",
    file: "jobs/delivery",
    of: "public.requeue_stale_jobs",
    replace: ["least(v_lifetime, interval '24 hours')", "interval '12 minutes'"],
  },
  {
    what: "a job that waits for ever",
    file: "jobs/delivery",
    of: "public.requeue_stale_jobs",
    replace: ["v_job.created_at <= v_now - v_lifetime", "false"],
  },
  {
    what: "a story that is delivered and not paid for",
    file: "jobs/endings",
    of: "public.complete_story",
    replace: ["not v_charge.paid", "false"],
  },
  {
    what: "a job that was charged by hand and is not delivered",
    file: "jobs/endings",
    of: "private.charge_job",
    replace: [", 'already_confirmed')", ")"],
  },
  {
    what: "an age that is a list of numbers",
    file: "stories/stories",
    of: "private.check_story",
    replace: ["'strict $.age_min", "'lax $.age_min"],
  },
  {
    what: "an answer of an old attempt that is stored",
    file: "jobs/endings",
    of: "private.may_complete",
    replace: ["p_job.attempt is distinct from p_attempt", "false"],
  },
  {
    what: "fewer pages for the whole price",
    file: "jobs/endings",
    of: "private.charge_job",
    replace: ["p_pages < p_job.pages_total", "false"],
  },
  {
    what: "a page without text",
    file: "jobs/endings",
    of: "private.well_formed_pages",
    replace: ["coalesce(", "coalesce(true, "],
  },
  {
    what: "somebody else's job cancelled",
    file: "jobs/endings",
    of: "public.cancel_job",
    replace: ["and user_id = p_user_id", ""],
  },
  {
    what: "an unfinished story deleted and not cancelled",
    file: "jobs/endings",
    of: "public.delete_story",
    replace: ["perform private.cancel_if_alive(v_job_id);", ""],
  },
  {
    what: "a table that is not classified",
    file: "erasure",
    sql: "create table public.new_table (user_id uuid)",
  },
  {
    what: "words of an erased user that stay",
    file: "erasure",
    of: "private.erase_content",
    replace: ["metadata = '{}', description = null", "description = null"],
  },
  {
    what: "an event that names an erased user",
    file: "erasure",
    of: "private.without_personal_data",
    replace: ["where f.key in", "where true or f.key in"],
  },
  {
    what: "credits that an erased user spends",
    file: "erasure",
    of: "public.reserve_credits",
    replace: ["and a.erased_at is null", ""],
  },
  {
    what: "credits for an erased user",
    file: "erasure",
    of: "private.open_account",
    replace: ["v_account.erased_at is not null", "false"],
  },
  {
    what: "a payment of an erased user that is granted",
    file: "erasure",
    sql: `do $$ begin
      execute replace(pg_get_functiondef('private.lock_user'::regproc), 'erased_at is null', 'user_id is not null');
      execute replace(pg_get_functiondef('private.lock_user'::regproc), 'u.id = p_user_id', 'true');
    end $$`,
  },
];

/** Each rule of the database, broken, and the pgTAP file that must notice. */
export const BROKEN_RULES: Break[] = [
  ...foundation,
  ...access,
  ...credits,
  ...limitsAndReads,
  ...jobs,
  ...BROKEN_STRIPE_RULES,
];
