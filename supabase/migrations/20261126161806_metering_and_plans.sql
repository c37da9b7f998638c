set local check_function_bodies = off;

drop view "public"."work_costs";

drop function
  "credits_private"."admit_job"(public.admission_result, uuid, text, uuid, jsonb, text, text, integer);

drop function "credits_private"."reinstate_credits"(public.credit_purchases, numeric);

drop function "credits_private"."reversed_cents"(text);

drop function "credits_private"."revoke_purchase"(public.credit_purchases, numeric);

drop function "public"."note_job_usage"(uuid, integer, integer, bigint, bigint, integer);

alter table "public"."job_attempts"
  alter column "input_tokens" drop default;

alter table "public"."job_attempts"
  alter column "output_tokens" drop default;

alter table "public"."job_attempts"
  alter column "pictures" drop default;

create table "credits_private"."due_grants" (
  "step" text not null,
  constraint "due_grants_pkey" primary key (step),
  constraint "due_grants_step_check" check ((to_regprocedure((step || '(uuid)'::text)) IS NOT NULL))
);

alter table "credits_private"."due_grants"
  enable row level security;

alter table "credits_private"."due_grants"
  owner to "postgres";

create table "credits_private"."event_handlers" (
  "type"    text not null,
  "handler" text not null,
  constraint "event_handlers_handler_check" check ((to_regprocedure((handler || '(jsonb)'::text)) IS
    NOT NULL)),
  constraint "event_handlers_pkey" primary key (type)
);

alter table "credits_private"."event_handlers"
  enable row level security;

alter table "credits_private"."event_handlers"
  owner to "postgres";

create table "credits_private"."metering_settings" (
  "only_row"     boolean              not null default true,
  "debt_ceiling" public.credit_amount not null default 10,
  constraint "metering_settings_only_row_check" check (only_row),
  constraint "metering_settings_pkey" primary key (only_row)
);

alter table "credits_private"."metering_settings"
  enable row level security;

alter table "credits_private"."metering_settings"
  owner to "postgres";

create table "credits_private"."plan_settings" (
  "only_row"        boolean  not null default true,
  "grace"           interval not null default '03:00:00'::interval,
  "grant_when_free" boolean  not null default false,
  constraint "plan_settings_grace_check"
    check (((grace >= '00:00:00'::interval) AND (grace <= '3 days'::interval))),
  constraint "plan_settings_only_row_check" check (only_row),
  constraint "plan_settings_pkey" primary key (only_row)
);

alter table "credits_private"."plan_settings"
  enable row level security;

alter table "credits_private"."plan_settings"
  owner to "postgres";

create table "credits_private"."story_settings" (
  "only_row"               boolean not null default true,
  "priced_by"              text    not null default 'page'::text,
  "input_tokens"           integer not null default 8000,
  "output_tokens_per_page" integer not null default 1000,
  "model"                  text,
  constraint "story_settings_input_tokens_check" check ((input_tokens >= 1)),
  constraint "story_settings_only_row_check" check (only_row),
  constraint "story_settings_output_tokens_per_page_check" check ((output_tokens_per_page >= 1)),
  constraint "story_settings_pkey" primary key (only_row),
  constraint "story_settings_priced_by_check" check ((priced_by = ANY (ARRAY['page'::text, 'tokens'::text])))
);

alter table "credits_private"."story_settings"
  enable row level security;

alter table "credits_private"."story_settings"
  owner to "postgres";

create table "public"."metered_jobs" (
  "user_id"    uuid                     not null,
  "job_id"     uuid                     not null,
  "action"     text                     not null,
  "version"    integer                  not null,
  "ceiling"    jsonb                    not null,
  "charged"    public.credit_amount,
  "owed"       public.credit_amount,
  "created_at" timestamp with time zone not null,
  "settled_at" timestamp with time zone,
  constraint "metered_jobs_pkey" primary key (user_id, job_id)
);

revoke all on "public"."metered_jobs" from anon, authenticated, service_role;

alter table "public"."metered_jobs"
  enable row level security;

alter table "public"."metered_jobs"
  set (fillfactor=70);

alter table "public"."metered_jobs"
  owner to "postgres";

