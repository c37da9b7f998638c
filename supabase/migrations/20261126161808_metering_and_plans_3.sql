insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('metered_jobs', 'metering', 'kept', 'amounts, and names of meters and models') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('plan_grants', 'plans', 'kept', 'amounts') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('plan_offers', 'plans', 'none', 'a view of offers') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('plan_prices', 'plans', 'none', 'prices') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('plan_versions', 'plans', 'none', 'offers') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('plans', 'plans', 'none', 'offers') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('rate_cards', 'metering', 'none', 'prices') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('rates', 'metering', 'none', 'prices') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('subscription_checkouts', 'plans', 'deleted', 'an intention') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('subscription_invoices', 'plans', 'kept', 'amounts') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('subscription_payments', 'plans', 'kept', 'ids and amounts') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('subscription_versions', 'plans', 'kept', 'ids') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('subscriptions', 'plans', 'kept', 'ids and times; what they stand for ends with the customer at Stripe') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('usage_lines', 'metering', 'kept', 'amounts, and names of meters and models') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('usage_margins', 'metering', 'none', 'a view') on conflict do nothing;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('usage_months', 'metering', 'kept', 'amounts') on conflict do nothing;

insert into credits_private.erasure_steps ("position", step)
values ('46', 'credits_private.erase_plans') on conflict do nothing;

insert into credits_private.sweeps (sweep, every_minutes, last_run_at, last_count)
values ('grant_plan_credits', '5', NULL, NULL) on conflict do nothing;

insert into credits_private.sweeps (sweep, every_minutes, last_run_at, last_count)
values ('prune_usage', '60', NULL, NULL) on conflict do nothing;

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.metering_settings', NULL) on conflict do nothing;

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.plan_settings', NULL) on conflict do nothing;

insert into credits_private.setting_tables (setting_table, key_column)
values ('credits_private.story_settings', NULL) on conflict do nothing;

insert into credits_private.setting_tables (setting_table, key_column)
values ('public.plan_prices', 'stripe_price_id') on conflict do nothing;

insert into credits_private.setting_tables (setting_table, key_column)
values ('public.plans', 'name') on conflict do nothing;

insert into credits_private.retention (what, keep_for, walked_to)
values ('usage', NULL, NULL) on conflict do nothing;

insert into credits_private.health_checks (name, "position", probe, advice, section)
values ('plans', '3', 'credits_private.probe_plans', 'select * from plan_differences(), then cancel, refund or reconcile', 'plans') on conflict do nothing;

insert into credits_private.health_checks (name, "position", probe, advice, section)
values ('usage_absorbed', '46', 'credits_private.probe_absorbed_usage', 'see usage_margins; hold more for a job, or let the card take what is available', 'metered-usage') on conflict do nothing;

insert into credits_private.health_checks (name, "position", probe, advice, section)
values ('usage_unpriced', '45', 'credits_private.probe_unpriced_usage', 'save a rate card with a rate for it', 'metered-usage') on conflict do nothing;

insert into public.rate_limit_policies (action, max_requests, window_minutes)
values ('subscribe', '10', '1') on conflict do nothing;

insert into public.rate_limit_policies (action, max_requests, window_minutes)
values ('subscription', '30', '1') on conflict do nothing;

insert into credits_private.due_grants (step)
values ('credits_private.grant_due_plans') on conflict do nothing;

insert into credits_private.book_checks (book_check)
values ('credits_private.verify_plans') on conflict do nothing;

insert into credits_private.book_checks (book_check)
values ('credits_private.verify_usage') on conflict do nothing;

insert into credits_private.metering_settings (only_row, debt_ceiling)
values ('true', '10.00') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('customer.subscription.created', 'credits_private.apply_subscription_event') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('customer.subscription.deleted', 'credits_private.apply_subscription_event') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('customer.subscription.paused', 'credits_private.apply_subscription_event') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('customer.subscription.resumed', 'credits_private.apply_subscription_event') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('customer.subscription.updated', 'credits_private.apply_subscription_event') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('invoice.marked_uncollectible', 'credits_private.apply_invoice_event') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('invoice.paid', 'credits_private.apply_invoice_event') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('invoice.payment_failed', 'credits_private.apply_invoice_event') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('invoice.voided', 'credits_private.apply_invoice_event') on conflict do nothing;

insert into credits_private.event_handlers (type, handler)
values ('invoice_payment.paid', 'credits_private.apply_invoice_payment') on conflict do nothing;

insert into credits_private.plan_settings (only_row, grace, grant_when_free)
values ('true', '03:00:00', 'false') on conflict do nothing;

insert into credits_private.story_settings (only_row, priced_by, input_tokens, output_tokens_per_page, model)
values ('true', 'page', '8000', '1000', NULL) on conflict do nothing;