create table "public"."plan_grants" (
  "user_id"         uuid                     not null,
  "batch_id"        bigint                   not null,
  "subscription_id" text                     not null,
  "invoice_id"      text                     not null,
  "kind"            text                     not null,
  "due_at"          timestamp with time zone not null,
  "amount"          public.credit_amount     not null,
  constraint "plan_grants_amount_check" check (((amount)::numeric > (0)::numeric)),
  constraint "plan_grants_kind_check"
    check ((kind = ANY (ARRAY['credits'::text, 'trial'::text, 'rollover'::text, 'late'::text]))),
  constraint "plan_grants_pkey" primary key (user_id, batch_id)
);

revoke all on "public"."plan_grants" from anon, authenticated, service_role;

alter table "public"."plan_grants"
  enable row level security;

alter table "public"."plan_grants"
  owner to "postgres";

create table "public"."plan_prices" (
  "stripe_price_id" text    not null,
  "version_id"      uuid    not null,
  "interval"        text    not null,
  "amount_cents"    bigint  not null,
  "currency"        text    not null default 'usd'::text,
  "trial_days"      integer not null default 0,
  "active"          boolean not null default true,
  constraint "plan_prices_amount_cents_check" check ((amount_cents >= 0)),
  constraint "plan_prices_currency_check" check ((currency ~ '^[a-z]{3}$'::text)),
  constraint "plan_prices_interval_check" check (("interval" = ANY (ARRAY['month'::text, 'year'::text]))),
  constraint "plan_prices_pkey" primary key (stripe_price_id),
  constraint "plan_prices_stripe_price_id_check" check ((stripe_price_id <> ''::text)),
  constraint "plan_prices_trial_days_check" check (((trial_days >= 0) AND (trial_days <= 730)))
);

revoke all on "public"."plan_prices" from anon, authenticated, service_role;

alter table "public"."plan_prices"
  enable row level security;

alter table "public"."plan_prices"
  owner to "postgres";

create table "public"."plan_versions" (
  "id"                uuid                     not null default gen_random_uuid(),
  "plan_id"           uuid                     not null,
  "version"           integer                  not null,
  "credits"           public.credit_amount     not null,
  "drip"              text                     not null default 'period'::text,
  "rollover_cap"      public.credit_amount     not null default 0,
  "rollover_lifetime" interval,
  "trial_credits"     public.credit_amount     not null default 0,
  "upgrade"           text                     not null default 'fresh_cycle'::text,
  "created_at"        timestamp with time zone not null default now(),
  constraint "plan_versions_credits_check" check (((credits)::numeric > (0)::numeric)),
  constraint "plan_versions_drip_check" check ((drip = ANY (ARRAY['period'::text, 'month'::text]))),
  constraint "plan_versions_pkey" primary key (id),
  constraint "plan_versions_plan_id_version_key" unique (plan_id, version),
  constraint "plan_versions_rollover_lifetime_check" check ((rollover_lifetime > '00:00:00'::interval)),
  constraint "plan_versions_upgrade_check"
    check ((upgrade = ANY (ARRAY['fresh_cycle'::text, 'next_period'::text]))),
  constraint "plan_versions_version_check" check ((version > 0))
);

revoke all on "public"."plan_versions" from anon, authenticated, service_role;

alter table "public"."plan_versions"
  enable row level security;

alter table "public"."plan_versions"
  owner to "postgres";

create table "public"."plans" (
  "id"          uuid                     not null default gen_random_uuid(),
  "name"        text                     not null,
  "description" text                     not null default ''::text,
  "active"      boolean                  not null default true,
  "position"    integer                  not null default 0,
  "created_at"  timestamp with time zone not null default now(),
  "updated_at"  timestamp with time zone not null default now(),
  constraint "plans_name_check" check ((name <> ''::text)),
  constraint "plans_name_key" unique (name),
  constraint "plans_pkey" primary key (id)
);

revoke all on "public"."plans" from anon, authenticated, service_role;

alter table "public"."plans"
  enable row level security;

alter table "public"."plans"
  owner to "postgres";

create table "public"."rate_cards" (
  "action"     text                     not null,
  "version"    integer                  not null,
  "valid_from" timestamp with time zone not null,
  "over_hold"  text                     not null,
  "digest"     text                     not null,
  "created_at" timestamp with time zone not null default now(),
  constraint "rate_cards_action_check" check ((action ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
  constraint "rate_cards_over_hold_check"
    check ((over_hold = ANY (ARRAY['cap'::text, 'available'::text, 'debt'::text]))),
  constraint "rate_cards_pkey" primary key (action, version),
  constraint "rate_cards_version_check" check ((version >= 1))
);

revoke all on "public"."rate_cards" from anon, authenticated, service_role;

alter table "public"."rate_cards"
  enable row level security;

alter table "public"."rate_cards"
  owner to "postgres";

create table "public"."rates" (
  "action"   text                 not null,
  "version"  integer              not null,
  "position" integer              not null,
  "meter"    text                 not null,
  "unit"     text                 not null,
  "per"      integer              not null,
  "minimum"  public.credit_amount not null,
  "match"    jsonb                not null,
  "keys"     integer              not null,
  "priority" integer              not null,
  constraint "rates_match_check" check ((jsonb_typeof(match) = 'object'::text)),
  constraint "rates_meter_check" check ((meter ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
  constraint "rates_per_check" check ((per = ANY (ARRAY[1, 1000, 1000000]))),
  constraint "rates_pkey" primary key (action, version, "position"),
  constraint "rates_unit_check" check ((unit <> ''::text))
);

revoke all on "public"."rates" from anon, authenticated, service_role;

alter table "public"."rates"
  enable row level security;

alter table "public"."rates"
  owner to "postgres";

create table "public"."subscription_checkouts" (
  "user_id"           uuid                     not null,
  "stripe_price_id"   text                     not null,
  "stripe_session_id" text,
  "created_at"        timestamp with time zone not null default now(),
  constraint "subscription_checkouts_pkey" primary key (user_id),
  "id"                uuid                     not null default credits_private.uuid_v7()
);

revoke all on "public"."subscription_checkouts" from anon, authenticated, service_role;

alter table "public"."subscription_checkouts"
  enable row level security;

alter table "public"."subscription_checkouts"
  owner to "postgres";

create table "public"."subscription_invoices" (
  "id"               text                     not null,
  "user_id"          uuid                     not null,
  "subscription_id"  text                     not null,
  "status"           text                     not null,
  "billing_reason"   text                     not null,
  "stripe_price_id"  text                     not null,
  "version_id"       uuid                     not null,
  "quantity"         integer                  not null,
  "period_start"     timestamp with time zone not null,
  "period_end"       timestamp with time zone not null,
  "currency"         text                     not null,
  "total_cents"      bigint                   not null,
  "decision"         text,
  "grant_size"       public.credit_amount     not null default 0,
  "grants"           integer                  not null default 0,
  "deducted"         public.credit_amount     not null default 0,
  "granted"          public.credit_amount     not null default 0,
  "next_grant_at"    timestamp with time zone,
  "reversed_cents"   bigint                   not null default 0,
  "reversed_credits" public.credit_amount     not null default 0,
  "taken_credits"    public.credit_amount     not null default 0,
  "reversal_count"   integer                  not null default 0,
  "created_at"       timestamp with time zone not null,
  constraint "subscription_invoices_check"
    check (((reversed_cents >= 0) AND (reversed_cents <= total_cents))),
  constraint "subscription_invoices_grants_check" check (((grants >= 0) AND (grants <= 12))),
  constraint "subscription_invoices_pkey" primary key (id),
  constraint "subscription_invoices_quantity_check" check ((quantity > 0)),
  constraint "subscription_invoices_total_cents_check" check ((total_cents >= 0))
);

revoke all on "public"."subscription_invoices" from anon, authenticated, service_role;

alter table "public"."subscription_invoices"
  enable row level security;

alter table "public"."subscription_invoices"
  owner to "postgres";

create table "public"."subscription_payments" (
  "payment_intent_id" text   not null,
  "invoice_id"        text   not null,
  "amount_cents"      bigint,
  constraint "subscription_payments_pkey" primary key (payment_intent_id)
);

revoke all on "public"."subscription_payments" from anon, authenticated, service_role;

alter table "public"."subscription_payments"
  enable row level security;

alter table "public"."subscription_payments"
  owner to "postgres";

create table "public"."subscription_versions" (
  "subscription_id" text not null,
  "stripe_price_id" text not null,
  "version_id"      uuid not null,
  constraint "subscription_versions_pkey" primary key (subscription_id, stripe_price_id)
);

revoke all on "public"."subscription_versions" from anon, authenticated, service_role;

alter table "public"."subscription_versions"
  enable row level security;

alter table "public"."subscription_versions"
  owner to "postgres";

create table "public"."subscriptions" (
  "id"              text                     not null,
  "user_id"         uuid                     not null,
  "customer_id"     text                     not null,
  "stripe_price_id" text                     not null,
  "quantity"        integer                  not null,
  "status"          text                     not null,
  "is_spare"        boolean                  not null default false,
  "anchor"          timestamp with time zone not null,
  "period_start"    timestamp with time zone not null,
  "period_end"      timestamp with time zone not null,
  "cancel_at"       timestamp with time zone,
  "trial_end"       timestamp with time zone,
  "created_at"      timestamp with time zone not null,
  "said_at"         timestamp with time zone not null,
  constraint "subscriptions_pkey" primary key (id),
  constraint "subscriptions_quantity_check" check ((quantity > 0))
);

revoke all on "public"."subscriptions" from anon, authenticated, service_role;

alter table "public"."subscriptions"
  enable row level security;

alter table "public"."subscriptions"
  owner to "postgres";

create table "public"."usage_lines" (
  "user_id"   uuid    not null,
  "job_id"    uuid    not null,
  "line"      integer not null,
  "meter"     text    not null,
  "unit"      text,
  "matched"   jsonb   not null,
  "per"       integer,
  "estimated" boolean not null,
  constraint "usage_lines_pkey" primary key (user_id, job_id, line)
);

revoke all on "public"."usage_lines" from anon, authenticated, service_role;

alter table "public"."usage_lines"
  enable row level security;

alter table "public"."usage_lines"
  owner to "postgres";

create table "public"."usage_months" (
  "user_id" uuid   not null,
  "month"   date   not null,
  "action"  text   not null,
  "model"   text   not null,
  "meter"   text   not null,
  "lines"   bigint not null,
  constraint "usage_months_pkey" primary key (user_id, month, action, model, meter)
);

revoke all on "public"."usage_months" from anon, authenticated, service_role;

alter table "public"."usage_months"
  enable row level security;

alter table "public"."usage_months"
  owner to "postgres";

alter table "public"."credit_usage_logs"
  add column "added_amount" public.credit_amount not null default 0;

alter table "public"."job_attempts"
  add column "model" text;

alter table "public"."stripe_payments"
  add column "reversals" text;

alter table "public"."subscriptions"
  add column "is_live" boolean generated always as
    ((status = ANY (ARRAY['trialing'::text, 'active'::text, 'past_due'::text, 'unpaid'::text,
    'paused'::text]))) stored not null;

alter table "public"."job_attempts"
  alter column "input_tokens" drop not null;

alter table "public"."job_attempts"
  alter column "output_tokens" drop not null;

alter table "public"."job_attempts"
  alter column "pictures" drop not null;

create domain "public"."exact_cost" as numeric constraint "exact_cost_check"
  check ((VALUE >= (0)::numeric));

alter table "public"."metered_jobs"
  add column "cost" public.exact_cost;

alter table "public"."metered_jobs"
  add column "absorbed" public.exact_cost;

alter table "public"."usage_lines"
  add column "cost" public.exact_cost not null;

alter table "public"."usage_months"
  add column "cost" public.exact_cost not null;

alter domain "public"."exact_cost"
  owner to "postgres";

create domain "public"."unit_price" as numeric(24,12) constraint "unit_price_check"
  check ((VALUE >= (0)::numeric));

alter table "public"."rates"
  add column "price" public.unit_price not null;

alter table "public"."usage_lines"
  add column "unit_price" public.unit_price;

alter domain "public"."unit_price"
  owner to "postgres";

create domain "public"."usage_quantity" as numeric(24,6) constraint "usage_quantity_check"
  check ((VALUE >= (0)::numeric));

alter table "public"."usage_lines"
  add column "quantity" public.usage_quantity not null;

alter table "public"."usage_months"
  add column "quantity" public.usage_quantity not null;

alter domain "public"."usage_quantity"
  owner to "postgres";

create type "credits_private"."rollover" as (
  "invoice_id" text,
  "amount"     numeric
);

alter type "credits_private"."rollover" owner to "postgres";

create type "public"."cost_estimate" as (
  "outcome" text,
  "action"  text,
  "version" integer,
  "cost"    numeric,
  "message" text
);

alter type "public"."cost_estimate" owner to "postgres";

alter type "public"."credit_source" add value 'plan' after 'migration';
